"""Differences between groups, shown only where groups are large enough."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.by_group import groups_figure
from vunki_eval.report.sections.frame import absent, build, subtitle, text
from vunki_eval.report.tables import groups_table
from vunki_eval.report.tables.alternatives import DIFFERENCE, group_values, side, variables
from vunki_eval.results.blocks import Block, Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

FIRST = ("PR1", "PR3", "PR2", "PR5")
MOST_VARIABLES = 2  # profile items in print; those whose groups differ come first


def groups(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on groups."""
    view = view_results(results, language)
    say = view.say
    available = variables(view)
    ordered = [v for v in FIRST if v in available] + [v for v in available if v not in FIRST]
    shown = [
        v
        for v in ordered
        if any(view.number(k, "change_pairs", group=g) for k in view.primary for g in group_values(view, v))
    ]
    if not shown:
        reason = say._("No group is large enough for its change to be shown.")
        return build(
            view, "groups", say._("Groups: too few people to compare them"), [absent(view, reason)], commentary
        )
    shown.sort(key=lambda v: not _differ(view, [v]))
    blocks: list[Block | None] = [text(_caution(view)), text(_left_out(view, shown[MOST_VARIABLES:]))]
    for variable in shown[:MOST_VARIABLES]:
        title = say._("Change by group: {variable}", variable=view.item(variable))
        blocks.append(groups_figure(results, language, variable, title))
        if variable == shown[0]:
            blocks.append(groups_table(results, language, variable))
    return build(
        view,
        "groups",
        _title(view, shown),
        blocks,
        commentary,
        subtitle=subtitle(view, say._("Change in the main outcomes by group")),
    )


def _title(view: ResultsView, shown: list[str]) -> str:
    if _differ(view, shown):
        return view.say._("A few groups differ from the others; treat this as a question")
    return view.say._("No clear differences between groups in how answers changed")


def _differ(view: ResultsView, variables: list[str]) -> bool:
    rows = [
        (outcome, row)
        for variable in variables
        for group in group_values(view, variable)
        for outcome in view.primary
        if (row := view.number(outcome, DIFFERENCE, group=group))
    ]
    return any(row.low is not None and side(view, outcome, row) for outcome, row in rows)


def _left_out(view: ResultsView, variables: list[str]) -> str:
    if not variables:
        return ""
    questions = ", ".join(view.item(v) for v in variables)
    return view.say._(
        "Changes by the groups of further questions stand in results.xlsx: {questions}.", questions=questions
    )


def _caution(view: ResultsView) -> str:
    mode = ((view.meta.get("event") or {}).get("actual") or {}).get("mode")
    caution = view.say._(
        "Groups are small and were not planned to be compared: with so many comparisons some differ by chance. "
        "Groups below the "
        "threshold are merged or kept back."
    )
    if mode == "online":
        caution += " " + view.say._(
            "Everybody took part online: a comparison with an event on site would also compare the years and the "
            "people."
        )
    return caution
