"""Means of the participants next to those of a national survey with the same questions, as context."""

from collections.abc import Sequence
from typing import Any

from vunki_eval.report.figures.canvas import (
    NORMAL,
    SMALL,
    WIDTH,
    Drawing,
    line_height,
    mark,
    scale,
    sheet,
    stroke,
    theme_of,
    wrap,
    write,
)
from vunki_eval.report.figures.figure_block import figure_block
from vunki_eval.results.blocks import Figure
from vunki_eval.results.estimates import EstimateRow
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

LEFT, ROW, QUESTION_GAP = 62.0, 7.0, 5.0


def national(results: Results, language: str) -> Drawing:
    """Draw the participants' means and intervals above the national ones, question by question."""
    view = view_results(results, language)
    return _draw(view, _rows(view))


def national_figure(results: Results, language: str) -> Figure | None:
    """Draw the chart with its title and notes; None without national values to compare with."""
    view = view_results(results, language)
    rows, say = _rows(view), view.say
    if not rows:
        return None
    data, sentences = [[say._("Question"), say._("Who"), say._("Mean"), say._("Interval"), "n", say._("Source")]], []
    for code, our_row, wave, national_rows in rows:
        ours = say._("participants, {wave}", wave=view.wave(wave))
        numbers = _numbers(view, our_row.estimate, our_row.low, our_row.high, our_row.n)
        data.append([view.item(code), ours, *numbers, "–"])
        parts = [f"{ours} {say.number(our_row.estimate, 2)}"]
        for benchmark in national_rows:
            data.append(
                [
                    view.item(code),
                    _survey_label(view, benchmark),
                    *_numbers(view, *(benchmark[k] for k in ("mean", "low", "high", "n"))),
                    benchmark["source"],
                ]
            )
            parts.append(f"{_survey_label(view, benchmark)} {say.number(benchmark['mean'], 2)}")
        sentences.append(f"{view.item(code)}: {'; '.join(parts)}")
    sources = dict.fromkeys(str(benchmark["source"]) for _, _, _, national_rows in rows for benchmark in national_rows)
    return figure_block(
        _draw(view, rows),
        "benchmarks",
        title=say._("Participants beside the country: context, not a comparison group"),
        subtitle=say._("Mean of each question from 0 to 10; whiskers: confidence interval, where one is known"),
        alt=". ".join(sentences) + ".",
        base=caveat(view),
        source="; ".join(sources),
        data=data,
    )


def caveat(view: ResultsView) -> str:
    """Say what a comparison with the national values can and cannot show."""
    return view.say._(
        "Participants chose to come; the national survey is a random sample of all residents, in other years and by "
        "interview. A difference says nothing about the event."
    )


def _rows(view: ResultsView) -> list[tuple[str, EstimateRow, str, list[dict[str, Any]]]]:
    """Collect the items with a mean of the participants and at least one national value.

    The mean is that of the first wave that has one.
    """
    by_item: dict[str, list[dict[str, Any]]] = {}
    for entry in view.meta.get("benchmarks", ()):
        if entry["mean"] is not None:
            by_item.setdefault(entry["item"], []).append(entry)
    rows = []
    for code, national_rows in by_item.items():
        wave = next((w for w in view.waves if view.number(code, "mean", w)), "")
        our_row = view.number(code, "mean", wave) if wave else None
        if our_row is not None:
            rows.append((code, our_row, wave, sorted(national_rows, key=lambda b: b["round"])))
    return rows


def _survey_label(view: ResultsView, entry: dict[str, Any]) -> str:
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


def _numbers(view: ResultsView, mean: float, low: float | None, high: float | None, n: int) -> tuple[str, str, str]:
    say = view.say
    limits = say.between(low, high, 2) if low is not None and high is not None else "–"
    return say.number(mean, 2), limits, say.count(n) if n else "–"


def _draw(view: ResultsView, rows: Sequence[tuple[str, EstimateRow, str, list[dict[str, Any]]]]) -> Drawing:
    headings = [wrap(view.item(code, full=True), WIDTH - 2, NORMAL, 600) for code, *_ in rows]
    height = sum(
        len(heading) * line_height(NORMAL) + 2 + ROW * (1 + len(row[3])) + QUESTION_GAP
        for heading, row in zip(headings, rows, strict=True)
    )
    drawing, axes = sheet(height + 6, theme=view.theme)
    at = scale(0, 10, LEFT, WIDTH - 12)
    y = 1.0
    for heading, (_, our_row, wave, national_rows) in zip(headings, rows, strict=True):
        write(axes, 0, y, "\n".join(heading), weight=600, vertical="top")
        y += len(heading) * line_height(NORMAL) + 2
        ours = {"mean": our_row.estimate, "low": our_row.low, "high": our_row.high}
        lines = [(view.say._("participants, {wave}", wave=view.wave(wave)), ours, True)]
        lines += [(_survey_label(view, benchmark), benchmark, False) for benchmark in national_rows]
        for label, row, is_ours in lines:
            middle, colour = y + ROW / 2, theme_of(axes).after if is_ours else theme_of(axes).muted
            write(axes, LEFT - 3, middle, label, size=NORMAL if is_ours else SMALL, align="right")
            stroke(axes, (LEFT, WIDTH - 12), (middle, middle), theme_of(axes).hair, 0.4)
            if row["low"] is not None and row["high"] is not None:
                stroke(axes, (at(row["low"]), at(row["high"])), (middle, middle), colour, 1.4)
            mark(axes, at(row["mean"]), middle, "o" if is_ours else "D", colour, size=6 if is_ours else 5)
            write(axes, WIDTH, middle, view.say.number(row["mean"], 2), weight=600 if is_ours else 400, align="right")
            y += ROW
        y += QUESTION_GAP
    for value in (0, 5, 10):
        write(axes, at(value), y - 1, view.say.count(value), size=SMALL, colour=theme_of(axes).muted, align="center")
    return drawing
