"""Answers on ordered scales as diverging bars; the middle and "no opinion" have columns of their own."""

from dataclasses import dataclass

from matplotlib.axes import Axes

from vunki_eval.report.figures.answer_bands import (
    AnswerBand,
    Answers,
    bands_of,
    collect_answers,
    middle_band,
    range_label,
    total_of,
)
from vunki_eval.report.figures.canvas import (
    NORMAL,
    SMALL,
    TALLEST,
    WIDTH,
    Drawing,
    Scale,
    bar,
    count_fitting,
    line_height,
    scale,
    sheet,
    shorten,
    stroke,
    text_width,
    theme_of,
    wrap,
    write,
)
from vunki_eval.report.figures.figure_block import figure_block, omission_note, survey_source
from vunki_eval.report.figures.palette import HIGH, HIGH_SIDE, LOW, LOW_SIDE, MIDDLE, REST, on
from vunki_eval.results.blocks import Figure
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

# Widths and heights in millimetres.
MAX_LABELS, MAX_WAVES = 44.0, 20.0
MIN_LABELS, LABEL_STEP = 26.0, 1.0  # label widths are tried in steps
N_COLUMN, NO_OPINION, MARGIN = 9.0, 14.0, 2.4
BAR_HEIGHT, BAR_GAP, ITEM_GAP, LEGEND_LINE = 4.8, 0.9, 3.4, 5.0
MAX_FULL_BAR = 90.0  # width of a share of 1: wider bars would tell no more


@dataclass(frozen=True, slots=True)
class BarLayout:
    """Where the parts of the chart are drawn, in millimetres.

    ``at`` maps shares, negative ones below the middle, to places; ``share`` is the width of a share of 1. ``middle`` is
    where the bars of the middle begin; ``label`` is the width of the items' labels. ``waves``, ``separate_middle`` and
    ``no_opinion`` say whether there is a column of wave names, of the middle and of people without an opinion.
    """

    at: Scale
    share: float
    middle: float
    label: float
    waves: bool
    separate_middle: bool
    no_opinion: bool

    @property
    def side(self) -> float:
        """The right edge of the space for bars, where the columns of numbers begin."""
        return WIDTH - N_COLUMN - (NO_OPINION if self.no_opinion else 0.0)


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
    return _draw(view, _items_on_page(view, collect_answers(view, items, waves)))


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
    """Draw the chart with its title and notes; None when there is nothing to draw."""
    view = view_results(results, language)
    groups = collect_answers(view, items, waves)
    if not groups:
        return None
    answers, shown = [a for group in groups for a in group], _items_on_page(view, groups)
    return figure_block(
        _draw(view, shown),
        name,
        title=title,
        subtitle=subtitle,
        alt=_alt(view, [a for group in shown for a in group]),
        base=" ".join(p for p in (_base(view, answers), omission_note(view, len(shown), len(groups))) if p),
        source=survey_source(view),
        data=_data(view, answers),
    )


def _heights(view: ResultsView, groups: list[list[Answers]]) -> list[float]:
    width = _label_width(view, groups)
    rows = (max(len(g) * (BAR_HEIGHT + BAR_GAP), len(_label(view, g, width)) * line_height(NORMAL)) for g in groups)
    return [row + ITEM_GAP for row in rows]


def _items_on_page(view: ResultsView, groups: list[list[Answers]]) -> list[list[Answers]]:
    """Return the items that fit on a page."""
    legend = max([line for _, line, _, _ in _legend_entries(view, groups)] or [0]) * LEGEND_LINE
    return groups[: count_fitting(_heights(view, groups), TALLEST - legend)]


def _layout(view: ResultsView, groups: list[list[Answers]]) -> BarLayout:
    """Lay out the columns: bars get all the width that is left, and equal shares are equally wide everywhere."""
    answers = [a for g in groups for a in g]
    waves, no_opinion, separate_middle = (
        any(len(g) > 1 for g in groups),
        any(a.missing for a in answers),
        _has_middle_column(answers),
    )
    label = _label_width(view, groups)
    wave_names = max(text_width(_wave(view, a), SMALL) for a in answers) + 6.6 if waves else 0.0
    before, after = (max(_share_text_width(view, a, direction) for a in answers) + MARGIN for direction in (-1, 1))
    left, right = label + wave_names + before, WIDTH - N_COLUMN - (NO_OPINION if no_opinion else 0.0) - after
    low, middle, high = (max([0.1, *values]) for values in zip(*(_widths(a) for a in answers), strict=True))
    if separate_middle:
        right -= MARGIN + max(text_width(_middle_text(view, a), SMALL) for a in answers) + 2.0
    share = min((right - left) / (low + high + (middle if separate_middle else 0.0)), MAX_FULL_BAR)
    start = left + low * share
    return BarLayout(
        scale(-low, high, left, start + high * share),
        share,
        start + high * share + after + MARGIN,
        label,
        waves,
        separate_middle,
        no_opinion,
    )


