"""Where the parts of a chart of answers stand, and the texts whose widths decide it; `likert_bars` draws them."""

from dataclasses import dataclass

from vunki_eval.report.figures.answer_bands import (
    AnswerBand,
    Answers,
    bands_of,
    middle_band,
    range_label,
    total_of,
)
from vunki_eval.report.figures.canvas import (
    NORMAL,
    SMALL,
    TALLEST,
    WIDTH,
    Scale,
    count_fitting,
    line_height,
    scale,
    shorten,
    text_width,
    wrap,
)
from vunki_eval.report.figures.palette import HIGH, HIGH_SIDE, LOW, LOW_SIDE, REST
from vunki_eval.results.view import ResultsView

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


def item_heights(view: ResultsView, groups: list[list[Answers]]) -> list[float]:
    """Return the height of each item with the gap below it, in millimetres."""
    width = _label_width(view, groups)
    labels = (len(label_lines(view, g, width)) * line_height(NORMAL) for g in groups)
    return [max(len(g) * (BAR_HEIGHT + BAR_GAP), label) + ITEM_GAP for g, label in zip(groups, labels, strict=True)]


def items_on_page(view: ResultsView, groups: list[list[Answers]]) -> list[list[Answers]]:
    """Return the items that fit on a page."""
    legend = max([line for _, line, _, _ in legend_entries(view, groups)] or [0]) * LEGEND_LINE
    return groups[: count_fitting(item_heights(view, groups), TALLEST - legend)]


def lay_out(view: ResultsView, groups: list[list[Answers]]) -> BarLayout:
    """Lay out the columns: bars get all the width that is left, and equal shares are equally wide everywhere."""
    answers = [a for g in groups for a in g]
    waves, no_opinion, separate_middle = (
        any(len(g) > 1 for g in groups),
        any(a.missing for a in answers),
        _has_middle_column(answers),
    )
    label = _label_width(view, groups)
    wave_names = max(text_width(wave_name(view, a), SMALL) for a in answers) + 6.6 if waves else 0.0
    before, after = (max(_share_text_width(view, a, direction) for a in answers) + MARGIN for direction in (-1, 1))
    left, right = label + wave_names + before, WIDTH - N_COLUMN - (NO_OPINION if no_opinion else 0.0) - after
    low, middle, high = (max([0.1, *values]) for values in zip(*(_widths(a) for a in answers), strict=True))
    if separate_middle:
        right -= MARGIN + max(text_width(middle_text(view, a), SMALL) for a in answers) + 2.0
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
    most_lines = [max(len(g), len(label_lines(view, g, widest))) for g in groups]
    while width < widest and any(len(label_lines(view, g, width)) > n for g, n in zip(groups, most_lines, strict=True)):
        width = min(width + LABEL_STEP, widest)
    return width


def _widths(row: Answers) -> tuple[float, float, float]:
    low, middle, high = (sum(p.share or 0.0 for p in parts) for parts in (row.side(-1), middle_parts(row), row.side(1)))
    return low, middle, high


def label_lines(view: ResultsView, group: list[Answers], width: float) -> list[str]:
    """Break the label of an item into lines."""
    return wrap(_name(view, group), width, NORMAL, max_lines=4)


def _name(view: ResultsView, group: list[Answers]) -> str:
    text = view.item(group[0].item)
    return f"{text} (R)" if is_reversed(view, group[0].item) else text


def wave_name(view: ResultsView, row: Answers) -> str:
    """Shorten the title of a wave to its column."""
    return shorten(view.wave(row.wave), MAX_WAVES - 1.6)


def is_reversed(view: ResultsView, item: str) -> bool:
    """Tell whether an item is reversed: agreement is unfavourable."""
    return bool(view.meta.get("items", {}).get(item, {}).get("reverse"))


def band_colour(view: ResultsView, row: Answers, part: AnswerBand, direction: int) -> str:
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
                colour = band_colour(view, row, part, direction)
                label = view.say._("merged with the middle") if colour == REST else range_label(view, row.item, part)
                labels.setdefault(colour, label)
        if row.place == "middle":
            labels[REST] = view.say._("merged with the middle")
    order = (*LOW, LOW_SIDE, REST, HIGH_SIDE, *HIGH)
    return [(c, labels[c]) for c in order if c in labels]


def legend_entries(view: ResultsView, groups: list[list[Answers]]) -> list[tuple[float, int, str, str]]:
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


def middle_heading(view: ResultsView, layout: BarLayout, answers: list[Answers]) -> list[str]:
    """Break the heading of the column of the middle into lines."""
    name = range_label(view, answers[0].item, middle_band(view, answers[0].item))
    return wrap(name, max(layout.side - layout.middle, 12), SMALL, max_lines=4)


def no_opinion_heading(view: ResultsView) -> list[str]:
    """Break the heading of the column of people without an opinion into lines."""
    return wrap(view.say._("no opinion"), NO_OPINION, SMALL)


def header_height(view: ResultsView, layout: BarLayout, answers: list[Answers]) -> float:
    """Return the height of the column headings in millimetres."""
    headings = [middle_heading(view, layout, answers)] if layout.separate_middle else []
    return 3.0 + max(
        map(len, [["n"], *headings, *([no_opinion_heading(view)] if layout.no_opinion else [])])
    ) * line_height(SMALL)


def _has_middle_column(answers: list[Answers]) -> bool:
    return any(a.merged is None or a.place == "middle" for a in answers)


def share_text(view: ResultsView, row: Answers, direction: int) -> tuple[str, str]:
    """Return a side's share as text, and the range of answers in brackets if it is merged with the middle."""
    parts = row.side(direction)
    total = total_of(parts)
    merged_range = f"({row.merged.range})" if row.merged is not None and row.merged in parts else ""
    return view.say.hidden if total is None else view.say.percent(total), merged_range


def _share_text_width(view: ResultsView, row: Answers, direction: int) -> float:
    total, merged_range = share_text(view, row, direction)
    return text_width(total, SMALL, 600) + (1.0 + text_width(merged_range, SMALL) if merged_range else 0.0)


def middle_parts(row: Answers) -> tuple[AnswerBand, ...]:
    """Return the ranges in the column of the middle; none if the middle is merged with a side."""
    return row.middle if row.merged is None else (row.merged,) if row.place == "middle" else ()


def middle_text(view: ResultsView, row: Answers) -> str:
    """Write the share in the column of the middle; "" if the middle is merged with a side."""
    parts = middle_parts(row)
    if not parts:
        return ""
    share = total_of(parts)
    text = view.say.hidden if share is None else view.say.percent(share)
    return text if row.merged is None else f"{text} ({row.merged.range})"
