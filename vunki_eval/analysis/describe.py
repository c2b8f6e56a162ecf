"""An outcome wave by wave: means, spread, medians, reliability, and how many stood at the ceiling."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from vunki_eval import stats
from vunki_eval.analysis.respondents import AnalysisPlan, FloatArray, Outcome
from vunki_eval.analysis.rows import Row, attempt, attempted, interval, joined, row, without
from vunki_eval.project.instrument import Instrument

LEAST_FOR_RELIABILITY = 20
EDGES = (0, 1, 3, 6, 11, 21, 51)
"""Where the bands of counts begin: 0, 1-2, 3-5, 6-10, 11-20, 21-50, 51 and more."""
LEAST_FOR_QUARTILES = 10
LINKED_ONLY = "linked_only"


def describe(outcome: Outcome, instrument: Instrument, plan: AnalysisPlan) -> list[Row]:
    """Describe an outcome at each wave that asked for it."""
    rows = [r for wave in outcome.waves for r in _wave(outcome, wave, instrument, plan)]
    first = outcome.waves[0] if len(outcome.waves) > 1 else ""
    if first and not _is_count(outcome, instrument) and outcome.scale.direction >= 0:
        rows.append(_ceiling(outcome, first, plan))
    return rows


def _wave(outcome: Outcome, wave: str, instrument: Instrument, plan: AnalysisPlan) -> list[Row]:
    scores, people = outcome.wave(wave), outcome.people_in(wave)
    values = np.sort(scores[np.isfinite(scores)])
    counts = outcome.logged or _is_count(outcome, instrument)
    natural = np.expm1(values) if outcome.logged else values
    rows = list(summary(outcome.scale.key, wave, natural, plan, orders=counts or len(outcome.scale.items) > 1))
    if outcome.logged:
        rows.append(attempt(outcome.scale.key, wave, "geometric_mean", lambda: _geometric(outcome, wave, values, plan)))
    return [{**r, "n_missing": people - values.size, "method": joined(r["method"], _who(outcome, wave))} for r in rows]


def summary(key: str, wave: str, values: FloatArray, plan: AnalysisPlan, *, orders: bool) -> Iterator[Row]:
    """Give mean and standard deviation, and where ``orders`` says so median and quartiles.

    Quartiles and the ends of the median's interval are somebody's answers: they are given where as many people as the
    threshold lie there or beyond.
    """
    n = int(values.size)
    mean = attempted(lambda: stats.mean_interval(values, level=plan.level))
    if mean:
        yield row(key, wave, "mean", mean.mean, low=mean.low, high=mean.high, n=n, method="t_interval")
        yield row(key, wave, "sd", mean.sd, n=n)
    elif n:
        yield row(key, wave, "mean", float(values.mean()), n=n, reason="no_spread" if n > 1 else "too_few")
        yield without(key, wave, "sd", "no_spread" if n > 1 else "too_few")
    if orders and n:
        median = attempted(lambda: stats.median_interval(values, level=plan.level))
        limits = (
            {"low": median.low, "high": median.high} if median and _many(values, median.low, median.high, plan) else {}
        )
        yield row(
            key, wave, "median", _cut(values, 0.5, plan), n=n, method="order_statistics" if limits else "", **limits
        )
        first, third = (_cut(values, share, plan) for share in (0.25, 0.75))
        if _many(values, first, third, plan):
            yield row(key, wave, "q1", first, n=n)
            yield row(key, wave, "q3", third, n=n)


def _cut(values: FloatArray, share: float, plan: AnalysisPlan) -> float:
    """Give a quantile; of counts an answer that somebody gave, where a number between two answers would tell too much.

    Between two answers it says exactly how many people lie below: less those of the published bands that may be 1 to
    threshold - 1 people.
    """
    found = float(np.quantile(values, share))
    if found.is_integer() or not np.allclose(values, np.round(values)):
        return found
    below = int(np.sum(values <= found))
    known = np.array([*(np.sum(np.round(values) < edge) for edge in EDGES), values.size])
    apart = np.abs(below - known)
    if np.any((apart > 0) & (apart < plan.threshold)):
        return float(np.round(np.quantile(values, share, method="inverted_cdf")))
    return found


def _many(values: FloatArray, low: float, high: float, plan: AnalysisPlan) -> bool:
    """Tell whether many people lie at or below one value, and many at or above another."""
    beyond = min(np.sum(values <= low + 1e-9), np.sum(values >= high - 1e-9))
    return values.size >= LEAST_FOR_QUARTILES and bool(beyond >= plan.threshold)


def _who(outcome: Outcome, wave: str) -> str:
    """Say where the few who stand alone in a wave were left out."""
    return LINKED_ONLY if wave in outcome.left_out else ""


def _is_count(outcome: Outcome, instrument: Instrument) -> bool:
    return all(instrument.item(code).kind == "number" for code in outcome.scale.items)


def _geometric(outcome: Outcome, wave: str, logs: FloatArray, plan: AnalysisPlan) -> Row:
    mean = stats.mean_interval(logs, level=plan.level)
    numbers = {k: float(np.expm1(v)) for k, v in {"estimate": mean.mean, "low": mean.low, "high": mean.high}.items()}
    return row(outcome.scale.key, wave, "geometric_mean", n=mean.n, method="t_interval; log1p", **numbers)


def _ceiling(outcome: Outcome, wave: str, plan: AnalysisPlan) -> Row:
    """Give the share of people who could not rise any more."""
    key, scores = outcome.scale.key, outcome.wave(wave)
    values = scores[np.isfinite(scores)]
    top = int(np.sum(values >= outcome.scale.range[1] - 1e-9))

    def made() -> Row:
        share = stats.proportion(top, int(values.size), level=plan.level)
        missing = outcome.people_in(wave) - share.n
        return row(
            key,
            wave,
            "ceiling_share",
            n=share.n,
            n_missing=missing,
            method=joined("wilson", _who(outcome, wave)),
            **interval(share),
        )

    return attempt(key, wave, "ceiling_share", made)


def reliabilities(outcome: Outcome, items: dict[str, pd.DataFrame], plan: AnalysisPlan) -> list[Row]:
    """Compute alpha and omega of a reflective scale of two items or more, per wave.

    ``items`` holds the answers per wave, reverse-coded, one column per item.
    """
    scale = outcome.scale
    if scale.model == "formative" or len(scale.items) < 2:
        return []
    rows = []
    for wave in outcome.waves:
        table = items[wave].dropna()
        table = table.sort_values(list(table.columns))
        missing = outcome.people_in(wave) - len(table)
        if plan.threshold <= len(table) < LEAST_FOR_RELIABILITY:
            rows += [without(scale.key, wave, s, "too_few") for s in ("alpha", "omega")]
            continue
        for name, make in _coefficients(table, plan.level).items():
            made = attempt(scale.key, wave, name, _reliability_row(scale.key, wave, name, make))
            rows.append({**made, "n_missing": missing} if made["status"] == "ok" else made)
    return rows


def _coefficients(table: pd.DataFrame, level: float) -> dict[str, Callable[[], stats.Reliability]]:
    values = table.to_numpy(dtype=np.float64)
    return {
        "alpha": lambda: stats.cronbach_alpha(values, level=level),
        "omega": lambda: stats.mcdonald_omega(values),
    }


def _reliability_row(key: str, wave: str, name: str, make: Callable[[], stats.Reliability]) -> Callable[[], Row]:
    def made() -> Row:
        result = make()
        limits = {"low": result.low, "high": result.high} if np.isfinite(result.low) else {}
        method = "feldt" if name == "alpha" else "spearman_brown" if result.k == 2 else "omega_ml"
        return row(key, wave, name, result.value, n=result.n, method=method, **limits)

    return made
