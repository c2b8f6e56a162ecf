"""Restricted likelihood of wave means and covariances, with exact derivatives, for many data sets at once.

Everything is computed from sufficient statistics of the answer patterns (who answered which waves). The first axis of
every array is the data set.

Notation: ``m`` means, ``V`` covariance matrix with free entries ``v_j`` (basis matrices ``E_j``), ``P`` inverse of the
part of ``V`` that a pattern observes, ``A = X'V^-1 X`` the information about the means. The objective is

    J(m, v) = l(m, v) - 1/2 log|A|,

whose maximum over ``m`` is the restricted likelihood of Patterson and Thompson (1971,
https://doi.org/10.1093/biomet/58.3.545).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

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
