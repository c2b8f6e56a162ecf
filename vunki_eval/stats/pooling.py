"""Combine several events: averages and differences of these events, not of events in general."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vunki_eval.errors import M_
from vunki_eval.stats.inputs import FloatArray, not_estimable, same_length
from vunki_eval.stats.student import student


@dataclass(frozen=True, slots=True)
class Combination:
    """A weighted sum of independent estimates, with Satterthwaite degrees of freedom and a two-sided p value."""

    estimate: float
    se: float
    low: float
    high: float
    t: float
    df: float
    p: float


def stratified_average(
    estimates: Sequence[float], ses: Sequence[float], weights: Sequence[float], dfs: Sequence[float], *,
    level: float = 0.95,
) -> Combination:  # fmt: skip
    """Average the changes of a fixed set of events.

    ``sum(w e) / sum(w)``; the weights define the average (people per event, or 1 each) and are fixed beforehand. The
    average is about these events only, so the spread between events does not enter the standard error.

    Raises
    ------
    StatisticsError
        Lists of unequal length, gaps, weights below 0 or all 0, standard errors or degrees of freedom not above 0.

    References
    ----------
    Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components. Biometrics Bulletin,
    2(6), 110-114. https://doi.org/10.2307/3002019
    """
    weight = same_length(weights)[0]
    if (weight < 0).any() or weight.sum() <= 0:
        raise not_estimable(M_("A weight is below 0, or all are 0."), M_("Weight by people or equally."), "VE-680")
    return contrast_of(estimates, ses, list(weight / weight.sum()), dfs, level=level)


def contrast_of(
    estimates: Sequence[float], ses: Sequence[float], weights: Sequence[float], dfs: Sequence[float], *,
    level: float = 0.95,
) -> Combination:  # fmt: skip
    """Combine independent estimates with any weights, such as (-1, 1) for the difference between two events.

    ``se**2 = sum(w**2 se**2)``, ``df = se**4 / sum(w**4 se**4 / df)``.

    Raises
    ------
    StatisticsError
        Lists of unequal length, gaps, weights all 0, standard errors or degrees of freedom not above 0.
    """
    value, error, weight, df = same_length(estimates, ses, weights, dfs)
    if not weight.any() or (error <= 0).any() or (df <= 0).any():
        raise not_estimable(
            M_("An event has no standard error or no degrees of freedom."),
            M_("Leave out events without a result."),
            "VE-681",
        )
    parts: FloatArray = weight**2 * error**2
    total = float(parts.sum())
    combined_df = total**2 / float(np.sum(parts**2 / df))
    estimate, se = float(weight @ value), float(np.sqrt(total))
    test = student(estimate, se, combined_df, level=level)
    return Combination(estimate, se, test.low, test.high, test.t, combined_df, test.p)
