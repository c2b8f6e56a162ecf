"""Agreement of two coders, and the rank correlation of two measures."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from vunki_eval.errors import M_
from vunki_eval.stats.inputs import FloatArray, demand_share, is_constant, not_estimable, pairs
from vunki_eval.stats.proportions import proportion

FLEISS = "large-sample interval"
JACKKNIFE = "pooled over codes, jackknife over things"
WILSON = "perfect agreement, Wilson interval with expected agreement fixed"


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement beyond chance.

    Attributes
    ----------
    value, low, high : float
        Cohen's kappa and its interval.
    n : int
        Units (answers) that both coders coded.
    agreement, expected : float
        Share of units coded the same, and the share expected by chance.
    method : str
        How the interval was computed.
    """

    value: float
    low: float
    high: float
    n: int
    agreement: float
    expected: float
    method: str


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """Spearman's correlation with its interval, two-sided p value and number of people."""

    value: float
    low: float
    high: float
    p: float
    n: int


def cohen_kappa(a: Sequence[Hashable], b: Sequence[Hashable], *, level: float = 0.95) -> Kappa:
    """Compute unweighted kappa of two coders with its large-sample interval.

    Units that either coder left out (None or NaN) are dropped. With perfect agreement the large-sample standard error
    is 0; then the interval comes from Wilson's limit of the agreement, with the expected agreement taken as fixed.

    Raises
    ------
    StatisticsError
        Unequal lengths, fewer than 2 units, or a single category used by both coders.

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological Measurement, 20(1),
    37-46. https://doi.org/10.1177/001316446002000104

    Fleiss, J. L., Cohen, J., & Everitt, B. S. (1969). Large sample standard errors of kappa and weighted kappa.
    Psychological Bulletin, 72(5), 323-327. https://doi.org/10.1037/h0028106
    """
    demand_share(level, "level")
    table, n = _joint_shares(a, b)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    agreement, expected = float(np.trace(table)), float(rows @ columns)
    if 1 - expected < 1e-12:
        raise not_estimable(
            M_("Both coders used the same single category."), M_("Report the agreement alone."), "VE-690"
        )
    value = (agreement - expected) / (1 - expected)
    if n == round(n * agreement):
        low = (proportion(n, n, level=level).low - expected) / (1 - expected)
        return Kappa(value, low, 1.0, n, agreement, expected, WILSON)
    crossed = (columns[:, None] + rows[None, :]) ** 2 * table
    same = np.diag(table) * ((1 - expected) - (rows + columns) * (1 - agreement)) ** 2
    inner = same.sum() + (1 - agreement) ** 2 * (crossed.sum() - np.trace(crossed))
    inner -= (agreement * expected - 2 * expected + agreement) ** 2
    half = float(stats.norm.isf((1 - level) / 2) * np.sqrt(max(inner, 0.0) / n)) / (1 - expected) ** 2
    return Kappa(value, max(value - half, -1.0), min(value + half, 1.0), n, agreement, expected, FLEISS)


def _joint_shares(a: Sequence[Hashable], b: Sequence[Hashable]) -> tuple[FloatArray, int]:
    """Tabulate the shares of units by the categories of both coders."""
    if len(a) != len(b):
        raise not_estimable(M_("The two coders coded different numbers of units."), M_("Give one code each."), "VE-691")
    coded = [(x, y) for x, y in zip(a, b, strict=True) if all(code is not None and code == code for code in (x, y))]
    if len(coded) < 2:
        raise not_estimable(M_("Both coders coded fewer than 2 of the same units."), M_("Code more."), "VE-692")
    index = {code: i for i, code in enumerate(sorted({code for pair in coded for code in pair}, key=str))}
    table = np.zeros((len(index), len(index)))
    for x, y in coded:
        table[index[x], index[y]] += 1
    return table / len(coded), len(coded)


