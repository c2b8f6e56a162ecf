"""Would we conclude the same? The headline beside other reasonable ways to estimate it."""

from vunki_eval.report.figures.canvas import Drawing
from vunki_eval.report.figures.figure_block import figure_block, survey_source
from vunki_eval.report.figures.forest import Strip, draw_strips
from vunki_eval.report.tables.alternatives import WAYS, agrees, ways
from vunki_eval.results.blocks import Figure
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results


def sensitivity(results: Results, language: str) -> Drawing:
    """Draw the primary outcomes' estimates under other choices."""
    view = view_results(results, language)
    return draw_strips(view, view.primary, _strips(view))


def sensitivity_figure(results: Results, language: str, title: str = "") -> Figure | None:
    """Give the chart with its words, or None when there is only one way or none."""
    view = view_results(results, language)
    found = ways(view)
    if len(found) < 2:
        return None
    say = view.say
    return figure_block(
        draw_strips(view, view.primary, _strips(view)),
        "sensitivity",
        title=title or say._("The main estimates beside other reasonable choices"),
        subtitle=say._(
            "Change from before to after, scale points or ratio, with {level} intervals", level=_level(view)
        ),
        alt=_alt(view, found),
        base=say._(
            "Filled dot: main estimate. Grey band: change smaller than what matters. n of each row: see the table."
        ),
        source=survey_source(view),
        data=_data(view, found),
    )


def _level(view: ResultsView) -> str:
    return view.say.percent(view.meta.get("level", 0.95))


def _strips(view: ResultsView) -> list[Strip]:
    out = []
    for way in ways(view):
        rows = {key: row for key in view.primary if (row := view.number(key, way)) is not None}
        out.append(Strip(view.say._(WAYS[way]), rows, strong=way == "change"))
    return out


def _alt(view: ResultsView, found: list[str]) -> str:
    say, parts = view.say, []
    for key in view.primary:
        rows = [r for w in found[1:] if (r := view.number(key, w)) is not None]
        known = [a for r in rows if (a := agrees(view, key, r)) is not None]
        if known:
            same, total = say.count(sum(known)), say.count(len(known))
            parts.append(
                say._(
                    "{outcome}: {same} of {total} other estimates say the same",
                    outcome=view.title(key),
                    same=same,
                    total=total,
                )
            )
    return "; ".join(parts) + "."


def _data(view: ResultsView, found: list[str]) -> list[list[str]]:
    head = [view.say._("Estimate"), *(view.title(k) for k in view.primary)]
    rows = []
    for way in found:
        cells = [view.number(key, way) for key in view.primary]
        said = [view.change_text(k, c) if c else "–" for k, c in zip(view.primary, cells, strict=True)]
        rows.append([view.say._(WAYS[way]), *said])
    return [head, *rows]
