"""Indicators of the project: baseline, target, actual value, status, evidence and source."""

from collections import Counter

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.progress import bullets_figure
from vunki_eval.report.sections.frame import absent, build, text
from vunki_eval.report.tables import expected_results_table, facts_table, indicator_table
from vunki_eval.results.blocks import Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

REACHED = ("met", "mostly_met", "partly_met", "not_met")


def indicators(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on indicators."""
    view = view_results(results, language)
    say = view.say
    table = indicator_table(results, language)
    if table is None:
        return build(view, "indicators", say._("Indicators: none are entered"), [absent(view)], commentary)
    blocks = [
        expected_results_table(results, language),
        text(_unknown(view)),
        bullets_figure(results, language, say._("What was reached against the target")),
        table,
        facts_table(results, language),
    ]
    return build(view, "indicators", _title(view), blocks, commentary)


def _title(view: ResultsView) -> str:
    say, counted = view.say, Counter(r["status"] for r in view.rows("indicators"))
    total = sum(counted[s] for s in REACHED)
    if not total:
        return say._("No indicator with a target can be judged yet")
    return say._(
        "{k} of {n} judged indicators reached or mostly reached the target",
        k=say.count(counted["met"] + counted["mostly_met"]),
        n=say.count(total),
    )


def _unknown(view: ResultsView) -> str:
    say, rows = view.say, view.rows("indicators")
    missing = [say.pick(r["title"]) for r in rows if r["status"] == "no_data"]
    waiting = [say.pick(r["title"]) for r in rows if r["status"] == "not_due"]
    parts = []
    if missing:
        parts.append(say._("No data: {titles}.", titles="; ".join(missing)))
    if waiting:
        parts.append(say._("Not measured yet: {titles}.", titles="; ".join(waiting)))
    return " ".join(parts)
