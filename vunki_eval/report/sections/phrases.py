"""Findings as titles and sentences: one template per verdict, always with the estimate, its interval and n.

The main outcomes of the shipped instrument have titles of their own; any other outcome gets a general title.
"""

from vunki_eval.language import N_
from vunki_eval.report.tables.terms import REASONS, STRENGTHS, confidence_level, term, why_missing
from vunki_eval.results.estimates import SUPPRESSED, EstimateRow
from vunki_eval.results.view import ResultsView

TITLES: dict[str, dict[str, str]] = {
    "TS": {
        "clear_gain": N_("Participants trusted other sectors clearly more after the event"),
        "gain": N_("Participants trusted other sectors more after the event; how much is uncertain"),
        "clear_decline": N_("Participants trusted other sectors clearly less after the event"),
        "decline": N_("Participants trusted other sectors less after the event; how much is uncertain"),
        "smaller_than_matters": N_("Trust across sectors changed by less than what matters"),
        "no_meaningful_change": N_("Trust across sectors stayed practically the same after the event"),
        "cannot_tell": N_("No clear change in trust across sectors after the event"),
    },
    "NW1": {
        "clear_gain": N_("After the event participants had clearly more contacts in other sectors"),
        "gain": N_("Participants had more contacts in other sectors; how many is uncertain"),
        "clear_decline": N_("After the event participants had clearly fewer contacts in other sectors"),
        "decline": N_("Participants had fewer contacts in other sectors; how many is uncertain"),
        "smaller_than_matters": N_("Contacts in other sectors changed by less than what matters"),
        "no_meaningful_change": N_("Contacts in other sectors stayed practically the same after the event"),
        "cannot_tell": N_("No clear change in contacts in other sectors after the event"),
    },
    "CE": {
        "clear_gain": N_("Participants rated their co-creation skills clearly higher after the event"),
        "gain": N_("Participants rated their co-creation skills higher; how much is uncertain"),
        "clear_decline": N_("Participants rated their co-creation skills clearly lower after the event"),
        "decline": N_("Participants rated their co-creation skills lower; how much is uncertain"),
        "smaller_than_matters": N_("Co-creation skills changed by less than what matters"),
        "no_meaningful_change": N_("Co-creation skills stayed practically the same after the event"),
        "cannot_tell": N_("No clear change in co-creation skills after the event"),
    },
}
GENERAL = {
    "clear_gain": N_("{title}: clearly higher after the event than before"),
    "gain": N_("{title}: higher after the event, but how much is uncertain"),
    "clear_decline": N_("{title}: clearly lower after the event than before"),
    "decline": N_("{title}: lower after the event, but how much is uncertain"),
    "smaller_than_matters": N_("{title}: changed by less than what matters"),
    "no_meaningful_change": N_("{title}: practically the same after the event as before"),
    "cannot_tell": N_("{title}: no clear change after the event"),
    "described": N_("{title}: too few linked answers for a conclusion"),
    "suppressed": N_("{title}: too few people to publish a number"),
    "not_estimable": N_("{title}: the change could not be computed"),
    "exploratory": N_("{title}: explored without a verdict"),
    "": N_("{title}: there are no data on a change"),
}
ALSO: dict[str, dict[int, str]] = {
    "TS": {
        1: N_("they trusted other sectors more, too"),
        -1: N_("they trusted other sectors less"),
    },
    "NW1": {
        1: N_("they had more contacts in other sectors, too"),
        -1: N_("they had fewer contacts in other sectors"),
    },
    "CE": {
        1: N_("they rated their co-creation skills higher, too"),
        -1: N_("they rated their co-creation skills lower"),
    },
}
EXPLAINED = {
    "clear_gain": N_("The whole interval lies above the smallest change that matters ({high})."),
    "clear_decline": N_("The whole interval lies below the smallest change that matters ({low})."),
    "gain": N_("That it is higher is clear; whether by more than the smallest change that matters ({high}) is not."),
    "decline": N_("That it is lower is clear; whether by more than the smallest change that matters ({low}) is not."),
    "smaller_than_matters": N_(
        "The change is smaller than what matters: its 90% interval lies between {low} and {high}."
    ),
    "no_meaningful_change": N_(
        "If there is a change, it is smaller than what matters: its 90% interval lies between {low} and {high}."
    ),
    "cannot_tell": N_("The answers do not settle whether there is a change that matters ({low} or {high})."),
    "described": N_("Fewer than ten people gave both answers: the numbers describe them and nobody else."),
    "exploratory": N_("This was not among the main outcomes declared before the data: it gets no verdict."),
}
DIRECTION = {"clear_gain": 1, "gain": 1, "clear_decline": -1, "decline": -1}


def verdict_key(view: ResultsView, outcome: str) -> str:
    """Return the verdict on an outcome; "" when there is none."""
    row = view.verdict(outcome)
    return str(row["verdict"]) if row is not None and row["verdict"] else ""


def finding(view: ResultsView, outcome: str, verdict: str | None = None) -> str:
    """Write the verdict on an outcome as a title; it is neutral when the interval includes no change."""
    key = verdict_key(view, outcome) if verdict is None else verdict
    template = TITLES.get(outcome, {}).get(key)
    return view.say._(template) if template else view.say._(GENERAL.get(key, GENERAL[""]), title=view.title(outcome))


