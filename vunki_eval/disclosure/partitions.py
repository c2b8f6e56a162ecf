"""Which answers are merged so that no published cell is small: bands first, then neighbours, then "other"."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Cells = tuple[tuple[int, ...], ...]
"""A partition: places of the answers that each cell holds."""
MOST_CELLS = 4
MOST_SMALL = 7


def is_small(n: int, total: int, threshold: int) -> bool:
    """Tell whether a count or its complement lies between 1 and the threshold less one."""
    return 0 < n < threshold or 0 < total - n < threshold


def admissible(counts: Counts, cells: Cells, threshold: int) -> bool:
    """Tell whether no cell of a partition is small."""
    total = int(counts.sum())
    return all(not is_small(int(counts[list(cell)].sum()), total, threshold) for cell in cells)


def finest(size: int) -> Cells:
    """Every answer by itself."""
    return tuple((i,) for i in range(size))


def refine(cells: Cells, others: Cells) -> Cells:
    """Cut cells of neighbours wherever one of two partitions cuts."""
    starts = sorted({c[0] for c in cells} | {c[0] for c in others})
    size = sum(len(c) for c in cells)
    ends = [*starts[1:], size]
    return tuple(tuple(range(a, b)) for a, b in zip(starts, ends, strict=True))


def neighbours(size: int, most: int = MOST_CELLS) -> list[Cells]:
    """List the partitions of neighbouring answers into 2 to ``most`` cells."""
    found = []
    for cuts in range(1, min(most, size)):
        for places in combinations(range(1, size), cuts):
            starts, ends = (0, *places), (*places, size)
            found.append(tuple(tuple(range(a, b)) for a, b in zip(starts, ends, strict=True)))
    return found


def ordered(counts: Sequence[Counts], preferred: Sequence[Cells], threshold: int) -> Cells | None:
    """Choose a partition of an ordered set that hides nobody's answer in any of the waves.

    The preferred ones are tried in turn (all answers, the bands); then the partition of neighbours that keeps most
    borders between bands, so that shares of agreement can still be told, with the most cells that hold somebody (two
    at least), the most even one. None if there is none.
    """
    for cells in preferred:
        if all(admissible(c, cells, threshold) for c in counts):
            return cells
    size, bands = counts[0].size, preferred[-1] if preferred else ()
    cuts = {band[0] for band in bands}
    most = size if size <= MOST_SMALL else MOST_CELLS
    total = np.sum(counts, axis=0)
    telling = [p for p in neighbours(size, most) if sum(total[list(cell)].sum() > 0 for cell in p) > 1]
    fitting = [p for p in telling if all(admissible(c, p, threshold) for c in counts)]
    if not fitting:
        return None

    def worth(cells: Cells) -> tuple[int, int, int, int, Cells]:
        filled = sum(1 for cell in cells if total[list(cell)].sum() > 0)
        vacant = len(cells) - filled
        kept = sum(1 for cell in cells if cell[0] in cuts)
        return kept, filled, -vacant, int(min(total[list(cell)].sum() for cell in cells)), tuple(reversed(cells))

    return max(fitting, key=worth)


def nominal(counts: Counts, bands: Cells, threshold: int) -> tuple[Cells, tuple[int, ...]] | None:
    """Choose a partition of an unordered set: all answers, else its bands or the small ones merged into "other".

    Returns
    -------
    tuple or None
        Cells, and the answers that are merged (empty if none are); None if nothing can be shown.
    """
    single = finest(counts.size)
    if admissible(counts, single, threshold):
        return single, ()
    banded = [(bands, ())] if bands and admissible(counts, bands, threshold) else []
    starts = [single, bands] if bands else [single]
    found = [*(m for start in starts if (m := _merged(counts, start, threshold))), *banded]
    return max(found, key=lambda made: (len(made[0]), made[1] == ()), default=None)


def _merged(counts: Counts, start: Cells, threshold: int) -> tuple[Cells, tuple[int, ...]] | None:
    """Merge the small cells, then the next smallest, until what is left may be shown."""
    by_size = sorted(start, key=lambda c: (counts[list(c)].sum(), c[0]))
    merged = [c for c in by_size if 0 < counts[list(c)].sum() < threshold]
    rest = [c for c in by_size if c not in merged]
    while named := [c for c in rest if counts[list(c)].sum() > 0]:
        other = tuple(sorted(i for cell in merged for i in cell))
        cells = (*sorted(rest), other) if other else tuple(sorted(rest))
        if admissible(counts, cells, threshold):
            return cells, other
        merged.append(named[0])
        rest.remove(named[0])
    return None
