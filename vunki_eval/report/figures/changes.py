"""Change of several outcomes in one chart: in units of the smallest change that matters, with native units in words."""

from dataclasses import dataclass

from matplotlib.axes import Axes

from vunki_eval.report.figures.canvas import (
    CHART_WIDTH,
    NORMAL,
    SMALL,
    WIDTH,
    Drawing,
    Scale,
    bar,
    block,
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
from vunki_eval.report.figures.figure_block import figure_block, survey_source
from vunki_eval.results.blocks import Figure
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

BAND = "#e6eaec"
LABELS = 62.0
SHAPES = {"post": "o", "followup": "D"}
NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class Change:
    """A change ready to be drawn: limits in units of the smallest change that matters, and its words."""

    outcome: str
    wave: str
    title: str
    said: str
    levels: str
    estimate: float
    low: float
    high: float
    n: int | None


def changes(
    view: ResultsView, outcomes: tuple[str, ...], waves: tuple[str, ...] = ("post", "followup")
) -> list[Change]:
    """Collect the changes that may be drawn: with limits, and with a smallest change to measure them in."""
    found = []
    for key in outcomes:
        for wave in waves:
            row = view.change(key, wave)
            if row is None or not view.smallest_change(key):
                continue
            estimate, low, high = (view.in_units(key, row[name]) for name in ("estimate", "low", "high"))
            levels = view.levels(key, "pre", wave)
            found.append(
                Change(key, wave, view.title(key), view.change_text(key, row), levels, estimate, low, high, row["n"])
            )
    return found


def forest(
    results: Results, language: str, outcomes: tuple[str, ...] | None = None, event: str | None = None
) -> Drawing:
    """Draw the changes of outcomes (the primary ones if left out), one row each, follow-up below.

    Parameters
    ----------
    results : Results
    language : str
    outcomes : tuple of str, optional
        Keys; outcomes without a smallest change that matters or without a printable interval are left out.
    event : str, optional
        Which event of a project's results.
    """
    view = view_results(results, language, event)
    return _draw(view, changes(view, outcomes or view.primary))


def forest_figure(
    results: Results, language: str, outcomes: tuple[str, ...] | None = None, name: str = "forest", title: str = ""
) -> Figure | None:
    """Give the chart with its words, or None when there is nothing to draw."""
    view = view_results(results, language)
    found = changes(view, outcomes or view.primary)
    if not found:
        return None
    return figure_block(
        _draw(view, found),
        name,
        title=title or view.say._("Change from before the event, against the smallest change that matters"),
        subtitle=view.say._("Mean change per person (ratio for counts); people who came and answered"),
        alt=alt_text(view, found),
        base=_base(view, found),
        source=survey_source(view),
        data=data(view, found),
    )


def page_one_chart(results: Results, language: str) -> Figure | None:
    """Give the narrow chart of page one: the primary outcomes after the event."""
    view = view_results(results, language)
    found = changes(view, view.primary, ("post",))
    if not found:
        return None
    return figure_block(
        _narrow(view, found),
        "page-one-change",
        title=view.say._("Change from before to after"),
        subtitle="",
        alt=alt_text(view, found),
        data=data(view, found),
    )


def alt_text(view: ResultsView, found: list[Change]) -> str:
    """Say what the chart shows, from the same numbers."""
    parts = [f"{c.title} ({view.wave(c.wave)}): {c.said}" for c in found]
    said = view.say._("Chart of changes with {level} intervals.", level=view.say.percent(view.meta.get("level", 0.95)))
    return f"{said} {'; '.join(parts)}."


def data(view: ResultsView, found: list[Change]) -> list[list[str]]:
    """Give the numbers of the chart."""
    say = view.say
    head = [say._("Outcome"), say._("Wave"), say._("Change (interval)"), say._("Levels"), "n"]
    return [head, *([c.title, view.wave(c.wave), c.said, c.levels, say.count(c.n or 0)] for c in found)]


def _base(view: ResultsView, found: list[Change]) -> str:
    first = next((c for c in found if c.wave == "post" and c.n), found[0])
    pairs = view.number(first.outcome, "change_pairs", first.wave)
    if pairs and pairs["n"] and first.n:
        return view.say._("n = {n}, of them {pairs} pairs", n=view.say.count(first.n), pairs=view.say.count(pairs["n"]))
    return view.say._("n = {n}", n=view.say.count(first.n)) if first.n else ""


def _span(found: list[Change]) -> tuple[float, float]:
    """Find the ends of the axis: the band and every interval, in whole units, at least from -2 to 2."""
    low = min(-1.6, *(max(c.low, -6.0) - 0.2 for c in found))
    high = max(1.6, *(min(c.high, 8.0) + 0.2 for c in found))
    return low, high


def _draw(view: ResultsView, found: list[Change]) -> Drawing:
    rows = list(dict.fromkeys(c.outcome for c in found))
    heights = [_height(view, [c for c in found if c.outcome == key]) for key in rows]
    top, foot = 7.5, 11.0
    drawing, axes = sheet(top + sum(heights) + foot, theme=view.theme)
    low, high = _span(found) if found else (-2.0, 2.0)
    left, right = LABELS + 3, WIDTH - 3

    at = scale(low, high, left, right)
    bottom = top + sum(heights)
    bar(axes, at(-1), top - 1, at(1) - at(-1), bottom - top + 1, BAND)
    stroke(axes, (at(0), at(0)), (top - 1, bottom), paint(axes).muted, 0.9)
    write(
        axes,
        at(0),
        2.6,
        view.say._("change smaller than what matters"),
        size=SMALL,
        colour=paint(axes).muted,
        align="center",
    )
    y = top
    for key, height in zip(rows, heights, strict=True):
        _row(view, axes, y, at, [c for c in found if c.outcome == key])
        y += height
        stroke(axes, (0, WIDTH), (y - 1, y - 1), paint(axes).hair, 0.5)
    _axis(view, axes, bottom, at, (low, high))
    return drawing


def _height(view: ResultsView, group: list[Change]) -> float:
    lines = len(wrap(group[0].title, LABELS, NORMAL, 600, most=3))
    words = sum(len(wrap(_words(view, c, len(group)), LABELS, SMALL, most=4)) for c in group)
    return (lines * line_height(NORMAL)) + words * line_height(SMALL) + 3.4


def _words(view: ResultsView, change: Change, many: int) -> str:
    said = _said(change, LABELS)
    return f"{view.wave(change.wave)}: {said}" if many > 1 else said


def _said(change: Change, room: float) -> str:
    """Write the change and the two levels, these kept together where a line has room for them."""
    levels = change.levels.replace(" ", NO_BREAK)
    whole = levels if text_width(levels, SMALL) <= room else change.levels
    return f"{change.said}; {whole}" if whole else change.said


def _row(view: ResultsView, axes: Axes, top: float, at: Scale, group: list[Change]) -> None:
    y = top + block(axes, 0, top, LABELS, group[0].title, weight=600, vertical="top", most=3)
    for change in group:
        height = block(
            axes,
            0,
            y,
            LABELS,
            _words(view, change, len(group)),
            size=SMALL,
            colour=paint(axes).muted,
            vertical="top",
            most=4,
        )
        _whisker(axes, y + height / 2 if len(group) > 1 else (top + y + height) / 2, at, change)
        y += height


def _whisker(axes: Axes, y: float, at: Scale, change: Change) -> None:
    colour = paint(axes).wave_colours.get(change.wave, paint(axes).after)
    stroke(axes, (at(change.low), at(change.high)), (y, y), colour, 1.7)
    mark(axes, at(change.estimate), y, SHAPES.get(change.wave, "o"), colour, size=7)


def _axis(view: ResultsView, axes: Axes, y: float, at: Scale, span: tuple[float, float]) -> None:
    for tick in range(int(span[0]), int(span[1]) + 1):
        x = at(tick)
        stroke(axes, (x, x), (y, y + 1.2), paint(axes).muted, 0.6)
        write(axes, x, y + 3.6, view.say.signed(tick), size=SMALL, colour=paint(axes).muted, align="center")
    said = view.say._("times the smallest change that matters")
    write(axes, (LABELS + WIDTH) / 2, y + 8, said, size=SMALL, colour=paint(axes).muted, align="center")


def _narrow(view: ResultsView, found: list[Change]) -> Drawing:
    strip, gap = 6.0, 3.2
    words = [
        (
            wrap(c.title, CHART_WIDTH, NORMAL, 600, most=3),
            wrap(_said(c, CHART_WIDTH), CHART_WIDTH, SMALL),
        )
        for c in found
    ]
    heights = [len(a) * line_height(NORMAL) + len(b) * line_height(SMALL) + 1 + strip + gap for a, b in words]
    drawing, axes = sheet(sum(heights) - gap + 0.6, CHART_WIDTH, theme=view.theme)
    low, high = _span(found)

    at = scale(low, high, 1, CHART_WIDTH - 1)
    y = 0.0
    for change, height, (title, said) in zip(found, heights, words, strict=True):
        write(axes, 0, y, "\n".join(title), weight=600, vertical="top")
        below = y + len(title) * line_height(NORMAL)
        write(axes, 0, below, "\n".join(said), size=SMALL, colour=paint(axes).muted, vertical="top")
        below += len(said) * line_height(SMALL) + 1
        bar(axes, at(-1), below, at(1) - at(-1), strip, BAND)
        stroke(axes, (at(0), at(0)), (below, below + strip), paint(axes).muted, 0.9)
        _whisker(axes, below + strip / 2, at, change)
        y += height
    return drawing
