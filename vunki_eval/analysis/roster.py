"""Describe the network of a roster: density, ties across and between sectors, change of ties.

No person's ties are published, nor means of few people or of few ties.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from vunki_eval import stats
from vunki_eval.analysis.respondents import AnalysisPlan
from vunki_eval.analysis.rows import attempt, attempt_or_none, empty_row, interval, seed_of
from vunki_eval.disclosure.distributions import OTHER
from vunki_eval.results.estimates import SUPPRESSED, EstimateRow, Flag
from vunki_eval.survey.roster import Roster
from vunki_eval.survey.study import Study

SECTOR, TO = "PR1", "ties_to:"
Mask = npt.NDArray[np.bool_]
ENOUGH = 0.75
"""Below this share of people who answered, a network is described but not tested."""
Tie = tuple[str, str]


def roster_rows(study: Study, plan: AnalysisPlan) -> Iterator[EstimateRow]:
    """Make the rows of an event's roster, for each wave and between waves; none if there is no roster."""
    roster, question = study.roster, study.project.instrument.roster
    if roster is None or question is None:
        return
    waves = [w for w in study.project.instrument.wave_keys if roster.answered.get(w)]
    strengths = {w: _strengths(roster, w) for w in waves}
    for wave in waves:
        ties = [pair for pair, strength in strengths[wave].items() if strength >= question.tie]
        for estimate in _wave_rows(question.code, roster, wave, ties, plan):
            yield replace(estimate, wave=wave)
        yield from sector_rows(question.code, roster, wave, ties, plan)
    for wave in waves[1:]:
        yield from _change_rows(question.code, roster, (waves[0], wave), strengths, question.tie)


def _strengths(roster: Roster, wave: str) -> dict[Tie, float]:
    ratings = roster.ratings[roster.ratings["wave"] == wave]
    return {
        (str(a), str(b)): float(s) for a, b, s in zip(ratings["from"], ratings["to"], ratings["strength"], strict=True)
    }


def _wave_rows(code: str, roster: Roster, wave: str, ties: list[Tie], plan: AnalysisPlan) -> Iterator[EstimateRow]:
    people, answered = sorted(roster.sectors), roster.answered[wave]
    n, share = len(answered), len(answered) / len(people)
    flags = () if share >= ENOUGH else (Flag.DESCRIBED,)
    rate = stats.proportion(n, len(people), level=plan.level)
    yield EstimateRow(code, wave, "roster_rate", n=len(people), flags=(Flag.WILSON,), **interval(rate))
    yield attempt(code, wave, "density", lambda: EstimateRow(
        code, wave, "density", stats.network.density(ties, people, answered), n=n, flags=flags))  # fmt: skip
    yield attempt(code, wave, "reciprocity", lambda: EstimateRow(
        code, wave, "reciprocity", stats.network.reciprocity(ties, answered), n=n, flags=flags))  # fmt: skip
    yield EstimateRow(code, wave, "isolates", float(stats.network.isolates(ties, people)), n=len(people), flags=flags)
    sectors = {p: s for p, s in roster.sectors.items() if s}
    known_ties = [t for t in ties if t[0] in sectors and t[1] in sectors]

    seed = seed_of(plan.seed, plan.event, code, wave, "ei")
    ei = attempt_or_none(lambda: stats.network.ei_index(known_ties, sectors, seed=seed))
    if ei is None:
        yield empty_row(code, wave, "ei_index", "no_ties")
        return
    permuted = (Flag.PERMUTATION, *flags)
    yield EstimateRow(code, wave, "ei_index", ei.observed, p=ei.p if share >= ENOUGH else None, n=n, flags=permuted)
    yield EstimateRow(code, wave, "ei_expected", ei.expected, n=n, flags=permuted)
    yield EstimateRow(code, wave, "cross_sector_ties", (ei.observed + 1) / 2, n=n, flags=flags)
    yield EstimateRow(code, wave, "cross_sector_ties_expected", (ei.expected + 1) / 2, n=n, flags=flags)


def _change_rows(
    code: str, roster: Roster, waves: tuple[str, str], strengths: Mapping[str, dict[Tie, float]], least: int
) -> Iterator[EstimateRow]:
    """Compare the ties of two waves, among people who answered both and the others they rated in both."""
    first, wave = waves
    both = roster.answered[first] & roster.answered[wave]
    pairs = [p for p in strengths[first] if p in strengths[wave] and p[0] in both]
    before, after = ({p: strengths[w][p] for p in pairs} for w in waves)
    ties_of_waves = [[p for p, s in part.items() if s >= least] for part in (before, after)]
    flags = () if len(both) >= ENOUGH * len(roster.sectors) else (Flag.DESCRIBED,)
    if not pairs or not (ties_of_waves[0] or ties_of_waves[1]):
        return
    change, strength_change = stats.network.change(*ties_of_waves), stats.network.strength_change(before, after)
    for statistic, value in (
        ("ties_kept", change.kept),
        ("ties_formed", change.formed),
        ("ties_dissolved", change.dissolved),
        ("ties_upgraded", strength_change.upgraded),
        ("ties_downgraded", strength_change.downgraded),
        ("jaccard", change.jaccard),
    ):
        yield EstimateRow(code, wave, statistic, float(value), n=len(both), flags=flags)


def sector_rows(code: str, roster: Roster, wave: str, ties: list[Tie], plan: AnalysisPlan) -> Iterator[EstimateRow]:
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
            group, n = f"{SECTOR}={from_sector}", answered[from_sector]
            if hidden[i, j]:
                kept_back = empty_row(code, wave, TO + to_sector, "small_cell", status=SUPPRESSED)
                yield replace(kept_back, group=group)
            else:
                mean = round(float(mixing.counts[i, j] / n), 1)
                yield EstimateRow(code, wave, TO + to_sector, mean, n=n, group=group, flags=(Flag.DESCRIBED,))


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
