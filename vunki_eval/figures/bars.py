"""Answers on ordered scales as diverging bars: waves next to each other, the middle and "no opinion" apart."""

from dataclasses import dataclass

from matplotlib.axes import Axes

from vunki_eval.content.model import Figure
from vunki_eval.figures.answers import Answers, Part, bands_of, collect, hidden, middle_part, named, total_of
from vunki_eval.figures.canvas import (
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
from vunki_eval.figures.finished import finished, not_all, survey_source
from vunki_eval.figures.palette import HIGH, HIGH_TOGETHER, LOW, LOW_TOGETHER, MIDDLE, REST, on
from vunki_eval.lookup import View, look
from vunki_eval.results import Results

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
    view = look(results, language)
    groups = collect(view, items, waves)
    if not groups:
        return None
    flat, shown = [a for group in groups for a in group], _shown(view, groups)
    return finished(
        _draw(view, shown),
        name,
        title=title,
        subtitle=subtitle,
        alt=_alt(view, [a for group in shown for a in group]),
        base=" ".join(p for p in (_base(view, flat), not_all(view, len(shown), len(groups))) if p),
        source=survey_source(view),
        data=_data(view, flat),
    )


def _heights(view: View, groups: list[list[Answers]]) -> list[float]:
    return [max(len(g) * (BAR + GAP), len(_label(view, g)) * line_height(NORMAL)) + APART for g in groups]


def _shown(view: View, groups: list[list[Answers]]) -> list[list[Answers]]:
    """Give the items that fit a page."""
    key = max([line for _, line, _, _ in _key_places(view, groups)] or [0]) * LINE
    return groups[: fitting(_heights(view, groups), TALLEST - key)]


def _plan(groups: list[list[Answers]]) -> Plan:
    """Give every share the same width, whether it stands beside the middle line or apart."""
    flat = [a for g in groups for a in g]
    waves = any(len(g) > 1 for g in groups)
    left = LABELS + WAVES + (13 if waves else 10)
    right = UNSURE - 12 - 10.5 - 9
    low, middle, high = (max([0.1, *values]) for values in zip(*(_widths(a) for a in flat), strict=True))
    share = min((right - left) / (low + high + middle), 62.0)
    start = left + low * share
    return Plan(scale(-low, high, left, start + high * share), share, start + high * share + 10.5, waves)


def _widths(row: Answers) -> tuple[float, float, float]:
    middle = (row.merged,) if row.merged is not None and row.place == "middle" else row.middle
    low, middle_, high = (sum(p.share or 0.0 for p in parts) for parts in (row.side(-1), middle, row.side(1)))
    return low, middle_, high


def _draw(view: View, groups: list[list[Answers]]) -> Drawing:
    if not groups:
        return sheet(10, theme=view.theme)[0]
    heights = _heights(view, groups)
    plan, key, flat = _plan(groups), _key_places(view, groups), [a for g in groups for a in g]
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
        write(axes, 0, y + body / 2, "\n".join(_label(view, group)))
        start = y + (body - len(group) * (BAR + GAP) + GAP) / 2
        for k, row in enumerate(group):
            _row(view, axes, start + k * (BAR + GAP), plan, row)
        y += height
        if group is not groups[-1]:
            stroke(axes, (0, WIDTH), (y - APART / 2, y - APART / 2), paint(axes).hair, 0.4)
    stroke(axes, (plan.at(0), plan.at(0)), (top - 1, y - APART + 1), paint(axes).ink, 0.8)
    return drawing


def _label(view: View, group: list[Answers]) -> list[str]:
    text = view.item(group[0].item)
    room = LABELS if len(group) > 1 else LABELS + WAVES
    return wrap(f"{text} (R)" if _reversed(view, group[0].item) else text, room, NORMAL, most=4)


def _reversed(view: View, item: str) -> bool:
    return bool(view.meta.get("items", {}).get(item, {}).get("reverse"))


def _colour(view: View, row: Answers, part: Part, way: int) -> str:
    """Choose the colour of a part: of its answer, of its whole side, or of what is merged with the middle."""
    if part is row.merged:
        return REST
    band = bands_of(view, row.item)[0 if way < 0 else 2]
    if [part.first, part.last] == [band[0], band[-1]]:
        return LOW_TOGETHER if way < 0 else HIGH_TOGETHER
    outer = part.first == band[0] if way < 0 else part.last == band[-1]
    return (LOW[0] if outer else LOW[1]) if way < 0 else (HIGH[1] if outer else HIGH[0])


def _key_words(view: View, groups: list[list[Answers]]) -> list[tuple[str, str]]:
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


def _key_places(view: View, groups: list[list[Answers]]) -> list[tuple[float, int, str, str]]:
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


def _head(view: View, axes: Axes, plan: Plan, flat: list[Answers], y: float) -> None:
    size, colour = SMALL, paint(axes).muted
    write(axes, plan.at(0) - 1.5, y, "← " + view.say._("less"), size=size, colour=colour, align="right")
    write(axes, plan.at(0) + 1.5, y, view.say._("more") + " →", size=size, colour=colour)
    if _apart(flat):
        write(axes, plan.middle, y, "\n".join(_over_middle(view, plan, flat)), size=size, colour=colour)
    write(axes, UNSURE, y, "\n".join(_over_unsure(view)), size=size, colour=colour, align="right")
    write(axes, WIDTH, y, "n", size=size, colour=colour, align="right")


def _over_middle(view: View, plan: Plan, flat: list[Answers]) -> list[str]:
    name = named(view, flat[0].item, middle_part(view, flat[0].item))
    return wrap(name, max(UNSURE - 16 - plan.middle, 12), SMALL, most=4)


def _over_unsure(view: View) -> list[str]:
    return wrap(view.say._("no opinion"), 14, SMALL)


def _head_height(view: View, plan: Plan, flat: list[Answers]) -> float:
    """Give the room of the words above the columns, which stand in the middle of it."""
    lines = max(2, len(_over_unsure(view)), len(_over_middle(view, plan, flat)) if _apart(flat) else 0)
    return 3.0 + lines * line_height(SMALL)


def _apart(flat: list[Answers]) -> bool:
    return any(a.merged is None for a in flat)


def _row(view: View, axes: Axes, y: float, plan: Plan, row: Answers) -> None:
    middle, say = y + BAR / 2, view.say
    if plan.waves:
        bar(axes, LABELS + 2, y, 1.4, BAR, paint(axes).wave_colours.get(row.wave, paint(axes).muted))
        write(
            axes, LABELS + 4.6, middle, fitted(view.wave(row.wave), WAVES - 1.6), size=SMALL, colour=paint(axes).muted
        )
    for way in (-1, 1):
        end, total = _side(view, axes, y, plan.at, row, way), total_of(row.side(way))
        said = say.hidden if total is None else say.percent(total)
        align = "right" if way < 0 else "left"
        write(axes, end + way * 1.2, middle, said, size=SMALL, weight=600, align=align)
    _middle(view, axes, y, plan, row)
    unsure = say.hidden if row.missing is None else say.percent(row.missing / (row.total + row.missing))
    write(axes, UNSURE, middle, unsure, size=SMALL, colour=paint(axes).muted, align="right")
    write(axes, WIDTH, middle, say.count(row.total), size=SMALL, colour=paint(axes).muted, align="right")


def _middle(view: View, axes: Axes, y: float, plan: Plan, row: Answers) -> None:
    """Draw the middle apart, or say which answers were merged with it."""
    middle, say = y + BAR / 2, view.say
    if row.merged is not None and row.place != "middle":
        write(axes, plan.middle, middle, _together(view, row.merged), size=SMALL, colour=paint(axes).muted)
        return
    parts = row.middle if row.merged is None else (row.merged,)
    share = total_of(parts)
    if share is None:
        write(axes, plan.middle, middle, say.hidden, size=SMALL, weight=600)
        return
    bar(axes, plan.middle, y, share * plan.share, BAR, MIDDLE if row.merged is None else REST)
    said = say.percent(share) if row.merged is None else f"{say.percent(share)} ({row.merged.range})"
    write(axes, plan.middle + share * plan.share + 1.0, middle, said, size=SMALL)


def _together(view: View, part: Part) -> str:
    return view.say._("{range} together", range=part.range)


def _side(view: View, axes: Axes, y: float, at: Scale, row: Answers, way: int) -> float:
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
        sums = (total_of(a.side(way)) for way in (-1, 1))
        low, high = (say._("kept back") if s is None else say.percent(s) for s in sums)
        said = say._("{low} at the lower end, {high} at the upper end", low=low, high=high)
        if a.merged is not None:
            said += f" ({_together(view, a.merged)})"
        parts.append(f"{view.item(a.item)} ({view.wave(a.wave)}): {said}")
    return "; ".join(parts) + "."


def _data(view: View, flat: list[Answers]) -> list[list[str]]:
    say, item = view.say, flat[0].item
    bands = bands_of(view, item)
    sides = [named(view, item, Part(band[0], band[-1], None)) for band in bands]
    head = [say._("Item"), say._("Wave"), *sides, say._("no opinion, n"), "n"]

    def share(parts: tuple[Part, ...]) -> str:
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
