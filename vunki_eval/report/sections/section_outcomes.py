"""Which outcomes and questions belong to which section; outcomes that none of them knows go to "other"."""

from vunki_eval.results.view import ResultsView

TRUST = ("TS", "TR", "TT", "TN")
NETWORKING = ("NW1", "NW7")
COCREATION = ("CE", "CA", "RT")
EXPERIENCE = ("CX", "PS", "SA1", "SA2")
IDEAS = ("IN1", "IN2", "VH", "FU3")
KNOWN = (*TRUST, *NETWORKING, *COCREATION, *EXPERIENCE, *IDEAS)


def present(view: ResultsView, outcomes: tuple[str, ...]) -> tuple[str, ...]:
    """Give the outcomes that the results know."""
    return tuple(k for k in outcomes if k in view.outcomes)


def others(view: ResultsView) -> tuple[str, ...]:
    """Give the outcomes that no section of its own describes."""
    return tuple(k for k in view.outcomes if k not in KNOWN)


def items(view: ResultsView, outcome: str) -> tuple[str, ...]:
    """Give the questions of an outcome."""
    return tuple(view.outcomes.get(outcome, {}).get("items", ()))


def measured(view: ResultsView, outcome: str) -> bool:
    """Tell whether anything is known of an outcome."""
    return any(view.row(outcome, s, w) is not None for s in ("mean", "change") for w in view.waves)


def changed_twice(view: ResultsView, outcomes: tuple[str, ...]) -> tuple[str, ...]:
    """Give the outcomes with a change row after the event."""
    return tuple(k for k in outcomes if view.row(k, "change") is not None)
