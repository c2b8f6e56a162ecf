"""Several events together: averages and differences of these events, never of events in general."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vunki_eval.stats.inputs import FloatArray, equally_many, not_estimable
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

    ``sum(w e) / sum(w)``; the weights say what is meant (people per event, or 1 each) and are fixed beforehand. It
    speaks of these events only, so no spread between events enters the standard error.

    Raises
    ------
    StatisticsError
        Lists of unequal length, gaps, weights below 0 or all 0, standard errors or degrees of freedom not above 0.

    References
    ----------
    Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components. Biometrics Bulletin,
    2(6), 110-114. https://doi.org/10.2307/3002019
    """
    weight = equally_many(weights)[0]
    if (weight < 0).any() or weight.sum() <= 0:
        raise not_estimable("The weights of the events are below 0, or all 0.", "Weigh by people or equally.", "VE-680")
    return contrast_of(estimates, ses, list(weight / weight.sum()), dfs, level=level)


def contrast_of(
    estimates: Sequence[float], ses: Sequence[float], weights: Sequence[float], dfs: Sequence[float], *,
    level: float = 0.95,
) -> Combination:  # fmt: skip
    """Combine independent estimates with any weights, say (-1, 1) for the difference between two events.

    ``se**2 = sum(w**2 se**2)``, ``df = se**4 / sum(w**4 se**4 / df)``.

    Raises
    ------
    StatisticsError
        Lists of unequal length, gaps, weights all 0, standard errors or degrees of freedom not above 0.
    """
    value, error, weight, df = equally_many(estimates, ses, weights, dfs)
    if not weight.any() or (error <= 0).any() or (df <= 0).any():
        raise not_estimable(
            "An event has no standard error or no degrees of freedom.", "Leave out events without a result.", "VE-681"
        )
    parts: FloatArray = weight**2 * error**2
    total = float(parts.sum())
    freedom = total**2 / float(np.sum(parts**2 / df))
    estimate, se = float(weight @ value), float(np.sqrt(total))
    test = student(estimate, se, freedom, level=level)
    return Combination(estimate, se, test.low, test.high, test.t, freedom, test.p)
