"""Press statements: what may be said of each main outcome, what may not, and the row each statement rests on."""

from vunki_eval.analysis.evidence import CLAIMS
from vunki_eval.language import N_
from vunki_eval.report.commentary import Commentary
from vunki_eval.report.sections.frame import absent, build, text
from vunki_eval.report.sections.phrases import verdict_key
from vunki_eval.report.tables.terms import confidence_level
from vunki_eval.results.blocks import Column, Section, Table
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

MAY = {
    "higher": N_("“{title}” was higher after the event than before: {said}, n = {n}."),
    "lower": N_("“{title}” was lower after the event than before: {said}, n = {n}."),
    "higher_than_matters": N_("The rise is larger than the smallest change that matters."),
    "lower_than_matters": N_("The fall is larger than the smallest change that matters."),
    "size_uncertain": N_("How large the change is, is uncertain."),
    "changed_little": N_("“{title}” changed by less than what matters: {said}, n = {n}."),
    "no_meaningful_change": N_("“{title}” stayed practically the same: {said}, n = {n}."),
    "interval_only": N_("“{title}”: with {level} certainty the change lies within these limits: {said}, n = {n}."),
    "not_declared_before": N_("This was looked at without having been declared before the data."),
    "described_only": N_("“{title}”: among the {n} people with both answers the mean change was {said}."),
    "too_few_people": N_("Too few people answered to publish a number."),
    "not_computed": N_("The change could not be computed."),
}
MAY_NOT = {
    "reason": N_("That the event is the reason: there is no comparison group."),
    "others": N_("That the same holds for people who did not come or did not answer."),
    "size_matters": N_("That the change is large enough to matter."),
    "no_change_at_all": N_("That nothing changed at all."),
    "change": N_("That anything changed."),
    "no_change": N_("That nothing changed."),
    "interval": N_("Anything about people other than these."),
    "number": N_("Any number."),
}


def claims(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section of press statements."""
    view = view_results(results, language)
    say = view.say
    rows = [row for key in view.primary if (row := _row(view, key)) is not None]
    if not rows:
        return build(view, "claims", say._("What may be said: nothing about change yet"), [absent(view)], commentary)
    columns = (
        Column(say._("Outcome")),
        Column(say._("May be said"), wide=True),
        Column(say._("May not be said"), wide=True),
        Column(say._("Rests on")),
    )
    note = say._("Rests on: table of results.json and its row. The sentences may be used as they stand.")
    table = Table("claims", say._("Sentences for the press, and their limits"), columns, tuple(rows), note)
    lead = text(
        say._("Each sentence says no more than the data; the column beside it says where a sentence would go too far.")
    )
    return build(
        view, "claims", say._("What may be said of these results, and what may not"), [lead, table], commentary
    )


def _row(view: ResultsView, outcome: str) -> tuple[str, ...] | None:
    key = verdict_key(view, outcome)
    if key not in CLAIMS:
        return None
    row, say = view.number(outcome, "change"), view.say
    values = {
        "title": view.title(outcome),
        "said": view.change_text(outcome, row) if row else say.no_data,
        "n": say.count(row.n) if row and row.n else say.no_data,
        "level": confidence_level(view),
    }
    may, may_not = CLAIMS[key]
    statements = " ".join(say._(MAY[k]).format(**values) for k in may)
    return (
        view.title(outcome),
        statements,
        " ".join(say._(MAY_NOT[k]) for k in may_not),
        f"estimates: {outcome}, change, post",
    )
