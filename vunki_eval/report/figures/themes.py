"""Themes of open answers as bars: how many answers hold each theme, question by question."""

from vunki_eval.report.figures.canvas import (
    NORMAL,
    SMALL,
    TALLEST,
    WIDTH,
    Drawing,
    bar,
    fitting,
    line_height,
    paint,
    sheet,
    wrap,
    write,
)
from vunki_eval.report.figures.figure_block import figure_block, not_all, survey_source
from vunki_eval.report.tables.public_facts import theme_title
from vunki_eval.results.blocks import Figure
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, Row, view_results

LEFT, RIGHT, LINE, GAP = 62.0, 16.0, 6.6, 4.0


def themes(results: Results, language: str, wave: str = "post") -> Drawing:
    """Draw how many answers of a wave hold each theme."""
    view = view_results(results, language)
    return _draw(view, _fitting(view, shown_themes(view, wave)))


def themes_figure(results: Results, language: str, wave: str = "post", title: str = "") -> Figure | None:
    """Give the chart with its words, or None when no theme of the wave may be shown."""
    view = view_results(results, language)
    found, say = shown_themes(view, wave), view.say
    if not found:
        return None
    said, body = [], []
    for item, rows in found.items():
        listed = ", ".join(f"{theme_title(view, r['theme'])} {say.count(r['n'])}" for r in rows)
        said.append(f"{view.item(item)}: {listed}")
        body += [[view.item(item), theme_title(view, r["theme"]), say.count(r["n"])] for r in rows]
    bases = [
        say._("{question} n = {n}", question=view.item(item), n=say.count(base["n"]))
        for item in found
        if (base := view.number(item, "answers_coded", wave)) is not None
    ]
    shown = _fitting(view, found)
    drawn = not_all(view, sum(map(len, shown.values())), sum(map(len, found.values())))
    note = " ".join(p for p in (say._("Themes that few answers hold, or all but a few, are not drawn."), drawn) if p)
    return figure_block(
        _draw(view, shown),
        "themes",
        title=title or say._("What people wrote about"),
        subtitle=say._("Number of answers that hold the theme; asked: {wave}", wave=view.wave(wave)),
        alt="; ".join(said) + ".",
        base=f"{'; '.join(bases)}. {note}" if bases else note,
        source=survey_source(view),
        data=[[say._("Question"), say._("Theme"), "n"], *body],
    )


def shown_themes(view: ResultsView, wave: str) -> dict[str, list[Row]]:
    """Give themes with a number that may be shown, most frequent first, by question."""
    found: dict[str, list[Row]] = {}
    for row in sorted(view.rows("themes", wave=wave), key=lambda r: (r["item"], -(r["n"] or 0))):
        if row["status"] == "ok" and row["n"]:
            found.setdefault(row["item"], []).append(row)
    return found


def _titles(view: ResultsView, rows: list[Row]) -> list[list[str]]:
    return [wrap(theme_title(view, r["theme"]), LEFT - 3, most=2) for r in rows]


def _heights(titles: list[list[str]]) -> list[float]:
    return [max(LINE, len(t) * line_height(NORMAL) + 1.4) for t in titles]


def _fitting(view: ResultsView, found: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Give the most frequent themes of each question, as many as a page holds."""
    room = TALLEST / max(len(found), 1) - 12
    return {item: rows[: fitting(_heights(_titles(view, rows)), room)] for item, rows in found.items()}


def _draw(view: ResultsView, found: dict[str, list[Row]]) -> Drawing:
    heads = {i: wrap(view.item(i, full=True), WIDTH - 2, NORMAL, 600, most=2) for i in found}
    high = sum(len(h) * line_height(NORMAL) + 2.4 + GAP for h in heads.values())
    high += sum(sum(_heights(_titles(view, rows))) for rows in found.values())
    drawing, axes = sheet(max(high - GAP + 1, 10), theme=view.theme)
    most = max([1, *(int(r["n"]) for rows in found.values() for r in rows)])
    y = 1.0
    for item, rows in found.items():
        write(axes, 0, y, "\n".join(heads[item]), weight=600, vertical="top")
        y += len(heads[item]) * line_height(NORMAL) + 2.4
        titles = _titles(view, rows)
        for row, lines, step in zip(rows, titles, _heights(titles), strict=True):
            middle = y + step / 2
            write(axes, LEFT - 2, middle, "\n".join(lines), align="right")
            width = int(row["n"]) / most * (WIDTH - LEFT - RIGHT)
            bar(axes, LEFT, middle - 2.2, width, 4.4, paint(axes).after)
            write(axes, LEFT + width + 1.5, middle, view.say.count(row["n"]), size=SMALL, weight=600)
            y += step
        y += GAP
    return drawing
