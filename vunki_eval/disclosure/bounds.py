"""How closely an attacker could bound hidden counts from everything that is published, by linear programming.

The unknowns are counts of people. Everything published about them is a linear equation or inequality. Blocks of
unknowns that share no equation are independent, so one linear program solves all blocks at once.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, vstack
from scipy.sparse.csgraph import connected_components

Name = Hashable
SLACK = 1e-6
"""Tolerance of the equations: published numbers have only 10 significant digits."""


@dataclass(frozen=True, slots=True)
class Equation:
    """``low <= sum(weight * unknown) <= high``."""

    weights: Mapping[Name, float]
    low: float
    high: float


def bound(
    upper: Mapping[Name, float], equations: Sequence[Equation], targets: Iterable[Name]
) -> dict[Name, tuple[float, float]]:
    """Bound unknown counts.

    Parameters
    ----------
    upper : mapping
        The largest value that each unknown can have (its base); the smallest is 0.
    equations : sequence of Equation
        What is published. The equations must not contradict each other.
    targets : iterable
        Unknowns to bound.

    Returns
    -------
    dict
        Smallest and largest value of each target. Both are 0, as if the count were known, where the program finds no
        solution.
    """
    names = list(upper)
    index = {name: i for i, name in enumerate(names)}
    targeted = [index[t] for t in targets]
    if not targeted:
        return {}
    matrix, lows, highs = _matrix(equations, index)
    _, blocks = connected_components(matrix.T @ matrix, directed=False)
    queues = _group_by_block(targeted, blocks)
    bounds = {i: [0.0, float(upper[names[i]])] for i in targeted}
    limits = [(0.0, float(upper[n])) for n in names]
    inequalities = _inequalities(matrix, lows, highs)
    for turn in range(max(len(q) for q in queues)):
        batch = [q[turn] for q in queues if turn < len(q)]
        for side, sign in enumerate((1.0, -1.0)):
            solution = _solve(batch, sign, inequalities, limits)
            for i in batch:
                bounds[i][side] = 0.0 if solution is None else float(solution[i])
    return {names[i]: (low, high) for i, (low, high) in bounds.items()}


def _matrix(
    equations: Sequence[Equation], index: Mapping[Name, int]
) -> tuple[csr_array, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    entries = [(row, index[n], w) for row, e in enumerate(equations) for n, w in e.weights.items() if w]
    rows, columns, weights = (np.array(x) for x in zip(*entries, strict=True)) if entries else (np.zeros(0),) * 3
    shape = (len(equations), len(index))
    matrix = csr_array(coo_array((weights, (rows.astype(int), columns.astype(int))), shape=shape))
    return matrix, np.array([e.low for e in equations]), np.array([e.high for e in equations])


def _group_by_block(targeted: list[int], blocks: npt.NDArray[np.int32]) -> list[list[int]]:
    """Group the targets by the block of unknowns that they belong to."""
    queues: dict[int, list[int]] = {}
    for i in targeted:
        queues.setdefault(int(blocks[i]), []).append(i)
    return list(queues.values())


def _inequalities(
    matrix: csr_array, lows: npt.NDArray[np.float64], highs: npt.NDArray[np.float64]
) -> tuple[csr_array | None, npt.NDArray[np.float64] | None]:
    """Write every equation as two inequalities, once for all programs."""
    if not matrix.shape[0]:
        return None, None
    return csr_array(vstack([matrix, -matrix])), np.concatenate([highs + SLACK, -lows + SLACK])


def _solve(
    batch: list[int], sign: float, inequalities: tuple[csr_array | None, npt.NDArray[np.float64] | None],
    limits: list[tuple[float, float]],
) -> npt.NDArray[np.float64] | None:  # fmt: skip
    """Make a batch of unknowns as small (sign 1) or as large (sign -1) as the equations allow."""
    costs = np.zeros(len(limits))
    costs[batch] = sign
    result = linprog(costs, A_ub=inequalities[0], b_ub=inequalities[1], bounds=limits, method="highs")
    return None if result.x is None else np.asarray(result.x)
