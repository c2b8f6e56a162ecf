"""Answers on ordered scales as diverging bars: waves next to each other, the middle and "no opinion" apart."""

from dataclasses import dataclass

from matplotlib.axes import Axes

from vunki_eval.report.figures.canvas import (
    NORMAL,
    SMALL,
    TALLEST,
    WIDTH,
    Drawing,
    Scale,
    bar,
    fitted,
    fitting,
    line_height,
    paint,
    scale,
    sheet,
    stroke,
    text_width,
    wrap,
    write,
)
from vunki_eval.report.figures.figure_block import figure_block, not_all, survey_source
from vunki_eval.report.figures.likert import AnswerBand, Answers, bands_of, collect, middle_part, named, total_of
from vunki_eval.report.figures.palette import HIGH, HIGH_TOGETHER, LOW, LOW_TOGETHER, MIDDLE, REST, on
from vunki_eval.results.blocks import Figure
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

LABELS, WAVES = 44.0, 20.0  # at most
LEAST, STEP = 26.0, 1.0  # labels: no narrower, and tried in such steps
NUMBERS, UNSURE, AIR = 9.0, 14.0, 2.4
BAR, GAP, APART, LINE = 4.8, 0.9, 3.4, 5.0
MOST = 90.0  # of a whole: bars of a few shares need no more


@dataclass(frozen=True, slots=True)
class BarLayout:
    """Where things stand: ``at`` maps shares around the middle line, ``middle`` is where the middle's bars begin.

    ``label`` is the width of the items' labels; ``waves``, ``apart`` and ``unsure`` say whether waves are named, and
    whether the middle and those without an opinion have a column.
    """

    at: Scale
    share: float
    middle: float
    label: float
    waves: bool
    apart: bool
    unsure: bool

    @property
    def side(self) -> float:
        """The right edge of what stands at the right of the bars, before the columns of numbers."""
        return WIDTH - NUMBERS - (UNSURE if self.unsure else 0.0)


def likert(results: Results, language: str, items: tuple[str, ...], waves: tuple[str, ...] | None = None) -> Drawing:
    """Draw the answers to items that share a scale, one bar per item and wave.

    Parameters
    ----------
    results : Results
    language : str
    items : tuple of str
        Item codes, in the order of the chart.
    waves : tuple of str, optional
        All waves in which the items were asked, if left out.
    """
    view = view_results(results, language)
    return _draw(view, _shown(view, collect(view, items, waves)))


def likert_figure(
    results: Results,
    language: str,
    items: tuple[str, ...],
    waves: tuple[str, ...] | None = None,
    *,
    name: str,
    title: str,
    subtitle: str = "",
) -> Figure | None:
    """Give the chart with its words, or None when there is nothing to draw."""
    view = view_results(results, language)
    groups = collect(view, items, waves)
    if not groups:
        return None
    flat, shown = [a for group in groups for a in group], _shown(view, groups)
    return figure_block(
        _draw(view, shown),
        name,
        title=title,
        subtitle=subtitle,
        alt=_alt(view, [a for group in shown for a in group]),
        base=" ".join(p for p in (_base(view, flat), not_all(view, len(shown), len(groups))) if p),
        source=survey_source(view),
        data=_data(view, flat),
    )


def _heights(view: ResultsView, groups: list[list[Answers]]) -> list[float]:
    width = _label_width(view, groups)
    rows = (max(len(g) * (BAR + GAP), len(_label(view, g, width)) * line_height(NORMAL)) for g in groups)
    return [row + APART for row in rows]


def _shown(view: ResultsView, groups: list[list[Answers]]) -> list[list[Answers]]:
    """Give the items that fit a page."""
    key = max([line for _, line, _, _ in _key_places(view, groups)] or [0]) * LINE
    return groups[: fitting(_heights(view, groups), TALLEST - key)]


def _plan(view: ResultsView, groups: list[list[Answers]]) -> BarLayout:
    """Give every share the same width, whether it stands beside the middle line or apart; bars get all room left."""
    flat = [a for g in groups for a in g]
    waves, unsure, apart = any(len(g) > 1 for g in groups), any(a.missing for a in flat), _apart(flat)
    label = _label_width(view, groups)
    names = max(text_width(_wave(view, a), SMALL) for a in flat) + 6.6 if waves else 0.0
    before, after = (max(_said_width(view, a, way) for a in flat) + AIR for way in (-1, 1))
    left, right = label + names + before, WIDTH - NUMBERS - (UNSURE if unsure else 0.0) - after
    low, middle, high = (max([0.1, *values]) for values in zip(*(_widths(a) for a in flat), strict=True))
    if apart:
        right -= AIR + max(text_width(_middle_said(view, a), SMALL) for a in flat) + 2.0
    share = min((right - left) / (low + high + (middle if apart else 0.0)), MOST)
    start = left + low * share
    return BarLayout(
        scale(-low, high, left, start + high * share),
        share,
        start + high * share + after + AIR,
        label,
        waves,
        apart,
        unsure,
    )


