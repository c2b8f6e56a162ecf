"""Change of the people who answered both times: mean change, size of change, and how many rose."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from vunki_eval.stats.inputs import DECIMALS, FloatArray, demand_spread, is_constant, pairs
from vunki_eval.stats.ranks import signed_ranks
from vunki_eval.stats.student import student


@dataclass(frozen=True, slots=True)
class PairedChange:
    """Change from before to after among people who answered both times.

    Attributes
    ----------
    n : int
        Pairs.
    mean_before, mean_after, change, low, high : float
        Means of the pairs, their difference (after minus before) and its interval, in scale points.
    t, df, p : float
        Paired t test, two-sided.
    sd_change, correlation : float
        Standard deviation of the differences; Pearson correlation of the waves (NaN when one wave is constant).
    g_av, g_av_low, g_av_high : float
        Change in units of the average standard deviation of the two waves, corrected for small samples.
    share_up, share_same, share_down : float
        Shares (0-1) who rose, stayed the same and fell.
    superiority, superiority_low, superiority_high : float
        Share who rose plus half of those who stayed the same (0.5 = no shift).
    rank_biserial : float
        Matched-pairs rank-biserial correlation, -1 to 1.
    """

    n: int
    mean_before: float
    mean_after: float
    change: float
    low: float
    high: float
    t: float
    df: float
    p: float
    sd_change: float
    correlation: float
    g_av: float
    g_av_low: float
    g_av_high: float
    share_up: float
    share_same: float
    share_down: float
    superiority: float
    superiority_low: float
    superiority_high: float
    rank_biserial: float


def paired_change(before: npt.ArrayLike, after: npt.ArrayLike, *, level: float = 0.95) -> PairedChange:
    """Compare two waves of the same people.

    The interval and p value are those of the paired t test. ``g_av`` is ``J(v) * change / s`` with
    ``s**2 = (s_before**2 + s_after**2) / 2`` and ``v = 2 (n - 1) / (1 + r**2)``; its interval is Bonett's.
    The interval of ``superiority`` inverts the score test with the share of unchanged people ``k / (n + 3)``; when
    nearly everybody rises it covers less than its level.

    Parameters
    ----------
    before, after : array-like
        One value per person, in scale points; people with a missing value in either wave are left out.
    level : float
        Confidence level of all intervals.

    Raises
    ------
    StatisticsError
        Unequal lengths, fewer than 2 pairs, or differences without spread.

    References
    ----------
    Bonett, D. G. (2008). Confidence intervals for standardized linear contrasts of means. Psychological Methods,
    13(2), 99-109. https://doi.org/10.1037/1082-989X.13.2.99

    Hedges, L. V. (1981). Distribution theory for Glass's estimator. Journal of Educational Statistics, 6(2), 107-128.
    https://doi.org/10.3102/10769986006002107

    Kerby, D. S. (2014). The simple difference formula. Comprehensive Psychology, 3.
    https://doi.org/10.2466/11.IT.3.1

    Examples
    --------
    >>> round(paired_change([1, 2, 3, 4], [2, 2, 4, 6]).change, 3)
    1.0
    """
    first, second = pairs(before, after)
    difference = second - first
    rounded = np.round(difference, DECIMALS) + 0.0
    demand_spread(rounded)
    n = first.size
    change, sd = float(difference.mean()), float(difference.std(ddof=1))
    test = student(change, sd / np.sqrt(n), n - 1, level=level)
    return PairedChange(
        n, float(first.mean()), float(second.mean()), change, test.low, test.high, test.t, float(n - 1), test.p, sd,
        _correlation(first, second), *_standardised(first, second, level),
        *_shares(rounded), *_superiority(rounded, level), signed_ranks(rounded, keep_zeros=False).biserial,
    )  # fmt: skip


def small_sample_factor(df: float) -> float:
    """Compute Hedges's exact J, the factor that makes a standardised difference unbiased."""
    return float(np.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / np.sqrt(df / 2))


def _correlation(first: FloatArray, second: FloatArray) -> float:
    if is_constant(first) or is_constant(second):
        return float("nan")
    return float(np.clip(np.corrcoef(first, second)[0, 1], -1, 1))


def _standardised(first: FloatArray, second: FloatArray, level: float) -> tuple[float, float, float]:
    """Compute g_av and Bonett's interval around d_av."""
    n, r = first.size, _correlation(first, second)
    r = 0.0 if np.isnan(r) else r
    var_before, var_after = (0.0 if is_constant(wave) else float(wave.var(ddof=1)) for wave in (first, second))
    covariance = r * float(np.sqrt(var_before * var_after))
    var_mean = (var_before + var_after) / 2
    d = float((second.mean() - first.mean()) / np.sqrt(var_mean))
    var_d = d**2 * (var_before**2 + var_after**2 + 2 * covariance**2) / (8 * (n - 1) * var_mean**2)
    var_d += (var_before + var_after - 2 * covariance) / ((n - 1) * var_mean)
    half = float(stats.norm.isf((1 - level) / 2) * np.sqrt(var_d))
    return small_sample_factor(2 * (n - 1) / (1 + r**2)) * d, d - half, d + half


def _shares(rounded: FloatArray) -> tuple[float, float, float]:
    return float(np.mean(rounded > 0)), float(np.mean(rounded == 0)), float(np.mean(rounded < 0))


def _superiority(rounded: FloatArray, level: float) -> tuple[float, float, float]:
    """Compute the share who rose plus half of those who stayed the same, with its score interval."""
    n, (up, same, _) = rounded.size, _shares(rounded)
    theta = up + same / 2
    z2 = float(stats.norm.isf((1 - level) / 2)) ** 2
    unchanged = same * n / (n + 3)
    middle, end = 2 * n * theta + z2, n * theta**2 + z2 * unchanged / 4
    root = float(np.sqrt(max(middle**2 - 4 * (n + z2) * end, 0.0)))
    return theta, max((middle - root) / (2 * (n + z2)), 0.0), min((middle + root) / (2 * (n + z2)), 1.0)
