"""The summary: at most three pages, with a paragraph and a figure per construct."""

from collections.abc import Iterator

from vunki_eval.report.commentary import WHOLE, Commentary
from vunki_eval.report.figures.changes import forest_figure
from vunki_eval.report.figures.outcome_levels import dumbbells_figure
from vunki_eval.report.figures.recommendation import ratings_figure
from vunki_eval.report.sections.experience import experience_sentences
from vunki_eval.report.sections.frame import absent, build, explained_interval, text, with_footnote
from vunki_eval.report.sections.page_one import MOST_ADVICE, base
from vunki_eval.report.sections.phrases import finding, main_sentences
from vunki_eval.report.sections.section_outcomes import COCREATION, NETWORKING, TRUST, changed_twice
from vunki_eval.report.tables import verdict_table
from vunki_eval.results.blocks import Block, Bullets, Heading, Section, Span
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results


def summary(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the summary of an event's report."""
    view = view_results(results, language)
    blocks = [_opening(view), *_changes(view), *_constructs(view), *_event(view), verdict_table(results, language)]
    if not any(view.row(k, "mean", w) for k in view.primary for w in view.waves):
        blocks = [absent(view, view.say._("No survey answers are there yet, so there is nothing to sum up."))]
    return build(view, "summary", _title(view), [*blocks, *more_advice(view, commentary)], commentary)


def _title(view: ResultsView) -> str:
    return view.say._("Summary: what changed, and how sure that is")


def _opening(view: ResultsView) -> Block:
    return with_footnote(base(view), explained_interval(view))


def _changes(view: ResultsView) -> Iterator[Block | None]:
    """Draw the changes in one figure, if there is a follow-up or if several events are averaged."""
    if view.event == WHOLE:
        title = view.say._("Average change over these events")
        yield forest_figure(view.results, view.say.language, name="change", title=title)
    elif any(view.change(k, "followup") for k in view.primary):
        title = view.say._("Change from before the event, right after it and at follow-up")
        yield forest_figure(view.results, view.say.language, name="change", title=title)


def _constructs(view: ResultsView) -> Iterator[Block | None]:
    for name, outcomes in (("trust", TRUST), ("networking", NETWORKING), ("cocreation", COCREATION)):
        keys = changed_twice(view, outcomes)
        main = next((k for k in keys if k in view.primary), None)
        if main is None:
            continue
        yield Heading(finding(view, main), 2)
        yield text(*main_sentences(view, main))
        title = view.say._("{title}: levels and how people's answers moved", title=view.title(main))
        if view.event == WHOLE:
            continue
        yield dumbbells_figure(view.results, view.say.language, keys, name=f"summary-{name}", title=title)


def _event(view: ResultsView) -> Iterator[Block | None]:
    sentences = experience_sentences(view)
    if sentences:
        yield Heading(view.say._("How people rated the event itself"), 2)
        yield text(*sentences)
        yield ratings_figure(view.results, view.say.language, name="summary-recommend")


def more_advice(view: ResultsView, commentary: Commentary | None) -> Iterator[Block]:
    """List all recommendations when there are more than fit on page one."""
    advice = commentary.advice if commentary else ()
    if len(advice) > MOST_ADVICE:
        yield Heading(view.say._("All recommendations of the evaluator"), 2)
        rows = tuple((Span(a.text), Span(f" {', '.join(p for p in (a.owner, a.date) if p)}", "muted")) for a in advice)
        yield Bullets(rows, ordered=True)
