"""The decision that is asked of the reader: the evaluator's recommendations, each with owner and date."""

from vunki_eval.content.model import Column, Section, Table
from vunki_eval.lookup import View, look
from vunki_eval.results import Results
from vunki_eval.sections.parts import absent, build, text
from vunki_eval.words import Words


def decision(results: Results, language: str, words: Words | None = None) -> Section:
    """Make the section on the decision asked for."""
    view = look(results, language)
    say = view.say
    advice = words.advice if words else ()
    if not advice:
        said = say._("The evaluator has not written recommendations yet, so no decision is asked for.")
        return build(view, "decision", say._("Decision asked: none has been written yet"), [absent(view, said)], words)
    rows = tuple((a.text, a.owner or "–", a.date or "–") for a in advice)
    columns = (Column(say._("Recommendation"), wide=True), Column(say._("Who")), Column(say._("When")))
    table = Table("decision", say._("Recommendations of the evaluator"), columns, rows)
    lead = text(
        say._("The reader is asked to decide on each recommendation: accept, change or refuse, with a name and a date.")
    )
    return build(view, "decision", _title(view, len(advice)), [lead, table], words)


def _title(view: View, n: int) -> str:
    return view.say.plural(
        "The reader is asked to decide on {n} recommendation", "The reader is asked to decide on {n} recommendations", n
    )
