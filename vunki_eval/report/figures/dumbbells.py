"""Where outcomes stood before and after, and how many people rose, stayed or fell: dumbbells with bars beside them."""

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
    fitted,
    line_height,
    mark,
    paint,
    scale,
    sheet,
    stroke,
    text_width,
    wrap,
    write,
)
from vunki_eval.report.figures.figure_block import figure_block, survey_source
from vunki_eval.report.figures.palette import DOWN, REST, SAME, UP, on
from vunki_eval.results.blocks import Figure
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, Row, view_results

LABELS = 46.0
TRACK = (52.0, 106.0)
SHARES = (115.0, WIDTH)
MOVES = {
    "down": (N_("fell"), DOWN),
    "same": (N_("stayed the same"), SAME),
    "up": (N_("rose"), UP),
    "rest": (N_("the others"), REST),
}
_SHAPES = {"pre": "o", "post": "o", "followup": "D"}


@dataclass(frozen=True, slots=True)
class Standing:
    """An outcome's level per wave and the shares of people who rose, stayed and fell."""

    outcome: str
    title: str
    ends: tuple[float, float]
    levels: dict[str, float]
    words: dict[str, str]
    shares: tuple[tuple[str, float], ...]
    n: int | None


def standings(view: ResultsView, outcomes: tuple[str, ...]) -> list[Standing]:
    """Collect what may be drawn: outcomes whose level is known in at least two waves."""
    found = []
    for key in outcomes:
        statistic = "median" if view.is_ratio(key) else "mean"
        rows = {w: view.number(key, statistic, w) for w in view.waves}
        levels = {w: float(row["estimate"]) for w, row in rows.items() if row is not None}
        if len(levels) < 2:
            continue
        words = {w: view.level(key, w) for w in levels}
        rows = {way: view.number(key, f"share_{way}") for way in ("down", "same", "up")}
        n = next((row["n"] for row in rows.values() if row is not None), None)
        found.append(Standing(key, view.title(key), _ends(view, key, levels), levels, words, _moved(rows), n))
    return found


def _moved(rows: Mapping[str, Row | None]) -> tuple[tuple[str, float], ...]:
    """Give the shares that may be shown; what is kept back is drawn together, as the rest."""
    known = {way: float(row["estimate"]) for way, row in rows.items() if row is not None}
    if not known:
        return ()
    rest = 1 - sum(known.values())
    return tuple((w, known[w]) if w in known else ("rest", rest) for w in rows if w in known or w == _first_lack(rows))


def _first_lack(rows: Mapping[str, Row | None]) -> str:
    return next((way for way, row in rows.items() if row is None), "")


def dumbbells(results: Results, language: str, outcomes: tuple[str, ...] | None = None) -> Drawing:
    """Draw levels before and after, each on its own scale, with the shares of people who rose, stayed and fell."""
    view = view_results(results, language)
    return _draw(view, standings(view, outcomes or view.primary))


def dumbbells_figure(
    results: Results, language: str, outcomes: tuple[str, ...] | None = None, name: str = "means", title: str = ""
) -> Figure | None:
    """Give the chart with its words, or None when no outcome was measured twice."""
    view = view_results(results, language)
    found = standings(view, outcomes or view.primary)
    if not found:
        return None
    return figure_block(
        _draw(view, found),
        name,
        title=title or view.say._("Levels before and after, and how people's answers moved"),
        subtitle=view.say._(
            "Mean of everyone who answered in the wave (median for counts); shares of people with both answers"
        ),
        alt=_alt(view, found),
        base=_base(view, found),
        source=survey_source(view),
        data=_data(view, found),
    )


