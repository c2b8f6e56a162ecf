"""Describe the network of a roster: density, ties across sectors, change of ties. No person's ties are published."""

from collections.abc import Iterator, Mapping

from vunki_eval import stats
from vunki_eval.analysis.respondents import AnalysisPlan
from vunki_eval.analysis.rows import Row, attempt, attempt_or_none, empty_row, join_keys, row, seed_of
from vunki_eval.analysis.sectors import sector_rows
from vunki_eval.survey.roster import Roster
from vunki_eval.survey.study import Study

ENOUGH = 0.75
"""Below this share of people who answered, a network is described but not tested."""
Tie = tuple[str, str]


def roster_rows(study: Study, plan: AnalysisPlan) -> Iterator[Row]:
    """Make the rows of an event's roster, for each wave and between waves; none if there is no roster."""
    roster, question = study.roster, study.project.instrument.roster
    if roster is None or question is None:
        return
    waves = [w for w in study.project.instrument.wave_keys if roster.answered.get(w)]
    strengths = {w: _strengths(roster, w) for w in waves}
    for wave in waves:
        ties = [pair for pair, strength in strengths[wave].items() if strength >= question.tie]
        for estimate in _wave_rows(question.code, roster, wave, ties, plan):
            yield {**estimate, "wave": wave}
        yield from sector_rows(question.code, roster, wave, ties, plan)
    for wave in waves[1:]:
        yield from _change_rows(question.code, roster, (waves[0], wave), strengths, question.tie)


def _strengths(roster: Roster, wave: str) -> dict[Tie, float]:
    ratings = roster.ratings[roster.ratings["wave"] == wave]
    return {
        (str(a), str(b)): float(s) for a, b, s in zip(ratings["from"], ratings["to"], ratings["strength"], strict=True)
    }


def _wave_rows(code: str, roster: Roster, wave: str, ties: list[Tie], plan: AnalysisPlan) -> Iterator[Row]:
    people, answered = sorted(roster.sectors), roster.answered[wave]
    n, share = len(answered), len(answered) / len(people)
    method = "" if share >= ENOUGH else "described"
    yield row(code, wave, "roster_rate", n=len(people), method="wilson",
              **_limits(stats.proportion(n, len(people), level=plan.level)))  # fmt: skip
    yield attempt(code, wave, "density", lambda: row(
        code, wave, "density", stats.network.density(ties, people, answered), n=n, method=method))  # fmt: skip
    yield attempt(code, wave, "reciprocity", lambda: row(
        code, wave, "reciprocity", stats.network.reciprocity(ties, answered), n=n, method=method))  # fmt: skip
    yield row(code, wave, "isolates", float(stats.network.isolates(ties, people)), n=len(people), method=method)
    sectors = {p: s for p, s in roster.sectors.items() if s}
    known_ties = [t for t in ties if t[0] in sectors and t[1] in sectors]

    seed = seed_of(plan.seed, plan.event, code, wave, "ei")
    ei = attempt_or_none(lambda: stats.network.ei_index(known_ties, sectors, seed=seed))
    if ei is None:
        yield empty_row(code, wave, "ei_index", "no_ties")
        return
    common = {"n": n, "method": join_keys("permutation", method)}
    yield row(code, wave, "ei_index", ei.observed, p=ei.p if share >= ENOUGH else None, **common)
    yield row(code, wave, "ei_expected", ei.expected, **common)
    yield row(code, wave, "cross_sector_ties", (ei.observed + 1) / 2, n=n, method=method)
    yield row(code, wave, "cross_sector_ties_expected", (ei.expected + 1) / 2, n=n, method=method)


def _limits(share: stats.Share) -> Row:
    return {"estimate": share.value, "low": share.low, "high": share.high}


def _change_rows(
    code: str, roster: Roster, waves: tuple[str, str], strengths: Mapping[str, dict[Tie, float]], least: int
) -> Iterator[Row]:
    """Compare the ties of two waves, among people who answered both and the others they rated in both."""
    first, wave = waves
    both = roster.answered[first] & roster.answered[wave]
    pairs = [p for p in strengths[first] if p in strengths[wave] and p[0] in both]
    before, after = ({p: strengths[w][p] for p in pairs} for w in waves)
    ties_of_waves = [[p for p, s in part.items() if s >= least] for part in (before, after)]
    method = "" if len(both) >= ENOUGH * len(roster.sectors) else "described"
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
        yield row(code, wave, statistic, float(value), n=len(both), method=method)