def also_clause(view: ResultsView, outcome: str) -> str:
    """Write the clause that adds a second outcome to a headline; "" if the outcome did not change clearly."""
    direction = DIRECTION.get(verdict_key(view, outcome), 0)
    if not direction:
        return ""
    clause = ALSO.get(outcome, {}).get(direction)
    if clause:
        return view.say._(clause)
    template = view.say._("{title}: higher, too") if direction > 0 else view.say._("{title}: lower")
    return template.format(title=view.title(outcome))


def change_sentence(view: ResultsView, outcome: str, wave: str = "post") -> str:
    """State the change with its interval, n and pairs, then the levels before and after; or why there is none."""
    row, say, title = view.row(outcome, "change", wave), view.say, view.title(outcome)
    if row is None:
        return ""
    shown = view.number(outcome, "change", wave)
    if shown is None:
        return say._("{title}: {why}.", title=title, why=_why(view, row))
    levels = view.levels(outcome, "pre", wave)
    tail = say._(" Levels: {levels}.", levels=levels) if levels else ""
    if shown.low is not None and shown.high is not None:
        return _with_interval(view, outcome, wave, shown) + tail
    sentence = say._(
        "{title}: {said} on average among the {n} people with both answers; too few for an interval.",
        title=title,
        said=view.change_text(outcome, shown),
        n=say.count(shown.n or 0),
    )
    return sentence + tail


def _with_interval(view: ResultsView, outcome: str, wave: str, row: EstimateRow) -> str:
    say, pairs = view.say, view.number(outcome, "change_pairs", wave)
    both = ""
    if pairs is not None and pairs.n:
        both = say._(", both answers are linked for {pairs} people", pairs=say.count(pairs.n))
    values = {
        "title": view.title(outcome),
        "said": view.change_text(outcome, row),
        "level": confidence_level(view),
        "n": say.count(row.n or 0),
        "both": both,
    }
    if view.is_ratio(outcome):
        return say._(
            "{title}: {said} compared with the time before, 1 means no change ({level} confidence interval in "
            "brackets; "
            "n = {n}{both}).",
            **values,
        )
    return say._(
        "{title}: {said} {unit} on average compared with the time before ({level} confidence interval in brackets; "
        "n = {n}{both}).",
        unit=say.pick(view.outcomes[outcome].get("unit")) or say._("points"),
        **values,
    )


def _why(view: ResultsView, row: EstimateRow) -> str:
    if row.status == SUPPRESSED:
        return view.say._(
            "kept back, since fewer than {t} people answered", t=view.say.count(view.meta.get("threshold", 5))
        )
    return why_missing(view, row)


def verdict_sentence(view: ResultsView, outcome: str) -> str:
    """Explain the verdict in plain words."""
    key, say = verdict_key(view, outcome), view.say
    if key not in EXPLAINED:
        return ""
    low, high = least_change(view, outcome)
    sentence = say._(EXPLAINED[key]).format(low=low, high=high)
    detectable = view.number(outcome, "detectable_change")
    if key == "cannot_tell" and detectable is not None:
        size = say.ratio(detectable.estimate) if view.is_ratio(outcome) else say.number(detectable.estimate, 2)
        sentence += " " + say._(
            "With this many pairs a change of {size} would be found four times out of five.", size=size
        )
    return sentence


def least_change(view: ResultsView, outcome: str) -> tuple[str, str]:
    """Write the smallest change that matters, as a decline and as a gain."""
    value, say = view.smallest_change(outcome), view.say
    if value is None:
        return "–", "–"
    if view.is_ratio(outcome):
        return say.ratio(1 / value), say.ratio(value)
    decimals = 1 if round(value, 1) == value else 2
    return say.signed(-value, decimals), say.signed(value, decimals)


def strength_sentence(view: ResultsView, outcome: str) -> str:
    """Say how strong the evidence is and what lowers it."""
    row, say = view.verdict(outcome), view.say
    if row is None or row["strength"] not in STRENGTHS:
        return ""
    sentence = say._("Strength of evidence: {word}.", word=term(view, STRENGTHS, row["strength"]))
    reasons = [term(view, REASONS, r) for r in row["reasons"] or []]
    return f"{sentence} " + say._("What lowers it: {reasons}.", reasons="; ".join(reasons)) if reasons else sentence


def followup_sentence(view: ResultsView, outcome: str) -> str:
    """State the change from before the event to the follow-up, and from after the event to the follow-up."""
    say, row = view.say, view.change(outcome, "followup")
    if row is None:
        return ""
    sentence = say._(
        "At follow-up, against before: {said}, n = {n}.",
        said=view.change_text(outcome, row),
        n=say.count(row.n or 0),
    )
    since = view.number(outcome, "change_since_post", "followup")
    if since is not None:
        sentence += " " + say._("Since the end of the event: {said}.", said=view.change_text(outcome, since))
    return sentence


def main_sentences(view: ResultsView, outcome: str) -> list[str]:
    """Return the sentences of an outcome's paragraph: change, verdict, strength of evidence, follow-up."""
    parts = (change_sentence, verdict_sentence, strength_sentence, followup_sentence)
    return [sentence for part in parts if (sentence := part(view, outcome))]
