"""Figures of the public registers: stages of initiatives, indicators against their targets, money."""

from collections import Counter
from collections.abc import Sequence

from matplotlib.axes import Axes

from vunki_eval.language import N_
from vunki_eval.project.theme import mixed
from vunki_eval.report.figures.canvas import (
    NORMAL,
    SMALL,
    WIDTH,
    Drawing,
    bar,
    count_fitting,
    line_height,
    mark,
    sheet,
    stroke,
    text_width,
    theme_of,
    wrap,
    write,
)
from vunki_eval.report.figures.figure_block import figure_block, omission_note
from vunki_eval.report.figures.palette import on
from vunki_eval.report.tables.public_facts import indicator_value, money_title
from vunki_eval.results.blocks import Figure
from vunki_eval.results.results import Record, Results
from vunki_eval.results.view import ResultsView, view_results

GROUPS = {
    N_("stopped or paused"): ("given_up", "paused"),
    N_("idea or plan"): ("idea", "planned"),
    N_("tried out"): ("tried_out",),
    N_("running, part of a service, or purpose fulfilled"): ("running", "public_service", "fulfilled"),
}
STOPPED_GREY = "#d9dee0"
MAX_DATES = 4
MAX_IN_ROW = 6
TITLE_WIDTH, MONEY_ROW = 66.0, 15.0


def stages_by_date(view: ResultsView, event: str | None = None) -> list[tuple[str, Counter[str]]]:
    """Count the initiatives in each group of stages on each date; of many dates, four from the first to the last."""
    history = view.meta.get("stages") or view.rows("initiatives")
    rows = [r for r in history if r["date"] and r["stage"] and (event is None or r["event"] == event)]
    dates = sorted({str(r["date"])[:10] for r in rows})
    if len(dates) > MAX_DATES:
        step = (len(dates) - 1) / (MAX_DATES - 1)
        dates = [dates[round(k * step)] for k in range(MAX_DATES)]
    counted = []
    for date in dates:
        stage_of = {
            str(r["id"]): str(r["stage"])
            for r in sorted(rows, key=lambda r: str(r["date"]))
            if str(r["date"])[:10] <= date
        }
        counted.append(
            (date, Counter(group for s in stage_of.values() for group, stages in GROUPS.items() if s in stages))
        )
    return counted


def stages(results: Results, language: str, event: str | None = None) -> Drawing:
    """Draw how many initiatives were at which stage on each date."""
    view = view_results(results, language)
    return _draw_stages(view, stages_by_date(view, event))


def stages_figure(results: Results, language: str, event: str | None = None, title: str = "") -> Figure | None:
    """Draw the chart with its title and notes; None when the register holds no dated stage."""
    view = view_results(results, language)
    counted, say = stages_by_date(view, event), view.say
    if not counted:
        return None
    parts = []
    for date, counts in counted:
        listed = ", ".join(f"{say._(g)} {say.count(counts[g])}" for g in GROUPS if counts[g])
        parts.append(f"{say.date(date)}: {listed}")
    rows = [[say.date(d), *(say.count(c[g]) for g in GROUPS)] for d, c in counted]
    return figure_block(
        _draw_stages(view, counted),
        "initiatives",
        title=title or say._("Stages of the initiatives over time"),
        subtitle=say._("Number of initiatives in the register by stage on the date"),
        alt="; ".join(parts) + ".",
        base=say._("The register is public: every initiative is counted."),
        source=say._("register of initiatives"),
        data=[[say._("Date"), *(say._(g) for g in GROUPS)], *rows],
    )


def _draw_stages(view: ResultsView, counted: Sequence[tuple[str, Counter[str]]]) -> Drawing:
    say, left, row = view.say, 40.0, 9.5
    full = view.theme.after
    shades = (STOPPED_GREY, mixed(full, 0.30), mixed(full, 0.62), full)
    legend, y = [], 3.0
    x = 0.0
    for group, colour in zip(GROUPS, shades, strict=True):
        width = 8 + text_width(say._(group), SMALL)
        if x + width > WIDTH:
            x, y = 0.0, y + 5.2
        legend.append((x, y, colour, say._(group)))
        x += width
    top = y + 5
    drawing, axes = sheet(top + row * len(counted), theme=view.theme)
    for x, at, colour, label in legend:
        bar(axes, x, at - 1.4, 2.8, 2.8, colour)
        write(axes, x + 3.8, at, label, size=SMALL, colour=theme_of(axes).muted)
    largest = max(sum(c.values()) for _, c in counted) if counted else 1
    for k, (date, counts) in enumerate(counted):
        y = top + k * row
        write(axes, 0, y + 3.5, say.date(date))
        x = left
        for group, colour in zip(GROUPS, shades, strict=True):
            width = counts[group] / largest * (WIDTH - left - 12)
            bar(axes, x, y, width, 7, colour, edge="white", line=0.8)
            if counts[group]:
                write(
                    axes,
                    x + width / 2,
                    y + 3.5,
                    say.count(counts[group]),
                    size=NORMAL,
                    colour=on(colour),
                    align="center",
                )
            x += width
        write(axes, x + 1.5, y + 3.5, say.count(sum(counts.values())), weight=600)
    return drawing