def _ends(view: ResultsView, key: str, levels: dict[str, float]) -> tuple[float, float]:
    low, high = view.outcomes[key].get("range") or (0, 1)
    if high - low > 20:
        top = max(levels.values()) * 1.25
        step = 5 if top > 10 else 2
        return 0.0, float(step * (int(top // step) + 1))
    return float(low), float(high)


def _draw(view: ResultsView, found: list[Standing]) -> Drawing:
    heights = [max(len(wrap(s.title, LABELS, NORMAL, 600)) * line_height(NORMAL) + 3, 14.0) for s in found]
    top = 12.5 if any(s.shares for s in found) else 8.0
    drawing, axes = sheet(top + sum(heights) + 0.5, theme=view.theme)
    _key(view, axes, found)
    y = top
    for standing, height in zip(found, heights, strict=True):
        stroke(axes, (0, WIDTH), (y, y), paint(axes).hair, 0.5)
        lines = wrap(standing.title, LABELS, NORMAL, 600)
        write(axes, 0, y + height / 2, "\n".join(lines), weight=600)
        _track(view, axes, y + height / 2 + 1, standing)
        _shares(view, axes, y + height / 2, standing)
        y += height
    return drawing


def _key(view: ResultsView, axes: Axes, found: list[Standing]) -> None:
    x, waves = TRACK[0], [w for w in view.waves if any(w in s.levels for s in found)]
    for wave in waves:
        name = fitted(view.wave(wave), (WIDTH - TRACK[0]) / len(waves) - 8)
        colour = paint(axes).wave_colours.get(wave, paint(axes).ink)
        mark(axes, x + 1.2, 3.2, _SHAPES.get(wave, "o"), colour, hollow=wave == "pre")
        write(axes, x + 3.6, 3.2, name, size=SMALL, colour=paint(axes).muted)
        x += 8 + text_width(name, SMALL)
    words = _moves(view, found)
    x = min(SHARES[0], WIDTH - sum(5.6 + text_width(said, SMALL) for said, _ in words))
    for said, colour in words:
        bar(axes, x, 6.9, 2.6, 2.6, colour)
        write(axes, x + 3.4, 8.2, said, size=SMALL, colour=paint(axes).muted)
        x += 5.6 + text_width(said, SMALL)


def _moves(view: ResultsView, found: list[Standing]) -> list[tuple[str, str]]:
    present = {way for s in found for way, _ in s.shares}
    return [(view.say._(word), colour) for way, (word, colour) in MOVES.items() if way in present]


def _track(view: ResultsView, axes: Axes, y: float, standing: Standing) -> None:
    low, high = standing.ends
    at = scale(low, high, TRACK[0] + 5, TRACK[1] - 6)
    stroke(axes, (at(low), at(high)), (y, y), paint(axes).hair, 1.0)
    for end, align, x in ((low, "right", at(low) - 1.4), (high, "left", at(high) + 1.4)):
        write(axes, x, y, view.say.count(end), size=SMALL, colour=paint(axes).muted, align=align)
    waves: list[str] = [w for w in ("pre", "post", "followup") if w in standing.levels]
    if {"pre", "post"} <= set(waves):
        stroke(axes, (at(standing.levels["pre"]), at(standing.levels["post"])), (y, y), paint(axes).after, 2.2)
    for wave in waves:
        x, colour = at(standing.levels[wave]), paint(axes).wave_colours.get(wave, paint(axes).ink)
        drop = 2.6 if wave == "followup" else 0.0
        mark(axes, x, y + drop, _SHAPES.get(wave, "o"), colour, hollow=wave == "pre", size=6.5)
    _values(axes, y, at, standing, waves)


def _values(axes: Axes, y: float, at: Scale, standing: Standing, waves: list[str]) -> None:
    """Write values of before and after above the track, apart from each other; the follow-up's below it."""
    above = [w for w in waves if w != "followup"]
    places = {w: at(standing.levels[w]) for w in above}
    widths = {w: text_width(standing.words[w], SMALL, 600) for w in above}
    if len(above) == 2:
        first, second = sorted(above, key=lambda w: places[w])
        lack = (widths[first] + widths[second]) / 2 + 1.6 - (places[second] - places[first])
        if lack > 0:
            places[first] -= lack / 2
            places[second] += lack / 2
    colours = {"pre": paint(axes).muted, "post": paint(axes).after}
    for wave in above:
        colour = colours.get(wave, paint(axes).ink)
        write(axes, places[wave], y - 4.0, standing.words[wave], size=SMALL, weight=600, colour=colour, align="center")
    if "followup" in waves:
        x = at(standing.levels["followup"])
        write(axes, x + 2.0, y + 2.8, standing.words["followup"], size=SMALL, weight=600, colour=paint(axes).followup)


def _shares(view: ResultsView, axes: Axes, y: float, standing: Standing) -> None:
    if not standing.shares:
        return
    x, room = SHARES[0], SHARES[1] - SHARES[0] - 12
    for way, share in standing.shares:
        width, colour = share * room, MOVES[way][1]
        bar(axes, x, y - 3, width, 6, colour)
        said = view.say.percent(share)
        if share >= 0.05 and text_width(said, SMALL) + 1 < width:
            write(axes, x + width / 2, y, said, size=SMALL, colour=on(colour), align="center")
        x += width
    write(axes, WIDTH, y, f"n = {view.say.count(standing.n or 0)}", size=SMALL, colour=paint(axes).muted, align="right")


def _alt(view: ResultsView, found: list[Standing]) -> str:
    say, parts = view.say, []
    for s in found:
        levels = ", ".join(f"{view.wave(w)} {s.words[w]}" for w in view.waves if w in s.levels)
        moved = "".join(f"; {say._(MOVES[way][0])} {say.percent(share)}" for way, share in s.shares)
        parts.append(f"{s.title}: {levels}{moved}.")
    return " ".join(parts)


def _base(view: ResultsView, found: list[Standing]) -> str:
    parts = []
    for wave in view.waves:
        rows = [view.number(s.outcome, "median" if view.is_ratio(s.outcome) else "mean", wave) for s in found]
        numbers = sorted({int(r["n"]) for r in rows if r is not None and r["n"]})
        if numbers:
            parts.append(
                f"{view.wave(wave)} n = {'–'.join(view.say.count(n) for n in dict.fromkeys((numbers[0], numbers[-1])))}"
            )
    text = "; ".join(parts)
    return view.say._("{n}. The change itself is estimated person by person.", n=text) if text else ""


def _data(view: ResultsView, found: list[Standing]) -> list[list[str]]:
    say = view.say
    waves = [w for w in view.waves if any(w in s.levels for s in found)]
    head = [
        say._("Outcome"),
        *(view.wave(w) for w in waves),
        *(say._(MOVES[w][0]) for w in ("down", "same", "up")),
        "n",
    ]
    rows = []
    for s in found:
        shares = dict(s.shares)
        moved = [
            say.percent(shares[w]) if w in shares else say.hidden if shares else say.no_data
            for w in ("down", "same", "up")
        ]
        n = say.count(s.n) if s.n else say.no_data
        rows.append([s.title, *(s.words.get(w, say.no_data) for w in waves), *moved, n])
    return [head, *rows]
