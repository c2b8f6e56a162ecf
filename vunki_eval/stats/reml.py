"""Restricted maximum likelihood for the means of up to five waves, unstructured covariance, many data sets at once.

One data set and ten thousand are fitted by the same code: the first axis of every array is the data set. Everything is
computed from sufficient statistics of the answer patterns (who answered which waves).

Notation: ``m`` means, ``V`` covariance matrix with free entries ``v_j`` (basis matrices ``E_j``), ``P`` inverse of the
part of ``V`` that a pattern observes, ``A = X'V^-1 X`` the information about the means. The objective is

    J(m, v) = l(m, v) - 1/2 log|A|,

whose maximum over ``m`` is the restricted likelihood of Patterson and Thompson (1971,
https://doi.org/10.1093/biomet/58.3.545). At the maximum of ``J(m, v)`` the inverse of its negative Hessian in (m, v)
jointly gives the covariance of the means by observed information (Kenward & Molenberghs 1998,
https://doi.org/10.1214/ss/1028905886).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from vunki_eval.stats.inputs import FloatArray


@dataclass(frozen=True, slots=True)
class Pattern:
    """Sufficient statistics of the people who answered exactly these waves.

    Attributes
    ----------
    waves : tuple of int
        Waves answered.
    n, mean, scatter : arrays of shape (sets,), (sets, k), (sets, k, k)
        Number of people, their means, and sums of squares and products about these means.
    """

    waves: tuple[int, ...]
    n: FloatArray
    mean: FloatArray
    scatter: FloatArray


@dataclass(frozen=True, slots=True)
class Derivatives:
    """Gradient and Hessian of the objective in (m, v), and the information A about the means."""

    gradient: FloatArray
    hessian: FloatArray
    information: FloatArray


def inverse(matrices: FloatArray) -> FloatArray:
    """Invert a stack of matrices."""
    return np.asarray(np.linalg.inv(matrices), dtype=np.float64)


def summarise(values: FloatArray) -> list[Pattern]:
    """Reduce answers of shape (sets, people, waves), NaN = missing, to their patterns."""
    answered = ~np.isnan(values)
    waves = values.shape[2]
    patterns = []
    for observed in product((True, False), repeat=waves):
        rows = (answered == np.array(observed)).all(axis=2)
        if not any(observed) or not rows.any():
            continue
        index = np.flatnonzero(observed)
        n = rows.sum(axis=1).astype(np.float64)
        part = np.where(rows[:, :, None], values[:, :, index], 0.0)
        mean = part.sum(axis=1) / np.maximum(n, 1)[:, None]
        centred = np.where(rows[:, :, None], part - mean[:, None, :], 0.0)
        scatter = np.swapaxes(centred, 1, 2) @ centred
        patterns.append(Pattern(tuple(int(i) for i in index), n, mean, scatter))
    return patterns


def normal_equations(patterns: Sequence[Pattern], covariance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Compute the information about the means and the right-hand side of generalised least squares."""
    sets, waves, _ = covariance.shape
    information, right = np.zeros((sets, waves, waves)), np.zeros((sets, waves, 1))
    for pattern in patterns:
        grid = np.ix_(range(sets), pattern.waves, pattern.waves)
        weighted = pattern.n[:, None, None] * inverse(covariance[grid])
        information[grid] += weighted
        right[:, list(pattern.waves)] += weighted @ pattern.mean[..., None]
    return information, right


def objective(patterns: Sequence[Pattern], means: FloatArray, covariance: FloatArray) -> FloatArray:
    """Compute ``J(m, v)`` without its constant."""
    value = np.zeros(means.shape[0])
    for pattern in patterns:
        n, inverted, _, residual = _residual(pattern, means, covariance)
        value += (n * np.linalg.slogdet(inverted)[1] - np.einsum("bkl,blk->b", inverted, residual)) / 2
    information, _ = normal_equations(patterns, covariance)
    return np.asarray(value - np.linalg.slogdet(information)[1] / 2, dtype=np.float64)


def derivatives(patterns: Sequence[Pattern], means: FloatArray, covariance: FloatArray) -> Derivatives:
    """Compute gradient and Hessian of ``J`` in (m, v) in closed form."""
    sets, waves = means.shape
    entries = basis(waves)
    q = entries.shape[0]
    gradient, hessian = np.zeros((sets, waves + q)), np.zeros((sets, waves + q, waves + q))
    # First and second derivatives of A by the entries of V.
    first_of_a, second_of_a = np.zeros((sets, q, waves, waves)), np.zeros((sets, q, q, waves, waves))
    for pattern in patterns:
        index = list(pattern.waves)
        n, inverted, gap, residual = _residual(pattern, means, covariance)
        single = np.einsum("bkl,jlm->bjkm", inverted, entries[:, index][:, :, index])  # P E_j
        double = np.einsum("bikl,bjlm->bijkm", single, single)  # P E_i P E_j
        weighted = inverted @ residual
        gradient[:, index] += n[:, None] * np.einsum("bkl,bl->bk", inverted, gap)
        gradient[:, waves:] += np.einsum("bjkl,blk->bj", single, weighted) / 2
        gradient[:, waves:] -= n[:, None] * np.einsum("bjkk->bj", single) / 2
        hessian[np.ix_(range(sets), index, index)] -= n[:, None, None] * inverted
        hessian[:, index, waves:] -= n[:, None, None] * np.einsum("bjkl,blm,bm->bkj", single, inverted, gap)
        hessian[:, waves:, waves:] += n[:, None, None] * np.einsum("bijkk->bij", double) / 2
        hessian[:, waves:, waves:] -= np.einsum("bijkl,blk->bij", double, weighted)
        product_ij = n[:, None, None, None, None] * (double @ inverted[:, None, None])
        first_of_a[np.ix_(range(sets), range(q), index, index)] -= n[:, None, None, None] * (single @ inverted[:, None])
        second_of_a[np.ix_(range(sets), range(q), range(q), index, index)] += product_ij + np.swapaxes(product_ij, 1, 2)
    information = -hessian[:, :waves, :waves]
    means_covariance = inverse(information)
    relative = np.einsum("bkl,bjlm->bjkm", means_covariance, first_of_a)
    gradient[:, waves:] -= np.einsum("bjkk->bj", relative) / 2
    hessian[:, waves:, waves:] -= np.einsum("bkl,bijlk->bij", means_covariance, second_of_a) / 2
    hessian[:, waves:, waves:] += np.einsum("bikl,bjlk->bij", relative, relative) / 2
    hessian[:, waves:, :waves] = np.swapaxes(hessian[:, :waves, waves:], 1, 2)
    return Derivatives(gradient, (hessian + np.swapaxes(hessian, 1, 2)) / 2, information)


def _residual(
    pattern: Pattern, means: FloatArray, covariance: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Compute people, ``P``, mean minus expectation, and squares and products about the expectation."""
    index = list(pattern.waves)
    gap = pattern.mean - means[:, index]
    residual = pattern.scatter + pattern.n[:, None, None] * gap[:, :, None] * gap[:, None, :]
    return pattern.n, inverse(covariance[:, index][:, :, index]), gap, residual


def basis(waves: int) -> FloatArray:
    """Build one symmetric matrix of zeros and ones for every free entry of the covariance matrix."""
    places = [(i, j) for i in range(waves) for j in range(i, waves)]
    matrices = np.zeros((len(places), waves, waves))
    for k, (i, j) in enumerate(places):
        matrices[k, i, j] = matrices[k, j, i] = 1.0
    return matrices


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
