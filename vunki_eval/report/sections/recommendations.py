"""The decision the reader is asked for: the evaluator's recommendations, each with owner and date."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.sections.frame import absent, build, text
from vunki_eval.results.blocks import Column, Section, Table
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results


def decision(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on the decision the reader is asked for."""
    view = view_results(results, language)
    say = view.say
    advice = commentary.advice if commentary else ()
    if not advice:
        reason = say._("The evaluator has not written recommendations yet, so no decision is asked for.")
        return build(
            view, "decision", say._("Decision asked: none has been written yet"), [absent(view, reason)], commentary
        )
    rows = tuple((a.text, a.owner or "–", a.date or "–") for a in advice)
    columns = (Column(say._("Recommendation"), wide=True), Column(say._("Who")), Column(say._("When")))
    table = Table("decision", say._("Recommendations of the evaluator"), columns, rows)
    lead = text(
        say._("The reader is asked to decide on each recommendation: accept, change or refuse, with a name and a date.")
    )
    return build(view, "decision", _title(view, len(advice)), [lead, table], commentary)


def _title(view: ResultsView, n: int) -> str:
    return view.say.plural(
        "The reader is asked to decide on {n} recommendation", "The reader is asked to decide on {n} recommendations", n
    )
