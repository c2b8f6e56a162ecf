"""Sensitivity analysis: the main estimates next to those of other reasonable choices."""

from vunki_eval.report.figures.canvas import Drawing
from vunki_eval.report.figures.figure_block import figure_block, survey_source
from vunki_eval.report.figures.forest_plot import ForestRow, draw_forest
from vunki_eval.report.tables.alternatives import ALTERNATIVES, agrees, alternatives
from vunki_eval.results.blocks import Figure
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results


def sensitivity(results: Results, language: str) -> Drawing:
    """Draw the estimates of the primary outcomes under other analysis choices."""
    view = view_results(results, language)
    return draw_forest(view, view.primary, _rows(view))


def sensitivity_figure(results: Results, language: str, title: str = "") -> Figure | None:
    """Draw the chart with its title and notes; None when there is no second estimate to compare with."""
    view = view_results(results, language)
    statistics = alternatives(view)
    if len(statistics) < 2:
        return None
    say = view.say
    return figure_block(
        draw_forest(view, view.primary, _rows(view)),
        "sensitivity",
        title=title or say._("The main estimates beside other reasonable choices"),
        subtitle=say._(
            "Change from before to after, scale points or ratio, with {level} intervals", level=_level(view)
        ),
        alt=_alt(view, statistics),
        base=say._(
            "Filled dot: main estimate. Grey band: change smaller than what matters. n of each row: see the table."
        ),
        source=survey_source(view),
        data=_data(view, statistics),
    )


def _level(view: ResultsView) -> str:
    return view.say.percent(view.meta.get("level", 0.95))


def _rows(view: ResultsView) -> list[ForestRow]:
    rows = []
    for statistic in alternatives(view):
        estimates = {key: row for key in view.primary if (row := view.number(key, statistic)) is not None}
        rows.append(ForestRow(view.say._(ALTERNATIVES[statistic]), estimates, strong=statistic == "change"))
    return rows


def _alt(view: ResultsView, statistics: list[str]) -> str:
    say, parts = view.say, []
    for key in view.primary:
        rows = [r for w in statistics[1:] if (r := view.number(key, w)) is not None]
        agreements = [a for r in rows if (a := agrees(view, key, r)) is not None]
        if agreements:
            same, total = say.count(sum(agreements)), say.count(len(agreements))
            parts.append(
                say._(
                    "{outcome}: {same} of {total} other estimates say the same",
                    outcome=view.title(key),
                    same=same,
                    total=total,
                )
            )
    return "; ".join(parts) + "."


def _data(view: ResultsView, statistics: list[str]) -> list[list[str]]:
    header = [view.say._("Estimate"), *(view.title(k) for k in view.primary)]
    rows = []
    for statistic in statistics:
        cells = [view.number(key, statistic) for key in view.primary]
        texts = [view.change_text(k, c) if c else "–" for k, c in zip(view.primary, cells, strict=True)]
        rows.append([view.say._(ALTERNATIVES[statistic]), *texts])
    return [header, *rows]
