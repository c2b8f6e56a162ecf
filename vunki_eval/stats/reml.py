"""Restricted maximum likelihood for the means of up to five waves, unstructured covariance, many data sets at once.

One fit and ten thousand run the same lines. At the maximum of ``J(m, v)`` (see ``likelihood``) the inverse of its
negative Hessian in (m, v) jointly gives the covariance of the means by observed information (Kenward & Molenberghs
1998, https://doi.org/10.1214/ss/1028905886).
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
"""Covariance matrices (in standard units) with a smaller eigenvalue are given up as degenerate."""


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
        False where no interior maximum was found: do not use those numbers.
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
    copies = np.tile(np.arange(sets), len(starts))  # every set once for every start
    found = _climb([_rows(pattern, copies) for pattern in patterns], np.repeat(starts, sets, axis=0))
    reached = np.where(found.converged, found.objective, -np.inf).reshape(len(starts), sets)
    chosen = reached.argmax(axis=0) * sets + np.arange(sets)
    means, covariance, observed, expected, top, converged = (getattr(found, name)[chosen] for name in Fit.__slots__)
    units = scale[:, :, None] * scale[:, None, :]
    return Fit(centre + scale * means, covariance * units, observed * units, expected * units, top, converged)


def _starts(waves: int) -> FloatArray:
    """Give unit variances with equal correlations, positive, none and negative."""
    equal = [np.full((waves, waves), r) for r in (0.5, 0.0, -0.5 / (waves - 1))]
    return np.stack([matrix + (1 - matrix[0, 0]) * np.eye(waves) for matrix in equal])


def _climb(patterns: Sequence[Pattern], covariance: FloatArray) -> Fit:
    """Climb to a maximum from these starts: Newton steps where they rise, else steps of the EM algorithm."""
    sets, waves, _ = covariance.shape
    means = np.asarray(np.linalg.solve(*normal_equations(patterns, covariance))[..., 0], dtype=np.float64)
    converged, active = np.zeros(sets, dtype=bool), np.arange(sets)
    for _ in range(ROUNDS):
        if active.size == 0:
            break
        chosen = [_rows(pattern, active) for pattern in patterns]
        m, v, done, alive = _step(chosen, means[active], covariance[active])
        means[active], covariance[active] = m, v
        converged[active[done]] = True
        active = active[~done & alive]
    final = derivatives(patterns, means, covariance)
    curved, safe = _curvature(final.hessian)
    observed = inverse(safe)[:, :waves, :waves]
    top = objective(patterns, means, covariance)
    return Fit(means, covariance, observed, inverse(final.information), top, converged & curved)


def _curvature(hessian: FloatArray) -> tuple[BoolArray, FloatArray]:
    """Tell where the negative Hessian is positive definite, and give it with the identity elsewhere."""
    curved = np.linalg.eigvalsh(-hessian)[:, 0] > DEGENERATE
    return curved, np.where(curved[:, None, None], -hessian, np.eye(hessian.shape[1]))


def _step(
    patterns: Sequence[Pattern], means: FloatArray, covariance: FloatArray
) -> tuple[FloatArray, FloatArray, BoolArray, BoolArray]:
    """Take one uphill step in every data set; tell which have arrived and which are still regular."""
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
    spread = inverse(information)
    right = normal_equations(patterns, covariance)[1]
    centre = (spread @ right)[..., 0]
    total, people = np.zeros_like(covariance), np.zeros(covariance.shape[0])
    for pattern in patterns:
        index = list(pattern.waves)
        columns = covariance[:, :, index]
        weights = columns @ inverse(columns[:, index, :])
        gap = pattern.mean - centre[:, index]
        n = pattern.n[:, None, None]
        seen = pattern.scatter + n * (gap[:, :, None] * gap[:, None, :] + spread[:, index][:, :, index])
        total += weights @ seen @ np.swapaxes(weights, 1, 2) + n * (covariance - weights @ np.swapaxes(columns, 1, 2))
        people += pattern.n
    updated = total / people[:, None, None]
    return centre, (updated + np.swapaxes(updated, 1, 2)) / 2


def _rows(pattern: Pattern, rows: npt.NDArray[np.int64]) -> Pattern:
    return Pattern(pattern.waves, pattern.n[rows], pattern.mean[rows], pattern.scatter[rows])
