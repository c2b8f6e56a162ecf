"""Restricted maximum likelihood for the means of up to five waves, unstructured covariance, many data sets at once.

One data set and ten thousand are fitted by the same code. At the maximum of ``J(m, v)`` (see ``likelihood``) the
inverse of its negative Hessian in (m, v) jointly gives the covariance of the means by observed information (Kenward &
Molenberghs 1998, https://doi.org/10.1214/ss/1028905886).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vunki_eval.stats.inputs import FloatArray
from vunki_eval.stats.likelihood import (
    Pattern,
    basis,
    derivatives,
    inverse,
    normal_equations,
    objective,
    summarise,
)

BoolArray = npt.NDArray[np.bool_]
ROUNDS = 60
STEPS = (1.0, 0.5, 0.25, 0.0625)
ACCURACY = 1e-10
DEGENERATE = 1e-9
"""A covariance matrix (in standard units) with a smaller eigenvalue counts as degenerate and is abandoned."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Restricted maximum likelihood fits of many data sets.

    Attributes
    ----------
    means, covariance : arrays of shape (sets, waves), (sets, waves, waves)
        Estimated means and covariance matrix of the answers.
    observed, expected : arrays of shape (sets, waves, waves)
        Covariance of the means by observed information, and the generalised-least-squares one.
    objective : array of shape (sets,)
        The restricted log-likelihood, up to a constant that is the same for every start.
    converged : array of shape (sets,)
        False where no interior maximum was found; the other values must then not be used.
    """

    means: FloatArray
    covariance: FloatArray
    observed: FloatArray
    expected: FloatArray
    objective: FloatArray
    converged: npt.NDArray[np.bool_]


def fit(values: FloatArray) -> Fit:
    """Fit answers of shape (sets, people, waves) from several starts and keep the best interior maximum.

    Every wave must have spread in every data set.
    """
    centre = np.nanmean(values, axis=1)
    scale = np.nanstd(values, axis=1)
    patterns = summarise((values - centre[:, None, :]) / scale[:, None, :])
    sets, waves = values.shape[0], values.shape[2]
    starts = _starts(waves)
    copies = np.tile(np.arange(sets), len(starts))  # each data set once per start
    fits = _climb([_rows(pattern, copies) for pattern in patterns], np.repeat(starts, sets, axis=0))
    maxima = np.where(fits.converged, fits.objective, -np.inf).reshape(len(starts), sets)
    best = maxima.argmax(axis=0) * sets + np.arange(sets)
    means, covariance, observed, expected, maximum, converged = (getattr(fits, name)[best] for name in Fit.__slots__)
    units = scale[:, :, None] * scale[:, None, :]
    return Fit(centre + scale * means, covariance * units, observed * units, expected * units, maximum, converged)


def _starts(waves: int) -> FloatArray:
    """Build starting matrices: unit variances with equal correlations that are positive, zero and negative."""
    equal = [np.full((waves, waves), r) for r in (0.5, 0.0, -0.5 / (waves - 1))]
    return np.stack([matrix + (1 - matrix[0, 0]) * np.eye(waves) for matrix in equal])


def _climb(patterns: Sequence[Pattern], covariance: FloatArray) -> Fit:
    """Climb to a maximum from these starts: by Newton steps where they go uphill, else by EM steps."""
    sets, waves, _ = covariance.shape
    means = np.asarray(np.linalg.solve(*normal_equations(patterns, covariance))[..., 0], dtype=np.float64)
    converged, active = np.zeros(sets, dtype=bool), np.arange(sets)
    for _ in range(ROUNDS):
        if active.size == 0:
            break
        active_patterns = [_rows(pattern, active) for pattern in patterns]
        means[active], covariance[active], done, alive = _step(active_patterns, means[active], covariance[active])
        converged[active[done]] = True
        active = active[~done & alive]
    final = derivatives(patterns, means, covariance)
    curved, safe = _curvature(final.hessian)
    observed = inverse(safe)[:, :waves, :waves]
    maximum = objective(patterns, means, covariance)
    return Fit(means, covariance, observed, inverse(final.information), maximum, converged & curved)


def _curvature(hessian: FloatArray) -> tuple[BoolArray, FloatArray]:
    """Tell where the negative Hessian is positive definite; return it, with the identity matrix elsewhere."""
    curved = np.linalg.eigvalsh(-hessian)[:, 0] > DEGENERATE
    return curved, np.where(curved[:, None, None], -hessian, np.eye(hessian.shape[1]))


def _step(
    patterns: Sequence[Pattern], means: FloatArray, covariance: FloatArray
) -> tuple[FloatArray, FloatArray, BoolArray, BoolArray]:
    """Take one uphill step in every data set; tell which have converged and which are still regular."""
    waves = means.shape[1]
    here = derivatives(patterns, means, covariance)
    curved, safe = _curvature(here.hessian)
    move = np.linalg.solve(safe, here.gradient[..., None])[..., 0]
    done = curved & (np.abs(move).max(axis=1) < ACCURACY)
    by_covariance = np.einsum("bj,jkl->bkl", move[:, waves:], basis(waves))
    start = objective(patterns, means, covariance)
    floor = start - 1e-11 * (1 + np.abs(start))
    new_means, new_covariance = _expectation_step(patterns, covariance, here.information)
    pending = curved.copy()
    for size in STEPS:
        trial = covariance + size * by_covariance
        regular = np.linalg.eigvalsh(trial)[:, 0] > DEGENERATE
        trial = np.where(regular[:, None, None], trial, covariance)
        trial_means = means + size * move[:, :waves]
        rises = pending & regular & (objective(patterns, trial_means, trial) >= floor)
        new_means = np.where(rises[:, None], trial_means, new_means)
        new_covariance = np.where(rises[:, None, None], trial, new_covariance)
        pending &= ~rises
        if not pending.any():
            break
    alive = np.linalg.eigvalsh(new_covariance)[:, 0] > DEGENERATE
    return new_means, np.where(alive[:, None, None], new_covariance, covariance), done, alive


def _expectation_step(
    patterns: Sequence[Pattern], covariance: FloatArray, information: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Take one EM step for the restricted likelihood; it never goes downhill and stays positive definite."""
    means_covariance = inverse(information)
    right = normal_equations(patterns, covariance)[1]
    centre = (means_covariance @ right)[..., 0]
    total, people = np.zeros_like(covariance), np.zeros(covariance.shape[0])
    for pattern in patterns:
        index = list(pattern.waves)
        columns = covariance[:, :, index]
        weights = columns @ inverse(columns[:, index, :])
        gap = pattern.mean - centre[:, index]
        n = pattern.n[:, None, None]
        expected = gap[:, :, None] * gap[:, None, :] + means_covariance[:, index][:, :, index]
        scatter = pattern.scatter + n * expected
        total += weights @ scatter @ np.swapaxes(weights, 1, 2) + n * (
            covariance - weights @ np.swapaxes(columns, 1, 2)
        )
        people += pattern.n
    updated = total / people[:, None, None]
    return centre, (updated + np.swapaxes(updated, 1, 2)) / 2


def _rows(pattern: Pattern, rows: npt.NDArray[np.int64]) -> Pattern:
    return Pattern(pattern.waves, pattern.n[rows], pattern.mean[rows], pattern.scatter[rows])
