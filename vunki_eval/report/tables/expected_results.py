"""The expected results of the project: each with its measure, its number, its status and the strength of evidence."""

from collections.abc import Mapping
from typing import Any

from vunki_eval.report.tables.public_facts import indicator_value
from vunki_eval.report.tables.terms import MARKS, REASONS, STRENGTHS, VERDICTS, term
from vunki_eval.results.blocks import Column, Table
from vunki_eval.results.results import Record, Results
from vunki_eval.results.view import ResultsView, view_results


def expected_results_table(results: Results, language: str) -> Table | None:
    """Tabulate the expected results of the project, a row each; None when none are declared."""
    view = view_results(results, language)
    say, verdicts = view.say, {str(r["outcome"]): r for r in view.rows("verdicts")}
    declared = view.meta.get("results", ())
    rows = []
    for result in declared:
        row = verdicts.get(f"result:{result['key']}")
        verdict = str(row["verdict"]) if row is not None else "no_data"
        mark = MARKS.get(verdict, "○")
        strength = term(view, STRENGTHS, (row["strength"] if row is not None else None) or "none")
        rows.append(
            (
                say.pick(result["title"], result["key"]),
                "; ".join(_numbers(view, result)) or say.no_data,
                f"{mark}\N{NO-BREAK SPACE}{term(view, VERDICTS, verdict)}",
                strength,
                _reasons(view, row),
            )
        )
    if not rows:
        return None
    columns = (
        Column(say._("Expected result"), wide=True),
        Column(say._("Measured by, and the number"), wide=True),
        Column(say._("Status")),
        Column(say._("Evidence")),
        Column(say._("What lowers it"), wide=True),
    )
    note = say._(
        "Evidence says how sure it is that the number is right for these people, never why it is so. Documented: a "
        "number with its source; reported: a number without one."
    )
    return Table("promises", say._("What the project promised, and what is known of it"), columns, tuple(rows), note)


def _numbers(view: ResultsView, result: Mapping[str, Any]) -> list[str]:
    """Write the numbers that measure a result: the changes of its outcomes, then its indicators and their targets."""
    texts = []
    for outcome in result["outcomes"]:
        if outcome in view.outcomes and (row := view.number(outcome, "change")) is not None:
            texts.append(f"{view.title(outcome)} {view.change_text(outcome, row)}, n = {view.say.count(row.n)}")
    indicators = {r["key"]: r for r in view.rows("indicators")}
    for key in result["indicators"]:
        indicator = indicators.get(key)
        if indicator is None:
            continue
        value = indicator_value(view, indicator, "actual")
        target = f" / {indicator_value(view, indicator, 'target')}" if indicator["target"] is not None else ""
        texts.append(f"{view.say.pick(indicator['title'])}: {value}{target}")
    return texts


def _reasons(view: ResultsView, row: Record | None) -> str:
    return "; ".join(term(view, REASONS, r) for r in (row["reasons"] or ())) or "–" if row is not None else "–"
