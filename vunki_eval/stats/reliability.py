"""Internal consistency of a scale: alpha, omega, and each item's correlation with the rest."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from vunki_eval.stats.inputs import FloatArray, complete_rows, demand_share, is_constant, not_estimable
from vunki_eval.stats.one_factor import one_factor


@dataclass(frozen=True, slots=True)
class Reliability:
    """Internal consistency of a scale.

    Attributes
    ----------
    value, low, high : float
        Coefficient and its interval; the interval of omega is NaN (none is computed).
    n, k : int
        Number of people who answered every item; number of items.
    method : str
        How the coefficient was computed.
    """

    value: float
    low: float
    high: float
    n: int
    k: int
    method: str


def cronbach_alpha(items: npt.ArrayLike, *, level: float = 0.95) -> Reliability:
    """Compute raw alpha with Feldt's interval.

    ``alpha = k / (k - 1) * (1 - sum of item variances / variance of the sum)``; ``1 - (1 - alpha) F`` with the
    quantiles of F on n - 1 and (n - 1)(k - 1) degrees of freedom gives the limits. People with any missing item are
    left out (listwise), and ``n`` counts those who remain.

    Parameters
    ----------
    items : array-like of shape (people, items)
        Answers after reverse coding.
    level : float
        Confidence level.

    Raises
    ------
    StatisticsError
        A single item, fewer than 2 complete rows, an item or a sum without spread.

    References
    ----------
    Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika, 16(3), 297-334.
    https://doi.org/10.1007/BF02310555

    Feldt, L. S., Woodruff, D. J., & Salih, F. A. (1987). Statistical inference for coefficient alpha. Applied
    Psychological Measurement, 11(1), 93-103. https://doi.org/10.1177/014662168701100107

    Examples
    --------
    >>> round(cronbach_alpha([[1, 2], [2, 2], [3, 4], [5, 4]]).value, 4)
    0.8791
    """
    demand_share(level, "level")
    table = complete_rows(items)
    n, k = table.shape
    total = table.sum(axis=1)
    if is_constant(total):
        raise not_estimable(
            "Everybody has the same sum over the items.", "Check the reverse coding of the items.", "VE-623"
        )
    value = k / (k - 1) * (1 - float(table.var(axis=0, ddof=1).sum() / total.var(ddof=1)))
    limits = stats.f.isf([(1 - level) / 2, (1 + level) / 2], n - 1, (n - 1) * (k - 1))
    low, high = (1 - (1 - value) * float(limit) for limit in limits)
    return Reliability(value, low, high, n, k, "raw alpha, Feldt interval")


def mcdonald_omega(items: npt.ArrayLike) -> Reliability:
    """Compute omega total of the sum of the items under one common factor.

    The one-factor model is fitted by maximum likelihood to the covariance matrix of complete rows;
    ``omega = (sum l)**2 / ((sum l)**2 + sum psi)``. With 2 items it is Spearman-Brown's ``2 r / (1 + r)``.
    ``low`` and ``high`` are NaN: no interval is computed.

    Parameters
    ----------
    items : array-like of shape (people, items)
        Answers after reverse coding; people with any missing item are left out.

    Raises
    ------
    StatisticsError
        A single item, fewer than 2 complete rows, an item without spread, a uniqueness at its bound (Heywood case),
        or no common factor.

    References
    ----------
    McDonald, R. P. (1999). Test theory: a unified treatment. Lawrence Erlbaum. https://doi.org/10.4324/9781410601087

    Eisinga, R., te Grotenhuis, M., & Pelzer, B. (2013). The reliability of a two-item scale. International Journal of
    Public Health, 58(4), 637-642. https://doi.org/10.1007/s00038-012-0416-3
    """
    table = complete_rows(items)
    n, k = table.shape
    correlations: FloatArray = np.atleast_2d(np.corrcoef(table.T))
    nan = float("nan")
    if k == 2:
        r = float(correlations[0, 1])
        if 1 + r < 1e-9:
            raise not_estimable("The two items are perfectly opposed.", "Check the reverse coding.", "VE-624")
        return Reliability(2 * r / (1 + r), nan, nan, n, k, "Spearman-Brown")
    sd = table.std(axis=0, ddof=1)
    factor = one_factor(correlations)
    common = float((sd * factor.loadings).sum()) ** 2
    value = common / (common + float((sd**2 * factor.uniquenesses).sum()))
    return Reliability(value, nan, nan, n, k, "omega total, one factor, maximum likelihood")


def item_rest_correlation(items: npt.ArrayLike) -> FloatArray:
    """Correlate each item with the sum of the others; a negative value suggests that reverse coding was forgotten.

    Parameters
    ----------
    items : array-like of shape (people, items)
        Answers after reverse coding; people with any missing item are left out.

    Returns
    -------
    numpy.ndarray of shape (items,)

    Raises
    ------
    StatisticsError
        A single item, fewer than 2 complete rows, an item or a rest without spread.

    References
    ----------
    Henrysson, S. (1963). Correction of item-total correlations in item analysis. Psychometrika, 28(2), 211-218.
    https://doi.org/10.1007/BF02289618
    """
    table = complete_rows(items)
    rests = table.sum(axis=1, keepdims=True) - table
    if any(is_constant(rest) for rest in rests.T):
        raise not_estimable("The other items together have no spread.", "Report the items one by one.", "VE-625")
    return np.array([np.corrcoef(item, rest)[0, 1] for item, rest in zip(table.T, rests.T, strict=True)])
