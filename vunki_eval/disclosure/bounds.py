"""How closely hidden counts can be bounded by everything that is published: linear programming, as an attacker would.

Unknowns are counts of people; everything published about them is a linear equation or inequality. Groups of unknowns
that no equation joins are solved side by side, one linear program for all of them.
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
"""Published numbers have 10 significant digits; equations hold to this."""


@dataclass(frozen=True, slots=True)
class Equation:
    """``low <= sum(weight * unknown) <= high``."""

    weights: Mapping[Name, float]
    low: float
    high: float


def bound(
    most: Mapping[Name, float], equations: Sequence[Equation], targets: Iterable[Name]
) -> dict[Name, tuple[float, float]]:
    """Bound unknown counts.

    Parameters
    ----------
    most : mapping
        Every unknown with the largest value it can have (the base); the smallest is 0.
    equations : sequence of Equation
        What is published. They must not contradict each other.
    targets : iterable
        Unknowns to bound.

    Returns
    -------
    dict
        Smallest and largest value of each target; both 0, as if it were known, where the program finds no solution.
    """
    names = list(most)
    place = {name: i for i, name in enumerate(names)}
    wanted = [place[t] for t in targets]
    if not wanted:
        return {}
    matrix, lows, highs = _matrix(equations, place)
    _, block = connected_components(matrix.T @ matrix, directed=False)
    queues = _queues(wanted, block)
    ends = {i: [0.0, float(most[names[i]])] for i in wanted}
    limits = [(0.0, float(most[n])) for n in names]
    room = _room(matrix, lows, highs)
    for turn in range(max(len(q) for q in queues)):
        chosen = [q[turn] for q in queues if turn < len(q)]
        for side, sign in enumerate((1.0, -1.0)):
            solution = _solve(chosen, sign, room, limits)
            for i in chosen:
                ends[i][side] = 0.0 if solution is None else float(solution[i])
    return {names[i]: (low, high) for i, (low, high) in ends.items()}


def _matrix(
    equations: Sequence[Equation], place: Mapping[Name, int]
) -> tuple[csr_array, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    entries = [(row, place[n], w) for row, e in enumerate(equations) for n, w in e.weights.items() if w]
    rows, columns, weights = (np.array(x) for x in zip(*entries, strict=True)) if entries else (np.zeros(0),) * 3
    shape = (len(equations), len(place))
    matrix = csr_array(coo_array((weights, (rows.astype(int), columns.astype(int))), shape=shape))
    return matrix, np.array([e.low for e in equations]), np.array([e.high for e in equations])


def _queues(wanted: list[int], block: npt.NDArray[np.int32]) -> list[list[int]]:
    """Sort the targets by the group of unknowns that they belong to."""
    queues: dict[int, list[int]] = {}
    for i in wanted:
        queues.setdefault(int(block[i]), []).append(i)
    return list(queues.values())


def _room(
    matrix: csr_array, lows: npt.NDArray[np.float64], highs: npt.NDArray[np.float64]
) -> tuple[csr_array | None, npt.NDArray[np.float64] | None]:
    """Write all equations as inequalities, once for all programs."""
    if not matrix.shape[0]:
        return None, None
    return csr_array(vstack([matrix, -matrix])), np.concatenate([highs + SLACK, -lows + SLACK])


def _solve(
    chosen: list[int], sign: float, room: tuple[csr_array | None, npt.NDArray[np.float64] | None],
    limits: list[tuple[float, float]],
) -> npt.NDArray[np.float64] | None:  # fmt: skip
    """Make the chosen unknowns as small (sign 1) or as large (sign -1) as the equations allow."""
    costs = np.zeros(len(limits))
    costs[chosen] = sign
    found = linprog(costs, A_ub=room[0], b_ub=room[1], bounds=limits, method="highs")
    return None if found.x is None else np.asarray(found.x)
