"""Fit the one-factor model by maximum likelihood, for omega."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from vunki_eval.stats.inputs import FloatArray, not_estimable

LOWEST = 1e-4
"""Lower bound of a uniqueness, in standard units."""
INDEFINITE = 1e7
"""Condition number beyond which the equations do not determine the loadings."""
STARTS = (0.2, 0.5, 0.8)
"""Starting values of the uniquenesses: several, since the likelihood can have local maxima."""


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
            "Some items repeat each other, or there are more items than people.",
            "Report alpha, or drop an item that repeats another.",
            "VE-620",
        )
    unique = _best_uniquenesses(correlations)
    if unique.min() <= LOWEST * 1.5:
        raise not_estimable(
            "The one-factor model explains an item completely (Heywood case), so omega does not exist.",
            "Report alpha, and look at whether the items measure one thing.",
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
            "The data do not show a common factor of the items.", "Report the items one by one.", "VE-622"
        )
    polished: FloatArray = solution.x
    return polished