def bullets(results: Results, language: str) -> Drawing:
    """Draw indicators as bars against their targets; those without a target or a value are left out."""
    view = view_results(results, language)
    rows = _targeted(view)
    return _draw_bullets(view, rows[: count_fitting(_bullet_heights(view, rows))])


def bullets_figure(results: Results, language: str, title: str = "") -> Figure | None:
    """Draw the chart with its title and notes; None when no indicator has both a target and a value."""
    view = view_results(results, language)
    rows, say = _targeted(view), view.say
    if not rows:
        return None
    texts = [
        f"{say.pick(r['title'])}: {indicator_value(view, r, 'actual')} / {indicator_value(view, r, 'target')}"
        for r in rows
    ]
    header = [say._("Indicator"), say._("Actual"), say._("Target")]
    body = [
        [say.pick(r["title"]), indicator_value(view, r, "actual"), indicator_value(view, r, "target")] for r in rows
    ]
    shown = rows[: count_fitting(_bullet_heights(view, rows))]
    base = say._("Indicators without a target or without data are in the table only.")
    return figure_block(
        _draw_bullets(view, shown),
        "indicators",
        title=title or say._("Indicators against their targets"),
        subtitle=say._("Actual value as a share of the target; the line marks the target"),
        alt="; ".join(texts) + ".",
        base=" ".join(p for p in (base, omission_note(view, len(shown), len(rows))) if p),
        source=say._("see the table"),
        data=[header, *body],
    )


def _targeted(view: ResultsView) -> list[Record]:
    return [r for r in view.rows("indicators") if r["target"] and r["actual"] is not None]


def _bullet_lines(view: ResultsView, row: Record) -> list[str]:
    return wrap(view.say.pick(row["title"]), TITLE_WIDTH - 3, max_lines=4)


def _bullet_heights(view: ResultsView, rows: Sequence[Record]) -> list[float]:
    return [max(len(_bullet_lines(view, r)) * line_height(NORMAL) + 2.6, 8.6) for r in rows]


def _draw_bullets(view: ResultsView, rows: Sequence[Record]) -> Drawing:
    left, right = TITLE_WIDTH, WIDTH - 34
    heights = _bullet_heights(view, rows)
    drawing, axes = sheet(sum(heights) + 7, theme=view.theme)
    axis_end = max([1.15, *(min(float(r["actual"]) / float(r["target"]), 1.5) for r in rows)])
    target = left + (right - left) / axis_end
    write(axes, target, 2.4, view.say._("target"), size=SMALL, colour=theme_of(axes).muted, align="center")
    y = 6.0
    for row, height in zip(rows, heights, strict=True):
        _draw_bullet(view, axes, y + height / 2, row, (left, target))
        y += height
        stroke(axes, (0, WIDTH), (y, y), theme_of(axes).hair, 0.4)
    return drawing


def _draw_bullet(view: ResultsView, axes: Axes, y: float, row: Record, span: tuple[float, float]) -> None:
    left, target = span
    write(axes, 0, y, "\n".join(_bullet_lines(view, row)))
    share = max(min(float(row["actual"]) / float(row["target"]), 1.5), 0.0)
    bar(axes, left, y - 2.6, target - left, 5.2, "#e6eaec")
    bar(axes, left, y - 1.4, (target - left) * share, 2.8, theme_of(axes).after)
    stroke(axes, (target, target), (y - 3.2, y + 3.2), theme_of(axes).ink, 1.6)
    label = f"{indicator_value(view, row, 'actual')} / {indicator_value(view, row, 'target')}"
    write(axes, WIDTH, y, label, weight=600, align="right")


