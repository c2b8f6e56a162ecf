"""Answers on ordered scales as diverging bars: waves next to each other, the middle and "no opinion" apart."""

from dataclasses import dataclass

from matplotlib.axes import Axes

from vunki_eval.content.model import Figure
from vunki_eval.figures.answers import Answers, Side, collect, ends, hidden, middle_label, together
from vunki_eval.figures.canvas import (
    NORMAL,
    SMALL,
    WIDTH,
    Drawing,
    Scale,
    bar,
    line_height,
    scale,
    sheet,
    stroke,
    text_width,
    wrap,
    write,
)
from vunki_eval.figures.finished import finished, survey_source
from vunki_eval.figures.palette import HIGH, HIGH_TOGETHER, LOW, LOW_TOGETHER, MIDDLE, REST, on
from vunki_eval.lookup import View, look
from vunki_eval.results import Results
from vunki_eval.theme import THEME

LABELS, WAVES = 44.0, 20.0
UNSURE = WIDTH - 9.0
BAR, GAP, APART, LINE = 5.0, 1.2, 4.0, 5.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Where things stand: ``at`` maps shares around the middle line, ``middle`` is where the middle's bars begin."""

    at: Scale
    share: float
    middle: float
    waves: bool


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
    view = look(results, language)
    return _draw(view, collect(view, items, waves))


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
    view = look(results, language)
    groups = collect(view, items, waves)
    if not groups:
        return None
    flat = [a for group in groups for a in group]
    return finished(
        _draw(view, groups),
        name,
        title=title,
        subtitle=subtitle,
        alt=_alt(view, flat),
        base=_base(view, flat),
        source=survey_source(view),
        data=_data(view, flat),
    )


def _plan(groups: list[list[Answers]]) -> Plan:
    """Give every share the same width, whether it stands beside the middle line or apart."""
    flat = [a for g in groups for a in g]
    waves = any(len(g) > 1 for g in groups)
    left = LABELS + WAVES + (11 if waves else 10)
    right = UNSURE - 12 - 10.5 - 9
    low, high, middle = (max([0.1, *values]) for values in zip(*(_widths(a) for a in flat), strict=True))
    share = min((right - left) / (low + high + middle), 62.0)
    start = left + low * share
    return Plan(scale(-low, high, left, start + high * share), share, start + high * share + 10.5, waves)


def _widths(row: Answers) -> tuple[float, float, float]:
    return sum(s or 0 for s in row.low.parts), sum(s or 0 for s in row.high.parts), row.middle or 0.0


def _draw(view: View, groups: list[list[Answers]]) -> Drawing:
    heights = [max(len(g) * (BAR + GAP), len(_label(view, g)) * line_height(NORMAL)) + APART for g in groups]
    if not groups:
        return sheet(10)[0]
    plan, key = _plan(groups), _key_places(view, groups)
    top = 11.0 + LINE * (1 + max([line for _, line, _, _ in key] or [0]))
    drawing, axes = sheet(top + sum(heights) - APART + 1)
    for x, line, colour, word in key:
        bar(axes, x, 1.6 + line * LINE, 2.8, 2.8, colour)
        write(axes, x + 3.8, 3.0 + line * LINE, word, size=SMALL, colour=THEME.muted)
    _head(view, axes, plan, groups[0][0], top - 5.5)
    y = top
    for group, height in zip(groups, heights, strict=True):
        body = height - APART
        write(axes, 0, y + body / 2, "\n".join(_label(view, group)))
        start = y + (body - len(group) * (BAR + GAP) + GAP) / 2
        for k, row in enumerate(group):
            _row(view, axes, start + k * (BAR + GAP), plan, row)
        y += height
        if group is not groups[-1]:
            stroke(axes, (0, WIDTH), (y - APART / 2, y - APART / 2), THEME.hair, 0.4)
    stroke(axes, (plan.at(0), plan.at(0)), (top - 1, y - APART + 1), THEME.ink, 0.8)
    return drawing


def _label(view: View, group: list[Answers]) -> list[str]:
    text = view.item(group[0].item)
    room = LABELS if len(group) > 1 else LABELS + WAVES
    return wrap(f"{text} (R)" if _reversed(view, group[0].item) else text, room, NORMAL, most=4)


def _reversed(view: View, item: str) -> bool:
    return bool(view.meta.get("items", {}).get(item, {}).get("reverse"))


def _key_words(view: View, groups: list[list[Answers]]) -> list[tuple[str, str]]:
    """Name the colours that occur: the answers where they stand apart, both together where they were merged."""
    flat = [a for g in groups for a in g]
    first, last = ends(view, flat[0].item)
    words: list[tuple[str, str]] = []
    for name, number, pair, whole, labels in (
        ("low", 0, LOW, LOW_TOGETHER, first),
        ("high", 2, HIGH, HIGH_TOGETHER, last),
    ):
        rows = [(a.low if name == "low" else a.high, a.joined) for a in flat]
        if any(len(side.parts) > 1 for side, _ in rows):
            words += list(zip(pair, labels, strict=False))
        if any(len(side.parts) == 1 and joined != name for side, joined in rows):
            words.append((whole, together(view, flat[0].item, number)))
    if any(a.range for a in flat):
        words.append((REST, view.say._("merged with the middle")))
    return words


