"""The network of a roster: how dense, how far across sectors, what became of ties. Counts only, nothing of anybody."""

from collections.abc import Iterator, Mapping

from vunki_eval import stats
from vunki_eval.analysis.respondents import AnalysisPlan
from vunki_eval.analysis.rows import Row, attempt, attempted, joined, row, seed_of, without
from vunki_eval.analysis.sectors import sector_rows
from vunki_eval.survey.roster import Roster
from vunki_eval.survey.study import Study

ENOUGH = 0.75
"""Below this share of answers a network is described, not tested."""
Tie = tuple[str, str]


def roster_rows(study: Study, plan: AnalysisPlan) -> Iterator[Row]:
    """Give the rows of an event's roster, wave by wave and between waves; nothing where there is none."""
    roster, asked = study.roster, study.project.instrument.roster
    if roster is None or asked is None:
        return
    waves = [w for w in study.project.instrument.wave_keys if roster.answered.get(w)]
    strengths = {w: _strengths(roster, w) for w in waves}
    for wave in waves:
        ties = [pair for pair, strength in strengths[wave].items() if strength >= asked.tie]
        for made in _wave(asked.code, roster, wave, ties, plan):
            yield {**made, "wave": wave}
        yield from sector_rows(asked.code, roster, wave, ties, plan)
    for wave in waves[1:]:
        yield from _between(asked.code, roster, (waves[0], wave), strengths, asked.tie)


def _strengths(roster: Roster, wave: str) -> dict[Tie, float]:
    said = roster.said[roster.said["wave"] == wave]
    return {(str(a), str(b)): float(s) for a, b, s in zip(said["from"], said["to"], said["strength"], strict=True)}


def _wave(code: str, roster: Roster, wave: str, ties: list[Tie], plan: AnalysisPlan) -> Iterator[Row]:
    people, answered = sorted(roster.sectors), roster.answered[wave]
    n, share = len(answered), len(answered) / len(people)
    method = "" if share >= ENOUGH else "described"
    yield row(code, wave, "roster_rate", n=len(people), method="wilson",
              **_limits(stats.proportion(n, len(people), level=plan.level)))  # fmt: skip
    yield attempt(
        code,
        wave,
        "density",
        lambda: row(code, wave, "density", stats.network.density(ties, people, answered), n=n, method=method),
    )
    yield attempt(
        code,
        wave,
        "reciprocity",
        lambda: row(code, wave, "reciprocity", stats.network.reciprocity(ties, answered), n=n, method=method),
    )
    yield row(code, wave, "isolates", float(stats.network.isolates(ties, people)), n=len(people), method=method)
    sectors = {p: s for p, s in roster.sectors.items() if s}
    known = [t for t in ties if t[0] in sectors and t[1] in sectors]

    seed = seed_of(plan.seed, plan.event, code, wave, "ei")
    found = attempted(lambda: stats.network.ei_index(known, sectors, seed=seed))
    if found is None:
        yield without(code, wave, "ei_index", "no_ties")
        return
    tested = {"n": n, "method": joined("permutation", method)}
    yield row(code, wave, "ei_index", found.observed, p=found.p if share >= ENOUGH else None, **tested)
    yield row(code, wave, "ei_expected", found.expected, **tested)
    yield row(code, wave, "cross_sector_ties", (found.observed + 1) / 2, n=n, method=method)
    yield row(code, wave, "cross_sector_ties_expected", (found.expected + 1) / 2, n=n, method=method)


def _limits(share: stats.Share) -> Row:
    return {"estimate": share.value, "low": share.low, "high": share.high}


def _between(
    code: str, roster: Roster, waves: tuple[str, str], strengths: Mapping[str, dict[Tie, float]], least: int
) -> Iterator[Row]:
    """Compare two waves among what people who answered both said of the same others."""
    first, wave = waves
    both = roster.answered[first] & roster.answered[wave]
    pairs = [p for p in strengths[first] if p in strengths[wave] and p[0] in both]
    before, after = ({p: strengths[w][p] for p in pairs} for w in waves)
    ties = [[p for p, s in part.items() if s >= least] for part in (before, after)]
    method = "" if len(both) >= ENOUGH * len(roster.sectors) else "described"
    if not pairs or not (ties[0] or ties[1]):
        return
    found, moved = stats.network.change(*ties), stats.network.strength_change(before, after)
    for statistic, value in (
        ("ties_kept", found.kept),
        ("ties_formed", found.formed),
        ("ties_dissolved", found.dissolved),
        ("ties_upgraded", moved.upgraded),
        ("ties_downgraded", moved.downgraded),
        ("jaccard", found.jaccard),
    ):
        yield row(code, wave, statistic, float(value), n=len(both), method=method)
