"""Choose which answers to merge so that no published cell is small: by bands, else with neighbours or into "other"."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Cells = tuple[tuple[int, ...], ...]
"""A partition: the positions of the answers in each cell."""
MOST_CELLS = 4
"""Larger response sets are split into at most this many cells."""
MOST_SMALL = 7
"""Response sets up to this size may be split into any number of cells."""


def is_small(n: int, total: int, threshold: int) -> bool:
    """Tell whether a count or its complement lies between 1 and the threshold less one."""
    return 0 < n < threshold or 0 < total - n < threshold


def is_admissible(counts: Counts, cells: Cells, threshold: int) -> bool:
    """Tell whether no cell of a partition is small."""
    total = int(counts.sum())
    return all(not is_small(int(counts[list(cell)].sum()), total, threshold) for cell in cells)


def finest(size: int) -> Cells:
    """Make the partition in which every answer is by itself."""
    return tuple((i,) for i in range(size))


def refine(cells: Cells, others: Cells) -> Cells:
    """Split neighbouring answers wherever either of two partitions does."""
    starts = sorted({c[0] for c in cells} | {c[0] for c in others})
    size = sum(len(c) for c in cells)
    ends = [*starts[1:], size]
    return tuple(tuple(range(a, b)) for a, b in zip(starts, ends, strict=True))


def neighbour_partitions(size: int, most: int = MOST_CELLS) -> list[Cells]:
    """List the partitions of an ordered set into 2 to ``most`` cells of neighbouring answers."""
    partitions = []
    for cuts in range(1, min(most, size)):
        for borders in combinations(range(1, size), cuts):
            starts, ends = (0, *borders), (*borders, size)
            partitions.append(tuple(tuple(range(a, b)) for a, b in zip(starts, ends, strict=True)))
    return partitions


def choose_ordered(counts: Sequence[Counts], preferred: Sequence[Cells], threshold: int) -> Cells | None:
    """Choose a partition of an ordered set that has no small cell in any of the waves.

    The preferred partitions are tried in turn. If none fits, the choice is among partitions into neighbouring answers
    with at least two non-empty cells. The best one keeps the most borders between bands, so that shares of agreement
    can still be stated; among those it has the most non-empty and the fewest empty cells, then the largest smallest
    cell. None if none fits.
    """
    for cells in preferred:
        if all(is_admissible(c, cells, threshold) for c in counts):
            return cells
    size, bands = counts[0].size, preferred[-1] if preferred else ()
    borders = {band[0] for band in bands}
    most = size if size <= MOST_SMALL else MOST_CELLS
    total = np.sum(counts, axis=0)
    informative = [p for p in neighbour_partitions(size, most) if sum(total[list(cell)].sum() > 0 for cell in p) > 1]
    fitting = [p for p in informative if all(is_admissible(c, p, threshold) for c in counts)]
    if not fitting:
        return None

    def worth(cells: Cells) -> tuple[int, int, int, int, Cells]:
        filled = sum(1 for cell in cells if total[list(cell)].sum() > 0)
        empty = len(cells) - filled
        kept_borders = sum(1 for cell in cells if cell[0] in borders)
        return kept_borders, filled, -empty, int(min(total[list(cell)].sum() for cell in cells)), tuple(reversed(cells))

    return max(fitting, key=worth)


def choose_nominal(counts: Counts, bands: Cells, threshold: int) -> tuple[Cells, tuple[int, ...]] | None:
    """Choose a partition of an unordered set: every answer, or else its bands, or small ones merged into "other".

    Returns
    -------
    tuple or None
        The cells, and the answers that are merged into "other" (empty if none are). None if nothing can be shown.
    """
    single = finest(counts.size)
    if is_admissible(counts, single, threshold):
        return single, ()
    banded = [(bands, ())] if bands and is_admissible(counts, bands, threshold) else []
    starts = [single, bands] if bands else [single]
    candidates = [*(m for start in starts if (m := _merge_small(counts, start, threshold))), *banded]
    return max(candidates, key=lambda c: (len(c[0]), c[1] == ()), default=None)


def _merge_small(counts: Counts, start: Cells, threshold: int) -> tuple[Cells, tuple[int, ...]] | None:
    """Merge the small cells, then the next smallest, until all cells may be shown."""
    by_size = sorted(start, key=lambda c: (counts[list(c)].sum(), c[0]))
    merged = [c for c in by_size if 0 < counts[list(c)].sum() < threshold]
    rest = [c for c in by_size if c not in merged]
    while named := [c for c in rest if counts[list(c)].sum() > 0]:
        other = tuple(sorted(i for cell in merged for i in cell))
        cells = (*sorted(rest), other) if other else tuple(sorted(rest))
        if is_admissible(counts, cells, threshold):
            return cells, other
        merged.append(named[0])
        rest.remove(named[0])
    return None
