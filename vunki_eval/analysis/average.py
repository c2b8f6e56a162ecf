"""Average the change over these events and contrast the events, from their published headline estimates alone.

The average is also made under other reasonable choices.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats as distributions

from vunki_eval import stats
from vunki_eval.analysis.respondents import AnalysisPlan
from vunki_eval.analysis.rows import attempt, empty_row, ratio_flag
from vunki_eval.project.instrument import Scale
from vunki_eval.results.estimates import SUPPRESSED, Detail, EstimateRow, Flag, rows_of
from vunki_eval.results.results import Results, find

PAIRED = ("change_pairs", "change_exact_links", "change_complete_items", "change_all_items", "change_then_test")
"""Estimates from pairs; their degrees of freedom are the number of pairs less one."""
MODELLED = ("change_all_data", "change_shifted_25", "change_shifted_50")
"""Estimates from all answers; their degrees of freedom are the number of pairs of `change_pairs` less one."""
EQUAL = "change_equal_events"


@dataclass(frozen=True, slots=True)
class EventChange:
    """An event's headline change on the scale of analysis (log1p for counts)."""

    event: str
    change: float
    se: float
    df: float
    n: int


def headline_of(results: Results, outcome: str, statistic: str = "change") -> EstimateRow | None:
    """Find an event's row of a statistic, for everybody and the wave after the event; None if there is none."""
    where = {"event": results.event, "outcome": outcome, "statistic": statistic, "group": "all", "wave": "post"}
    return next(iter(rows_of(find(results, **where))), None)


def average_rows(
    scale: Scale, rows: Sequence[EstimateRow], event_results: Sequence[Results], plan: AnalysisPlan
) -> Iterator[EstimateRow]:
    """Make the average over these events, in which people weigh equally, and the contrasts between events."""
    changes = [p for result in event_results if (p := event_change(result, scale, plan)) is not None]
    if not changes:
        yield _no_average(scale, rows)
        return
    ratio = ratio_flag(scale.transform == "log1p")
    people = [float(p.n) for p in changes]
    flags = (*((Flag.EQUAL_PEOPLE, Flag.SATTERTHWAITE) if len(changes) > 1 else (Flag.ONE_EVENT,)), *ratio)

    def make_average() -> EstimateRow:
        average = stats.stratified_average(
            [p.change for p in changes], [p.se for p in changes], people, [p.df for p in changes], level=plan.level
        )
        return replace(combination_row(scale, "change", average), n=int(sum(people)), flags=flags)

    yield attempt(scale.key, "post", "change", make_average)
    yield from _equivalence(scale, changes, people, plan)
    first = changes[0]
    for later in changes[1:]:
        yield attempt(scale.key, "post", "change_contrast", lambda p=later: _contrast(scale, first, p, plan))  # type: ignore[misc]


def combination_row(scale: Scale, statistic: str, combination: stats.Combination) -> EstimateRow:
    """Write a combination of estimates as a row; for counts the numbers are ratios."""
    numbers = (combination.estimate, combination.low, combination.high)
    estimate, low, high = (float(np.exp(v)) if scale.transform == "log1p" else v for v in numbers)
    return EstimateRow(scale.key, "post", statistic, estimate, low, high, combination.p)


def _contrast(scale: Scale, first: EventChange, later: EventChange, plan: AnalysisPlan) -> EstimateRow:
    """Subtract the first event's change from a later one's.

    Place, mode and people differ as well, so this does not compare methods.
    """
    contrast = stats.contrast_of(
        [first.change, later.change], [first.se, later.se], [-1.0, 1.0], [first.df, later.df], level=plan.level
    )
    contrast_row = combination_row(scale, "change_contrast", contrast)
    ratio = ratio_flag(scale.transform == "log1p")
    flags = (Detail("against", first.event), Flag.SATTERTHWAITE, *ratio)
    return replace(contrast_row, group=f"event={later.event}", n=later.n, p=None, flags=flags)