def _label_width(view: ResultsView, groups: list[list[Answers]]) -> float:
    """Give the labels as little width as leaves them on no more lines than their bars, or the widest room, ask for."""
    widest = LABELS if any(len(g) > 1 for g in groups) else LABELS + WAVES
    words = (word for g in groups for word in _name(view, g).split())
    width = max([LEAST, *(min(text_width(word, NORMAL), widest) for word in words)])
    wanted = [max(len(g), len(_label(view, g, widest))) for g in groups]
    while width < widest and any(len(_label(view, g, width)) > n for g, n in zip(groups, wanted, strict=True)):
        width = min(width + STEP, widest)
    return width


def _widths(row: Answers) -> tuple[float, float, float]:
    low, middle, high = (sum(p.share or 0.0 for p in parts) for parts in (row.side(-1), _apart_parts(row), row.side(1)))
    return low, middle, high


def _draw(view: ResultsView, groups: list[list[Answers]]) -> Drawing:
    if not groups:
        return sheet(10, theme=view.theme)[0]
    heights = _heights(view, groups)
    plan, key, flat = _plan(view, groups), _key_places(view, groups), [a for g in groups for a in g]
    head = _head_height(view, plan, flat)
    top = 0.5 + head + LINE * (1 + max([line for _, line, _, _ in key] or [0]))
    drawing, axes = sheet(top + sum(heights) - APART + 1, theme=view.theme)
    for x, line, colour, word in key:
        bar(axes, x, 1.6 + line * LINE, 2.8, 2.8, colour)
        write(axes, x + 3.8, 3.0 + line * LINE, word, size=SMALL, colour=paint(axes).muted)
    _head(view, axes, plan, flat, top - head / 2)
    y = top
    for group, height in zip(groups, heights, strict=True):
        body = height - APART
        write(axes, 0, y + body / 2, "\n".join(_label(view, group, plan.label)))
        start = y + (body - len(group) * (BAR + GAP) + GAP) / 2
        for k, row in enumerate(group):
            _row(view, axes, start + k * (BAR + GAP), plan, row)
        y += height
        if group is not groups[-1]:
            stroke(axes, (0, WIDTH), (y - APART / 2, y - APART / 2), paint(axes).hair, 0.4)
    stroke(axes, (plan.at(0), plan.at(0)), (top - 1, y - APART + 1), paint(axes).ink, 0.8)
    return drawing


def _label(view: ResultsView, group: list[Answers], width: float) -> list[str]:
    return wrap(_name(view, group), width, NORMAL, most=4)


def _name(view: ResultsView, group: list[Answers]) -> str:
    text = view.item(group[0].item)
    return f"{text} (R)" if _reversed(view, group[0].item) else text


def _wave(view: ResultsView, row: Answers) -> str:
    return fitted(view.wave(row.wave), WAVES - 1.6)


def _reversed(view: ResultsView, item: str) -> bool:
    return bool(view.meta.get("items", {}).get(item, {}).get("reverse"))


def _colour(view: ResultsView, row: Answers, part: AnswerBand, way: int) -> str:
    """Choose the colour of a part: of its answer, of its whole side, or of what is merged with the middle."""
    if part is row.merged:
        return REST
    band = bands_of(view, row.item)[0 if way < 0 else 2]
    if [part.first, part.last] == [band[0], band[-1]]:
        return LOW_TOGETHER if way < 0 else HIGH_TOGETHER
    outer = part.first == band[0] if way < 0 else part.last == band[-1]
    return (LOW[0] if outer else LOW[1]) if way < 0 else (HIGH[1] if outer else HIGH[0])


def _key_words(view: ResultsView, groups: list[list[Answers]]) -> list[tuple[str, str]]:
    """Name the colours that occur, from the lowest answers to the highest."""
    found: dict[str, str] = {}
    for row in (a for g in groups for a in g):
        for way in (-1, 1):
            for part in row.side(way):
                colour = _colour(view, row, part, way)
                word = view.say._("merged with the middle") if colour == REST else named(view, row.item, part)
                found.setdefault(colour, word)
        if row.place == "middle":
            found[REST] = view.say._("merged with the middle")
    order = (*LOW, LOW_TOGETHER, REST, HIGH_TOGETHER, *HIGH)
    return [(c, found[c]) for c in order if c in found]


