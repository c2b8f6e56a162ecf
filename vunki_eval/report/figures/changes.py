"""Changes of several outcomes in one chart, in units of the smallest change that matters.

The labels give each change on the outcome's own scale.
"""

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
    scale,
    sheet,
    stroke,
    text_width,
    theme_of,
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
    """A change ready to be drawn.

    ``estimate``, ``low`` and ``high`` are in units of the smallest change that matters; ``text`` is the change with its
    interval as printed, ``levels`` the levels before and after.
    """

    outcome: str
    wave: str
    title: str
    text: str
    levels: str
    estimate: float
    low: float
    high: float
    n: int | None


def collect_changes(
    view: ResultsView, outcomes: tuple[str, ...], waves: tuple[str, ...] = ("post", "followup")
) -> list[Change]:
    """Collect the changes that can be drawn: those with an interval and a declared smallest change."""
    changes = []
    for key in outcomes:
        for wave in waves:
            row = view.change(key, wave)
            if row is None or not view.smallest_change(key):
                continue
            estimate, low, high = (view.in_units(key, x) for x in (row.estimate, row.low, row.high))
            levels = view.levels(key, "pre", wave)
            changes.append(
                Change(key, wave, view.title(key), view.change_text(key, row), levels, estimate, low, high, row.n)
            )
    return changes


def forest(
    results: Results, language: str, outcomes: tuple[str, ...] | None = None, event: str | None = None
) -> Drawing:
    """Draw the changes of outcomes, one row each, the follow-up below.

    Parameters
    ----------
    results : Results
    language : str
    outcomes : tuple of str, optional
        Keys; the primary outcomes if left out. Outcomes without a smallest change that matters, or without an interval
        that may be printed, are not drawn.
    event : str, optional
        Which event of a project's results.
    """
    view = view_results(results, language, event)
    return _draw(view, collect_changes(view, outcomes or view.primary))


def forest_figure(
    results: Results, language: str, outcomes: tuple[str, ...] | None = None, name: str = "forest", title: str = ""
) -> Figure | None:
    """Draw the chart with its title and notes; None when there is nothing to draw."""
    view = view_results(results, language)
    changes = collect_changes(view, outcomes or view.primary)
    if not changes:
        return None
    return figure_block(
        _draw(view, changes),
        name,
        title=title or view.say._("Change from before the event, against the smallest change that matters"),
        subtitle=view.say._("Mean change per person (ratio for counts); people who came and answered"),
        alt=alt_text(view, changes),
        base=_base(view, changes),
        source=survey_source(view),
        data=data(view, changes),
    )


def page_one_chart(results: Results, language: str) -> Figure | None:
    """Draw the narrow chart of page one: the primary outcomes after the event."""
    view = view_results(results, language)
    changes = collect_changes(view, view.primary, ("post",))
    if not changes:
        return None
    return figure_block(
        _draw_narrow(view, changes),
        "page-one-change",
        title=view.say._("Change from before to after"),
        subtitle="",
        alt=alt_text(view, changes),
        data=data(view, changes),
    )


def alt_text(view: ResultsView, changes: list[Change]) -> str:
    """Describe the chart in words, with the numbers it shows."""
    parts = [f"{c.title} ({view.wave(c.wave)}): {c.text}" for c in changes]
    heading = view.say._(
        "Chart of changes with {level} intervals.", level=view.say.percent(view.meta.get("level", 0.95))
    )
    return f"{heading} {'; '.join(parts)}."


def data(view: ResultsView, changes: list[Change]) -> list[list[str]]:
    """Tabulate the numbers of the chart, header first."""
    say = view.say
    header = [say._("Outcome"), say._("Wave"), say._("Change (interval)"), say._("Levels"), "n"]
    return [header, *([c.title, view.wave(c.wave), c.text, c.levels, say.count(c.n or 0)] for c in changes)]


def _base(view: ResultsView, changes: list[Change]) -> str:
    first = next((change for change in changes if change.wave == "post" and change.n), changes[0])
    pairs = view.number(first.outcome, "change_pairs", first.wave)
    if pairs and pairs.n and first.n:
        return view.say._("n = {n}, of them {pairs} pairs", n=view.say.count(first.n), pairs=view.say.count(pairs.n))
    return view.say._("n = {n}", n=view.say.count(first.n)) if first.n else ""


def _axis_limits(changes: list[Change]) -> tuple[float, float]:
    """Return the ends of the axis: wide enough for the band and for every interval, apart from extreme limits."""
    low = min(-1.6, *(max(c.low, -6.0) - 0.2 for c in changes))
    high = max(1.6, *(min(c.high, 8.0) + 0.2 for c in changes))
    return low, high


