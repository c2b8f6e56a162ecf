"""Themes of open answers as bars: how many answers contain each theme, question by question."""

from vunki_eval.report.figures.canvas import (
    NORMAL,
    SMALL,
    TALLEST,
    WIDTH,
    Drawing,
    bar,
    count_fitting,
    line_height,
    sheet,
    theme_of,
    wrap,
    write,
)
from vunki_eval.report.figures.figure_block import figure_block, omission_note, survey_source
from vunki_eval.report.tables.public_facts import theme_title
from vunki_eval.results.blocks import Figure
from vunki_eval.results.results import Record, Results
from vunki_eval.results.view import ResultsView, view_results

LEFT, RIGHT, LINE, GAP = 62.0, 16.0, 6.6, 4.0


def themes(results: Results, language: str, wave: str = "post") -> Drawing:
    """Draw how many answers of a wave contain each theme."""
    view = view_results(results, language)
    return _draw(view, _themes_on_page(view, shown_themes(view, wave)))


def themes_figure(results: Results, language: str, wave: str = "post", title: str = "") -> Figure | None:
    """Draw the chart with its title and notes; None when no theme of the wave may be shown."""
    view = view_results(results, language)
    by_question, say = shown_themes(view, wave), view.say
    if not by_question:
        return None
    sentences, body = [], []
    for item, rows in by_question.items():
        listed = ", ".join(f"{theme_title(view, r['theme'])} {say.count(r['n'])}" for r in rows)
        sentences.append(f"{view.item(item)}: {listed}")
        body += [[view.item(item), theme_title(view, r["theme"]), say.count(r["n"])] for r in rows]
    bases = [
        say._("{question} n = {n}", question=view.item(item), n=say.count(base.n))
        for item in by_question
        if (base := view.number(item, "answers_coded", wave)) is not None
    ]
    shown = _themes_on_page(view, by_question)
    omitted = omission_note(view, sum(map(len, shown.values())), sum(map(len, by_question.values())))
    note = " ".join(p for p in (say._("Themes that few answers hold, or all but a few, are not drawn."), omitted) if p)
    return figure_block(
        _draw(view, shown),
        "themes",
        title=title or say._("What people wrote about"),
        subtitle=say._("Number of answers that hold the theme; asked: {wave}", wave=view.wave(wave)),
        alt="; ".join(sentences) + ".",
        base=f"{'; '.join(bases)}. {note}" if bases else note,
        source=survey_source(view),
        data=[[say._("Question"), say._("Theme"), "n"], *body],
    )


def shown_themes(view: ResultsView, wave: str) -> dict[str, list[Record]]:
    """Return the themes whose count may be shown, by question, the most frequent first."""
    by_question: dict[str, list[Record]] = {}
    for row in sorted(view.rows("themes", wave=wave), key=lambda r: (r["item"], -(r["n"] or 0))):
        if row["status"] == "ok" and row["n"]:
            by_question.setdefault(row["item"], []).append(row)
    return by_question


def _titles(view: ResultsView, rows: list[Record]) -> list[list[str]]:
    return [wrap(theme_title(view, r["theme"]), LEFT - 3, max_lines=2) for r in rows]


def _heights(titles: list[list[str]]) -> list[float]:
    return [max(LINE, len(t) * line_height(NORMAL) + 1.4) for t in titles]


def _themes_on_page(view: ResultsView, by_question: dict[str, list[Record]]) -> dict[str, list[Record]]:
    """Return the most frequent themes of each question, as many as fit on a page."""
    height = TALLEST / max(len(by_question), 1) - 12
    return {item: rows[: count_fitting(_heights(_titles(view, rows)), height)] for item, rows in by_question.items()}


def _draw(view: ResultsView, by_question: dict[str, list[Record]]) -> Drawing:
    headings = {i: wrap(view.item(i, full=True), WIDTH - 2, NORMAL, 600, max_lines=2) for i in by_question}
    height = sum(len(lines) * line_height(NORMAL) + 2.4 + GAP for lines in headings.values())
    height += sum(sum(_heights(_titles(view, rows))) for rows in by_question.values())
    drawing, axes = sheet(max(height - GAP + 1, 10), theme=view.theme)
    largest = max([1, *(int(r["n"]) for rows in by_question.values() for r in rows)])
    y = 1.0
    for item, rows in by_question.items():
        write(axes, 0, y, "\n".join(headings[item]), weight=600, vertical="top")
        y += len(headings[item]) * line_height(NORMAL) + 2.4
        titles = _titles(view, rows)
        for row, lines, row_height in zip(rows, titles, _heights(titles), strict=True):
            middle = y + row_height / 2
            write(axes, LEFT - 2, middle, "\n".join(lines), align="right")
            width = int(row["n"]) / largest * (WIDTH - LEFT - RIGHT)
            bar(axes, LEFT, middle - 2.2, width, 4.4, theme_of(axes).after)
            write(axes, LEFT + width + 1.5, middle, view.say.count(row["n"]), size=SMALL, weight=600)
            y += row_height
        y += GAP
    return drawing
