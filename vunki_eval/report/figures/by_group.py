"""Change by group, only where the groups are large enough to be shown."""

from vunki_eval.report.figures.canvas import TALLEST, Drawing, fitting
from vunki_eval.report.figures.figure_block import figure_block, not_all, survey_source
from vunki_eval.report.figures.forest import Strip, draw_strips, row_heights
from vunki_eval.report.tables.alternatives import CHANGE, group_values
from vunki_eval.results.blocks import Figure
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, Row, view_results


def groups(results: Results, language: str, variable: str = "PR1") -> Drawing:
    """Draw the primary outcomes' changes by the answers to a profile question."""
    view = view_results(results, language)
    keys = _outcomes(view, variable)
    return draw_strips(view, keys, _fitting(_strips(view, variable, keys)))


def groups_figure(results: Results, language: str, variable: str = "PR1", title: str = "") -> Figure | None:
    """Give the chart with its words, or None when no group is large enough."""
    view = view_results(results, language)
    keys = _outcomes(view, variable)
    if not keys:
        return None
    say, strips = view.say, _strips(view, variable, keys)
    shown = _fitting(strips)
    return figure_block(
        draw_strips(view, keys, shown),
        f"groups-{variable}",
        title=title or say._("Change by group: {variable}", variable=view.item(variable)),
        subtitle=say._("Change from before to after, people with both answers, scale points or ratio"),
        alt=_alt(view, keys, shown),
        base=" ".join(p for p in (_base(view), not_all(view, len(shown), len(strips))) if p),
        source=survey_source(view),
        data=_data(view, keys, strips),
    )


def _fitting(strips: list[Strip]) -> list[Strip]:
    return strips[: fitting(row_heights(strips), TALLEST - 30)]


def _outcomes(view: ResultsView, variable: str) -> list[str]:
    groups = group_values(view, variable)
    return [k for k in view.primary if any(view.number(k, CHANGE, group=g) for g in groups)]


def _strips(view: ResultsView, variable: str, keys: list[str]) -> list[Strip]:
    everybody = {k: r for k in keys if (r := view.number(k, CHANGE)) is not None}
    out = [Strip(view.say._("everybody"), everybody, strong=True)]
    for group in group_values(view, variable):
        cells: dict[str, Row | str] = {}
        for key in keys:
            row = view.number(key, CHANGE, group=group)
            kept = view.row(key, CHANGE, group=group)
            if row is not None:
                cells[key] = row
            elif kept is not None and kept["status"] == "suppressed":
                cells[key] = view.say.hidden
        out.append(Strip(view.answer(variable, group.partition("=")[2]), cells))
    return out


def _base(view: ResultsView) -> str:
    threshold = view.say.count(view.meta.get("threshold", 5))
    kept = view.say._("{mark} kept back: fewer than {t} people.", mark=view.say.hidden, t=threshold)
    return (
        kept
        + " "
        + view.say._("Dot without a line: fewer than 10 people, description only. n of each group: see the table.")
    )


def _alt(view: ResultsView, keys: list[str], strips: list[Strip]) -> str:
    parts = []
    for key in keys:
        said = [
            f"{s.label} {view.change_text(key, c)}"
            for s in strips
            if not isinstance(c := s.cells.get(key), str) and c is not None
        ]
        parts.append(f"{view.title(key)}: {', '.join(said)}.")
    return " ".join(parts)


def _data(view: ResultsView, keys: list[str], strips: list[Strip]) -> list[list[str]]:
    def cell(key: str, value: Row | str | None) -> str:
        if value is None or isinstance(value, str):
            return value or "–"
        return (
            f"{view.change_text(key, value)}; n = {view.say.count(value['n'])}"
            if value["n"]
            else view.change_text(key, value)
        )

    head = [view.say._("Group"), *(view.title(k) for k in keys)]
    return [head, *([s.label, *(cell(k, s.cells.get(k)) for k in keys)] for s in strips)]
