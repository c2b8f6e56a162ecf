"""Describe an outcome wave by wave: means, spread, medians, reliability, and the share of people at the ceiling."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from vunki_eval import stats
from vunki_eval.analysis.respondents import AnalysisPlan, FloatArray, Outcome
from vunki_eval.analysis.rows import attempt, attempt_or_none, empty_row, interval
from vunki_eval.project.instrument import Instrument
from vunki_eval.results.estimates import OK, EstimateRow, Flag, Flags

LEAST_FOR_RELIABILITY = 20
EDGES = (0, 1, 3, 6, 11, 21, 51)
"""Lower ends of the bands of counts: 0, 1-2, 3-5, 6-10, 11-20, 21-50, 51 and more."""
LEAST_FOR_QUARTILES = 10


def describe(outcome: Outcome, instrument: Instrument, plan: AnalysisPlan) -> list[EstimateRow]:
    """Describe an outcome at each wave that asked for it."""
    rows = [r for wave in outcome.waves for r in _wave(outcome, wave, instrument, plan)]
    first = outcome.waves[0] if len(outcome.waves) > 1 else ""
    if first and not _is_count(outcome, instrument) and outcome.scale.direction >= 0:
        rows.append(_ceiling(outcome, first, plan))
    return rows


def _wave(outcome: Outcome, wave: str, instrument: Instrument, plan: AnalysisPlan) -> list[EstimateRow]:
    scores, people = outcome.wave(wave), outcome.people_in(wave)
    values = np.sort(scores[np.isfinite(scores)])
    counts = outcome.logged or _is_count(outcome, instrument)
    natural = np.expm1(values) if outcome.logged else values
    rows = list(summary(outcome.scale.key, wave, natural, plan, with_quartiles=counts or len(outcome.scale.items) > 1))
    if outcome.logged:
        make_row = partial(_geometric_mean_row, outcome, wave, values, plan)
        rows.append(attempt(outcome.scale.key, wave, "geometric_mean", make_row))
    missing, note = people - values.size, _linked_only(outcome, wave)
    return [replace(r, n_missing=missing, flags=r.flags + note) for r in rows]


def summary(
    key: str, wave: str, values: FloatArray, plan: AnalysisPlan, *, with_quartiles: bool
) -> Iterator[EstimateRow]:
    """Make the rows of mean and standard deviation, and if ``with_quartiles`` of median and quartiles.

    Quartiles and the limits of the median's interval are answers of single people. They are given only if at least as
    many people as the threshold have that value or one beyond it.
    """
    n = int(values.size)
    mean = attempt_or_none(lambda: stats.mean_interval(values, level=plan.level))
    if mean:
        yield EstimateRow(key, wave, "mean", mean.mean, low=mean.low, high=mean.high, n=n, flags=(Flag.T_INTERVAL,))
        yield EstimateRow(key, wave, "sd", mean.sd, n=n)
    elif n:
        yield EstimateRow(key, wave, "mean", float(values.mean()), n=n, reason="no_spread" if n > 1 else "too_few")
        yield empty_row(key, wave, "sd", "no_spread" if n > 1 else "too_few")
    if with_quartiles and n:
        median = attempt_or_none(lambda: stats.median_interval(values, level=plan.level))
        shown = median if median and _enough_people(values, median.low, median.high, plan) else None
        median_row = EstimateRow(key, wave, "median", _quantile(values, 0.5, plan), n=n)
        if shown:
            median_row = replace(median_row, low=shown.low, high=shown.high, flags=(Flag.ORDER_STATISTICS,))
        yield median_row
        first, third = (_quantile(values, share, plan) for share in (0.25, 0.75))
        if _enough_people(values, first, third, plan):
            yield EstimateRow(key, wave, "q1", first, n=n)
            yield EstimateRow(key, wave, "q3", third, n=n)


def _quantile(values: FloatArray, share: float, plan: AnalysisPlan) -> float:
    """Compute a quantile; for counts, take an answer that somebody gave if a number in between would reveal too much.

    A quantile between two answers says exactly how many people lie below it. Subtracting the published bands of counts
    could then single out 1 to threshold - 1 people.
    """
    quantile = float(np.quantile(values, share))
    if quantile.is_integer() or not np.allclose(values, np.round(values)):
        return quantile
    below = int(np.sum(values <= quantile))
    published = np.array([*(np.sum(np.round(values) < edge) for edge in EDGES), values.size])
    difference = np.abs(below - published)
    if np.any((difference > 0) & (difference < plan.threshold)):
        return float(np.round(np.quantile(values, share, method="inverted_cdf")))
    return quantile


def _enough_people(values: FloatArray, low: float, high: float, plan: AnalysisPlan) -> bool:
    """Tell whether enough people lie at or below one value, and enough at or above another."""
    beyond = min(np.sum(values <= low + 1e-9), np.sum(values >= high - 1e-9))
    return values.size >= LEAST_FOR_QUARTILES and bool(beyond >= plan.threshold)


def _linked_only(outcome: Outcome, wave: str) -> Flags:
    """Flag that the few people without another wave were left out of this one."""
    return (Flag.LINKED_ONLY,) if wave in outcome.left_out else ()


def _is_count(outcome: Outcome, instrument: Instrument) -> bool:
    return all(instrument.item(code).kind == "number" for code in outcome.scale.items)


def _geometric_mean_row(outcome: Outcome, wave: str, logs: FloatArray, plan: AnalysisPlan) -> EstimateRow:
    mean = stats.mean_interval(logs, level=plan.level)
    estimate, low, high = (float(np.expm1(v)) for v in (mean.mean, mean.low, mean.high))
    return EstimateRow(
        outcome.scale.key, wave, "geometric_mean", estimate, low, high, n=mean.n, flags=(Flag.T_INTERVAL, Flag.LOG1P)
    )


def _ceiling(outcome: Outcome, wave: str, plan: AnalysisPlan) -> EstimateRow:
    """Compute the share of people who already had the highest score and could not rise."""
    key, scores = outcome.scale.key, outcome.wave(wave)
    values = scores[np.isfinite(scores)]
    top = int(np.sum(values >= outcome.scale.range[1] - 1e-9))

    def make_row() -> EstimateRow:
        share = stats.proportion(top, int(values.size), level=plan.level)
        missing = outcome.people_in(wave) - share.n
        return EstimateRow(
            key,
            wave,
            "ceiling_share",
            n=share.n,
            n_missing=missing,
            flags=(Flag.WILSON, *_linked_only(outcome, wave)),
            **interval(share),
        )

    return attempt(key, wave, "ceiling_share", make_row)


def reliabilities(outcome: Outcome, items: dict[str, pd.DataFrame], plan: AnalysisPlan) -> list[EstimateRow]:
    """Compute alpha and omega of a reflective scale of two items or more, for each wave.

    ``items`` holds the reverse-coded answers of each wave, one column per item.
    """
    scale = outcome.scale
    if scale.model == "formative" or len(scale.items) < 2:
        return []
    rows = []
    for wave in outcome.waves:
        table = items[wave].dropna()
        table = table.sort_values(list(table.columns))  # the order of responses must not change a number
        missing = outcome.people_in(wave) - len(table)
        if plan.threshold <= len(table) < LEAST_FOR_RELIABILITY:
            rows += [empty_row(scale.key, wave, s, "too_few") for s in ("alpha", "omega")]
            continue
        for name, make in _coefficients(table, plan.level).items():
            reliability = attempt(scale.key, wave, name, _reliability_row(scale.key, wave, name, make))
            rows.append(replace(reliability, n_missing=missing) if reliability.status == OK else reliability)
    return rows


def _coefficients(table: pd.DataFrame, level: float) -> dict[str, Callable[[], stats.Reliability]]:
    values = table.to_numpy(dtype=np.float64)
    return {
        "alpha": lambda: stats.cronbach_alpha(values, level=level),
        "omega": lambda: stats.mcdonald_omega(values),
    }


def _reliability_row(
    key: str, wave: str, name: str, make: Callable[[], stats.Reliability]
) -> Callable[[], EstimateRow]:
    def make_row() -> EstimateRow:
        result = make()
        low, high = (result.low, result.high) if np.isfinite(result.low) else (None, None)
        flag = Flag.FELDT if name == "alpha" else Flag.SPEARMAN_BROWN if result.k == 2 else Flag.OMEGA_ML
        return EstimateRow(key, wave, name, result.value, low, high, n=result.n, flags=(flag,))

    return make_row
