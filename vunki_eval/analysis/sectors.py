"""Ties of a roster from sector to sector: means per person who answered, never of few people, never of few ties."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from vunki_eval import stats
from vunki_eval.analysis.respondents import AnalysisPlan
from vunki_eval.analysis.rows import SUPPRESSED, Row, row, without
from vunki_eval.disclosure.distributions import OTHER
from vunki_eval.survey.roster import Roster

SECTOR, TO = "PR1", "ties_to:"
Tie = tuple[str, str]
Mask = npt.NDArray[np.bool_]


def sector_rows(code: str, roster: Roster, wave: str, ties: list[Tie], plan: AnalysisPlan) -> Iterator[Row]:
    """Give the mean number of ties to each sector of those of a sector who answered.

    Sectors with fewer people than the threshold (on the list, or among those who answered) are merged into "other",
    with the next smallest where that is still too few. Cells of few ties are hidden with what would give them away:
    the sums inside and between sectors are published.
    """
    sectors = merged_sectors(roster, wave, plan.threshold)
    if len(set(sectors.values())) < 2:
        return
    found = stats.network.mixing([t for t in ties if t[0] in sectors and t[1] in sectors], sectors)
    answered = Counter(s for p, s in sectors.items() if p in roster.answered[wave])
    hidden = hidden_cells(found.counts, plan.threshold)
    for a, giver in enumerate(map(str, found.sectors)):
        for b, taker in enumerate(map(str, found.sectors)):
            place = {"group": f"{SECTOR}={giver}", "n": answered[giver], "method": "described"}
            if hidden[a, b]:
                yield without(code, wave, TO + taker, "small_cell", status=SUPPRESSED, group=place["group"])
            else:
                yield row(code, wave, TO + taker, round(float(found.counts[a, b] / answered[giver]), 1), **place)


def merged_sectors(roster: Roster, wave: str, threshold: int) -> dict[str, str]:
    """Give the sector of everybody whose sector is known, small sectors as "other"; empty when all are too small."""
    known = {p: s for p, s in roster.sectors.items() if s}
    answered = Counter(s for p, s in known.items() if p in roster.answered[wave])
    sizes = sorted((answered[s], s) for s in set(known.values()))
    listed = Counter(known.values())
    other: set[str] = set()
    for n, sector in sizes:
        whole = sum(answered[s] for s in other)
        if min(n, listed[sector]) < threshold or 0 < whole < threshold or (other and whole == 0):
            other.add(sector)
    if other and sum(answered[s] for s in other) < threshold:
        return {}
    return {p: OTHER if s in other else s for p, s in known.items()}


def hidden_cells(counts: npt.NDArray[np.int64], threshold: int) -> Mask:
    """Mark cells of few ties, and the next smallest ones while the hidden of a kind could be found from their sum.

    Cells on the diagonal are one kind, all others the other: the published share across sectors gives both sums.
    """
    hidden: Mask = (counts > 0) & (counts < threshold)
    inside = np.eye(len(counts), dtype=bool)
    for kind in (inside, ~inside):
        order = sorted(zip(*np.nonzero(kind), strict=True), key=lambda c: int(counts[c]))
        while (hidden & kind).any() and ((hidden & kind).sum() < 2 or counts[hidden & kind].sum() < threshold):
            left = [c for c in order if not hidden[c]]
            if not left:
                break
            hidden[next((c for c in left if counts[c] > 0), left[0])] = True
    return hidden
