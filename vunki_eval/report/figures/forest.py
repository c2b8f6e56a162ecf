"""Several estimates of several outcomes next to each other: rows of dots with whiskers, one panel per outcome."""

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
    paint,
    scale,
    sheet,
    stroke,
    text_width,
    wrap,
    write,
)
from vunki_eval.report.figures.changes import BAND, SHAPES
from vunki_eval.report.figures.figure_block import figure_block, survey_source
from vunki_eval.results.blocks import Figure
from vunki_eval.results.view import ResultsView, Row

LABELS = 50.0
RATIOS = (0.1, 0.2, 0.5, 0.8, 1.25, 1.5, 2.0, 3.0, 4.0, 8.0, 20.0, 100.0)


@dataclass(frozen=True, slots=True)
class Strip:
    """A row: its label, and per outcome a row of the estimates, a word instead of one, or nothing.

    ``wave`` is the wave whose colour and shape its dots have.
    """

    label: str
    cells: Mapping[str, Row | str]
    strong: bool = False
    wave: str = "post"


def draw_strips(view: ResultsView, outcomes: Sequence[str], strips: Sequence[Strip]) -> Drawing:
    """Draw strips: line at no change, band of the smallest change that matters, ticks in native units."""
    gap, labels = 6.0, _label_width(strips)
    width = (WIDTH - 4 - labels - gap * len(outcomes)) / max(len(outcomes), 1)
    titles = [wrap(view.title(key), width, NORMAL, 600, most=4) for key in outcomes]
    top = max([len(t) for t in titles] or [1]) * line_height(NORMAL) + 2.2
    heights = row_heights(strips)
    bottom = top + sum(heights)
    drawing, axes = sheet(bottom + 6, theme=view.theme)
    for k, (key, title) in enumerate(zip(outcomes, titles, strict=True)):
        left = labels + gap + k * (width + gap)
        write(axes, left, 0, "\n".join(title), weight=600, vertical="top")
        at = _axis(view, axes, key, strips, (left, left + width), (top, bottom))
        _cells(view, axes, key, strips, heights, top, at, left)
    y = top
    for strip, height in zip(strips, heights, strict=True):
        lines = _lines(strip)
        write(axes, 0, y + height / 2, "\n".join(lines), weight=_weight(strip))
        y += height
        stroke(axes, (0, WIDTH), (y, y), paint(axes).hair, 0.4)
    return drawing


def row_heights(strips: Sequence[Strip]) -> list[float]:
    """Give the height of each row."""
    return [max(len(_lines(s)) * line_height(NORMAL) + 2.2, 6.6) for s in strips]


def _lines(strip: Strip) -> list[str]:
    return wrap(strip.label, LABELS - 2, NORMAL, _weight(strip), most=3)


def _weight(strip: Strip) -> int:
    return 600 if strip.strong else 400


def _label_width(strips: Sequence[Strip]) -> float:
    """Give the labels the room they take, so that panels have the rest."""
    return max([text_width(line, NORMAL, _weight(s)) for s in strips for line in _lines(s)] or [0.0]) + 2


def waves_figure(view: ResultsView, outcomes: Sequence[str], name: str, title: str) -> Figure | None:
    """Draw outcomes side by side on their own scales, a row per later wave; None without any change to draw."""
    say, strips = view.say, []
    for wave in view.waves[1:]:
        cells: dict[str, Row | str] = {k: r for k in outcomes if (r := view.change(k, wave)) is not None}
        if cells:
            strips.append(Strip(wave_against(view, wave), cells, strong=True, wave=wave))
    shown = [k for k in outcomes if any(k in s.cells for s in strips)]
    if not shown:
        return None
    table = [[s.label, *(said(view, k, s.cells.get(k)) for k in shown)] for s in strips]
    parts = [f"{view.title(k)}, {s.label}: {said(view, k, s.cells[k])}" for s in strips for k in shown if k in s.cells]
    return figure_block(
        draw_strips(view, shown, strips),
        name,
        title=title,
        subtitle=say._("Change from before to after, scale points or ratio"),
        alt="; ".join(parts) + ".",
        base=say._("Grey band: change smaller than what matters, where one was declared."),
        source=survey_source(view),
        data=[[say._("Wave"), *(view.title(k) for k in shown)], *table],
    )