def money(results: Results, language: str) -> Drawing:
    """Draw planned and used money by source or budget line."""
    view = view_results(results, language)
    return _draw_money(view, view.rows("money"))


def money_figure(results: Results, language: str, title: str = "") -> Figure | None:
    """Draw the chart with its title and notes; None when no money is entered."""
    view = view_results(results, language)
    rows, say = [r for r in view.rows("money") if r["planned"] is not None or r["used"] is not None], view.say
    if not rows:
        return None

    def euros(value: float | None) -> str:
        return say.no_data if value is None else say.euros(value)

    texts = [
        say._(
            "{what}: planned {planned}, used {used}",
            what=money_title(view, r),
            planned=euros(r["planned"]),
            used=euros(r["used"]),
        )
        for r in rows
    ]
    body = [[money_title(view, r), euros(r["planned"]), euros(r["used"])] for r in rows]
    shown = rows[: count_fitting([MONEY_ROW] * len(rows))]
    return figure_block(
        _draw_money(view, shown),
        "money",
        title=title or say._("Money planned and used, by source"),
        subtitle=say._("Euros"),
        alt="; ".join(texts) + ".",
        base=omission_note(view, len(shown), len(rows)),
        source=say._("project's budget and accounts"),
        data=[[say._("Source of money"), say._("Planned"), say._("Used")], *body],
    )


def _draw_money(view: ResultsView, rows: Sequence[Record]) -> Drawing:
    say, left, row = view.say, 48.0, MONEY_ROW
    drawing, axes = sheet(row * len(rows) + 0.5, theme=view.theme)
    largest = max([1.0, *(float(r[k]) for r in rows for k in ("planned", "used") if r[k] is not None)])
    for k, entry in enumerate(rows):
        y = k * row
        write(axes, 0, y + 6.4, "\n".join(wrap(money_title(view, entry), left - 22, max_lines=3)))
        for step, (name, label, colour) in enumerate(
            (("planned", say._("planned"), "#b9c4c8"), ("used", say._("used"), theme_of(axes).after))
        ):
            at, value = y + 0.8 + step * 6.0, entry[name]
            write(axes, left - 2, at + 2.4, label, size=SMALL, colour=theme_of(axes).muted, align="right")
            width = 0.0 if value is None else float(value) / largest * (WIDTH - left - 30)
            bar(axes, left, at, width, 4.8, colour)
            amount = say.no_data if value is None else say.euros(value)
            write(
                axes,
                left + width + 1.5,
                at + 2.4,
                amount,
                size=SMALL if value is None else NORMAL,
                weight=400 if value is None else 600,
            )
        if k:
            stroke(axes, (0, WIDTH), (y - 0.8, y - 0.8), theme_of(axes).hair, 0.4)
    return drawing


def chain(results: Results, language: str, links: Sequence[tuple[str, str]]) -> Drawing:
    """Draw a theory-of-change chain: boxes of a value and a label, joined by arrows; long chains take two rows."""
    view = view_results(results, language)
    gap, row_gap = 7.0, 5.0
    per_row = len(links) if len(links) <= MAX_IN_ROW else -(-len(links) // 2)
    width = (WIDTH - gap * (per_row - 1)) / max(per_row, 1)
    lines = [(wrap(v, width - 4, 13, 700), wrap(label, width - 4, SMALL)) for v, label in links]
    height = max(len(v) * line_height(13) + len(t) * line_height(SMALL) for v, t in lines) + 6
    drawing, axes = sheet((height + row_gap) * -(-len(links) // max(per_row, 1)) - row_gap + 1, theme=view.theme)
    for k, (value, label) in enumerate(lines):
        x, top = (k % per_row) * (width + gap), 0.5 + (k // per_row) * (height + row_gap)
        bar(axes, x, top, width, height, theme_of(axes).tint, edge=theme_of(axes).after, line=0.8)
        write(
            axes, x + 2, top + 2.5, "\n".join(value), size=13, weight=700, colour=theme_of(axes).after, vertical="top"
        )
        below = top + 2.5 + len(value) * line_height(13) + 0.8
        write(axes, x + 2, below, "\n".join(label), size=SMALL, vertical="top")
        middle = top + height / 2
        if k % per_row:
            stroke(axes, (x - gap + 1, x - 2), (middle, middle), theme_of(axes).muted, 1.0)
            mark(axes, x - 2.2, middle, ">", theme_of(axes).muted, size=5)
    return drawing