def _draw(view: ResultsView, changes: list[Change]) -> Drawing:
    rows = list(dict.fromkeys(c.outcome for c in changes))
    heights = [_height(view, [c for c in changes if c.outcome == key]) for key in rows]
    top, axis_height = 7.5, 11.0
    drawing, axes = sheet(top + sum(heights) + axis_height, theme=view.theme)
    low, high = _axis_limits(changes) if changes else (-2.0, 2.0)
    left, right = LABELS + 3, WIDTH - 3

    at = scale(low, high, left, right)
    bottom = top + sum(heights)
    bar(axes, at(-1), top - 1, at(1) - at(-1), bottom - top + 1, BAND)
    stroke(axes, (at(0), at(0)), (top - 1, bottom), theme_of(axes).muted, 0.9)
    write(
        axes,
        at(0),
        2.6,
        view.say._("change smaller than what matters"),
        size=SMALL,
        colour=theme_of(axes).muted,
        align="center",
    )
    y = top
    for key, height in zip(rows, heights, strict=True):
        _row(view, axes, y, at, [c for c in changes if c.outcome == key])
        y += height
        stroke(axes, (0, WIDTH), (y - 1, y - 1), theme_of(axes).hair, 0.5)
    _axis(view, axes, bottom, at, (low, high))
    return drawing


def _height(view: ResultsView, group: list[Change]) -> float:
    title_lines = len(wrap(group[0].title, LABELS, NORMAL, 600, max_lines=3))
    small_lines = sum(len(wrap(_row_text(view, c, len(group)), LABELS, SMALL, max_lines=4)) for c in group)
    return (title_lines * line_height(NORMAL)) + small_lines * line_height(SMALL) + 3.4


def _row_text(view: ResultsView, change: Change, n_waves: int) -> str:
    text = _text_with_levels(change, LABELS)
    return f"{view.wave(change.wave)}: {text}" if n_waves > 1 else text


def _text_with_levels(change: Change, width: float) -> str:
    """Write the change and the two levels; the levels stay on one line if they fit."""
    levels = change.levels.replace(" ", NO_BREAK)
    levels_text = levels if text_width(levels, SMALL) <= width else change.levels
    return f"{change.text}; {levels_text}" if levels_text else change.text


def _row(view: ResultsView, axes: Axes, top: float, at: Scale, group: list[Change]) -> None:
    y = top + block(axes, 0, top, LABELS, group[0].title, weight=600, vertical="top", max_lines=3)
    for change in group:
        height = block(
            axes,
            0,
            y,
            LABELS,
            _row_text(view, change, len(group)),
            size=SMALL,
            colour=theme_of(axes).muted,
            vertical="top",
            max_lines=4,
        )
        _whisker(axes, y + height / 2 if len(group) > 1 else (top + y + height) / 2, at, change)
        y += height


def _whisker(axes: Axes, y: float, at: Scale, change: Change) -> None:
    colour = theme_of(axes).wave_colours.get(change.wave, theme_of(axes).after)
    stroke(axes, (at(change.low), at(change.high)), (y, y), colour, 1.7)
    mark(axes, at(change.estimate), y, SHAPES.get(change.wave, "o"), colour, size=7)


def _axis(view: ResultsView, axes: Axes, y: float, at: Scale, limits: tuple[float, float]) -> None:
    for tick in range(int(limits[0]), int(limits[1]) + 1):
        x = at(tick)
        stroke(axes, (x, x), (y, y + 1.2), theme_of(axes).muted, 0.6)
        write(axes, x, y + 3.6, view.say.signed(tick), size=SMALL, colour=theme_of(axes).muted, align="center")
    label = view.say._("times the smallest change that matters")
    write(axes, (LABELS + WIDTH) / 2, y + 8, label, size=SMALL, colour=theme_of(axes).muted, align="center")


def _draw_narrow(view: ResultsView, changes: list[Change]) -> Drawing:
    band, gap = 6.0, 3.2
    texts = [
        (
            wrap(change.title, CHART_WIDTH, NORMAL, 600, max_lines=3),
            wrap(_text_with_levels(change, CHART_WIDTH), CHART_WIDTH, SMALL),
        )
        for change in changes
    ]
    heights = [
        len(title) * line_height(NORMAL) + len(lines) * line_height(SMALL) + 1 + band + gap for title, lines in texts
    ]
    drawing, axes = sheet(sum(heights) - gap + 0.6, CHART_WIDTH, theme=view.theme)
    low, high = _axis_limits(changes)

    at = scale(low, high, 1, CHART_WIDTH - 1)
    y = 0.0
    for change, height, (title, lines) in zip(changes, heights, texts, strict=True):
        write(axes, 0, y, "\n".join(title), weight=600, vertical="top")
        below = y + len(title) * line_height(NORMAL)
        write(axes, 0, below, "\n".join(lines), size=SMALL, colour=theme_of(axes).muted, vertical="top")
        below += len(lines) * line_height(SMALL) + 1
        bar(axes, at(-1), below, at(1) - at(-1), band, BAND)
        stroke(axes, (at(0), at(0)), (below, below + band), theme_of(axes).muted, 0.9)
        _whisker(axes, below + band / 2, at, change)
        y += height
    return drawing
