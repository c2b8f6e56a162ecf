"""Contacts between sectors: how many people of each sector named each sector, as a shaded table."""

import numpy as np
import seaborn as sns

from vunki_eval.project.theme import THEME
from vunki_eval.report.figures.canvas import (
    MM,
    SMALL,
    WIDTH,
    Drawing,
    line_height,
    sheet,
    stroke,
    theme_of,
    wrap,
    write,
)
from vunki_eval.report.figures.figure_block import figure_block, survey_source
from vunki_eval.report.figures.palette import on
from vunki_eval.results.blocks import Figure
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

LABEL_WIDTH, ROW_HEIGHT, TOTAL_WIDTH, MIN_DARKEST = 32.0, 8.6, 8.0, 6.0


def sectors(view: ResultsView, wave: str) -> tuple[list[str], list[str]]:
    """Return the sectors that named others (rows) and that were named (columns), in the instrument's order."""
    rows = view.rows("ties", wave=wave)
    order = view.order("PR1")

    def sort(sectors: set[str]) -> list[str]:
        return sorted(sectors - {"all"}, key=lambda s: order.index(s) if s in order else len(order))

    return sort({r["from_sector"] for r in rows}), sort({r["to_sector"] for r in rows})


def mixing(results: Results, language: str, wave: str = "post") -> Drawing:
    """Draw the sector-by-sector table of a wave.

    In ``post`` the item asks whom people met for the first time, in the other waves whom they did things with.
    """
    return _draw(view_results(results, language), wave)


def mixing_figure(
    results: Results, language: str, wave: str = "post", title: str = "", event: str | None = None
) -> Figure | None:
    """Draw the chart with its title and notes; None when nobody was asked or no number may be shown.

    ``event`` names one event of a project's results.
    """
    view = view_results(results, language, event)
    if not any(r["n"] is not None for r in view.rows("ties", wave=wave)):
        return None
    say = view.say
    item = "NW8" if wave == "post" else "NW2"
    return figure_block(
        _draw(view, wave),
        f"sectors-{event}-{wave}" if event else f"sectors-{wave}",
        title=title or view.item(item),
        subtitle=say._("{question} People of each sector who named a sector", question=view.item(item, full=True)),
        alt=_alt(view, wave),
        base=_base(view, wave),
        source=survey_source(view),
        data=_data(view, wave),
    )


def _counts(view: ResultsView, wave: str) -> dict[tuple[str, str], float | None]:
    return {
        (r["from_sector"], r["to_sector"]): r["n"] if r["status"] == "ok" else None
        for r in view.rows("ties", wave=wave)
    }


def _draw(view: ResultsView, wave: str) -> Drawing:
    (rows, columns), counts = sectors(view, wave), _counts(view, wave)
    width = (WIDTH - LABEL_WIDTH - TOTAL_WIDTH) / max(len(columns), 1)
    headings = [wrap(view.answer("PR1", c), width - 0.5, SMALL) for c in columns]
    top = max([len(h) for h in headings] or [1]) * line_height(SMALL) + 7.5
    drawing, axes = sheet(top + ROW_HEIGHT * (len(rows) + 1) + 1, theme=view.theme)
    write(axes, LABEL_WIDTH, 2.2, view.say._("sector named →"), size=SMALL, colour=theme_of(axes).muted)
    row_heading = wrap(view.say._("sector of those who answered ↓"), LABEL_WIDTH - 2, SMALL)
    write(
        axes,
        0,
        top - 1.2 - len(row_heading) * line_height(SMALL),
        "\n".join(row_heading),
        size=SMALL,
        colour=theme_of(axes).muted,
        vertical="top",
    )
    for k, heading in enumerate(headings):
        write(axes, LABEL_WIDTH + (k + 0.5) * width, (top + 5.4) / 2, "\n".join(heading), size=SMALL, align="center")
    write(axes, WIDTH, top - 3.2, "n", size=SMALL, colour=theme_of(axes).muted, align="right")
    _draw_heatmap(view, drawing, rows, columns, counts, (top, width))
    for k, key in enumerate([*rows, "all"]):
        y = top + (k + 0.5) * ROW_HEIGHT
        label = view.say._("everybody") if key == "all" else view.answer("PR1", key)
        write(axes, 0, y, "\n".join(wrap(label, LABEL_WIDTH - 2, max_lines=2)), weight=600 if key == "all" else 400)
        base = counts.get((key, "all"))
        write(
            axes,
            WIDTH,
            y,
            view.say.hidden if base is None and key != "all" else view.say.count(base) if base else "",
            size=SMALL,
            colour=theme_of(axes).muted,
            align="right",
        )
    for k, column in enumerate(columns):
        total = counts.get(("all", column))
        shown = view.say.hidden if total is None else view.say.count(total)
        write(
            axes,
            LABEL_WIDTH + (k + 0.5) * width,
            top + (len(rows) + 0.5) * ROW_HEIGHT,
            shown,
            weight=600,
            align="center",
        )
    stroke(axes, (0, WIDTH), (top + len(rows) * ROW_HEIGHT,) * 2, theme_of(axes).ink, 0.7)
    return drawing


