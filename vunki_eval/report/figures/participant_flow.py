"""Who came and who answered, from registration to analysis: black boxes on white, with the reason of each loss."""

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
    paint,
    sheet,
    stroke,
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
    """A box: its head, its number in words, and lines of smaller print."""

    head: str
    value: str
    small: tuple[str, ...] = ()


def flow(results: Results, language: str) -> Drawing:
    """Draw the flow of participants through the waves."""
    return _draw(view_results(results, language))


def flow_figure(results: Results, language: str, title: str = "", event: str | None = None) -> Figure | None:
    """Give the chart with its words, or None when nothing is known of the flow.

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
    """Give the steps of the flow with their counts; None is unknown."""
    return {r["step"]: None if r["n"] is None else int(r["n"]) for r in view.rows("flow")}


def _reasons(view: ResultsView) -> dict[str, str]:
    return {r["step"]: r["reason"] or "" for r in view.rows("flow")}


def _number(view: ResultsView, n: int | None) -> str:
    return view.say.no_data if n is None else view.say.count(n)


def _tops(view: ResultsView) -> list[Box]:
    known, say = steps(view), view.say
    came, registered = known.get("attended"), known.get("registered")
    lost: tuple[str, ...] = ()
    if came is not None and registered is not None and registered > came:
        lost = (say._("{n} registered and did not come", n=say.count(registered - came)),)
    return [
        Box(say._("Registered"), _number(view, registered)),
        Box(say._("Came"), _number(view, came), lost),
    ]


def _wave_boxes(view: ResultsView, wave: str) -> list[Box]:
    """Give a wave's boxes: answered, and linked with the wave before the event."""
    known, reasons, say = steps(view), _reasons(view), view.say
    usable, returned, came = known.get(f"usable_{wave}"), known.get(f"returned_{wave}"), known.get("attended")
    small = []
    if usable is not None and came:
        small.append(say._("{share} of those who came", share=say.percent(usable / came)))
    if usable is not None and returned is not None and returned > usable:
        why = say._(REASONS.get(reasons.get(f"usable_{wave}", ""), REASONS[""]))
        small.append(
            say._(
                "{returned} returned, {n} not used: {why}",
                returned=say.count(returned),
                n=say.count(returned - usable),
                why=why,
            )
        )
    boxes = [Box(say._("Answered: {wave}", wave=view.wave(wave)), _number(view, usable), tuple(small))]
    if f"linked_{wave}" in known and wave != view.waves[0]:
        boxes.append(_linked(view, wave))
    return boxes


def _linked(view: ResultsView, wave: str) -> Box:
    known, say = steps(view), view.say
    linked, small = known.get(f"linked_{wave}"), []
    exact, near = known.get(f"linked_{wave}_exact"), known.get(f"linked_{wave}_one_difference")
    if exact is not None and near is not None:
        small.append(say._("{exact} exactly, {near} with one difference", exact=say.count(exact), near=say.count(near)))
    head = say._("Linked: before and {wave}", wave=view.wave(wave))
    if known.get(f"analysed_{wave}") is not None:
        small.append(say._("{n} people in the analysis", n=say.count(known[f"analysed_{wave}"] or 0)))
    return Box(head, _number(view, linked), tuple(small))


def _waves(view: ResultsView) -> list[str]:
    known = steps(view)
    return [w for w in view.waves if f"usable_{w}" in known or f"returned_{w}" in known]


def _draw(view: ResultsView) -> Drawing:
    waves = _waves(view)
    columns = [_wave_boxes(view, w) for w in waves]
    width = (WIDTH - 0.6 - GUTTER * max(len(columns) - 1, 0)) / max(len(columns), 1)
    centre, broad = WIDTH / 2, 76.0
    depth = max([len(c) for c in columns] or [0])
    heights = [max(_high(c[k], width) for c in columns if k < len(c)) for k in range(depth)]
    tops = _tops(view)
    high = sum(_high(b, broad) + STEP for b in tops) + sum(h + STEP for h in heights) - STEP + 1
    drawing, axes = sheet(high, theme=view.theme)
    y = 0.5
    for k, box in enumerate(tops):
        _box(axes, centre - broad / 2, y, broad, _high(box, broad), box)
        y += _high(box, broad)
        if k == 0:
            _arrow(axes, centre, y, y + STEP)
            y += STEP
    if columns:
        _branches(axes, centre, y, [0.3 + k * (width + GUTTER) + width / 2 for k in range(len(columns))])
    y += STEP
    for row in range(depth):
        for k, column in enumerate(columns):
            x = 0.3 + k * (width + GUTTER)
            if row < len(column):
                _box(axes, x, y, width, heights[row], column[row])
            if row + 1 < len(column):
                _arrow(axes, x + width / 2, y + heights[row], y + heights[row] + STEP)
        y += heights[row] + STEP
    return drawing


def _high(box: Box, width: float) -> float:
    lines = sum(len(wrap(s, width - 5, SMALL)) for s in box.small)
    heads = len(wrap(box.head, width - 5 - 18, NORMAL, 600))
    return 4.4 + heads * line_height(NORMAL) + lines * line_height(SMALL) + (1.0 if lines else 0.0)


def _box(axes: Axes, x: float, y: float, width: float, height: float, box: Box) -> None:
    bar(axes, x, y, width, height, "white", edge=paint(axes).ink, line=0.8)
    heads = wrap(box.head, width - 5 - 18, NORMAL, 600)
    write(axes, x + 2.5, y + 2.2, "\n".join(heads), weight=600, vertical="top")
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
    below = y + 2.2 + len(heads) * line_height(NORMAL) + 1.0
    for text in box.small:
        lines = wrap(text, width - 5, SMALL)
        write(axes, x + 2.5, below, "\n".join(lines), size=SMALL, vertical="top")
        below += len(lines) * line_height(SMALL)


def _arrow(axes: Axes, x: float, top: float, bottom: float) -> None:
    stroke(axes, (x, x), (top, bottom - 1.6), paint(axes).ink, 0.8)
    axes.fill([x - 1.1, x + 1.1, x], [bottom - 2.2, bottom - 2.2, bottom - 0.1], color=paint(axes).ink, linewidth=0)


def _branches(axes: Axes, centre: float, y: float, feet: list[float]) -> None:
    half = y + STEP / 2
    stroke(axes, (centre, centre), (y, half), paint(axes).ink, 0.8)
    stroke(axes, (min([centre, *feet]), max([centre, *feet])), (half, half), paint(axes).ink, 0.8)
    for x in feet:
        _arrow(axes, x, half, y + STEP)


def _all(view: ResultsView) -> list[Box]:
    return [*_tops(view), *(b for w in _waves(view) for b in _wave_boxes(view, w))]


def _alt(view: ResultsView) -> str:
    parts = [": ".join((b.head, b.value)) + (f" ({'; '.join(b.small)})" if b.small else "") for b in _all(view)]
    return view.say._("Flow of participants.") + " " + ". ".join(parts) + "."


def _data(view: ResultsView) -> list[list[str]]:
    head = [view.say._("Step"), "n", view.say._("Note")]
    return [head, *([b.head, b.value, "; ".join(b.small)] for b in _all(view))]
