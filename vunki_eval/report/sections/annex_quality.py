"""The annex on data quality, in counts: what was read, changed and left out."""

from collections import Counter
from typing import Any

from vunki_eval.language import N_
from vunki_eval.report.commentary import Commentary
from vunki_eval.report.sections.frame import absent, build, text
from vunki_eval.results.blocks import Column, Section, Table
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

RULES = {
    "ambiguous_link": N_("Codes that fit several people: left unlinked"),
    "code_spelling": N_("Elements of codes written in another way: made alike"),
    "time_unread": N_("Times that cannot be read: left blank"),
    "number_spelling": N_("Numbers written in another way: made alike"),
    "at_most": N_("Answers that contradict another answer: left out"),
    "excluded_by_decision": N_("Rows left out by a decision of the evaluator"),
    "excluded_duplicate": N_("Rows left out because the person answered twice"),
    "excluded_empty": N_("Rows without answers"),
    "excluded_consent": N_("Rows without consent"),
    "excluded_test_row": N_("Test rows"),
    "edited_by_decision": N_("Answers corrected by a decision of the evaluator"),
}


def annex_quality(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the annex on data quality; counts below the threshold are masked."""
    view = view_results(results, language)
    say = view.say
    title, counts = say._("Data quality: what was changed or left out"), _log(view)
    inputs = view.meta.get("inputs", [])
    if not inputs and not counts:
        return build(view, "quality", title, [absent(view)], commentary, part="annex")
    read = say._(
        "Files read: {files}, with {rows} rows in all.",
        files=say.count(len(inputs)),
        rows=say.count(sum(int(i["rows"]) for i in inputs)),
    )
    log = say._("Every change beyond plain coding of labels stands in a private log with file, row and rule.")
    rows = tuple(
        (say._(RULES[k]) if k in RULES else k.replace("_", " "), _masked_count(view, n))
        for k, n in sorted(counts.items())
    )
    table = None
    if rows:
        columns = (Column(say._("What was done"), wide=True), Column(say._("How often"), "right"))
        table = Table("quality", say._("Changes made while cleaning and linking"), columns, rows)
    return build(view, "quality", title, [text(read, log), table, text(_links(view))], commentary, part="annex")


def _log(view: ResultsView) -> Counter[str]:
    """Count the log's entries by rule, for an event or for all events together."""
    quality: dict[str, Any] = view.meta.get("quality", {})
    logs = (
        [quality.get("log", {})]
        if "log" in quality
        else [q.get("log", {}) for q in quality.values() if isinstance(q, dict)]
    )
    counted: Counter[str] = Counter()
    for log in logs:
        counted.update({k: int(n) for k, n in log.items()})
    return counted


def _masked_count(view: ResultsView, n: int) -> str:
    threshold = int(view.meta.get("threshold", 5))
    return view.say._("fewer than {t}", t=view.say.count(threshold)) if 0 < n < threshold else view.say.count(n)


def _links(view: ResultsView) -> str:
    row, say = view.row("response", "false_link_share", ""), view.say
    if row is None or row.status != "ok" or row.estimate is None:
        return ""
    share = row.estimate
    share_text = say._("below {share}", share=say.percent(0.001, 1)) if share < 0.001 else say.percent(share, 1)
    return say._("Expected share of wrong links: {share}.", share=share_text)
