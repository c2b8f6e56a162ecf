"""Shares of people: a single share, its change in pairs, and the net promoter score."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from vunki_eval.errors import M_
from vunki_eval.stats.inputs import FloatArray, answered, demand_share, not_estimable, pairs
from vunki_eval.stats.student import student

PROMOTER, PASSIVE = 9, 7


@dataclass(frozen=True, slots=True)
class Share:
    """A share (0-1) or a net promoter score (-100 to 100), with its interval and number of people."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class PairedProportions:
    """Change of a share among the people who answered both times.

    Attributes
    ----------
    n : int
        Pairs.
    share_before, share_after, change, low, high : float
        Shares (0-1), their difference (after minus before) and Newcombe's interval.
    p_midp, p_exact : float
        McNemar's test, mid-p and exact.
    """

    n: int
    share_before: float
    share_after: float
    change: float
    low: float
    high: float
    p_midp: float
    p_exact: float


@dataclass(frozen=True, slots=True)
class NetPromoterChange:
    """Change of the net promoter score among the people who answered both times, in points with a t interval."""

    n: int
    value_before: float
    value_after: float
    change: float
    low: float
    high: float
    t: float
    df: float
    p: float


def proportion(k: int, n: int, *, level: float = 0.95) -> Share:
    """Compute the share ``k / n`` with Wilson's interval.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the American
    Statistical Association, 22(158), 209-212. https://doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
    >>> round(proportion(8, 10).low, 4)
    0.4902
    """
    demand_share(level, "level")
    if n < 1 or not 0 <= k <= n or k != int(k) or n != int(n):
        raise not_estimable(
            M_("There is no share to compute: the count is not between 0 and the total."), M_("Count again."), "VE-640"
        )
    value = k / n
    z = float(stats.norm.isf((1 - level) / 2))
    middle = (value + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * float(np.sqrt(value * (1 - value) / n + z**2 / (4 * n**2))) / (1 + z**2 / n)
    low = 0.0 if k == 0 else middle - half
    high = 1.0 if k == n else middle + half
    return Share(value, low, high, int(n))


def paired_proportions(before: npt.ArrayLike, after: npt.ArrayLike, *, level: float = 0.95) -> PairedProportions:
    """Compare a share before and after in the same people.

    The interval is Newcombe's method 10: Wilson limits combined by the correlation phi, with a continuity correction
    of phi's numerator if it is positive, and phi = 0 if a margin is empty. The tests are McNemar's, exact and mid-p,
    from the binomial distribution of the people who changed.

    Parameters
    ----------
    before, after : array-like
        0, 1 or NaN, one per person; people with a missing value are left out.
    level : float
        Confidence level.

    Raises
    ------
    StatisticsError
        Unequal lengths, fewer than 2 pairs, or values other than 0 and 1.

    References
    ----------
    Newcombe, R. G. (1998). Improved confidence intervals for the difference between binomial proportions based on
    paired data. Statistics in Medicine, 17(22), 2635-2650.
    https://doi.org/10.1002/(SICI)1097-0258(19981130)17:22<2635::AID-SIM954>3.0.CO;2-C

    Fagerland, M. W., Lydersen, S., & Laake, P. (2013). The McNemar test for binary matched-pairs data. BMC Medical
    Research Methodology, 13, 91. https://doi.org/10.1186/1471-2288-13-91
    """
    first, second = pairs(before, after)
    if not (np.isin(first, (0, 1)).all() and np.isin(second, (0, 1)).all()):
        raise not_estimable(M_("Some answers are neither 0 nor 1."), M_("Code yes as 1 and no as 0."), "VE-641")
    n = int(first.size)
    both = int(np.sum((first == 1) & (second == 1)))
    lost, won = int(np.sum(first > second)), int(np.sum(first < second))
    start, end = proportion(both + lost, n, level=level), proportion(both + won, n, level=level)
    phi = _phi(both, lost, won, n - both - lost - won)
    change = (won - lost) / n
    down, up = end.value - end.low, end.high - end.value
    start_down, start_up = start.value - start.low, start.high - start.value
    low = change - float(np.sqrt(max(down**2 - 2 * phi * down * start_up + start_up**2, 0.0)))
    high = change + float(np.sqrt(max(up**2 - 2 * phi * up * start_down + start_down**2, 0.0)))
    fewer, changed = min(lost, won), lost + won
    below, equal = float(stats.binom.cdf(fewer - 1, changed, 0.5)), float(stats.binom.pmf(fewer, changed, 0.5))
    midp, exact = min(1.0, 2 * below + equal), min(1.0, 2 * (below + equal))
    return PairedProportions(n, start.value, end.value, change, low, high, midp, exact)


def _phi(both: int, lost: int, won: int, neither: int) -> float:
    """Compute the correlation of the two answers as defined for Newcombe's method 10."""
    margins = (both + lost) * (won + neither) * (both + won) * (lost + neither)
    if margins == 0:
        return 0.0
    product = both * neither - lost * won
    if product <= 0:
        return product / math.sqrt(margins)
    return max(product - (both + lost + won + neither) / 2, 0) / math.sqrt(margins)


def net_promoter(scores: npt.ArrayLike, *, level: float = 0.95) -> Share:
    """Compute the net promoter score, promoters (9-10) minus detractors (0-6), in points from -100 to 100.

    The value is unadjusted. The interval is the adjusted Wald interval: 3 people are added (.75 promoters,
    1.5 passives, .75 detractors), and the limits are capped at -100 and 100.

    Parameters
    ----------
    scores : array-like
        Whole numbers from 0 to 10; NaN is left out.
    level : float
        Confidence level.

    Raises
    ------
    StatisticsError
        No answer, or a value that is not a whole number from 0 to 10.

    References
    ----------
    Rocks, B. (2016). Interval estimation for the Net Promoter Score. The American Statistician, 70(4), 365-372.
    https://doi.org/10.1080/00031305.2016.1158124
    """
    demand_share(level, "level")
    points = _promoter_points(answered(scores, least=1))
    n = points.size
    promoters, detractors = (np.sum(points > 0) + 0.75) / (n + 3), (np.sum(points < 0) + 0.75) / (n + 3)
    centre = promoters - detractors
    half = float(stats.norm.isf((1 - level) / 2) * np.sqrt((promoters + detractors - centre**2) / (n + 3)))
    low, high = max(-100.0, 100 * (centre - half)), min(100.0, 100 * (centre + half))
    return Share(float(points.mean()), float(low), float(high), int(n))


def net_promoter_change(before: npt.ArrayLike, after: npt.ArrayLike, *, level: float = 0.95) -> NetPromoterChange:
    """Compare the net promoter score of two waves in the same people: a paired t test of -100, 0 and 100.

    Parameters
    ----------
    before, after : array-like
        Whole numbers from 0 to 10, one per person; people with a missing value are left out.
    level : float
        Confidence level.

    Raises
    ------
    StatisticsError
        Unequal lengths, fewer than 2 pairs, values outside 0 to 10, or differences without spread.
    """
    first, second = (_promoter_points(wave) for wave in pairs(before, after))
    difference = second - first
    if np.ptp(difference) == 0:
        raise not_estimable(
            M_("Everybody's recommendation changed by the same amount."), M_("Show the distribution instead."), "VE-643"
        )
    n, change = int(difference.size), float(difference.mean())
    test = student(change, float(difference.std(ddof=1) / np.sqrt(n)), n - 1, level=level)
    return NetPromoterChange(
        n, float(first.mean()), float(second.mean()), change, test.low, test.high, test.t, float(n - 1), test.p
    )


def _promoter_points(scores: FloatArray) -> FloatArray:
    """Turn answers into -100, 0 and 100."""
    if ((scores < 0) | (scores > 10) | (scores != np.rint(scores))).any():
        raise not_estimable(
            M_("Some recommendations are not whole numbers from 0 to 10."),
            M_("Check the coding of the item."),
            "VE-642",
        )
    points: FloatArray = 100.0 * (scores >= PROMOTER) - 100.0 * (scores < PASSIVE)
    return points