def _key_places(view: View, groups: list[list[Answers]]) -> list[tuple[float, int, str, str]]:
    """Place the key's entries on as many lines as they need: x, line, colour, word."""
    x, line, out = 0.0, 0, []
    for colour, word in _key_words(view, groups):
        wide = 8 + text_width(word, SMALL)
        if x and x + wide - 4 > WIDTH:
            x, line = 0.0, line + 1
        out.append((x, line, colour, word))
        x += wide
    return out


def _head(view: View, axes: Axes, plan: Plan, row: Answers, y: float) -> None:
    size, colour = SMALL, THEME.muted
    write(axes, plan.at(0) - 1.5, y, "← " + view.say._("less"), size=size, colour=colour, align="right")
    write(axes, plan.at(0) + 1.5, y, view.say._("more") + " →", size=size, colour=colour)
    lines = wrap(middle_label(view, row.item), 24, SMALL, most=2)
    write(axes, plan.middle, y, "\n".join(lines), size=size, colour=colour)
    lines = wrap(view.say._("no opinion"), 15, SMALL)
    write(axes, UNSURE, y, "\n".join(lines), size=size, colour=colour, align="right")
    write(axes, WIDTH, y, "n", size=size, colour=colour, align="right")


def _row(view: View, axes: Axes, y: float, plan: Plan, row: Answers) -> None:
    middle, say = y + BAR / 2, view.say
    if plan.waves:
        bar(axes, LABELS + 2, y, 1.4, BAR, THEME.wave_colours.get(row.wave, THEME.muted))
        write(axes, LABELS + 4.6, middle, view.wave(row.wave), size=SMALL, colour=THEME.muted)
    for side, way, name in ((row.low, -1, "low"), (row.high, 1, "high")):
        end = _side(view, axes, y, plan.at, side, way, joined=row.joined == name)
        said = say.hidden if side.total is None else say.percent(side.total)
        align = "right" if way < 0 else "left"
        write(axes, end + way * 1.2, middle, said, size=SMALL, weight=600, align=align)
    if row.range:
        write(axes, plan.middle, middle, say._("{range} together", range=row.range), size=SMALL, colour=THEME.muted)
    elif row.middle is None:
        write(axes, plan.middle, middle, say.hidden, size=SMALL, weight=600)
    else:
        width = row.middle * plan.share
        bar(axes, plan.middle, y, width, BAR, MIDDLE)
        write(axes, plan.middle + width + 1.0, middle, say.percent(row.middle), size=SMALL)
    unsure = say.hidden if row.missing is None else say.percent(row.missing / (row.total + row.missing))
    write(axes, UNSURE, middle, unsure, size=SMALL, colour=THEME.muted, align="right")
    write(axes, WIDTH, middle, say.count(row.total), size=SMALL, colour=THEME.muted, align="right")


def _side(view: View, axes: Axes, y: float, at: Scale, side: Side, way: int, *, joined: bool) -> float:
    """Draw one side from the middle outwards and give where it ends."""
    parts = [s for s in side.parts if s is not None]
    colours = list(LOW if way < 0 else HIGH)
    if len(side.parts) == 1:
        colours = [REST if joined else LOW_TOGETHER if way < 0 else HIGH_TOGETHER]
    if way < 0:
        parts, colours = parts[::-1], colours[::-1]
    start = 0.0
    for share, colour in zip(parts, colours, strict=False):
        first, second = at(way * start), at(way * (start + share))
        bar(axes, min(first, second), y, abs(second - first), BAR, colour)
        said = view.say.percent(share)
        if len(side.parts) > 1 and share >= 0.05 and text_width(said, SMALL) + 1 < abs(second - first):
            write(axes, (first + second) / 2, y + BAR / 2, said, size=SMALL, colour=on(colour), align="center")
        start += share
    return at(way * start)


def _base(view: View, flat: list[Answers]) -> str:
    say = view.say
    parts = [say._("n per row: people who gave an answer on the scale; those without an opinion stand apart.")]
    if any(_reversed(view, a.item) for a in flat):
        parts.append(say._("(R): reversed statement, agreement is unfavourable."))
    if any(hidden(a) for a in flat):
        threshold = say.count(view.meta.get("threshold", 5))
        parts.append(say._("{mark} kept back: fewer than {t} people.", mark=say.hidden, t=threshold))
    return " ".join(parts)


def _alt(view: View, flat: list[Answers]) -> str:
    say, parts = view.say, []
    for a in flat:
        low, high = (say._("kept back") if s.total is None else say.percent(s.total) for s in (a.low, a.high))
        said = say._("{low} at the lower end, {high} at the upper end", low=low, high=high)
        if a.range:
            said += " " + say._("({range} together)", range=a.range)
        parts.append(f"{view.item(a.item)} ({view.wave(a.wave)}): {said}")
    return "; ".join(parts) + "."


def _data(view: View, flat: list[Answers]) -> list[list[str]]:
    say, item = view.say, flat[0].item
    sides = [together(view, item, 0), middle_label(view, item), together(view, item, 2)]
    head = [say._("Item"), say._("Wave"), *sides, say._("no opinion, n"), "n"]

    def share(value: float | None) -> str:
        return say.hidden if value is None else say.percent(value)

    rows = [
        [
            view.item(a.item),
            view.wave(a.wave),
            share(a.low.total),
            say._("{range} together", range=a.range) if a.range else share(a.middle),
            share(a.high.total),
            say.hidden if a.missing is None else say.count(a.missing),
            say.count(a.total),
        ]
        for a in flat
    ]
    return [head, *rows]
