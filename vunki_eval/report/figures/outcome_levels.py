"""Levels before and after as dumbbells, with bars for the shares of people who rose, stayed the same and fell."""

from collections.abc import Mapping
from dataclasses import dataclass

from matplotlib.axes import Axes

from vunki_eval.language import N_
from vunki_eval.report.figures.canvas import (
    NORMAL,
    SMALL,
    WIDTH,
    Drawing,
    Scale,
    bar,
    line_height,
    mark,
    scale,
    sheet,
    shorten,
    stroke,
    text_width,
    theme_of,
    wrap,
    write,
)
from vunki_eval.report.figures.figure_block import figure_block, survey_source
from vunki_eval.report.figures.palette import DOWN, REST, SAME, UP, on
from vunki_eval.results.blocks import Figure
from vunki_eval.results.estimates import EstimateRow
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

LABELS = 46.0
TRACK = (52.0, 106.0)
SHARES = (115.0, WIDTH)
DIRECTIONS = {
    "down": (N_("fell"), DOWN),
    "same": (N_("stayed the same"), SAME),
    "up": (N_("rose"), UP),
    "rest": (N_("the others"), REST),
}
_SHAPES = {"pre": "o", "post": "o", "followup": "D"}


@dataclass(frozen=True, slots=True)
class OutcomeLevels:
    """An outcome's level in each wave and the shares of people who rose, stayed and fell.

    ``limits`` are the ends of the axis, ``texts`` the levels as printed; ``shares`` pairs a direction with its share.
    """

    outcome: str
    title: str
    limits: tuple[float, float]
    levels: dict[str, float]
    texts: dict[str, str]
    shares: tuple[tuple[str, float], ...]
    n: int | None


def collect_levels(view: ResultsView, outcomes: tuple[str, ...]) -> list[OutcomeLevels]:
    """Collect the outcomes whose level may be shown in at least two waves."""
    collected = []
    for key in outcomes:
        statistic = "median" if view.is_ratio(key) else "mean"
        level_rows = {w: view.number(key, statistic, w) for w in view.waves}
        levels = {w: float(row.estimate) for w, row in level_rows.items() if row is not None}
        if len(levels) < 2:
            continue
        texts = {w: view.level(key, w) for w in levels}
        share_rows = {direction: view.number(key, f"share_{direction}") for direction in ("down", "same", "up")}
        n = next((row.n for row in share_rows.values() if row is not None), None)
        limits, shares = _scale_limits(view, key, levels), _direction_shares(share_rows)
        collected.append(OutcomeLevels(key, view.title(key), limits, levels, texts, shares, n))
    return collected


def _direction_shares(rows: Mapping[str, EstimateRow | None]) -> tuple[tuple[str, float], ...]:
    """Return the shares that may be shown; suppressed ones are added up as the rest, in place of the first of them."""
    shares = {direction: float(row.estimate) for direction, row in rows.items() if row is not None}
    if not shares:
        return ()
    rest = 1 - sum(shares.values())
    return tuple(
        (d, shares[d]) if d in shares else ("rest", rest) for d in rows if d in shares or d == _first_hidden(rows)
    )


def _first_hidden(rows: Mapping[str, EstimateRow | None]) -> str:
    return next((direction for direction, row in rows.items() if row is None), "")


def dumbbells(results: Results, language: str, outcomes: tuple[str, ...] | None = None) -> Drawing:
    """Draw levels before and after, each on its own scale, and the shares of people who rose, stayed and fell."""
    view = view_results(results, language)
    return _draw(view, collect_levels(view, outcomes or view.primary))


def dumbbells_figure(
    results: Results, language: str, outcomes: tuple[str, ...] | None = None, name: str = "means", title: str = ""
) -> Figure | None:
    """Draw the chart with its title and notes; None when no outcome was measured twice."""
    view = view_results(results, language)
    rows = collect_levels(view, outcomes or view.primary)
    if not rows:
        return None
    return figure_block(
        _draw(view, rows),
        name,
        title=title or view.say._("Levels before and after, and how people's answers moved"),
        subtitle=view.say._(
            "Mean of everyone who answered in the wave (median for counts); shares of people with both answers"
        ),
        alt=_alt(view, rows),
        base=_base(view, rows),
        source=survey_source(view),
        data=_data(view, rows),
    )


