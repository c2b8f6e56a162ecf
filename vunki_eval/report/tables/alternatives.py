"""Estimates to compare with the main one: those of other analysis choices, and those of groups of people."""

from vunki_eval.language import N_
from vunki_eval.results.estimates import EVERYBODY, EstimateRow
from vunki_eval.results.view import ResultsView

ALTERNATIVES = {
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
DIFFERENCE = "change_difference"


def alternatives(view: ResultsView) -> list[str]:
    """List the estimates that at least one primary outcome has, the main one first."""
    return [statistic for statistic in ALTERNATIVES if any(view.number(key, statistic) for key in view.primary)]


def agrees(view: ResultsView, outcome: str, row: EstimateRow) -> bool | None:
    """Tell whether an interval lies on the same side of no change as the main estimate's; None without an interval."""
    headline = view.change(outcome)
    if headline is None or row.low is None or row.high is None:
        return None
    return side(view, outcome, headline) == side(view, outcome, row)


def side(view: ResultsView, outcome: str, row: EstimateRow) -> int:
    """Tell whether an interval lies above (1), below (-1) or across (0) no change."""
    zero = 1.0 if view.is_ratio(outcome) else 0.0
    return 1 if row.low > zero else -1 if row.high < zero else 0


def variables(view: ResultsView) -> list[str]:
    """List the profile questions whose groups were compared."""
    return sorted({g.partition("=")[0] for (_, g, _, s) in view.estimates if s == CHANGE and g != EVERYBODY})


def group_values(view: ResultsView, variable: str) -> list[str]:
    """List the groups of a profile question that were compared, as ``variable=value``, in the instrument's order."""
    groups = {g for (_, g, w, s) in view.estimates if s == CHANGE and w == "post" and g.startswith(f"{variable}=")}
    order = view.order(variable)

    def position(group: str) -> int:
        value = group.partition("=")[2]
        return order.index(value) if value in order else len(order)

    return sorted(groups, key=lambda g: (position(g), g))