def _key_places(view: ResultsView, groups: list[list[Answers]]) -> list[tuple[float, int, str, str]]:
    """Place the key's entries on as many lines as they need: x, line, colour, word."""
    x, line, out = 0.0, 0, []
    for colour, whole in _key_words(view, groups):
        word = fitted(whole, WIDTH - 4)
        wide = 8 + text_width(word, SMALL)
        if x and x + wide - 4 > WIDTH:
            x, line = 0.0, line + 1
        out.append((x, line, colour, word))
        x += wide
    return out


def _head(view: ResultsView, axes: Axes, plan: BarLayout, flat: list[Answers], y: float) -> None:
    size, colour = SMALL, paint(axes).muted
    write(axes, plan.at(0) - 1.5, y, "← " + view.say._("less"), size=size, colour=colour, align="right")
    write(axes, plan.at(0) + 1.5, y, view.say._("more") + " →", size=size, colour=colour)
    if plan.apart:
        write(axes, plan.middle, y, "\n".join(_over_middle(view, plan, flat)), size=size, colour=colour)
    if plan.unsure:
        write(axes, WIDTH - NUMBERS, y, "\n".join(_over_unsure(view)), size=size, colour=colour, align="right")
    write(axes, WIDTH, y, "n", size=size, colour=colour, align="right")


def _over_middle(view: ResultsView, plan: BarLayout, flat: list[Answers]) -> list[str]:
    name = named(view, flat[0].item, middle_part(view, flat[0].item))
    return wrap(name, max(plan.side - plan.middle, 12), SMALL, most=4)


def _over_unsure(view: ResultsView) -> list[str]:
    return wrap(view.say._("no opinion"), UNSURE, SMALL)


def _head_height(view: ResultsView, plan: BarLayout, flat: list[Answers]) -> float:
    """Give the room of the words above the columns, which stand in the middle of it."""
    over = [_over_middle(view, plan, flat)] if plan.apart else []
    return 3.0 + max(map(len, [["n"], *over, *([_over_unsure(view)] if plan.unsure else [])])) * line_height(SMALL)


def _apart(flat: list[Answers]) -> bool:
    return any(a.merged is None or a.place == "middle" for a in flat)


def _row(view: ResultsView, axes: Axes, y: float, plan: BarLayout, row: Answers) -> None:
    middle, muted = y + BAR / 2, paint(axes).muted
    if plan.waves:
        bar(axes, plan.label + 2, y, 1.4, BAR, paint(axes).wave_colours.get(row.wave, muted))
        write(axes, plan.label + 4.6, middle, _wave(view, row), size=SMALL, colour=muted)
    for way in (-1, 1):
        end, align = _side(view, axes, y, plan.at, row, way) + way * 1.2, "right" if way < 0 else "left"
        total, ranged = _said(view, row, way)
        write(axes, end, middle, total, size=SMALL, weight=600, align=align)
        end += way * (text_width(total, SMALL, 600) + 1.0)
        write(axes, end, middle, ranged, size=SMALL, colour=muted, align=align)
    if plan.apart:
        _middle(view, axes, y, plan, row)
    if plan.unsure:
        unsure = view.say.hidden if row.missing is None else view.say.percent(row.missing / (row.total + row.missing))
        write(axes, WIDTH - NUMBERS, middle, unsure, size=SMALL, colour=muted, align="right")
    write(axes, WIDTH, middle, view.say.count(row.total), size=SMALL, colour=muted, align="right")


def _said(view: ResultsView, row: Answers, way: int) -> tuple[str, str]:
    """Give a side's share, and the answers it stands for where they are merged with the middle."""
    parts = row.side(way)
    total = total_of(parts)
    ranged = f"({row.merged.range})" if row.merged is not None and row.merged in parts else ""
    return view.say.hidden if total is None else view.say.percent(total), ranged


def _said_width(view: ResultsView, row: Answers, way: int) -> float:
    total, ranged = _said(view, row, way)
    return text_width(total, SMALL, 600) + (1.0 + text_width(ranged, SMALL) if ranged else 0.0)


