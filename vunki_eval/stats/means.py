"""Means and medians of one group, and differences between two groups that cannot be linked."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from vunki_eval.errors import M_
from vunki_eval.stats.change import small_sample_factor
from vunki_eval.stats.inputs import FloatArray, answered, demand_share, is_constant, not_estimable
from vunki_eval.stats.student import student


@dataclass(frozen=True, slots=True)
class MeanInterval:
    """Mean and standard deviation of one group, with the t interval of the mean."""

    n: int
    mean: float
    sd: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MedianInterval:
    """Median with its distribution-free interval, number of people, and least coverage of the interval."""

    value: float
    low: float
    high: float
    n: int
    coverage: float


@dataclass(frozen=True, slots=True)
class WelchChange:
    """Difference (after minus before) of two waves whose responses cannot be linked.

    Attributes
    ----------
    n_before, n_after : int
        People who answered each wave.
    mean_before, mean_after, change, se, low, high : float
        Means, difference, standard error and interval, in scale points.
    t, df, p : float
        Welch's test, two-sided.
    """

    n_before: int
    n_after: int
    mean_before: float
    mean_after: float
    change: float
    se: float
    low: float
    high: float
    t: float
    df: float
    p: float


@dataclass(frozen=True, slots=True)
class StandardisedDifference:
    """Difference of two groups (a minus b) in units of their average standard deviation, with its interval."""

    value: float
    low: float
    high: float
    n_a: int
    n_b: int


def mean_interval(values: npt.ArrayLike, *, level: float = 0.95) -> MeanInterval:
    """Compute the mean, the standard deviation (n - 1) and the t interval of the mean.

    Raises
    ------
    StatisticsError
        Fewer than 2 answers, or answers without spread.

    References
    ----------
    Student (1908). The probable error of a mean. Biometrika, 6(1), 1-25. https://doi.org/10.1093/biomet/6.1.1
    """
    column = _with_spread(values)
    mean, sd = float(column.mean()), float(column.std(ddof=1))
    limits = student(mean, sd / float(np.sqrt(column.size)), column.size - 1, level=level)
    return MeanInterval(int(column.size), mean, sd, limits.low, limits.high)


def median_interval(values: npt.ArrayLike, *, level: float = 0.95) -> MedianInterval:
    """Compute the median with the narrowest symmetric interval of order statistics that covers at least ``level``.

    The limits are the k-th smallest and k-th largest answers, with the largest k for which
    ``1 - 2 P(Binomial(n, 1/2) <= k - 1)`` reaches the level. With ties the coverage is higher.

    Raises
    ------
    StatisticsError
        Too few answers for any interval (fewer than 6 at 95 %).

    References
    ----------
    Thompson, W. R. (1936). On confidence ranges for the median. Annals of Mathematical Statistics, 7(3), 122-128.
    https://doi.org/10.1214/aoms/1177732502
    """
    demand_share(level, "level")
    column = np.sort(answered(values, least=1))
    n = int(column.size)
    coverage = 1 - 2 * stats.binom.cdf(np.arange((n + 1) // 2), n, 0.5)
    sufficient = np.flatnonzero(coverage >= level)
    if sufficient.size == 0:
        raise not_estimable(
            M_("Too few people answered for an interval of the median."), M_("Show the median alone."), "VE-670"
        )
    k = int(sufficient[-1])
    return MedianInterval(float(np.median(column)), float(column[k]), float(column[n - 1 - k]), n, float(coverage[k]))


def welch_change(before: npt.ArrayLike, after: npt.ArrayLike, *, level: float = 0.95) -> WelchChange:
    """Compare two waves as if different people had answered; only for waves that cannot be linked.

    If the same people did answer, the interval is wider than necessary. Missing values are left out per wave.

    Raises
    ------
    StatisticsError
        Fewer than 2 answers in a wave, or no spread in both.

    References
    ----------
    Welch, B. L. (1947). The generalization of Student's problem when several different population variances are
    involved. Biometrika, 34(1-2), 28-35. https://doi.org/10.1093/biomet/34.1-2.28
    """
    first, second = answered(before, least=2), answered(after, least=2)
    if is_constant(first) and is_constant(second):
        raise _no_spread()
    parts = np.array([wave.var(ddof=1) / wave.size for wave in (first, second)])
    se = float(np.sqrt(parts.sum()))
    df = float(parts.sum() ** 2 / np.sum(parts**2 / np.array([first.size - 1, second.size - 1])))
    change = float(second.mean() - first.mean())
    test = student(change, se, df, level=level)
    return WelchChange(
        int(first.size), int(second.size), float(first.mean()), float(second.mean()), change, se,
        test.low, test.high, test.t, df, test.p,
    )  # fmt: skip


def standardised_difference(a: npt.ArrayLike, b: npt.ArrayLike, *, level: float = 0.95) -> StandardisedDifference:
    """Compare two groups of people on one variable, such as those who answered again and those who did not.

    ``d = (mean_a - mean_b) / s`` with ``s**2 = (s_a**2 + s_b**2) / 2``; the value is ``J(v) d`` with
    ``v = 4 / (1 / (n_a - 1) + 1 / (n_b - 1))``, the interval is Bonett's around d.

    Raises
    ------
    StatisticsError
        Fewer than 2 answers in a group, or no spread in both.

    References
    ----------
    Bonett, D. G. (2008). Confidence intervals for standardized linear contrasts of means. Psychological Methods,
    13(2), 99-109. https://doi.org/10.1037/1082-989X.13.2.99
    """
    demand_share(level, "level")
    first, second = answered(a, least=2), answered(b, least=2)
    if is_constant(first) and is_constant(second):
        raise _no_spread()
    variances = np.array([first.var(ddof=1), second.var(ddof=1)])
    df = np.array([first.size - 1, second.size - 1])
    square = float(variances.mean())
    d = float((first.mean() - second.mean()) / np.sqrt(square))
    var_d = d**2 * float(np.sum(variances**2 / df)) / (8 * square**2) + float(np.sum(variances / df)) / square
    half = float(stats.norm.isf((1 - level) / 2) * np.sqrt(var_d))
    factor = small_sample_factor(4 / float(np.sum(1 / df)))
    return StandardisedDifference(factor * d, d - half, d + half, int(first.size), int(second.size))


def _with_spread(values: npt.ArrayLike) -> FloatArray:
    column = answered(values, least=2)
    if is_constant(column):
        raise _no_spread()
    return column


def _no_spread() -> Exception:
    return not_estimable(
        M_("Everybody gave the same answer, so there is no spread."), M_("Show the distribution."), "VE-671"
    )
