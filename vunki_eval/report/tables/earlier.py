"""What changed since the last report: the main numbers then and now."""

from typing import Any

from vunki_eval.language import N_
from vunki_eval.report.tables.public_facts import indicator_value
from vunki_eval.results.blocks import Column, Table
from vunki_eval.results.estimates import EstimateRow
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

COUNTS = {
    "registered": N_("People registered"),
    "attended": N_("People who came"),
    "usable_pre": N_("Usable answers before the event"),
    "usable_post": N_("Usable answers after the event"),
    "linked_post": N_("People with both answers linked"),
}


def earlier_table(results: Results, language: str) -> Table | None:
    """Tabulate the main numbers that differ from those of the last report; None when there is no last report.

    A signed report is compared with the last signed one.
    """
    view = view_results(results, language)
    reports: dict[str, Any] = view.meta.get("earlier") or {}
    before = reports.get("signed") if view.meta.get("signed") else reports.get("last")
    if not before:
        return None
    say = view.say
    rows = [*_changes(view, before["changes"]), *_counts(view, before["counts"]), *_indicators(view, before)]
    if not rows:
        return None
    columns = (
        Column(say._("What"), wide=True),
        Column(say._("Last report"), "right"),
        Column(say._("Now"), "right"),
        Column(say._("n then"), "right"),
        Column(say._("n now"), "right"),
    )
    note = say._("{mark} not shown, since the two reports differ by few people.", mark=say.hidden)
    shown = note if any(say.hidden in r for r in rows) else ""
    return Table("earlier", say._("What changed since the last report"), columns, tuple(rows), shown)


def _changes(view: ResultsView, before: dict[str, dict[str, Any]]) -> list[tuple[str, ...]]:
    """Make the rows of primary outcomes whose change differs from the last report's."""
    rows: list[tuple[str, ...]] = []
    for outcome in view.primary:
        now, then = view.number(outcome, "change"), before.get(outcome)
        if then is None:
            continue
        old_row = EstimateRow(outcome, "post", "change", **then)
        old = view.say.hidden if old_row.estimate is None else view.change_text(outcome, old_row)
        new = view.say.no_data if now is None else view.change_text(outcome, now)
        n_then = "–" if then["n"] is None else view.say.count(then["n"])
        n_now = "–" if now is None or now.n is None else view.say.count(now.n)
        if (old, n_then) != (new, n_now):
            rows.append((view.title(outcome), old, new, n_then, n_now))
    return rows


def _counts(view: ResultsView, before: dict[str, Any]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for key, then in before.items():
        now, title = view.fact(key), COUNTS[key.removesuffix("_total")]
        value = None if now is None else now["value"]
        if value != then:
            new = view.say.no_data if value is None else view.say.count(value)
            rows.append((view.say._(title), view.say.count(then), new, "–", "–"))
    return rows


def _indicators(view: ResultsView, before: dict[str, Any]) -> list[tuple[str, ...]]:
    """Make the rows of indicators whose value differs from the last report's."""
    rows: list[tuple[str, ...]] = []
    for row in view.rows("indicators"):
        then = before["indicators"].get(row["key"])
        if row["key"] in before["indicators"] and then != row["actual"]:
            old = indicator_value(view, {**row, "actual": then}, "actual")
            rows.append((view.say.pick(row["title"]), old, indicator_value(view, row, "actual"), "–", "–"))
    return rows
