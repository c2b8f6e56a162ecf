"""Fill in the logframe: the number that each indicator reached, from the project file or from the results."""

from collections.abc import Iterable, Sequence
from typing import Any

from vunki_eval.analysis.evidence import indicator_status
from vunki_eval.analysis.public_facts import report_date
from vunki_eval.project.project import Indicator, Project
from vunki_eval.results.estimates import EVERYBODY, OK, EstimateRow, rows_of
from vunki_eval.results.results import Record, Results

WAVES = ("post", "followup", "pre", "")
FACT = "fact:"


def indicator_rows(
    project: Project,
    project_estimates: Iterable[EstimateRow],
    event_results: Sequence[Results],
    facts: Iterable[Record],
) -> list[Record]:
    """Make one row per indicator with its status; ``measured`` marks numbers from people's own answers.

    Parameters
    ----------
    project : Project
    project_estimates : iterable of EstimateRow
        Estimates of all events together, after disclosure control.
    event_results : sequence of Results
        Results of the events.
    facts : iterable of dict
        Facts of the project.
    """
    estimates, all_facts = list(project_estimates), list(facts)
    rows = []
    for indicator in project.config.indicators:
        actual = _actual(indicator, estimates, event_results, all_facts)
        rows.append({
            "key": indicator.key, "title": dict(indicator.title), "unit": dict(indicator.unit),
            "baseline": indicator.baseline, "target": indicator.target, "actual": actual,
            "status": indicator_status(indicator, actual, report_date(project)),
            "evidence": dict(indicator.evidence), "source": indicator.source, "date": indicator.date,
            "approximate": indicator.approximate,
            "measured": bool(indicator.statistic) and not indicator.statistic.startswith(FACT),
        })  # fmt: skip
    return rows


def _actual(
    indicator: Indicator,
    project_estimates: Sequence[EstimateRow],
    event_results: Sequence[Results],
    facts: Sequence[Record],
) -> float | None:
    """Look up the number that the indicator names; shares become percentages if its unit is a percentage."""
    if indicator.actual is not None or not indicator.statistic:
        return indicator.actual
    if indicator.statistic.startswith(FACT):
        value = _from_facts(indicator.statistic.removeprefix(FACT), event_results, facts)
    else:
        value = _from_estimates(indicator.statistic, project_estimates, event_results)
    percent = "%" in indicator.unit.values()
    return None if value is None else value * 100 if percent else value


def _from_facts(key: str, event_results: Sequence[Results], facts: Sequence[Record]) -> float | None:
    """Look up a fact of the project, else sum it over the events; unknown if any event's number is."""
    for name in (key, f"{key}_total"):
        own_values = [f["value"] for f in facts if f["key"] == name]
        if own_values:
            return _number(own_values[0])
    values = [
        _number(v)
        for result in event_results
        for k, v in zip(result.facts["key"], result.facts["value"], strict=True)
        if k == key
    ]
    return sum(v for v in values if v is not None) if values and None not in values else None


def _from_estimates(
    statistic: str, project_estimates: Sequence[EstimateRow], event_results: Sequence[Results]
) -> float | None:
    """Look up the estimate over all events, else that of the only event that has one."""
    outcome, _, name = statistic.partition(".")
    estimate = _first_estimate(project_estimates, outcome, name)
    if estimate is not None:
        return estimate
    events = [_first_estimate(rows_of(result.estimates), outcome, name) for result in event_results]
    available = [v for v in events if v is not None]
    return available[0] if len(available) == 1 else None


def _first_estimate(rows: Sequence[EstimateRow], outcome: str, statistic: str) -> float | None:
    """Look up the estimate for everybody, from the first of `WAVES` that has one."""
    by_wave = {
        r.wave: float(r.estimate)
        for r in rows
        if (r.outcome, r.statistic, r.group, r.status) == (outcome, statistic, EVERYBODY, OK) and r.estimate is not None
    }
    return next((by_wave[w] for w in WAVES if w in by_wave), None)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
