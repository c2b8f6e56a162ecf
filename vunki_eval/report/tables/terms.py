"""Printed terms for the keys in results: verdicts, strengths, reasons, statuses, methods, stages."""

from vunki_eval.language import N_
from vunki_eval.results.estimates import Detail, EstimateRow, Flag
from vunki_eval.results.view import ResultsView

VERDICTS = {
    "clear_gain": N_("clearly higher"),
    "clear_decline": N_("clearly lower"),
    "gain": N_("higher, size uncertain"),
    "decline": N_("lower, size uncertain"),
    "smaller_than_matters": N_("changed less than what matters"),
    "no_meaningful_change": N_("practically the same"),
    "cannot_tell": N_("cannot tell"),
    "described": N_("described only"),
    "suppressed": N_("kept back"),
    "not_estimable": N_("not computable"),
    "exploratory": N_("explored, not judged"),
    "met": N_("reached"),
    "mostly_met": N_("mostly reached"),
    "partly_met": N_("partly reached"),
    "not_met": N_("not reached"),
    "not_due": N_("not measured yet"),
    "no_data": N_("no data"),
    "no_target": N_("no target set"),
    "": N_("no data"),
}
MARKS = {
    "clear_gain": "▲",
    "gain": "△",
    "clear_decline": "▼",
    "decline": "▽",
    "smaller_than_matters": "=",
    "no_meaningful_change": "=",
    "cannot_tell": "◊",
    "described": "◊",
    "met": "◆",
    "mostly_met": "◆",
    "partly_met": "■",
    "not_met": "□",
    "no_target": "■",
}
STRENGTHS = {
    "strong": N_("strong"),
    "moderate": N_("moderate"),
    "weak": N_("weak"),
    "none": N_("no evidence"),
    "documented": N_("documented"),
    "reported": N_("reported"),
}
DOTS = {"strong": 3, "moderate": 2, "weak": 1, "documented": 3, "reported": 2}
REASONS = {
    "attrition": N_("fewer than 70% as many people answered after as before"),
    "linking": N_("fewer than 70% of the answers could be linked"),
    "interval": N_("the interval holds both no change and a change that matters"),
    "reliability": N_("the questions may not measure one thing"),
    "ceiling": N_("many were at the top of the scale already before"),
    "clustering": N_("people of a team resemble each other, or there are few teams"),
    "sensitivity": N_("another reasonable choice would say something else"),
    "mode": N_("the events were held in different ways"),
}
WHY_NOT = {
    "below_threshold": N_("too few people to be published"),
    "small_cell": N_("kept back to protect few people"),
    "small_difference": N_("kept back to protect few people"),
    "would_reveal": N_("kept back to protect few people"),
    "attribute": N_("kept back to protect few people"),
    "no_wave": N_("the wave was not asked"),
    "no_answers": N_("nobody answered"),
    "too_few_pairs": N_("too few people with both answers"),
    "too_few": N_("too few answers"),
    "no_spread": N_("all answers are alike"),
    "single_item": N_("a single question"),
    "heywood": N_("the model has no proper solution"),
    "no_denominator": N_("number of people not known"),
    "nothing_missing": N_("everybody answered again"),
    "no_teams": N_("teams are not known"),
    "not_computed": N_("not computed"),
    "no_ties": N_("no ties, or one sector only"),
    "none": N_("none within one standard deviation"),
}
METHODS: dict[Flag | Detail, str] = {
    Flag.PAIRS: N_("pairs"),
    Flag.ALL_DATA: N_("all answers"),
    Flag.ALL_DATA_FALLBACK: N_("pairs, since the model for all answers did not converge"),
    Flag.UNLINKED: N_("answers that cannot be linked"),
    Flag.DESCRIBED: N_("description only"),
    Flag.TEAM_CLUSTERED: N_("interval between teams"),
    Flag.PLAIN_WITH_TEAMS: N_("teams looked at"),
    Flag.ROUNDED: N_("rounded to protect few people"),
    Flag.LINKED_ONLY: N_("linked people only"),
    Flag.EQUAL_PEOPLE: N_("every person counts the same"),
    Flag.EQUAL_EVENTS: N_("every event counts the same"),
}
STAGES = {
    "given_up": N_("given up"),
    "paused": N_("paused"),
    "idea": N_("idea"),
    "planned": N_("being planned"),
    "tried_out": N_("tried out"),
    "running": N_("running"),
    "public_service": N_("part of a public service"),
    "fulfilled": N_("purpose fulfilled"),
}
MODES = {"onsite": N_("on site"), "online": N_("online"), "mixed": N_("mixed")}


def term(view: ResultsView, labels: dict[str, str], key: str | None) -> str:
    """Return the printed term of a key; that of "no data" for an unknown key."""
    label = labels.get(key or "")
    return view.say._(label) if label else view.say.no_data


def why_missing(view: ResultsView, row: EstimateRow | None) -> str:
    """Say why a number is missing: suppressed, not computable for a reason, or no data."""
    if row is None:
        return view.say.no_data
    if row.status == "suppressed":
        return view.say.hidden
    return term(view, WHY_NOT, row.reason)


def method_text(view: ResultsView, row: EstimateRow) -> str:
    """Say how an estimate was made; methods that do not concern a reader are left out."""
    labels = [METHODS[flag] for flag in row.flags if flag in METHODS]
    return ", ".join(view.say._(label) for label in labels)


def hidden_note(view: ResultsView, rows: object) -> str:
    """Explain the suppression mark if it occurs in a table's rows; "" otherwise."""
    texts = [c for row in rows for c in row]  # type: ignore[attr-defined]
    if not any(c == view.say.hidden or c.startswith(f"{view.say.hidden} ") for c in texts):
        return ""
    threshold = view.say.count(view.meta.get("threshold", 5))
    return view.say._("{mark} kept back: fewer than {t} people.", mark=view.say.hidden, t=threshold)


def confidence_level(view: ResultsView) -> str:
    """Write the confidence level of the intervals, as a percentage."""
    return view.say.percent(view.meta.get("level", 0.95))