def _middle(view: ResultsView, axes: Axes, y: float, plan: BarLayout, row: Answers) -> None:
    """Draw the middle apart, where it is not merged with a side."""
    middle, said = y + BAR / 2, _middle_said(view, row)
    share = total_of(_apart_parts(row))
    if share is None:
        write(axes, plan.middle, middle, said, size=SMALL, weight=600)
    elif said:
        bar(axes, plan.middle, y, share * plan.share, BAR, MIDDLE if row.merged is None else REST)
        write(axes, plan.middle + share * plan.share + 1.0, middle, said, size=SMALL)


def _apart_parts(row: Answers) -> tuple[AnswerBand, ...]:
    """Give what is drawn apart: the middle, or what is merged in its place; nothing where a side has it."""
    return row.middle if row.merged is None else (row.merged,) if row.place == "middle" else ()


def _middle_said(view: ResultsView, row: Answers) -> str:
    parts = _apart_parts(row)
    if not parts:
        return ""
    share = total_of(parts)
    said = view.say.hidden if share is None else view.say.percent(share)
    return said if row.merged is None else f"{said} ({row.merged.range})"


def _together(view: ResultsView, part: AnswerBand) -> str:
    return view.say._("{range} together", range=part.range)


def _side(view: ResultsView, axes: Axes, y: float, at: Scale, row: Answers, way: int) -> float:
    """Draw one side from the middle outwards and give where it ends."""
    parts = [p for p in row.side(way) if p.share is not None]
    start = 0.0
    for part in reversed(parts) if way < 0 else parts:
        share, colour = float(part.share or 0.0), _colour(view, row, part, way)
        first, second = at(way * start), at(way * (start + share))
        bar(axes, min(first, second), y, abs(second - first), BAR, colour)
        said = view.say.percent(share)
        if len(parts) > 1 and share >= 0.05 and text_width(said, SMALL) + 1 < abs(second - first):
            write(axes, (first + second) / 2, y + BAR / 2, said, size=SMALL, colour=on(colour), align="center")
        start += share
    return at(way * start)


def _base(view: ResultsView, flat: list[Answers]) -> str:
    say, unsure = view.say, any(a.missing for a in flat)
    if unsure:
        parts = [say._("n per row: people who gave an answer on the scale; those without an opinion stand apart.")]
    else:
        parts = [
            say._("n per row: people who gave an answer on the scale; those without an opinion: none, or kept back.")
        ]
    if any(a.merged is not None for a in flat):
        parts.append(say._("In brackets: merged answers."))
    if any(_reversed(view, a.item) for a in flat):
        parts.append(say._("(R): reversed statement, agreement is unfavourable."))
    shown = (p for a in flat for p in (*a.side(-1), *_apart_parts(a), *a.side(1)))
    if any(p.share is None for p in shown) or (unsure and any(a.missing is None for a in flat)):
        threshold = say.count(view.meta.get("threshold", 5))
        parts.append(say._("{mark} kept back: fewer than {t} people.", mark=say.hidden, t=threshold))
    return " ".join(parts)


def _alt(view: ResultsView, flat: list[Answers]) -> str:
    say, parts = view.say, []
    for a in flat:
        sums = (total_of(a.side(way)) for way in (-1, 1))
        low, high = (say._("kept back") if s is None else say.percent(s) for s in sums)
        said = say._("{low} at the lower end, {high} at the upper end", low=low, high=high)
        if a.merged is not None:
            said += f" ({_together(view, a.merged)})"
        parts.append(f"{view.item(a.item)} ({view.wave(a.wave)}): {said}")
    return "; ".join(parts) + "."


def _data(view: ResultsView, flat: list[Answers]) -> list[list[str]]:
    say, item = view.say, flat[0].item
    bands = bands_of(view, item)
    sides = [named(view, item, AnswerBand(band[0], band[-1], None)) for band in bands]
    head = [say._("Item"), say._("Wave"), *sides, say._("no opinion, n"), "n"]

    def share(parts: tuple[AnswerBand, ...]) -> str:
        total = total_of(parts)
        said = say.hidden if total is None else say.percent(total)
        whole = any([parts[0].first, parts[-1].last] == [b[0], b[-1]] for b in bands) if parts else True
        return said if whole else f"{said} ({parts[0].first}–{parts[-1].last})"

    rows = []
    for a in flat:
        middle = a.middle if a.merged is None else (a.merged,) if a.place == "middle" else ()
        cells = [share(a.side(-1)), share(middle) if middle else "–", share(a.side(1))]
        unsure = say.hidden if a.missing is None else say.count(a.missing)
        rows.append([view.item(a.item), view.wave(a.wave), *cells, unsure, say.count(a.total)])
    return [head, *rows]
