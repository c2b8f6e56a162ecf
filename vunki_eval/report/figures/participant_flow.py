"""The flow of participants from registration to analysis, as boxes with the reason for each loss."""

from dataclasses import dataclass

from matplotlib.axes import Axes

from vunki_eval.language import N_
from vunki_eval.report.figures.canvas import (
    NORMAL,
    SMALL,
    WIDTH,
    Drawing,
    bar,
    line_height,
    sheet,
    stroke,
    theme_of,
    wrap,
    write,
)
from vunki_eval.report.figures.figure_block import figure_block
from vunki_eval.results.blocks import Figure
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

REASONS = {
    "consent": N_("mostly without consent"),
    "duplicate": N_("mostly submitted twice"),
    "empty": N_("mostly empty"),
    "test_row": N_("mostly test answers"),
    "ambiguous": N_("mostly ambiguous codes"),
    "excluded": N_("mostly by a decision"),
    "late": N_("mostly too late"),
    "": N_("left out while cleaning"),
}
HEIGHT, STEP, GUTTER = 15.0, 8.0, 6.0


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its title, its number as text, and notes in smaller print."""

    title: str
    value: str
    notes: tuple[str, ...] = ()


def flow(results: Results, language: str) -> Drawing:
    """Draw the flow of participants through the waves."""
    return _draw(view_results(results, language))


def flow_figure(results: Results, language: str, title: str = "", event: str | None = None) -> Figure | None:
    """Draw the chart with its title and notes; None when no number of the flow is known.

    ``event`` names one event of a project's results.
    """
    view = view_results(results, language, event)
    if not any(n is not None for n in steps(view).values()):
        return None
    say = view.say
    return figure_block(
        _draw(view),
        f"flow-{event}" if event else "flow",
        title=title or say._("From registration to analysis"),
        subtitle=say._("Number of people or of questionnaires returned"),
        alt=_alt(view),
        base=say._("Percentages: of the people who came."),
        source=say._("lists of participants, survey exports"),
        data=_data(view),
    )


def steps(view: ResultsView) -> dict[str, int | None]:
    """Return the count of each step of the flow; None when it is unknown."""
    return {r["step"]: None if r["n"] is None else int(r["n"]) for r in view.rows("flow")}


def _reasons(view: ResultsView) -> dict[str, str]:
    return {r["step"]: r["reason"] or "" for r in view.rows("flow")}


def _number(view: ResultsView, n: int | None) -> str:
    return view.say.no_data if n is None else view.say.count(n)


def _arrival_boxes(view: ResultsView) -> list[Box]:
    counts, say = steps(view), view.say
    came, registered = counts.get("attended"), counts.get("registered")
    notes: tuple[str, ...] = ()
    if came is not None and registered is not None and registered > came:
        notes = (say._("{n} registered and did not come", n=say.count(registered - came)),)
    return [
        Box(say._("Registered"), _number(view, registered)),
        Box(say._("Came"), _number(view, came), notes),
    ]


def _wave_boxes(view: ResultsView, wave: str) -> list[Box]:
    """Make a wave's boxes: people who answered, and those linked with the wave before the event."""
    counts, reasons, say = steps(view), _reasons(view), view.say
    usable, returned, came = counts.get(f"usable_{wave}"), counts.get(f"returned_{wave}"), counts.get("attended")
    notes = []
    if usable is not None and came:
        notes.append(say._("{share} of those who came", share=say.percent(usable / came)))
    if usable is not None and returned is not None and returned > usable:
        reason = say._(REASONS.get(reasons.get(f"usable_{wave}", ""), REASONS[""]))
        notes.append(
            say._(
                "{returned} returned, {n} not used: {why}",
                returned=say.count(returned),
                n=say.count(returned - usable),
                why=reason,
            )
        )
    boxes = [Box(say._("Answered: {wave}", wave=view.wave(wave)), _number(view, usable), tuple(notes))]
    if f"linked_{wave}" in counts and wave != view.waves[0]:
        boxes.append(_linked_box(view, wave))
    return boxes


def _linked_box(view: ResultsView, wave: str) -> Box:
    counts, say = steps(view), view.say
    linked, notes = counts.get(f"linked_{wave}"), []
    exact, near = counts.get(f"linked_{wave}_exact"), counts.get(f"linked_{wave}_one_difference")
    if exact is not None and near is not None:
        notes.append(say._("{exact} exactly, {near} with one difference", exact=say.count(exact), near=say.count(near)))
    title = say._("Linked: before and {wave}", wave=view.wave(wave))
    if counts.get(f"analysed_{wave}") is not None:
        notes.append(say._("{n} people in the analysis", n=say.count(counts[f"analysed_{wave}"] or 0)))
    return Box(title, _number(view, linked), tuple(notes))