def _equivalence(
    scale: Scale, changes: Sequence[EventChange], people: list[float], plan: AnalysisPlan
) -> Iterator[EstimateRow]:
    margin = plan.margins.get(scale.key)
    if margin is None:
        return
    logged = scale.transform == "log1p"

    def make_equivalence() -> EstimateRow:
        average = stats.stratified_average(
            [p.change for p in changes], [p.se for p in changes], people, [p.df for p in changes], level=plan.level
        )
        test = stats.equivalence_of(
            average.estimate, average.se, average.df, margin=float(np.log(margin)) if logged else margin
        )
        numbers = (average.estimate, test.low, test.high)
        estimate, low, high = (float(np.exp(v)) if logged else v for v in numbers)
        flags, n = (Flag.NINETY_PERCENT,), int(sum(people))
        return EstimateRow(scale.key, "post", "equivalence", estimate, low, high, test.p, n=n, flags=flags)

    yield attempt(scale.key, "post", "equivalence", make_equivalence)


def event_change(results: Results, scale: Scale, plan: AnalysisPlan) -> EventChange | None:
    """Convert an event's headline back to the scale of analysis; None if it has no interval."""
    estimate, df = headline_of(results, scale.key), headline_of(results, scale.key, "change_df")
    if estimate is None or df is None:
        return None
    return event_change_from(results, estimate, float(df.estimate), scale, plan)


def event_change_from(
    results: Results, estimate: EstimateRow, df: float, scale: Scale, plan: AnalysisPlan
) -> EventChange | None:
    """Convert an event's estimate back to the scale of analysis, given its degrees of freedom."""
    if estimate.status != "ok" or estimate.low is None:
        return None
    logged = scale.transform == "log1p"
    numbers = (estimate.estimate, estimate.low, estimate.high)
    change, low, high = (float(np.log(x)) if logged else x for x in numbers)
    level = float(results.meta.get("level", plan.level))
    se = (high - low) / 2 / float(distributions.t.isf((1 - level) / 2, df))
    return EventChange(results.event, change, se, df, int(estimate.n))


def _no_average(scale: Scale, rows: Sequence[EstimateRow]) -> EstimateRow:
    """Make the row that says why there is no average."""
    hidden = [r for r in rows if r.status == SUPPRESSED]
    if hidden:
        return empty_row(scale.key, "post", "change", str(hidden[0].reason), status=SUPPRESSED)
    reasons = [str(r.reason) for r in rows if r.reason]
    few = [r for r in rows if r.status == "ok"]
    reason = "too_few_pairs" if few else reasons[0] if reasons else "no_answers"
    return empty_row(scale.key, "post", "change", reason)


def alternative_averages(scale: Scale, event_results: Sequence[Results], plan: AnalysisPlan) -> Iterator[EstimateRow]:
    """Make the average in which events weigh equally, and the averages of other estimates.

    An estimate is averaged only if all events of the main average have it, so that all rows describe the same events.
    """
    averaged = [r for r in event_results if event_change(r, scale, plan) is not None]
    if not averaged:
        return
    if len(averaged) > 1:
        changes = [p for r in averaged if (p := event_change(r, scale, plan)) is not None]
        yield attempt(scale.key, "post", EQUAL, lambda: _average(scale, EQUAL, changes, [1.0] * len(changes), plan))
    for statistic in (*PAIRED, *MODELLED):
        changes = [p for r in averaged if (p := _event_change(r, scale, statistic, plan)) is not None]
        if len(changes) == len(averaged):
            people = [float(p.n) for p in changes]
            yield attempt(
                scale.key,
                "post",
                statistic,
                lambda s=statistic, f=changes, w=people: _average(scale, s, f, w, plan),  # type: ignore[misc]
            )


def _event_change(results: Results, scale: Scale, statistic: str, plan: AnalysisPlan) -> EventChange | None:
    row, pairs = headline_of(results, scale.key, statistic), headline_of(results, scale.key, "change_pairs")
    base = row if statistic in PAIRED else pairs
    if row is None or base is None or base.status != "ok" or not base.n or base.n < 2:
        return None
    return event_change_from(results, row, float(base.n) - 1, scale, plan)


def _average(
    scale: Scale, statistic: str, changes: Sequence[EventChange], weights: list[float], plan: AnalysisPlan
) -> EstimateRow:
    average = stats.stratified_average(
        [p.change for p in changes], [p.se for p in changes], weights, [p.df for p in changes], level=plan.level
    )
    ratio = ratio_flag(scale.transform == "log1p")
    weighting = Flag.EQUAL_EVENTS if statistic == EQUAL else Flag.EQUAL_PEOPLE
    flags = (*((weighting, Flag.SATTERTHWAITE) if len(changes) > 1 else (Flag.ONE_EVENT,)), *ratio)
    return replace(combination_row(scale, statistic, average), n=sum(p.n for p in changes), flags=flags)
