"""Forest plots of several outcomes: rows of estimates with their intervals, a panel for each outcome."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from vunki_eval.report.figures.canvas import (
    NORMAL,
    SMALL,
    WIDTH,
    Drawing,
    Scale,
    bar,
    line_height,
    mark,
    scale,
    sheet,
    stroke,
    text_width,
    theme_of,
    wrap,
    write,
)
from vunki_eval.report.figures.changes import BAND, SHAPES
from vunki_eval.report.figures.figure_block import figure_block, survey_source
from vunki_eval.results.blocks import Figure
from vunki_eval.results.estimates import EstimateRow
from vunki_eval.results.view import ResultsView

MAX_LABELS = 50.0
RATIOS = (0.1, 0.2, 0.5, 0.8, 1.25, 1.5, 2.0, 3.0, 4.0, 8.0, 20.0, 100.0)


@dataclass(frozen=True, slots=True)
class ForestRow:
    """A row of a forest plot.

    ``cells`` holds an estimate for each outcome, or a text that stands in its place; outcomes without either are left
    out. ``strong`` rows are drawn with filled dots; ``wave`` decides the colour and the shape of the dots.
    """

    label: str
    cells: Mapping[str, EstimateRow | str]
    strong: bool = False
    wave: str = "post"


def draw_forest(view: ResultsView, outcomes: Sequence[str], rows: Sequence[ForestRow]) -> Drawing:
    """Draw rows of estimates: a line at no change, the band of changes too small to matter, ticks on the own scale."""
    gap, labels = 6.0, _label_width(rows)
    width = (WIDTH - 4 - labels - gap * len(outcomes)) / max(len(outcomes), 1)
    titles = [wrap(view.title(key), width, NORMAL, 600, max_lines=4) for key in outcomes]
    top = max([len(t) for t in titles] or [1]) * line_height(NORMAL) + 2.2
    heights = row_heights(rows)
    bottom = top + sum(heights)
    drawing, axes = sheet(bottom + 6, theme=view.theme)
    for k, (key, title) in enumerate(zip(outcomes, titles, strict=True)):
        left = labels + gap + k * (width + gap)
        write(axes, left, 0, "\n".join(title), weight=600, vertical="top")
        at = _draw_axis(view, axes, key, rows, (left, left + width), (top, bottom))
        _draw_cells(view, axes, key, rows, heights, top, at, left)
    y = top
    for row, height in zip(rows, heights, strict=True):
        lines = _lines(row)
        write(axes, 0, y + height / 2, "\n".join(lines), weight=_weight(row))
        y += height
        stroke(axes, (0, WIDTH), (y, y), theme_of(axes).hair, 0.4)
    return drawing


def row_heights(rows: Sequence[ForestRow]) -> list[float]:
    """Return the height of each row in millimetres."""
    return [max(len(_lines(row)) * line_height(NORMAL) + 2.2, 6.6) for row in rows]


def _lines(row: ForestRow) -> list[str]:
    return wrap(row.label, MAX_LABELS - 2, NORMAL, _weight(row), max_lines=3)


def _weight(row: ForestRow) -> int:
    return 600 if row.strong else 400


def _label_width(rows: Sequence[ForestRow]) -> float:
    """Return the width that the labels need; the panels share the rest."""
    return max([text_width(line, NORMAL, _weight(row)) for row in rows for line in _lines(row)] or [0.0]) + 2


def waves_figure(view: ResultsView, outcomes: Sequence[str], name: str, title: str) -> Figure | None:
    """Draw outcomes side by side, each on its own scale, with a row per later wave; None without a change to draw."""
    say, rows = view.say, []
    for wave in view.waves[1:]:
        cells: dict[str, EstimateRow | str] = {k: r for k in outcomes if (r := view.change(k, wave)) is not None}
        if cells:
            rows.append(ForestRow(wave_against(view, wave), cells, strong=True, wave=wave))
    shown = [k for k in outcomes if any(k in row.cells for row in rows)]
    if not shown:
        return None
    table = [[row.label, *(cell_text(view, k, row.cells.get(k)) for k in shown)] for row in rows]
    parts = [
        f"{view.title(k)}, {row.label}: {cell_text(view, k, row.cells[k])}"
        for row in rows
        for k in shown
        if k in row.cells
    ]
    return figure_block(
        draw_forest(view, shown, rows),
        name,
        title=title,
        subtitle=say._("Change from before to after, scale points or ratio"),
        alt="; ".join(parts) + ".",
        base=say._("Grey band: change smaller than what matters, where one was declared."),
        source=survey_source(view),
        data=[[say._("Wave"), *(view.title(k) for k in shown)], *table],
    )


def wave_against(view: ResultsView, wave: str) -> str:
    """Name a later wave as a comparison with the first wave."""
    return view.say._("{first} → {wave}", first=view.wave(view.waves[0]), wave=view.wave(wave))


def cell_text(view: ResultsView, outcome: str, cell: EstimateRow | str | None) -> str:
    """Write a cell as text: the change, the text that stands in its place, or a dash."""
    return cell or "–" if isinstance(cell, str) or cell is None else view.change_text(outcome, cell)


def _draw_cells(
    view: ResultsView,
    axes: Axes,
    key: str,
    rows: Sequence[ForestRow],
    heights: list[float],
    top: float,
    at: Scale,
    left: float,
) -> None:
    y = top
    for row, height in zip(rows, heights, strict=True):
        cell, middle = row.cells.get(key), y + height / 2
        if isinstance(cell, str):
            write(axes, left + 1, middle, cell, size=SMALL, colour=theme_of(axes).muted)
        elif cell is not None:
            colour = theme_of(axes).wave_colours.get(row.wave, theme_of(axes).after)
            low, high, estimate = (_value(view, key, x) for x in (cell.low, cell.high, cell.estimate))
            if low is not None and high is not None:
                stroke(axes, (at(low), at(high)), (middle, middle), colour, 2.0 if row.strong else 1.2)
            if estimate is not None:
                mark(
                    axes,
                    at(estimate),
                    middle,
                    SHAPES.get(row.wave, "o"),
                    colour,
                    size=7 if row.strong else 5.5,
                    hollow=not row.strong,
                )
        y += height


def _value(view: ResultsView, key: str, value: float | None) -> float | None:
    if value is None:
        return None
    return math.log(value) if view.is_ratio(key) else float(value)


def _draw_axis(
    view: ResultsView, axes: Axes, key: str, rows: Sequence[ForestRow], x: tuple[float, float], y: tuple[float, float]
) -> Scale:
    """Draw an outcome's axis and return its scale, which spans at least three times the smallest change."""
    smallest = _value(view, key, view.smallest_change(key))
    step = smallest or 0.3
    values = [
        v
        for row in rows
        if not isinstance(cell := row.cells.get(key), str) and cell is not None
        for x in (cell.estimate, cell.low, cell.high)
        if (v := _value(view, key, x)) is not None
    ]
    low, high = min([-1.5 * step, *values]) - 0.2 * step, max([1.5 * step, *values]) + 0.2 * step
    at = scale(low, high, *x)
    if smallest:
        bar(axes, at(-step), y[0], at(step) - at(-step), y[1] - y[0], BAND)
    stroke(axes, (at(0), at(0)), y, theme_of(axes).muted, 0.9)
    for tick, label in _ticks(view, key, low, high):
        stroke(axes, (at(tick), at(tick)), (y[1], y[1] + 1.2), theme_of(axes).muted, 0.6)
        write(axes, at(tick), y[1] + 3.6, label, size=SMALL, colour=theme_of(axes).muted, align="center")
    return at


def _ticks(view: ResultsView, key: str, low: float, high: float) -> list[tuple[float, str]]:
    if view.is_ratio(key):
        target = 0.75 * (high if high >= -low else low)
        ratios = [r for r in RATIOS if low <= math.log(r) <= high]
        nearest = min(ratios, key=lambda r: abs(math.log(r) - target), default=1.0)
        far_tick = [(math.log(nearest), view.say.ratio(nearest, 0 if nearest >= 2 else 2))] if nearest != 1 else []
        return [(0.0, view.say.ratio(1.0, 0)), *far_tick]
    sizes = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0)
    size = next((s for s in sizes if (high - low) / s <= 4), float(math.ceil(high - low)) / 2)
    marks = [k * size for k in range(math.ceil(low / size), math.floor(high / size) + 1)]
    return [(v, view.say.signed(v, 0 if size >= 1 or not v else 1)) for v in marks]
