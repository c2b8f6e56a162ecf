"""The logframe: what each indicator reached, from the project file or from the results."""

from collections.abc import Iterable, Sequence
from typing import Any

from vunki_eval.analysis.evidence import indicator_status
from vunki_eval.analysis.public_facts import report_date
from vunki_eval.analysis.rows import Row
from vunki_eval.project.project import Indicator, Project
from vunki_eval.results.results import Results

WAVES = ("post", "followup", "pre", "")
FACT = "fact:"


def indicator_rows(project: Project, own: Iterable[Row], known: Sequence[Results], facts: Iterable[Row]) -> list[Row]:
    """Give a row per indicator, with its status; ``measured`` marks people's own answers.

    Parameters
    ----------
    project : Project
    own : iterable of dict
        Estimates of all events together (protected).
    known : sequence of Results
        Results of the events.
    facts : iterable of dict
        Facts of the project.
    """
    estimates, public = list(own), list(facts)
    made = []
    for indicator in project.config.indicators:
        actual = _actual(indicator, estimates, known, public)
        made.append({
            "key": indicator.key, "title": dict(indicator.title), "unit": dict(indicator.unit),
            "baseline": indicator.baseline, "target": indicator.target, "actual": actual,
            "status": indicator_status(indicator, actual, report_date(project)),
            "evidence": dict(indicator.evidence), "source": indicator.source, "date": indicator.date,
            "approximate": indicator.approximate,
            "measured": bool(indicator.statistic) and not indicator.statistic.startswith(FACT),
        })  # fmt: skip
    return made


def _actual(indicator: Indicator, own: Sequence[Row], known: Sequence[Results], facts: Sequence[Row]) -> float | None:
    """Take the number from where the indicator says; shares become percent where its unit does."""
    if indicator.actual is not None or not indicator.statistic:
        return indicator.actual
    if indicator.statistic.startswith(FACT):
        value = _from_facts(indicator.statistic.removeprefix(FACT), known, facts)
    else:
        value = _from_estimates(indicator.statistic, own, known)
    percent = "%" in indicator.unit.values()
    return None if value is None else value * 100 if percent else value


def _from_facts(key: str, known: Sequence[Results], facts: Sequence[Row]) -> float | None:
    """Give a fact of the project, else the sum over events; unknown when any event's number is."""
    for name in (key, f"{key}_total"):
        found = [f["value"] for f in facts if f["key"] == name]
        if found:
            return _number(found[0])
    values = [
        _number(v) for one in known for k, v in zip(one.facts["key"], one.facts["value"], strict=True) if k == key
    ]
    return sum(v for v in values if v is not None) if values and None not in values else None


def _from_estimates(statistic: str, own: Sequence[Row], known: Sequence[Results]) -> float | None:
    """Give the estimate over all events, else that of the only event that has it."""
    outcome, _, name = statistic.partition(".")
    found = _first(own, outcome, name)
    if found is not None:
        return found
    events = [_first([dict(r) for r in one.estimates.to_dict("records")], outcome, name) for one in known]
    only = [v for v in events if v is not None]
    return only[0] if len(only) == 1 else None


def _first(rows: Sequence[Row], outcome: str, statistic: str) -> float | None:
    """Give the estimate of the first wave that has one, for everybody."""
    found = {
        r["wave"]: float(r["estimate"])
        for r in rows
        if (r["outcome"], r["statistic"], r["group"], r["status"]) == (outcome, statistic, "all", "ok")
        and r["estimate"] is not None
    }
    return next((found[w] for w in WAVES if w in found), None)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
