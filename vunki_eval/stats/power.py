"""Power of the paired t test: the change that a number of pairs can detect, and the pairs that a change needs."""

import math
from functools import cache

import numpy as np
from scipy import optimize, special, stats

from vunki_eval.errors import M_
from vunki_eval.stats.inputs import FloatArray, demand_share, not_estimable

MOST_PAIRS = 10_000_000
TAIL = 1e-16  # probability left out at either end of the integral


def detectable_change(n: int, *, power: float = 0.8, level: float = 0.95) -> float:
    """Compute the smallest change, in standard deviations of the differences, that n pairs detect with this power.

    For the two-sided paired t test, counting both tails of the noncentral t. It is a property of the design, not of the
    observed data.

    Parameters
    ----------
    n : int
        Number of pairs, at least 2.
    power, level : float
        Chance to detect the change; confidence level.

    References
    ----------
    Cohen, J. (1988). Statistical power analysis for the behavioral sciences (2nd ed.).
    https://doi.org/10.4324/9780203771587

    Examples
    --------
    >>> round(detectable_change(30), 2)
    0.53
    """
    _check(power, level)
    if n < 2:
        raise not_estimable(
            M_("A change cannot be judged with fewer than 2 pairs."), M_("Plan for more people."), "VE-651"
        )
    high = 1.0
    while power_of(high, n, level=level) < power:
        high *= 2
    return float(optimize.brentq(lambda dz: power_of(dz, n, level=level) - power, 0.0, high, xtol=1e-13, rtol=1e-13))


def pairs_needed(dz: float, *, power: float = 0.8, level: float = 0.95) -> int:
    """Compute the smallest number of pairs that detect a change of ``dz`` standard deviations of the differences."""
    _check(power, level)
    if not dz > 0:
        raise not_estimable(
            M_("The change to detect is not above 0."), M_("Give the smallest change that matters."), "VE-652"
        )
    high = 2
    while power_of(dz, high, level=level) < power:
        high *= 2
        if high > MOST_PAIRS:
            raise not_estimable(
                M_("No attainable number of pairs detects so small a change."),
                M_("Plan for a larger change."),
                "VE-653",
            )
    low = max(high // 2, 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power_of(dz, middle, level=level) >= power else (middle, high)
    return high


def power_of(dz: float, n: int, *, level: float = 0.95) -> float:
    """Compute the power of the two-sided paired t test for a change of ``dz`` standard deviations of the differences.

    Both tails of the noncentral t are integrated over the distribution of the sample standard deviation.
    """
    df, noncentral = n - 1, dz * math.sqrt(n)
    critical = float(stats.t.isf((1 - level) / 2, df))
    low, high = np.sqrt(stats.chi2.isf([1 - TAIL, TAIL], df) / df)
    nodes, weights = _quadrature()
    spread = low + (high - low) * (nodes + 1) / 2
    density = 2 * df * spread * stats.chi2.pdf(df * spread**2, df)
    beyond = special.ndtr(noncentral - critical * spread) + special.ndtr(-noncentral - critical * spread)
    return float(np.sum(weights * density * beyond) * (high - low) / 2)


@cache
def _quadrature() -> tuple[FloatArray, FloatArray]:
    """Compute Gauss-Legendre nodes and weights (scipy's noncentral t returns NaN in its far tail)."""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    return nodes, weights


def _check(power: float, level: float) -> None:
    demand_share(power, "power")
    demand_share(level, "level")
    if power <= 1 - level:
        raise not_estimable(M_("The power is not above the error level."), M_("Choose .8."), "VE-654")