def pooled_kappa(a: npt.ArrayLike, b: npt.ArrayLike, *, level: float = 0.95) -> Kappa:
    """Pool kappa over yes-or-no codes that two coders gave to the same units: (mean Po - mean Pe) / (1 - mean Pe).

    The interval is a jackknife over the units (t on n - 1), which allows the codes of one unit to depend on each
    other. With perfect agreement the jackknife has no spread; then the interval comes from Wilson's limit.

    Parameters
    ----------
    a, b : array-like of shape (units, codes)
        1 where the coder gave the code, else 0. Units that a coder left out (a NaN in the row) are dropped.

    Raises
    ------
    StatisticsError
        Unequal shapes, fewer than 2 units, or codes that both coders gave to all units or to none.

    References
    ----------
    De Vries, H., Elliott, M. N., Kanouse, D. E., & Teleki, S. S. (2008). Using pooled kappa to summarize interrater
    agreement across many items. Field Methods, 20(3), 272-282. https://doi.org/10.1177/1525822X08317166
    """
    demand_share(level, "level")
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.shape != second.shape or first.ndim != 2:
        raise not_estimable(M_("The two coders coded different numbers of units."), M_("Give one code each."), "VE-691")
    coded_by_both = ~(np.isnan(first).any(axis=1) | np.isnan(second).any(axis=1))
    first, second = first[coded_by_both], second[coded_by_both]
    n = int(first.shape[0])
    if n < 2:
        raise not_estimable(M_("Both coders coded fewer than 2 of the same units."), M_("Code more."), "VE-692")
    sums = first.sum(axis=0), second.sum(axis=0), (first == second).sum(axis=0)
    agreement, expected = _pooled(*sums, n)
    if 1 - expected < 1e-12:
        raise not_estimable(
            M_("Both coders used the same single category."), M_("Report the agreement alone."), "VE-690"
        )
    value = (agreement - expected) / (1 - expected)
    if 1 - agreement < 1e-12:
        low = (proportion(n, n, level=level).low - expected) / (1 - expected)
        return Kappa(value, low, 1.0, n, agreement, expected, WILSON)
    left_out = [
        _pooled(sums[0] - first[i], sums[1] - second[i], sums[2] - (first[i] == second[i]), n - 1) for i in range(n)
    ]
    without_one = np.array([(po - pe) / (1 - pe) if 1 - pe > 1e-12 else value for po, pe in left_out])
    half = float(
        stats.t.isf((1 - level) / 2, n - 1) * np.sqrt((n - 1) / n * np.sum((without_one - without_one.mean()) ** 2))
    )
    return Kappa(value, max(value - half, -1.0), min(value + half, 1.0), n, agreement, expected, JACKKNIFE)


def _pooled(first: FloatArray, second: FloatArray, alike: FloatArray, n: int) -> tuple[float, float]:
    """Average the agreement, and the agreement expected by chance, over the codes."""
    p, q = first / n, second / n
    return float(np.mean(alike / n)), float(np.mean(p * q + (1 - p) * (1 - q)))


def rank_correlation(x: npt.ArrayLike, y: npt.ArrayLike, *, level: float = 0.95) -> RankCorrelation:
    """Correlate ranks (Spearman), for example of days attended and change.

    The interval is Fisher's z with Bonett and Wright's variance ``(1 + r**2 / 2) / (n - 3)``; p is Student's t on n - 2
    degrees of freedom. People with a missing value are left out.

    Raises
    ------
    StatisticsError
        Unequal lengths, fewer than 5 pairs, or a variable without spread.

    References
    ----------
    Bonett, D. G., & Wright, T. A. (2000). Sample size requirements for estimating Pearson, Kendall and Spearman
    correlations. Psychometrika, 65(1), 23-28. https://doi.org/10.1007/BF02294183
    """
    demand_share(level, "level")
    first, second = pairs(x, y, least=5)
    if is_constant(first) or is_constant(second):
        raise not_estimable(M_("One of the two measures has no spread."), M_("Show the distribution."), "VE-693")
    n = int(first.size)
    r = float(np.clip(np.corrcoef(stats.rankdata(first), stats.rankdata(second))[0, 1], -1, 1))
    if 1 - abs(r) < 1e-12:
        raise not_estimable(M_("The two measures rank everybody in the same order."), M_("Show both."), "VE-694")
    half = float(stats.norm.isf((1 - level) / 2) * np.sqrt((1 + r**2 / 2) / (n - 3)))
    t = abs(r) * np.sqrt((n - 2) / (1 - r**2))
    limits = np.tanh([np.arctanh(r) - half, np.arctanh(r) + half])
    return RankCorrelation(r, float(limits[0]), float(limits[1]), float(2 * stats.t.sf(t, n - 2)), n)
