"""Which estimates stand beside the main one: other reasonable choices, and groups of people."""

from vunki_eval.language import N_
from vunki_eval.results.view import EVERYBODY, ResultsView, Row

WAYS = {
    "change": N_("Main estimate"),
    "change_equal_events": N_("Every event counts the same, however many came"),
    "change_pairs": N_("Only people with both answers"),
    "change_all_data": N_("Everyone who answered, without teams"),
    "change_exact_links": N_("Only codes that match exactly"),
    "change_complete_items": N_("Only people who answered every question"),
    "change_all_items": N_("Index with one's own sector too"),
    "change_teams": N_("Teams as units"),
    "change_welch": N_("As if nobody could be linked"),
    "change_shifted_25": N_("Missing after-answers a quarter deviation lower"),
    "change_shifted_50": N_("Missing after-answers half a deviation lower"),
    "change_simultaneous": N_("Interval for all outcomes at once"),
    "change_then_test": N_("Against the level remembered afterwards"),
}
CHANGE = "change_pairs"
GAP = "change_difference"


def ways(view: ResultsView) -> list[str]:
    """Give the estimates there are for at least one primary outcome, in their order."""
    return [w for w in WAYS if any(view.number(key, w) for key in view.primary)]


def agrees(view: ResultsView, outcome: str, row: Row) -> bool | None:
    """Tell whether an estimate says the same as the headline: above, below or across no change."""
    head = view.change(outcome)
    if head is None or row["low"] is None or row["high"] is None:
        return None
    return side(view, outcome, head) == side(view, outcome, row)


def side(view: ResultsView, outcome: str, row: Row) -> int:
    """Tell whether an interval lies above (1), below (-1) or across (0) no change."""
    zero = 1.0 if view.is_ratio(outcome) else 0.0
    return 1 if row["low"] > zero else -1 if row["high"] < zero else 0


def variables(view: ResultsView) -> list[str]:
    """Give the profile questions by which changes were looked at."""
    return sorted({g.partition("=")[0] for (_, g, _, s) in view.estimates if s == CHANGE and g != EVERYBODY})


def group_values(view: ResultsView, variable: str) -> list[str]:
    """Give the groups of a profile question (``variable=value``) for which changes were looked at, in their order."""
    found = {g for (_, g, w, s) in view.estimates if s == CHANGE and w == "post" and g.startswith(f"{variable}=")}
    order = view.order(variable)

    def place(group: str) -> int:
        value = group.partition("=")[2]
        return order.index(value) if value in order else len(order)

    return sorted(found, key=lambda g: (place(g), g))
