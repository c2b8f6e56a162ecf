"""Summarise a roster's ties from sector to sector, as means per person; never of few people, never of few ties."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from vunki_eval import stats
from vunki_eval.analysis.respondents import AnalysisPlan
from vunki_eval.analysis.rows import SUPPRESSED, Row, empty_row, row
from vunki_eval.disclosure.distributions import OTHER
from vunki_eval.survey.roster import Roster

SECTOR, TO = "PR1", "ties_to:"
Tie = tuple[str, str]
Mask = npt.NDArray[np.bool_]


def sector_rows(code: str, roster: Roster, wave: str, ties: list[Tie], plan: AnalysisPlan) -> Iterator[Row]:
    """Make the rows of the mean number of ties to each sector, per person of a sector who answered.

    Sectors with fewer people than the threshold (on the list, or among those who answered) are merged into "other",
    with the next smallest sector if these are still too few. Cells of few ties are hidden, and with them those that
    would reveal them, because the sums within and between sectors are published.
    """
    sectors = merged_sectors(roster, wave, plan.threshold)
    if len(set(sectors.values())) < 2:
        return
    mixing = stats.network.mixing([t for t in ties if t[0] in sectors and t[1] in sectors], sectors)
    answered = Counter(s for p, s in sectors.items() if p in roster.answered[wave])
    hidden = hidden_cells(mixing.counts, plan.threshold)
    for i, from_sector in enumerate(map(str, mixing.sectors)):
        for j, to_sector in enumerate(map(str, mixing.sectors)):
            common = {"group": f"{SECTOR}={from_sector}", "n": answered[from_sector], "method": "described"}
            if hidden[i, j]:
                yield empty_row(code, wave, TO + to_sector, "small_cell", status=SUPPRESSED, group=common["group"])
            else:
                yield row(
                    code, wave, TO + to_sector, round(float(mixing.counts[i, j] / answered[from_sector]), 1), **common
                )


def merged_sectors(roster: Roster, wave: str, threshold: int) -> dict[str, str]:
    """Look up everybody's known sector, with small sectors as "other"; empty if even "other" is too small."""
    sector_of = {p: s for p, s in roster.sectors.items() if s}
    answered = Counter(s for p, s in sector_of.items() if p in roster.answered[wave])
    sizes = sorted((answered[s], s) for s in set(sector_of.values()))
    listed = Counter(sector_of.values())
    other: set[str] = set()
    for n, sector in sizes:
        n_other = sum(answered[s] for s in other)
        if min(n, listed[sector]) < threshold or 0 < n_other < threshold or (other and n_other == 0):
            other.add(sector)
    if other and sum(answered[s] for s in other) < threshold:
        return {}
    return {p: OTHER if s in other else s for p, s in sector_of.items()}


def hidden_cells(counts: npt.NDArray[np.int64], threshold: int) -> Mask:
    """Mark cells of few ties, and the next smallest ones until the sum of the hidden cells of a kind reveals none.

    The kinds are cells on the diagonal and off it, because the published share of ties across sectors gives both sums.
    """
    hidden: Mask = (counts > 0) & (counts < threshold)
    inside = np.eye(len(counts), dtype=bool)
    for kind in (inside, ~inside):
        by_size = sorted(zip(*np.nonzero(kind), strict=True), key=lambda c: int(counts[c]))
        while (hidden & kind).any() and ((hidden & kind).sum() < 2 or counts[hidden & kind].sum() < threshold):
            open_cells = [c for c in by_size if not hidden[c]]
            if not open_cells:
                break
            hidden[next((c for c in open_cells if counts[c] > 0), open_cells[0])] = True
    return hidden
