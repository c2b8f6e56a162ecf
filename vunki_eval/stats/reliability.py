"""Internal consistency of a scale: alpha, omega of one common factor, and each item's correlation with the rest."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from vunki_eval.errors import M_
from vunki_eval.stats.inputs import FloatArray, complete_rows, demand_share, is_constant, not_estimable

LOWEST = 1e-4
"""Lower bound of a uniqueness, in standard units."""
INDEFINITE = 1e7
"""Condition number beyond which the equations do not determine the loadings."""
STARTS = (0.2, 0.5, 0.8)
"""Starting values of the uniquenesses: several, since the likelihood can have local maxima."""


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
            M_("Everybody has the same sum over the items."), M_("Check the reverse coding of the items."), "VE-623"
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
            raise not_estimable(M_("The two items are perfectly opposed."), M_("Check the reverse coding."), "VE-624")
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
        raise not_estimable(
            M_("The other items together have no spread."), M_("Report the items one by one."), "VE-625"
        )
    return np.array([np.corrcoef(item, rest)[0, 1] for item, rest in zip(table.T, rests.T, strict=True)])


@dataclass(frozen=True, slots=True)
class OneFactor:
    """Loadings and uniquenesses of standardised items, each of shape (items,)."""

    loadings: FloatArray
    uniquenesses: FloatArray


def one_factor(correlations: FloatArray) -> OneFactor:
    """Fit one common factor to a correlation matrix of at least 3 items by maximum likelihood.

    The likelihood is maximised over the uniquenesses (the loadings follow from the first eigenvector), then the
    estimating equations are solved to machine precision.

    Raises
    ------
    StatisticsError
        A singular matrix, no common factor, or a uniqueness at its bound (Heywood case).

    References
    ----------
    Joreskog, K. G. (1967). Some contributions to maximum likelihood factor analysis. Psychometrika, 32(4), 443-482.
    https://doi.org/10.1007/BF02289658
    """
    if np.linalg.eigvalsh(correlations)[0] < 1e-10:
        raise not_estimable(
            M_("Some items repeat each other, or there are more items than people."),
            M_("Report alpha, or drop an item that repeats another."),
            "VE-620",
        )
    unique = _best_uniquenesses(correlations)
    if unique.min() <= LOWEST * 1.5:
        raise not_estimable(
            M_("The one-factor model explains an item completely (Heywood case), so omega does not exist."),
            M_("Report alpha, and look at whether the items measure one thing."),
            "VE-621",
        )
    loadings = _polish(_loadings(unique, correlations), correlations)
    return OneFactor(loadings, 1 - loadings**2)


def _best_uniquenesses(correlations: FloatArray) -> FloatArray:
    squared = 1 / np.diag(np.linalg.inv(correlations))
    starts = [np.clip(squared, 0.01, 0.99), *(np.full(squared.size, start) for start in STARTS)]
    fits = [
        optimize.minimize(
            _misfit, start, args=(correlations,), jac=True, method="L-BFGS-B",
            bounds=[(LOWEST, 1.0)] * squared.size, options={"maxiter": 1000, "ftol": 1e-13, "gtol": 1e-7},
        )
        for start in starts
    ]  # fmt: skip
    return np.asarray(min(fits, key=lambda result: float(result.fun)).x, dtype=np.float64)


def _misfit(unique: FloatArray, correlations: FloatArray) -> tuple[float, FloatArray]:
    """Compute the discrepancy, minimised over the loadings, and its gradient."""
    values, _ = _scaled(unique, correlations)
    rest = np.r_[values[:-1], min(values[-1], 1.0)]
    loadings = _loadings(unique, correlations)
    residual = np.outer(loadings, loadings) + np.diag(unique) - correlations
    return float(np.sum(rest - np.log(rest) - 1)), np.diag(residual) / unique**2


def _loadings(unique: FloatArray, correlations: FloatArray) -> FloatArray:
    values, vectors = _scaled(unique, correlations)
    loadings: FloatArray = np.sqrt(unique) * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0))
    return loadings if loadings.sum() >= 0 else -loadings


def _scaled(unique: FloatArray, correlations: FloatArray) -> tuple[FloatArray, FloatArray]:
    values, vectors = np.linalg.eigh(correlations / np.sqrt(np.outer(unique, unique)))
    return values, vectors


def _polish(loadings: FloatArray, correlations: FloatArray) -> FloatArray:
    """Solve ``R Psi^-1 l = l (1 + l' Psi^-1 l)`` with ``Psi = 1 - l**2`` near the minimum."""

    def equations(trial: FloatArray) -> FloatArray:
        weighted = trial / (1 - trial**2)
        left: FloatArray = correlations @ weighted - trial * (1 + trial @ weighted)
        return left

    def jacobian(trial: FloatArray) -> FloatArray:
        weighted, derivative = trial / (1 - trial**2), (1 + trial**2) / (1 - trial**2) ** 2
        matrix: FloatArray = correlations * derivative - np.outer(trial, weighted + trial * derivative)
        return matrix - (1 + trial @ weighted) * np.eye(trial.size)

    solution = optimize.root(equations, loadings, jac=jacobian, method="hybr", options={"xtol": 1e-14})
    near = float(np.abs(solution.x - loadings).max()) < 1e-3 and float(np.abs(equations(solution.x)).max()) < 1e-8
    if not near or np.linalg.cond(jacobian(loadings)) > INDEFINITE:
        raise not_estimable(
            M_("The data do not show a common factor of the items."), M_("Report the items one by one."), "VE-622"
        )
    polished: FloatArray = solution.x
    return polished