def _label_width(view: ResultsView, groups: list[list[Answers]]) -> float:
    """Choose the narrowest label column in which no label takes more lines than its item has bars.

    A long label may take as many lines as it would in the widest column.
    """
    widest = MAX_LABELS if any(len(g) > 1 for g in groups) else MAX_LABELS + MAX_WAVES
    words = (word for g in groups for word in _name(view, g).split())
    width = max([MIN_LABELS, *(min(text_width(word, NORMAL), widest) for word in words)])
    most_lines = [max(len(g), len(_label(view, g, widest))) for g in groups]
    while width < widest and any(len(_label(view, g, width)) > n for g, n in zip(groups, most_lines, strict=True)):
        width = min(width + LABEL_STEP, widest)
    return width


def _widths(row: Answers) -> tuple[float, float, float]:
    low, middle, high = (
        sum(p.share or 0.0 for p in parts) for parts in (row.side(-1), _middle_parts(row), row.side(1))
    )
    return low, middle, high


def _draw(view: ResultsView, groups: list[list[Answers]]) -> Drawing:
    if not groups:
        return sheet(10, theme=view.theme)[0]
    heights = _heights(view, groups)
    layout, legend, answers = _layout(view, groups), _legend_entries(view, groups), [a for g in groups for a in g]
    header = _header_height(view, layout, answers)
    top = 0.5 + header + LEGEND_LINE * (1 + max([line for _, line, _, _ in legend] or [0]))
    drawing, axes = sheet(top + sum(heights) - ITEM_GAP + 1, theme=view.theme)
    for x, line, colour, label in legend:
        bar(axes, x, 1.6 + line * LEGEND_LINE, 2.8, 2.8, colour)
        write(axes, x + 3.8, 3.0 + line * LEGEND_LINE, label, size=SMALL, colour=theme_of(axes).muted)
    _draw_headings(view, axes, layout, answers, top - header / 2)
    y = top
    for group, height in zip(groups, heights, strict=True):
        body = height - ITEM_GAP
        write(axes, 0, y + body / 2, "\n".join(_label(view, group, layout.label)))
        start = y + (body - len(group) * (BAR_HEIGHT + BAR_GAP) + BAR_GAP) / 2
        for k, row in enumerate(group):
            _draw_row(view, axes, start + k * (BAR_HEIGHT + BAR_GAP), layout, row)
        y += height
        if group is not groups[-1]:
            stroke(axes, (0, WIDTH), (y - ITEM_GAP / 2, y - ITEM_GAP / 2), theme_of(axes).hair, 0.4)
    stroke(axes, (layout.at(0), layout.at(0)), (top - 1, y - ITEM_GAP + 1), theme_of(axes).ink, 0.8)
    return drawing


def _label(view: ResultsView, group: list[Answers], width: float) -> list[str]:
    return wrap(_name(view, group), width, NORMAL, max_lines=4)


def _name(view: ResultsView, group: list[Answers]) -> str:
    text = view.item(group[0].item)
    return f"{text} (R)" if _reversed(view, group[0].item) else text


def _wave(view: ResultsView, row: Answers) -> str:
    return shorten(view.wave(row.wave), MAX_WAVES - 1.6)


def _reversed(view: ResultsView, item: str) -> bool:
    return bool(view.meta.get("items", {}).get(item, {}).get("reverse"))


def _colour(view: ResultsView, row: Answers, part: AnswerBand, direction: int) -> str:
    """Choose the colour of a range: that of its answer, of a whole side, or of answers merged with the middle."""
    if part is row.merged:
        return REST
    band = bands_of(view, row.item)[0 if direction < 0 else 2]
    if [part.first, part.last] == [band[0], band[-1]]:
        return LOW_SIDE if direction < 0 else HIGH_SIDE
    outer = part.first == band[0] if direction < 0 else part.last == band[-1]
    return (LOW[0] if outer else LOW[1]) if direction < 0 else (HIGH[1] if outer else HIGH[0])


def _legend_labels(view: ResultsView, groups: list[list[Answers]]) -> list[tuple[str, str]]:
    """Label the colours in use, from the lowest answers to the highest."""
    labels: dict[str, str] = {}
    for row in (a for g in groups for a in g):
        for direction in (-1, 1):
            for part in row.side(direction):
                colour = _colour(view, row, part, direction)
                label = view.say._("merged with the middle") if colour == REST else range_label(view, row.item, part)
                labels.setdefault(colour, label)
        if row.place == "middle":
            labels[REST] = view.say._("merged with the middle")
    order = (*LOW, LOW_SIDE, REST, HIGH_SIDE, *HIGH)
    return [(c, labels[c]) for c in order if c in labels]


