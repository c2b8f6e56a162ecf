"""Answers on ordered scales as diverging bars; the middle and "no opinion" have columns of their own."""

from matplotlib.axes import Axes

from vunki_eval.report.figures.answer_bands import (
    AnswerBand,
    Answers,
    bands_of,
    collect_answers,
    range_label,
    total_of,
)
from vunki_eval.report.figures.canvas import (
    SMALL,
    WIDTH,
    Drawing,
    Scale,
    bar,
    sheet,
    stroke,
    text_width,
    theme_of,
    write,
)
from vunki_eval.report.figures.figure_block import figure_block, omission_note, survey_source
from vunki_eval.report.figures.likert_layout import (
    BAR_GAP,
    BAR_HEIGHT,
    ITEM_GAP,
    LEGEND_LINE,
    N_COLUMN,
    BarLayout,
    band_colour,
    header_height,
    is_reversed,
    item_heights,
    items_on_page,
    label_lines,
    lay_out,
    legend_entries,
    middle_heading,
    middle_parts,
    middle_text,
    no_opinion_heading,
    share_text,
    wave_name,
)
from vunki_eval.report.figures.palette import MIDDLE, REST, on
from vunki_eval.results.blocks import Figure
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results


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
    return _draw(view, items_on_page(view, collect_answers(view, items, waves)))


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
    answers, shown = [a for group in groups for a in group], items_on_page(view, groups)
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


def _draw(view: ResultsView, groups: list[list[Answers]]) -> Drawing:
    if not groups:
        return sheet(10, theme=view.theme)[0]
    heights = item_heights(view, groups)
    layout, legend, answers = lay_out(view, groups), legend_entries(view, groups), [a for g in groups for a in g]
    header = header_height(view, layout, answers)
    top = 0.5 + header + LEGEND_LINE * (1 + max([line for _, line, _, _ in legend] or [0]))
    drawing, axes = sheet(top + sum(heights) - ITEM_GAP + 1, theme=view.theme)
    for x, line, colour, label in legend:
        bar(axes, x, 1.6 + line * LEGEND_LINE, 2.8, 2.8, colour)
        write(axes, x + 3.8, 3.0 + line * LEGEND_LINE, label, size=SMALL, colour=theme_of(axes).muted)
    _draw_headings(view, axes, layout, answers, top - header / 2)
    y = top
    for group, height in zip(groups, heights, strict=True):
        body = height - ITEM_GAP
        write(axes, 0, y + body / 2, "\n".join(label_lines(view, group, layout.label)))
        start = y + (body - len(group) * (BAR_HEIGHT + BAR_GAP) + BAR_GAP) / 2
        for k, row in enumerate(group):
            _draw_row(view, axes, start + k * (BAR_HEIGHT + BAR_GAP), layout, row)
        y += height
        if group is not groups[-1]:
            stroke(axes, (0, WIDTH), (y - ITEM_GAP / 2, y - ITEM_GAP / 2), theme_of(axes).hair, 0.4)
    stroke(axes, (layout.at(0), layout.at(0)), (top - 1, y - ITEM_GAP + 1), theme_of(axes).ink, 0.8)
    return drawing


def _draw_headings(view: ResultsView, axes: Axes, layout: BarLayout, answers: list[Answers], y: float) -> None:
    size, colour = SMALL, theme_of(axes).muted
    write(axes, layout.at(0) - 1.5, y, "← " + view.say._("less"), size=size, colour=colour, align="right")
    write(axes, layout.at(0) + 1.5, y, view.say._("more") + " →", size=size, colour=colour)
    if layout.separate_middle:
        write(axes, layout.middle, y, "\n".join(middle_heading(view, layout, answers)), size=size, colour=colour)
    if layout.no_opinion:
        write(axes, WIDTH - N_COLUMN, y, "\n".join(no_opinion_heading(view)), size=size, colour=colour, align="right")
    write(axes, WIDTH, y, "n", size=size, colour=colour, align="right")


def _draw_row(view: ResultsView, axes: Axes, y: float, layout: BarLayout, row: Answers) -> None:
    middle, muted = y + BAR_HEIGHT / 2, theme_of(axes).muted
    if layout.waves:
        bar(axes, layout.label + 2, y, 1.4, BAR_HEIGHT, theme_of(axes).wave_colours.get(row.wave, muted))
        write(axes, layout.label + 4.6, middle, wave_name(view, row), size=SMALL, colour=muted)
    for direction in (-1, 1):
        end, align = (
            _draw_side(view, axes, y, layout.at, row, direction) + direction * 1.2,
            "right" if direction < 0 else "left",
        )
        total, merged_range = share_text(view, row, direction)
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


def _draw_middle(view: ResultsView, axes: Axes, y: float, layout: BarLayout, row: Answers) -> None:
    """Draw the middle in its own column, unless it is merged with a side."""
    middle, label = y + BAR_HEIGHT / 2, middle_text(view, row)
    share = total_of(middle_parts(row))
    if share is None:
        write(axes, layout.middle, middle, label, size=SMALL, weight=600)
    elif label:
        bar(axes, layout.middle, y, share * layout.share, BAR_HEIGHT, MIDDLE if row.merged is None else REST)
        write(axes, layout.middle + share * layout.share + 1.0, middle, label, size=SMALL)


def _merged_text(view: ResultsView, part: AnswerBand) -> str:
    return view.say._("{range} together", range=part.range)


def _draw_side(view: ResultsView, axes: Axes, y: float, at: Scale, row: Answers, direction: int) -> float:
    """Draw one side from the middle outwards and return where it ends."""
    parts = [p for p in row.side(direction) if p.share is not None]
    start = 0.0
    for part in reversed(parts) if direction < 0 else parts:
        share, colour = float(part.share or 0.0), band_colour(view, row, part, direction)
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
    if any(is_reversed(view, a.item) for a in answers):
        parts.append(say._("(R): reversed statement, agreement is unfavourable."))
    shown = (p for a in answers for p in (*a.side(-1), *middle_parts(a), *a.side(1)))
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
        middle = middle_parts(row)
        cells = [share(row.side(-1)), share(middle) if middle else "–", share(row.side(1))]
        no_opinion = say.hidden if row.missing is None else say.count(row.missing)
        rows.append([view.item(row.item), view.wave(row.wave), *cells, no_opinion, say.count(row.total)])
    return [header, *rows]