def _scale_limits(view: ResultsView, key: str, levels: dict[str, float]) -> tuple[float, float]:
    low, high = view.outcomes[key].get("range") or (0, 1)
    if high - low > 20:
        top = max(levels.values()) * 1.25
        step = 5 if top > 10 else 2
        return 0.0, float(step * (int(top // step) + 1))
    return float(low), float(high)


def _draw(view: ResultsView, rows: list[OutcomeLevels]) -> Drawing:
    heights = [max(len(wrap(row.title, LABELS, NORMAL, 600)) * line_height(NORMAL) + 3, 14.0) for row in rows]
    top = 12.5 if any(row.shares for row in rows) else 8.0
    drawing, axes = sheet(top + sum(heights) + 0.5, theme=view.theme)
    _draw_legend(view, axes, rows)
    y = top
    for row, height in zip(rows, heights, strict=True):
        stroke(axes, (0, WIDTH), (y, y), theme_of(axes).hair, 0.5)
        lines = wrap(row.title, LABELS, NORMAL, 600)
        write(axes, 0, y + height / 2, "\n".join(lines), weight=600)
        _draw_levels(view, axes, y + height / 2 + 1, row)
        _draw_shares(view, axes, y + height / 2, row)
        y += height
    return drawing


def _draw_legend(view: ResultsView, axes: Axes, rows: list[OutcomeLevels]) -> None:
    x, waves = TRACK[0], [w for w in view.waves if any(w in row.levels for row in rows)]
    for wave in waves:
        name = shorten(view.wave(wave), (WIDTH - TRACK[0]) / len(waves) - 8)
        colour = theme_of(axes).wave_colours.get(wave, theme_of(axes).ink)
        mark(axes, x + 1.2, 3.2, _SHAPES.get(wave, "o"), colour, hollow=wave == "pre")
        write(axes, x + 3.6, 3.2, name, size=SMALL, colour=theme_of(axes).muted)
        x += 8 + text_width(name, SMALL)
    entries = _legend_entries(view, rows)
    x = min(SHARES[0], WIDTH - sum(5.6 + text_width(label, SMALL) for label, _ in entries))
    for label, colour in entries:
        bar(axes, x, 6.9, 2.6, 2.6, colour)
        write(axes, x + 3.4, 8.2, label, size=SMALL, colour=theme_of(axes).muted)
        x += 5.6 + text_width(label, SMALL)


def _legend_entries(view: ResultsView, rows: list[OutcomeLevels]) -> list[tuple[str, str]]:
    present = {direction for row in rows for direction, _ in row.shares}
    return [(view.say._(label), colour) for direction, (label, colour) in DIRECTIONS.items() if direction in present]


def _draw_levels(view: ResultsView, axes: Axes, y: float, row: OutcomeLevels) -> None:
    low, high = row.limits
    at = scale(low, high, TRACK[0] + 5, TRACK[1] - 6)
    stroke(axes, (at(low), at(high)), (y, y), theme_of(axes).hair, 1.0)
    for end, align, x in ((low, "right", at(low) - 1.4), (high, "left", at(high) + 1.4)):
        write(axes, x, y, view.say.count(end), size=SMALL, colour=theme_of(axes).muted, align=align)
    waves: list[str] = [w for w in ("pre", "post", "followup") if w in row.levels]
    if {"pre", "post"} <= set(waves):
        stroke(axes, (at(row.levels["pre"]), at(row.levels["post"])), (y, y), theme_of(axes).after, 2.2)
    for wave in waves:
        x, colour = at(row.levels[wave]), theme_of(axes).wave_colours.get(wave, theme_of(axes).ink)
        drop = 2.6 if wave == "followup" else 0.0
        mark(axes, x, y + drop, _SHAPES.get(wave, "o"), colour, hollow=wave == "pre", size=6.5)
    _draw_level_texts(axes, y, at, row, waves)


def _draw_level_texts(axes: Axes, y: float, at: Scale, row: OutcomeLevels, waves: list[str]) -> None:
    """Write the levels before and after above the line without overlap, and the follow-up's level below it."""
    above = [w for w in waves if w != "followup"]
    places = {w: at(row.levels[w]) for w in above}
    widths = {w: text_width(row.texts[w], SMALL, 600) for w in above}
    if len(above) == 2:
        first, second = sorted(above, key=lambda w: places[w])
        overlap = (widths[first] + widths[second]) / 2 + 1.6 - (places[second] - places[first])
        if overlap > 0:
            places[first] -= overlap / 2
            places[second] += overlap / 2
    colours = {"pre": theme_of(axes).muted, "post": theme_of(axes).after}
    for wave in above:
        colour = colours.get(wave, theme_of(axes).ink)
        write(axes, places[wave], y - 4.0, row.texts[wave], size=SMALL, weight=600, colour=colour, align="center")
    if "followup" in waves:
        x = at(row.levels["followup"])
        write(axes, x + 2.0, y + 2.8, row.texts["followup"], size=SMALL, weight=600, colour=theme_of(axes).followup)


def _draw_shares(view: ResultsView, axes: Axes, y: float, row: OutcomeLevels) -> None:
    if not row.shares:
        return
    x, full_width = SHARES[0], SHARES[1] - SHARES[0] - 12
    for direction, share in row.shares:
        width, colour = share * full_width, DIRECTIONS[direction][1]
        bar(axes, x, y - 3, width, 6, colour)
        label = view.say.percent(share)
        if share >= 0.05 and text_width(label, SMALL) + 1 < width:
            write(axes, x + width / 2, y, label, size=SMALL, colour=on(colour), align="center")
        x += width
    write(axes, WIDTH, y, f"n = {view.say.count(row.n or 0)}", size=SMALL, colour=theme_of(axes).muted, align="right")


def _alt(view: ResultsView, rows: list[OutcomeLevels]) -> str:
    say, parts = view.say, []
    for row in rows:
        levels = ", ".join(f"{view.wave(w)} {row.texts[w]}" for w in view.waves if w in row.levels)
        shares = "".join(f"; {say._(DIRECTIONS[direction][0])} {say.percent(share)}" for direction, share in row.shares)
        parts.append(f"{row.title}: {levels}{shares}.")
    return " ".join(parts)


def _base(view: ResultsView, rows: list[OutcomeLevels]) -> str:
    parts = []
    for wave in view.waves:
        levels = [view.number(r.outcome, "median" if view.is_ratio(r.outcome) else "mean", wave) for r in rows]
        numbers = sorted({int(level.n) for level in levels if level is not None and level.n})
        if numbers:
            parts.append(
                f"{view.wave(wave)} n = {'–'.join(view.say.count(n) for n in dict.fromkeys((numbers[0], numbers[-1])))}"
            )
    text = "; ".join(parts)
    return view.say._("{n}. The change itself is estimated person by person.", n=text) if text else ""


def _data(view: ResultsView, rows: list[OutcomeLevels]) -> list[list[str]]:
    say = view.say
    waves = [w for w in view.waves if any(w in row.levels for row in rows)]
    header = [
        say._("Outcome"),
        *(view.wave(w) for w in waves),
        *(say._(DIRECTIONS[w][0]) for w in ("down", "same", "up")),
        "n",
    ]
    body = []
    for row in rows:
        shares = dict(row.shares)
        moved = [
            say.percent(shares[w]) if w in shares else say.hidden if shares else say.no_data
            for w in ("down", "same", "up")
        ]
        n = say.count(row.n) if row.n else say.no_data
        body.append([row.title, *(row.texts.get(w, say.no_data) for w in waves), *moved, n])
    return [header, *body]
