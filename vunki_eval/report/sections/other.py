"""Outcomes that no other section describes, for projects with an instrument of their own."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.changes import forest_figure
from vunki_eval.report.figures.likert_bars import likert_figure
from vunki_eval.report.sections.frame import build, subtitle, text
from vunki_eval.report.sections.phrases import finding, main_sentences
from vunki_eval.report.sections.section_outcomes import changed_twice, items, measured, others
from vunki_eval.report.tables import outcome_table
from vunki_eval.results.blocks import Block, Heading, Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import view_results


def other(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on further outcomes; without any it is empty and does not appear in the report."""
    view = view_results(results, language)
    say = view.say
    keys = tuple(k for k in others(view) if measured(view, k))
    if not keys:
        return build(view, "other", "", [], commentary)
    blocks: list[Block | None] = [
        forest_figure(results, language, keys, "other-change", say._("Change in the further outcomes")),
        outcome_table(results, language, changed_twice(view, keys), "other"),
    ]
    for key in keys:
        blocks += [Heading(finding(view, key), 2), text(*main_sentences(view, key))]
        name = f"answers-{key.lower()}"
        chart = likert_figure(
            results,
            language,
            items(view, key),
            name=name,
            title=view.title(key),
            subtitle=subtitle(view, view.title(key)),
        )
        blocks.append(chart)
    return build(view, "other", say._("What the further questions of the survey show"), blocks, commentary)
