"""Which outcomes belong to which section; outcomes without a section of their own go to "other"."""

from vunki_eval.results.view import ResultsView

TRUST = ("TS", "TR", "TT", "TN")
NETWORKING = ("NW1", "NW7")
COCREATION = ("CE", "CA", "RT")
EXPERIENCE = ("CX", "PS", "SA1", "SA2")
IDEAS = ("IN1", "IN2", "VH", "FU3")
ASSIGNED = (*TRUST, *NETWORKING, *COCREATION, *EXPERIENCE, *IDEAS)


def present(view: ResultsView, outcomes: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the outcomes that the results hold."""
    return tuple(k for k in outcomes if k in view.outcomes)


def others(view: ResultsView) -> tuple[str, ...]:
    """Return the outcomes that have no section of their own."""
    return tuple(k for k in view.outcomes if k not in ASSIGNED)


def items(view: ResultsView, outcome: str) -> tuple[str, ...]:
    """Return the codes of an outcome's items."""
    return tuple(view.outcomes.get(outcome, {}).get("items", ()))


def measured(view: ResultsView, outcome: str) -> bool:
    """Tell whether the results hold a mean or a change of an outcome."""
    return any(view.row(outcome, s, w) is not None for s in ("mean", "change") for w in view.waves)


def changed_twice(view: ResultsView, outcomes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the outcomes that were asked before and after the event, and so have a row for change."""
    return tuple(k for k in outcomes if view.row(k, "change") is not None)
