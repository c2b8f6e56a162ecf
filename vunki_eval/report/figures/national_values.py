"""Our participants beside the country: means of the same questions in a national survey, as context."""

from collections.abc import Sequence
from typing import Any

from vunki_eval.report.figures.canvas import (
    NORMAL,
    SMALL,
    WIDTH,
    Drawing,
    line_height,
    mark,
    paint,
    scale,
    sheet,
    stroke,
    wrap,
    write,
)
from vunki_eval.report.figures.figure_block import figure_block
from vunki_eval.results.blocks import Figure
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, Row, view_results

LEFT, ROW, APART = 62.0, 7.0, 5.0


def national(results: Results, language: str) -> Drawing:
    """Draw our means with their intervals above the national ones, question by question."""
    view = view_results(results, language)
    return _draw(view, _rows(view))


def national_figure(results: Results, language: str) -> Figure | None:
    """Give the chart with its words, or None where there is nothing to compare or the values are switched off."""
    view = view_results(results, language)
    rows, say = _rows(view), view.say
    if not rows:
        return None
    data, said = [[say._("Question"), say._("Who"), say._("Mean"), say._("Interval"), "n", say._("Source")]], []
    for code, own, wave, others in rows:
        ours = say._("participants, {wave}", wave=view.wave(wave))
        data.append([view.item(code), ours, *_numbers(view, own), "–"])
        parts = [f"{ours} {say.number(own['estimate'], 2)}"]
        for b in others:
            data.append([view.item(code), _who(view, b), *_numbers(view, {**b, "estimate": b["mean"]}), b["source"]])
            parts.append(f"{_who(view, b)} {say.number(b['mean'], 2)}")
        said.append(f"{view.item(code)}: {'; '.join(parts)}")
    sources = dict.fromkeys(str(b["source"]) for _, _, _, others in rows for b in others)
    return figure_block(
        _draw(view, rows),
        "benchmarks",
        title=say._("Participants beside the country: context, not a comparison group"),
        subtitle=say._("Mean of each question from 0 to 10; whiskers: confidence interval, where one is known"),
        alt=". ".join(said) + ".",
        base=caveat(view),
        source="; ".join(sources),
        data=data,
    )


def caveat(view: ResultsView) -> str:
    """Say what the values beside ours can and cannot tell."""
    return view.say._(
        "Participants chose to come; the national survey is a random sample of all residents, in other years and by "
        "interview. A difference says nothing about the event."
    )


def _rows(view: ResultsView) -> list[tuple[str, Row, str, list[dict[str, Any]]]]:
    """Collect items with a mean of ours before the event and at least one national value."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in view.meta.get("benchmarks", ()):
        if entry["mean"] is not None:
            found.setdefault(entry["item"], []).append(entry)
    rows = []
    for code, others in found.items():
        wave = next((w for w in view.waves if view.number(code, "mean", w)), "")
        own = view.number(code, "mean", wave) if wave else None
        if own is not None:
            rows.append((code, own, wave, sorted(others, key=lambda b: b["round"])))
    return rows


def _who(view: ResultsView, entry: dict[str, Any]) -> str:
    say = view.say
    kind = say._("weighted") if entry["weighting"] == "weighted" else say._("unweighted")
    return say._(
        "{survey} {country} {year} (round {round}, {kind})",
        survey=entry["survey"],
        country=entry["country"],
        year=str(entry["year"]),
        round=str(entry["round"]),
        kind=kind,
    )


def _numbers(view: ResultsView, row: Any) -> tuple[str, str, str]:
    say = view.say
    limits = say.between(row["low"], row["high"], 2) if row["low"] is not None and row["high"] is not None else "–"
    return say.number(row["estimate"], 2), limits, say.count(row["n"]) if row["n"] else "–"


def _draw(view: ResultsView, rows: Sequence[tuple[str, Row, str, list[dict[str, Any]]]]) -> Drawing:
    heads = [wrap(view.item(code, full=True), WIDTH - 2, NORMAL, 600) for code, *_ in rows]
    high = sum(
        len(h) * line_height(NORMAL) + 2 + ROW * (1 + len(r[3])) + APART for h, r in zip(heads, rows, strict=True)
    )
    drawing, axes = sheet(high + 6, theme=view.theme)
    at = scale(0, 10, LEFT, WIDTH - 12)
    y = 1.0
    for head, (_, own, wave, others) in zip(heads, rows, strict=True):
        write(axes, 0, y, "\n".join(head), weight=600, vertical="top")
        y += len(head) * line_height(NORMAL) + 2
        lines = [(view.say._("participants, {wave}", wave=view.wave(wave)), {**own, "mean": own["estimate"]}, True)]
        lines += [(_who(view, b), b, False) for b in others]
        for label, row, ours in lines:
            middle, colour = y + ROW / 2, paint(axes).after if ours else paint(axes).muted
            write(axes, LEFT - 3, middle, label, size=SMALL if not ours else NORMAL, align="right")
            stroke(axes, (LEFT, WIDTH - 12), (middle, middle), paint(axes).hair, 0.4)
            if row["low"] is not None and row["high"] is not None:
                stroke(axes, (at(row["low"]), at(row["high"])), (middle, middle), colour, 1.4)
            mark(axes, at(row["mean"]), middle, "o" if ours else "D", colour, size=6 if ours else 5)
            write(axes, WIDTH, middle, view.say.number(row["mean"], 2), weight=600 if ours else 400, align="right")
            y += ROW
        y += APART
    for value in (0, 5, 10):
        write(axes, at(value), y - 1, view.say.count(value), size=SMALL, colour=paint(axes).muted, align="center")
    return drawing
