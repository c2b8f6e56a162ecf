"""How likely people are to recommend the event: the whole distribution of answers, not a single score."""

from vunki_eval.report.figures.canvas import WIDTH, Drawing, bar, sheet, stroke, text_width, theme_of, write
from vunki_eval.report.figures.figure_block import figure_block, survey_source
from vunki_eval.results.blocks import Figure
from vunki_eval.results.results import Record, Results
from vunki_eval.results.view import ResultsView, view_results

MAX_LABELS, ROW = 52.0, 7.4


def ratings(results: Results, language: str, item: str = "SA2", wave: str = "post") -> Drawing:
    """Draw the distribution of a rating, the highest answers first."""
    view = view_results(results, language)
    return _draw(view, item, _rows(view, item, wave))


def ratings_figure(
    results: Results, language: str, item: str = "SA2", wave: str = "post", title: str = "", name: str = "recommend"
) -> Figure | None:
    """Draw the chart with its title and notes; None when nobody answered or no answer may be shown."""
    view = view_results(results, language)
    rows, say = _rows(view, item, wave), view.say
    if not any(r["status"] == "ok" for r in rows):
        return None
    parts = [f"{_label(view, item, r['answer'])}: {_share(view, r)}" for r in rows]
    body = [[_label(view, item, r["answer"]), _share(view, r), _n(view, r)] for r in rows]
    total = view.distribution(item, wave).get("total")
    n = say.count(total["n"]) if total is not None and total["n"] else say.no_data
    threshold = say.count(view.meta.get("threshold", 5))
    base = say._("n = {n}", n=n)
    if any(r["status"] != "ok" for r in rows):
        base += ". " + say._("{mark} kept back: fewer than {t} people.", mark=say.hidden, t=threshold)
    return figure_block(
        _draw(view, item, rows),
        name,
        title=title or view.item(item),
        subtitle=view.item(item, full=True),
        alt="; ".join(parts) + ".",
        base=base,
        source=survey_source(view),
        data=[[say._("Answer"), say._("Share"), "n"], *body],
    )


def _rows(view: ResultsView, item: str, wave: str) -> list[Record]:
    rows = [r for a, r in view.distribution(item, wave).items() if a not in ("total", "missing")]
    return sorted(rows, key=lambda r: -_first_answer(r["answer"]))


def _first_answer(answer: str) -> int:
    first = answer.partition("-")[0]
    return int(first) if first.isdigit() else -1


def _label(view: ResultsView, item: str, answer: str) -> str:
    first, _, last = answer.partition("-")
    return f"{first}–{last}" if last else view.answer(item, answer)


def _share(view: ResultsView, row: Record) -> str:
    return view.say.percent(row["share"]) if row["status"] == "ok" and row["share"] is not None else view.say.hidden


def _n(view: ResultsView, row: Record) -> str:
    return view.say.count(row["n"]) if row["status"] == "ok" and row["n"] is not None else view.say.hidden


def _draw(view: ResultsView, item: str, rows: list[Record]) -> Drawing:
    drawing, axes = sheet(ROW * len(rows) + 1, theme=view.theme)
    axis_end = max([0.5, *(float(r["share"]) for r in rows if r["status"] == "ok" and r["share"] is not None)])
    labels = [_label(view, item, row["answer"]) for row in rows]
    left = min(max([text_width(label) for label in labels] or [0.0]) + 2, MAX_LABELS)
    for k, (row, label) in enumerate(zip(rows, labels, strict=True)):
        y = k * ROW + 0.8
        write(axes, left - 2, y + 2.8, label, align="right")
        width = float(row["share"] or 0) / axis_end * (WIDTH - left - 14) if row["status"] == "ok" else 0.0
        bar(axes, left, y, width, 5.6, theme_of(axes).after)
        write(axes, left + width + 1.5, y + 2.8, _share(view, row), weight=600)
    stroke(axes, (left, left), (0.4, ROW * len(rows)), theme_of(axes).ink, 0.8)
    return drawing
