"""Tests of change that do not assume a normal distribution: signed ranks and sign flips."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from vunki_eval.stats.inputs import FloatArray, differences

EXACT_RANKS = 25
"""Up to this many pairs the signed-rank distribution is enumerated."""
EXACT_FLIPS = 20
"""Up to this many pairs all sign flips are enumerated."""
DRAWS = 99_999
AT_ONCE = 2**24  # signs drawn at a time, to limit memory
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class ChangeTest:
    """A test of the change between two waves.

    Attributes
    ----------
    statistic : float
        Rank sum of the rises (``wilcoxon``) or mean change in scale points (``sign_flip``).
    p : float
        Two-sided p value.
    method : str
        How the p value was computed.
    exact : bool
        Whether the p value comes from all possible signs, not from an approximation or a sample.
    """

    statistic: float
    p: float
    method: str
    exact: bool


@dataclass(frozen=True, slots=True)
class SignedRanks:
    """Ranks of the absolute differences, and which of them are rises."""

    ranks: FloatArray
    risen: npt.NDArray[np.bool_]

    @property
    def plus(self) -> float:
        """Rank sum of the rises."""
        return float(self.ranks[self.risen].sum())

    @property
    def biserial(self) -> float:
        """Rank sums of rises minus falls over their total."""
        return float((2 * self.plus - self.ranks.sum()) / self.ranks.sum())


def signed_ranks(rounded: FloatArray, *, keep_zeros: bool) -> SignedRanks:
    """Rank the absolute differences (mean ranks for ties); zeros are ranked too, or dropped first."""
    ranked = rounded if keep_zeros else rounded[rounded != 0]
    ranks = stats.rankdata(np.abs(ranked))
    return SignedRanks(ranks[ranked != 0], ranked[ranked != 0] > 0)


def wilcoxon(before: npt.ArrayLike, after: npt.ArrayLike) -> ChangeTest:
    """Test the change by Wilcoxon's signed ranks with Pratt's treatment of zeros.

    Absolute differences, rounded to 9 decimals, are ranked together with the zeros; then the zeros are dropped.
    The statistic is the rank sum of the rises. With up to 25 pairs p comes from the exact distribution given the ties
    and zeros, else from the normal distribution with variance ``sum(ranks**2) / 4``, without a continuity
    correction. People with a missing value are left out.

    Raises
    ------
    StatisticsError
        Unequal lengths, fewer than 2 pairs, or differences without spread.

    References
    ----------
    Pratt, J. W. (1959). Remarks on zeros and ties in the Wilcoxon signed rank procedures. Journal of the American
    Statistical Association, 54(287), 655-667. https://doi.org/10.1080/01621459.1959.10501526

    Hothorn, T., Hornik, K., van de Wiel, M. A., & Zeileis, A. (2008). Implementing a class of permutation tests.
    Journal of Statistical Software, 28(8). https://doi.org/10.18637/jss.v028.i08

    Examples
    --------
    >>> wilcoxon([1, 2, 3, 4], [2, 2, 4, 6])
    ChangeTest(statistic=9.0, p=0.25, method='Pratt signed ranks, exact', exact=True)
    """
    rounded = differences(before, after)
    signed = signed_ranks(rounded, keep_zeros=True)
    if rounded.size <= EXACT_RANKS:
        return ChangeTest(signed.plus, _exact_p(signed), "Pratt signed ranks, exact", exact=True)
    z = (signed.plus - signed.ranks.sum() / 2) / np.sqrt(np.sum(signed.ranks**2) / 4)
    p = float(2 * stats.norm.sf(abs(z)))
    return ChangeTest(signed.plus, p, "Pratt signed ranks, normal approximation", exact=False)


def _exact_p(signed: SignedRanks) -> float:
    """Sum the probabilities of rank sums at least as far from the middle; doubled, mean ranks are whole numbers."""
    doubled = np.rint(2 * signed.ranks).astype(np.int64)
    probabilities = np.zeros(int(doubled.sum()) + 1)
    probabilities[0] = 1.0
    for rank in doubled:
        shifted = np.zeros_like(probabilities)
        shifted[rank:] = probabilities[: probabilities.size - rank]
        probabilities = (probabilities + shifted) / 2
    distance = np.abs(2 * np.arange(probabilities.size) - probabilities.size + 1)
    observed = abs(2 * round(2 * signed.plus) - probabilities.size + 1)
    return min(float(probabilities[distance >= observed].sum()), 1.0)


def sign_flip(before: npt.ArrayLike, after: npt.ArrayLike, *, seed: int) -> ChangeTest:
    """Test the mean change by flipping the signs of the differences.

    With up to 20 pairs all ``2**n`` flips are enumerated, else 99 999 are drawn and ``p = (b + 1) / 100 000``.
    Zeros stay in; means that differ by less than 1e-9 count as ties. The same seed gives the same p, whatever the row
    order.

    Parameters
    ----------
    before, after : array-like
        One value per person; people with a missing value are left out.
    seed : int
        Seed of the draws.

    Raises
    ------
    StatisticsError
        Unequal lengths, fewer than 2 pairs, or differences without spread.

    References
    ----------
    Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical Applications in Genetics
    and Molecular Biology, 9(1). https://doi.org/10.2202/1544-6115.1585
    """
    rounded = differences(before, after)
    mean = float(rounded.mean())
    sizes = np.sort(np.abs(rounded))
    least = (abs(mean) - TOLERANCE) * sizes.size
    if sizes.size <= EXACT_FLIPS:
        sums = np.zeros(1)
        for size in sizes:
            sums = np.concatenate([sums + size, sums - size])
        return ChangeTest(mean, float(np.mean(np.abs(sums) >= least)), "sign flips, all enumerated", exact=True)
    beyond = _drawn_beyond(sizes, least, seed)
    return ChangeTest(mean, (beyond + 1) / (DRAWS + 1), "sign flips, 99 999 drawn", exact=False)


def _drawn_beyond(sizes: FloatArray, least: float, seed: int) -> int:
    """Count random flips whose sum is at least as far from 0; they are drawn in blocks to limit memory."""
    generator, beyond = np.random.default_rng(seed), 0
    block = max(1, min(11_111, AT_ONCE // sizes.size))
    for first in range(0, DRAWS, block):
        flips = min(block, DRAWS - first)
        up = generator.integers(0, 2, size=(flips, sizes.size), dtype=np.int8).astype(np.float64)
        beyond += int(np.count_nonzero(np.abs(2 * (up @ sizes) - sizes.sum()) >= least))
    return beyond