def _draw_heatmap(
    view: ResultsView,
    drawing: Drawing,
    rows: list[str],
    columns: list[str],
    counts: dict[tuple[str, str], float | None],
    position: tuple[float, float],
) -> None:
    """Shade the cells of the table with seaborn, on axes of their own, and write the counts."""
    top, width = position
    sheet_width, sheet_height = drawing.get_size_inches() * MM
    values = np.array(
        [[counts.get((r, c)) if counts.get((r, c)) is not None else np.nan for c in columns] for r in rows], float
    )
    labels = np.array(
        [[view.say.hidden if np.isnan(v) else view.say.count(v) for v in line] for line in values], object
    )
    if not values.size:
        return
    height = len(rows) * ROW_HEIGHT
    inner = drawing.add_axes(
        (
            LABEL_WIDTH / sheet_width,
            1 - (top + height) / sheet_height,
            width * len(columns) / sheet_width,
            height / sheet_height,
        )
    )
    colour_map = sns.light_palette(view.theme.after, as_cmap=True)
    shown = values[~np.isnan(values)]
    darkest = max(shown.max(initial=0), MIN_DARKEST)
    sns.heatmap(
        values,
        ax=inner,
        cmap=colour_map,
        vmin=0,
        vmax=darkest,
        cbar=False,
        linewidths=1.2,
        xticklabels=False,
        yticklabels=False,
    )
    inner.set_axis_off()
    for i, line in enumerate(labels):
        for k, label in enumerate(line):
            shade = "#{:02x}{:02x}{:02x}".format(*(round(255 * p) for p in colour_map(values[i, k] / darkest)[:3]))
            colour = view.theme.ink if np.isnan(values[i, k]) else on(shade)
            inner.text(
                k + 0.5, i + 0.5, label, ha="center", va="center", fontsize=9.5, color=colour, family=[THEME.sans]
            )


def _base(view: ResultsView, wave: str) -> str:
    threshold = view.say.count(view.meta.get("threshold", 5))
    rate = view.number("response", "response_rate", wave)
    parts = [
        view.say._(
            "n: people of the sector who answered. {mark} kept back: fewer than {t} people.",
            mark=view.say.hidden,
            t=threshold,
        )
    ]
    if rate is not None:
        parts.append(view.say._("Response rate {rate}.", rate=view.say.percent(rate.estimate)))
    return " ".join(parts)


def _alt(view: ResultsView, wave: str) -> str:
    counts = _counts(view, wave)
    totals = [(view.answer("PR1", c), counts.get(("all", c))) for c in sectors(view, wave)[1]]
    totals_text = ", ".join(f"{name} {view.say.count(n)}" for name, n in totals if n is not None)
    return view.say._(
        "Table of sectors by sectors. People who named each sector, in all: {said}.",
        said=totals_text or view.say.hidden,
    )


def _data(view: ResultsView, wave: str) -> list[list[str]]:
    (rows, columns), counts = sectors(view, wave), _counts(view, wave)

    def cell(row: str, column: str) -> str:
        n = counts.get((row, column))
        return view.say.hidden if n is None else view.say.count(n)

    header = [view.say._("Sector"), *(view.answer("PR1", c) for c in columns), "n"]
    body = [[view.answer("PR1", r), *(cell(r, c) for c in columns), cell(r, "all")] for r in rows]
    return [header, *body, [view.say._("everybody"), *(cell("all", c) for c in columns), ""]]