def _waves(view: ResultsView) -> list[str]:
    counts = steps(view)
    return [w for w in view.waves if f"usable_{w}" in counts or f"returned_{w}" in counts]


def _draw(view: ResultsView) -> Drawing:
    waves = _waves(view)
    columns = [_wave_boxes(view, w) for w in waves]
    width = (WIDTH - 0.6 - GUTTER * max(len(columns) - 1, 0)) / max(len(columns), 1)
    centre, top_width = WIDTH / 2, 76.0
    depth = max([len(c) for c in columns] or [0])
    heights = [max(_box_height(c[k], width) for c in columns if k < len(c)) for k in range(depth)]
    arrivals = _arrival_boxes(view)
    height = sum(_box_height(b, top_width) + STEP for b in arrivals) + sum(h + STEP for h in heights) - STEP + 1
    drawing, axes = sheet(height, theme=view.theme)
    y = 0.5
    for k, box in enumerate(arrivals):
        _draw_box(axes, centre - top_width / 2, y, top_width, _box_height(box, top_width), box)
        y += _box_height(box, top_width)
        if k == 0:
            _draw_arrow(axes, centre, y, y + STEP)
            y += STEP
    if columns:
        _draw_branches(axes, centre, y, [0.3 + k * (width + GUTTER) + width / 2 for k in range(len(columns))])
    y += STEP
    for row in range(depth):
        for k, column in enumerate(columns):
            x = 0.3 + k * (width + GUTTER)
            if row < len(column):
                _draw_box(axes, x, y, width, heights[row], column[row])
            if row + 1 < len(column):
                _draw_arrow(axes, x + width / 2, y + heights[row], y + heights[row] + STEP)
        y += heights[row] + STEP
    return drawing


def _box_height(box: Box, width: float) -> float:
    lines = sum(len(wrap(note, width - 5, SMALL)) for note in box.notes)
    title_lines = len(wrap(box.title, width - 5 - 18, NORMAL, 600))
    return 4.4 + title_lines * line_height(NORMAL) + lines * line_height(SMALL) + (1.0 if lines else 0.0)


def _draw_box(axes: Axes, x: float, y: float, width: float, height: float, box: Box) -> None:
    bar(axes, x, y, width, height, "white", edge=theme_of(axes).ink, line=0.8)
    title_lines = wrap(box.title, width - 5 - 18, NORMAL, 600)
    write(axes, x + 2.5, y + 2.2, "\n".join(title_lines), weight=600, vertical="top")
    numeric = box.value[:1].isdigit()
    size = 14.0 if numeric else SMALL
    write(
        axes,
        x + width - 2.5,
        y + 2.2 + line_height(NORMAL) / 2,
        box.value,
        size=size,
        weight=700 if numeric else 400,
        align="right",
    )
    below = y + 2.2 + len(title_lines) * line_height(NORMAL) + 1.0
    for note in box.notes:
        lines = wrap(note, width - 5, SMALL)
        write(axes, x + 2.5, below, "\n".join(lines), size=SMALL, vertical="top")
        below += len(lines) * line_height(SMALL)


def _draw_arrow(axes: Axes, x: float, top: float, bottom: float) -> None:
    stroke(axes, (x, x), (top, bottom - 1.6), theme_of(axes).ink, 0.8)
    axes.fill([x - 1.1, x + 1.1, x], [bottom - 2.2, bottom - 2.2, bottom - 0.1], color=theme_of(axes).ink, linewidth=0)


def _draw_branches(axes: Axes, centre: float, y: float, ends: list[float]) -> None:
    half = y + STEP / 2
    stroke(axes, (centre, centre), (y, half), theme_of(axes).ink, 0.8)
    stroke(axes, (min([centre, *ends]), max([centre, *ends])), (half, half), theme_of(axes).ink, 0.8)
    for x in ends:
        _draw_arrow(axes, x, half, y + STEP)


def _all_boxes(view: ResultsView) -> list[Box]:
    return [*_arrival_boxes(view), *(b for w in _waves(view) for b in _wave_boxes(view, w))]


def _alt(view: ResultsView) -> str:
    parts = [
        ": ".join((box.title, box.value)) + (f" ({'; '.join(box.notes)})" if box.notes else "")
        for box in _all_boxes(view)
    ]
    return view.say._("Flow of participants.") + " " + ". ".join(parts) + "."


def _data(view: ResultsView) -> list[list[str]]:
    header = [view.say._("Step"), "n", view.say._("Note")]
    return [header, *([box.title, box.value, "; ".join(box.notes)] for box in _all_boxes(view))]