def _legend_entries(view: ResultsView, groups: list[list[Answers]]) -> list[tuple[float, int, str, str]]:
    """Place the entries of the legend on as many lines as they need: x, line, colour, label."""
    x, line, entries = 0.0, 0, []
    for colour, full_label in _legend_labels(view, groups):
        label = shorten(full_label, WIDTH - 4)
        width = 8 + text_width(label, SMALL)
        if x and x + width - 4 > WIDTH:
            x, line = 0.0, line + 1
        entries.append((x, line, colour, label))
        x += width
    return entries


def _draw_headings(view: ResultsView, axes: Axes, layout: BarLayout, answers: list[Answers], y: float) -> None:
    size, colour = SMALL, theme_of(axes).muted
    write(axes, layout.at(0) - 1.5, y, "← " + view.say._("less"), size=size, colour=colour, align="right")
    write(axes, layout.at(0) + 1.5, y, view.say._("more") + " →", size=size, colour=colour)
    if layout.separate_middle:
        write(axes, layout.middle, y, "\n".join(_middle_heading(view, layout, answers)), size=size, colour=colour)
    if layout.no_opinion:
        write(axes, WIDTH - N_COLUMN, y, "\n".join(_no_opinion_heading(view)), size=size, colour=colour, align="right")
    write(axes, WIDTH, y, "n", size=size, colour=colour, align="right")


def _middle_heading(view: ResultsView, layout: BarLayout, answers: list[Answers]) -> list[str]:
    name = range_label(view, answers[0].item, middle_band(view, answers[0].item))
    return wrap(name, max(layout.side - layout.middle, 12), SMALL, max_lines=4)


def _no_opinion_heading(view: ResultsView) -> list[str]:
    return wrap(view.say._("no opinion"), NO_OPINION, SMALL)


def _header_height(view: ResultsView, layout: BarLayout, answers: list[Answers]) -> float:
    """Return the height of the column headings in millimetres."""
    headings = [_middle_heading(view, layout, answers)] if layout.separate_middle else []
    return 3.0 + max(
        map(len, [["n"], *headings, *([_no_opinion_heading(view)] if layout.no_opinion else [])])
    ) * line_height(SMALL)


def _has_middle_column(answers: list[Answers]) -> bool:
    return any(a.merged is None or a.place == "middle" for a in answers)


def _draw_row(view: ResultsView, axes: Axes, y: float, layout: BarLayout, row: Answers) -> None:
    middle, muted = y + BAR_HEIGHT / 2, theme_of(axes).muted
    if layout.waves:
        bar(axes, layout.label + 2, y, 1.4, BAR_HEIGHT, theme_of(axes).wave_colours.get(row.wave, muted))
        write(axes, layout.label + 4.6, middle, _wave(view, row), size=SMALL, colour=muted)
    for direction in (-1, 1):
        end, align = (
            _draw_side(view, axes, y, layout.at, row, direction) + direction * 1.2,
            "right" if direction < 0 else "left",
        )
        total, merged_range = _share_text(view, row, direction)
        write(axes, end, middle, total, size=SMALL, weight=600, align=align)
        end += direction * (text_width(total, SMALL, 600) + 1.0)
        write(axes, end, middle, merged_range, size=SMALL, colour=muted, align=align)
    if layout.separate_middle:
        _draw_middle(view, axes, y, layout, row)
    if layout.no_opinion:
        no_opinion = (
            view.say.hidden if row.missing is None else view.say.percent(row.missing / (row.total + row.missing))
        )
        write(axes, WIDTH - N_COLUMN, middle, no_opinion, size=SMALL, colour=muted, align="right")
    write(axes, WIDTH, middle, view.say.count(row.total), size=SMALL, colour=muted, align="right")


def _share_text(view: ResultsView, row: Answers, direction: int) -> tuple[str, str]:
    """Return a side's share as text, and the range of answers in brackets if it is merged with the middle."""
    parts = row.side(direction)
    total = total_of(parts)
    merged_range = f"({row.merged.range})" if row.merged is not None and row.merged in parts else ""
    return view.say.hidden if total is None else view.say.percent(total), merged_range


def _share_text_width(view: ResultsView, row: Answers, direction: int) -> float:
    total, merged_range = _share_text(view, row, direction)
    return text_width(total, SMALL, 600) + (1.0 + text_width(merged_range, SMALL) if merged_range else 0.0)