def wave_against(view: ResultsView, wave: str) -> str:
    """Name a later wave as a comparison with the first one."""
    return view.say._("{first} → {wave}", first=view.wave(view.waves[0]), wave=view.wave(wave))


def said(view: ResultsView, outcome: str, cell: Row | str | None) -> str:
    """Write a cell in words: the change, the word instead of one, or a dash."""
    return cell or "–" if isinstance(cell, str) or cell is None else view.change_text(outcome, cell)


def _cells(
    view: ResultsView,
    axes: Axes,
    key: str,
    strips: Sequence[Strip],
    heights: list[float],
    top: float,
    at: Scale,
    left: float,
) -> None:
    y = top
    for strip, height in zip(strips, heights, strict=True):
        cell, middle = strip.cells.get(key), y + height / 2
        if isinstance(cell, str):
            write(axes, left + 1, middle, cell, size=SMALL, colour=paint(axes).muted)
        elif cell is not None:
            colour = paint(axes).wave_colours.get(strip.wave, paint(axes).after)
            low, high, estimate = (_value(view, key, cell[name]) for name in ("low", "high", "estimate"))
            if low is not None and high is not None:
                stroke(axes, (at(low), at(high)), (middle, middle), colour, 2.0 if strip.strong else 1.2)
            if estimate is not None:
                mark(
                    axes,
                    at(estimate),
                    middle,
                    SHAPES.get(strip.wave, "o"),
                    colour,
                    size=7 if strip.strong else 5.5,
                    hollow=not strip.strong,
                )
        y += height


def _value(view: ResultsView, key: str, value: float | None) -> float | None:
    if value is None:
        return None
    return math.log(value) if view.is_ratio(key) else float(value)


def _axis(
    view: ResultsView, axes: Axes, key: str, strips: Sequence[Strip], x: tuple[float, float], y: tuple[float, float]
) -> Scale:
    """Draw an outcome's axis and give it; the whole panel is at least four smallest changes wide."""
    least = _value(view, key, view.smallest_change(key))
    step = least or 0.3
    ends = [
        v
        for s in strips
        if not isinstance(c := s.cells.get(key), str) and c is not None
        for name in ("estimate", "low", "high")
        if (v := _value(view, key, c[name])) is not None
    ]
    low, high = min([-1.5 * step, *ends]) - 0.2 * step, max([1.5 * step, *ends]) + 0.2 * step
    at = scale(low, high, *x)
    if least:
        bar(axes, at(-step), y[0], at(step) - at(-step), y[1] - y[0], BAND)
    stroke(axes, (at(0), at(0)), y, paint(axes).muted, 0.9)
    for tick, word in _ticks(view, key, low, high):
        stroke(axes, (at(tick), at(tick)), (y[1], y[1] + 1.2), paint(axes).muted, 0.6)
        write(axes, at(tick), y[1] + 3.6, word, size=SMALL, colour=paint(axes).muted, align="center")
    return at


def _ticks(view: ResultsView, key: str, low: float, high: float) -> list[tuple[float, str]]:
    if view.is_ratio(key):
        wanted = 0.75 * (high if high >= -low else low)
        shown = [r for r in RATIOS if low <= math.log(r) <= high]
        near = min(shown, key=lambda r: abs(math.log(r) - wanted), default=1.0)
        ends = [(math.log(near), view.say.ratio(near, 0 if near >= 2 else 2))] if near != 1 else []
        return [(0.0, view.say.ratio(1.0, 0)), *ends]
    sizes = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0)
    size = next((s for s in sizes if (high - low) / s <= 4), float(math.ceil(high - low)) / 2)
    marks = [k * size for k in range(math.ceil(low / size), math.floor(high / size) + 1)]
    return [(v, view.say.signed(v, 0 if size >= 1 or not v else 1)) for v in marks]
