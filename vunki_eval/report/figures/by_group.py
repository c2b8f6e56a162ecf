"""Change by group; groups that are too small to be shown carry the suppression mark."""

from vunki_eval.report.figures.canvas import TALLEST, Drawing, count_fitting
from vunki_eval.report.figures.figure_block import figure_block, omission_note, survey_source
from vunki_eval.report.figures.forest_plot import ForestRow, draw_forest, row_heights
from vunki_eval.report.tables.alternatives import CHANGE, group_values
from vunki_eval.results.blocks import Figure
from vunki_eval.results.estimates import EstimateRow
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results


def groups(results: Results, language: str, variable: str = "PR1") -> Drawing:
    """Draw the changes of the primary outcomes by the answers to a profile question."""
    view = view_results(results, language)
    keys = _outcomes(view, variable)
    return draw_forest(view, keys, _rows_on_page(_rows(view, variable, keys)))


def groups_figure(results: Results, language: str, variable: str = "PR1", title: str = "") -> Figure | None:
    """Draw the chart with its title and notes; None when no group is large enough."""
    view = view_results(results, language)
    keys = _outcomes(view, variable)
    if not keys:
        return None
    say, rows = view.say, _rows(view, variable, keys)
    shown = _rows_on_page(rows)
    return figure_block(
        draw_forest(view, keys, shown),
        f"groups-{variable}",
        title=title or say._("Change by group: {variable}", variable=view.item(variable)),
        subtitle=say._("Change from before to after, people with both answers, scale points or ratio"),
        alt=_alt(view, keys, shown),
        base=" ".join(p for p in (_base(view), omission_note(view, len(shown), len(rows))) if p),
        source=survey_source(view),
        data=_data(view, keys, rows),
    )


def _rows_on_page(rows: list[ForestRow]) -> list[ForestRow]:
    return rows[: count_fitting(row_heights(rows), TALLEST - 30)]


def _outcomes(view: ResultsView, variable: str) -> list[str]:
    groups = group_values(view, variable)
    return [k for k in view.primary if any(view.number(k, CHANGE, group=g) for g in groups)]


def _rows(view: ResultsView, variable: str, keys: list[str]) -> list[ForestRow]:
    everybody_cells = {k: r for k in keys if (r := view.number(k, CHANGE)) is not None}
    rows = [ForestRow(view.say._("everybody"), everybody_cells, strong=True)]
    for group in group_values(view, variable):
        cells: dict[str, EstimateRow | str] = {}
        for key in keys:
            row = view.number(key, CHANGE, group=group)
            published = view.row(key, CHANGE, group=group)
            if row is not None:
                cells[key] = row
            elif published is not None and published.status == "suppressed":
                cells[key] = view.say.hidden
        rows.append(ForestRow(view.answer(variable, group.partition("=")[2]), cells))
    return rows


def _base(view: ResultsView) -> str:
    threshold = view.say.count(view.meta.get("threshold", 5))
    mark_note = view.say._("{mark} kept back: fewer than {t} people.", mark=view.say.hidden, t=threshold)
    return (
        mark_note
        + " "
        + view.say._("Dot without a line: fewer than 10 people, description only. n of each group: see the table.")
    )


def _alt(view: ResultsView, keys: list[str], rows: list[ForestRow]) -> str:
    parts = []
    for key in keys:
        changes = [
            f"{row.label} {view.change_text(key, c)}"
            for row in rows
            if not isinstance(c := row.cells.get(key), str) and c is not None
        ]
        parts.append(f"{view.title(key)}: {', '.join(changes)}.")
    return " ".join(parts)


def _data(view: ResultsView, keys: list[str], rows: list[ForestRow]) -> list[list[str]]:
    def cell(key: str, value: EstimateRow | str | None) -> str:
        if value is None or isinstance(value, str):
            return value or "–"
        return (
            f"{view.change_text(key, value)}; n = {view.say.count(value.n)}"
            if value.n
            else view.change_text(key, value)
        )

    header = [view.say._("Group"), *(view.title(k) for k in keys)]
    return [header, *([row.label, *(cell(k, row.cells.get(k)) for k in keys)] for row in rows)]
