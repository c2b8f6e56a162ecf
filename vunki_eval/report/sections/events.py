"""The events side by side: as planned and as held, with each event's estimates, their average and their contrast."""

from collections.abc import Iterator

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.figure_block import figure_block, survey_source
from vunki_eval.report.figures.forest_plot import ForestRow, draw_forest
from vunki_eval.report.sections.frame import absent, build, text
from vunki_eval.report.sections.phrases import finding, main_sentences
from vunki_eval.report.tables import events_table, outcome_table
from vunki_eval.results.blocks import Block, Figure, Heading, Section
from vunki_eval.results.estimates import EstimateRow
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results


def events(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section that compares the events."""
    view = view_results(results, language)
    say = view.say
    if not view.meta.get("events"):
        return build(view, "events", say._("Events: none are entered"), [absent(view)], commentary)
    figure = events_figure(results, language)
    blocks: list[Block | None] = [events_table(results, language)]
    if figure is None:
        blocks.append(absent(view, say._("No event has answers from before and after yet.")))
    else:
        blocks += [
            text(_average_note(view)),
            figure,
            outcome_table(results, language, name="average", caption=say._("Average change over these events")),
            *_outcomes(view),
        ]
    return build(view, "events", _title(view), blocks, commentary)


def _title(view: ResultsView) -> str:
    say, rows = view.say, [(k, r) for k in view.primary for r in _contrasts(view, k)]
    if not rows:
        return say._("The events as planned, as held, and what was measured")
    no_change = {k: 1.0 if view.is_ratio(k) else 0.0 for k in view.primary}
    clear = [r for k, r in rows if r.low is not None and (r.low > no_change[k] or r.high < no_change[k])]
    if clear:
        return say._("The events differ in some outcome; places, ways and years differ too")
    return say._("No clear difference between the events in how answers changed")


def _contrasts(view: ResultsView, outcome: str) -> list[EstimateRow]:
    return [
        row
        for (name, _, _, statistic), row in view.estimates.items()
        if name == outcome and statistic == "change_contrast" and row.status == "ok"
    ]


def _average_note(view: ResultsView) -> str:
    modes = {((e.get("actual") or {}).get("mode")) for e in view.meta.get("events", {}).values()} - {None}
    sentence = view.say._("The average speaks of these events, not of events in general: every person counts the same.")
    if len(modes) > 1:
        sentence += " " + view.say._(
            "One event was held on site and another online: way, year, place and people differ together and "
            "cannot be told apart."
        )
    return sentence


def _outcomes(view: ResultsView) -> Iterator[Block | None]:
    for key in view.primary:
        yield Heading(finding(view, key), 2)
        yield text(*main_sentences(view, key), _contrast_sentence(view, key))


def _contrast_sentence(view: ResultsView, outcome: str) -> str:
    rows = _contrasts(view, outcome)
    if not rows:
        return ""
    return view.say._("Later event against the first: {said}.", said=view.change_text(outcome, rows[0]))


def events_figure(results: Results, language: str) -> Figure | None:
    """Draw the change in the main outcomes at each event and on average; None if no event has one."""
    view = view_results(results, language)
    say = view.say
    forest_rows = []
    for key, event in view.meta.get("events", {}).items():
        event_view = view_results(results, language, key)
        cells: dict[str, EstimateRow | str] = {
            k: r for k in view.primary if (r := event_view.number(k, "change")) is not None
        }
        if cells:
            forest_rows.append(ForestRow(say.pick(event.get("title"), key), cells))
    if not forest_rows:
        return None
    average: dict[str, EstimateRow | str] = {k: r for k in view.primary if (r := view.number(k, "change")) is not None}
    if average and len(forest_rows) > 1:
        forest_rows.append(ForestRow(say._("average of these events"), average, strong=True))

    def changes(forest_row: ForestRow) -> list[str]:
        return [
            view.change_text(k, c) if not isinstance(c := forest_row.cells.get(k), str) and c is not None else "–"
            for k in view.primary
        ]

    rows = [[s.label, *changes(s)] for s in forest_rows]
    lines = [
        f"{s.label}: " + ", ".join(f"{view.title(k)} {w}" for k, w in zip(view.primary, changes(s), strict=True))
        for s in forest_rows
    ]
    return figure_block(
        draw_forest(view, view.primary, forest_rows),
        "events",
        title=say._("Change at each event, and their average"),
        subtitle=say._("Change from before to after, scale points or ratio"),
        alt="; ".join(lines) + ".",
        base=say._("Grey band: change smaller than what matters."),
        source=survey_source(view),
        data=[[say._("Event"), *(view.title(k) for k in view.primary)], *rows],
    )