def _draw_middle(view: ResultsView, axes: Axes, y: float, layout: BarLayout, row: Answers) -> None:
    """Draw the middle in its own column, unless it is merged with a side."""
    middle, label = y + BAR_HEIGHT / 2, _middle_text(view, row)
    share = total_of(_middle_parts(row))
    if share is None:
        write(axes, layout.middle, middle, label, size=SMALL, weight=600)
    elif label:
        bar(axes, layout.middle, y, share * layout.share, BAR_HEIGHT, MIDDLE if row.merged is None else REST)
        write(axes, layout.middle + share * layout.share + 1.0, middle, label, size=SMALL)


def _middle_parts(row: Answers) -> tuple[AnswerBand, ...]:
    """Return the ranges in the column of the middle; none if the middle is merged with a side."""
    return row.middle if row.merged is None else (row.merged,) if row.place == "middle" else ()


def _middle_text(view: ResultsView, row: Answers) -> str:
    parts = _middle_parts(row)
    if not parts:
        return ""
    share = total_of(parts)
    text = view.say.hidden if share is None else view.say.percent(share)
    return text if row.merged is None else f"{text} ({row.merged.range})"


def _merged_text(view: ResultsView, part: AnswerBand) -> str:
    return view.say._("{range} together", range=part.range)


def _draw_side(view: ResultsView, axes: Axes, y: float, at: Scale, row: Answers, direction: int) -> float:
    """Draw one side from the middle outwards and return where it ends."""
    parts = [p for p in row.side(direction) if p.share is not None]
    start = 0.0
    for part in reversed(parts) if direction < 0 else parts:
        share, colour = float(part.share or 0.0), _colour(view, row, part, direction)
        first, second = at(direction * start), at(direction * (start + share))
        bar(axes, min(first, second), y, abs(second - first), BAR_HEIGHT, colour)
        label = view.say.percent(share)
        if len(parts) > 1 and share >= 0.05 and text_width(label, SMALL) + 1 < abs(second - first):
            write(axes, (first + second) / 2, y + BAR_HEIGHT / 2, label, size=SMALL, colour=on(colour), align="center")
        start += share
    return at(direction * start)


def _base(view: ResultsView, answers: list[Answers]) -> str:
    say, no_opinion = view.say, any(a.missing for a in answers)
    if no_opinion:
        parts = [say._("n per row: people who gave an answer on the scale; those without an opinion stand apart.")]
    else:
        parts = [
            say._("n per row: people who gave an answer on the scale; those without an opinion: none, or kept back.")
        ]
    if any(a.merged is not None for a in answers):
        parts.append(say._("In brackets: merged answers."))
    if any(_reversed(view, a.item) for a in answers):
        parts.append(say._("(R): reversed statement, agreement is unfavourable."))
    shown = (p for a in answers for p in (*a.side(-1), *_middle_parts(a), *a.side(1)))
    if any(p.share is None for p in shown) or (no_opinion and any(a.missing is None for a in answers)):
        threshold = say.count(view.meta.get("threshold", 5))
        parts.append(say._("{mark} kept back: fewer than {t} people.", mark=say.hidden, t=threshold))
    return " ".join(parts)


def _alt(view: ResultsView, answers: list[Answers]) -> str:
    say, parts = view.say, []
    for row in answers:
        sums = (total_of(row.side(direction)) for direction in (-1, 1))
        low, high = (say._("kept back") if s is None else say.percent(s) for s in sums)
        text = say._("{low} at the lower end, {high} at the upper end", low=low, high=high)
        if row.merged is not None:
            text += f" ({_merged_text(view, row.merged)})"
        parts.append(f"{view.item(row.item)} ({view.wave(row.wave)}): {text}")
    return "; ".join(parts) + "."


def _data(view: ResultsView, answers: list[Answers]) -> list[list[str]]:
    say, item = view.say, answers[0].item
    bands = bands_of(view, item)
    sides = [range_label(view, item, AnswerBand(band[0], band[-1], None)) for band in bands]
    header = [say._("Item"), say._("Wave"), *sides, say._("no opinion, n"), "n"]

    def share(parts: tuple[AnswerBand, ...]) -> str:
        total = total_of(parts)
        text = say.hidden if total is None else say.percent(total)
        known_range = any([parts[0].first, parts[-1].last] == [b[0], b[-1]] for b in bands) if parts else True
        return text if known_range else f"{text} ({parts[0].first}–{parts[-1].last})"

    rows = []
    for row in answers:
        middle = row.middle if row.merged is None else (row.merged,) if row.place == "middle" else ()
        cells = [share(row.side(-1)), share(middle) if middle else "–", share(row.side(1))]
        no_opinion = say.hidden if row.missing is None else say.count(row.missing)
        rows.append([view.item(row.item), view.wave(row.wave), *cells, no_opinion, say.count(row.total)])
    return [header, *rows]
