"""Change of an outcome between two waves: which estimate is the headline, and what stands beside it.

The choice is fixed beforehand. With 10 pairs and more: everybody's answers by restricted maximum likelihood when at
least 10 % answered only once, else the paired t. With fewer pairs but as many as the threshold: described, no
inference. Below it: suppressed. When nobody can be linked: Welch. With 8 teams and more the wider of the plain and the
team-clustered interval decides.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats as distributions

from vunki_eval import stats
from vunki_eval.analysis.respondents import NO_TEAM, AnalysisPlan, FloatArray, Outcome
from vunki_eval.analysis.rows import (
    SUPPRESSED,
    Row,
    attempt,
    attempted,
    joined,
    reason_of,
    row,
    seed_of,
    without,
)
from vunki_eval.errors import StatisticsError

LEAST_PAIRS = 10
LEAST_TEAMS = 8
UNPAIRED_SHARE = 0.10
SHOWN_ICC = {"design_effect_05": 0.05, "design_effect_10": 0.10}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A change on the scale of analysis; ``se`` and ``df`` are NaN where there is no inference.

    ``plain`` is the estimate before teams were looked at.
    """

    change: float
    se: float
    df: float
    n: int
    method: str
    plain: "Estimate | None" = None

    def limits(self, level: float) -> tuple[float, float, float]:
        """Give low, high and p."""
        half = float(distributions.t.isf((1 - level) / 2, self.df)) * self.se
        p = float(2 * distributions.t.sf(abs(self.change / self.se), self.df))
        return self.change - half, self.change + half, p

    @property
    def inferential(self) -> bool:
        """Tell whether there is an interval."""
        return bool(np.isfinite(self.se))


def headline(
    outcome: Outcome, before: str, after: str, plan: AnalysisPlan, statistic: str = "change"
) -> tuple[Row, Estimate | None]:
    """Give the row of the change that the report states, and the estimate behind it.

    There always is a row: where the change cannot be stated it says why.
    """
    key = outcome.scale.key
    people = outcome.people_in(before, after)
    try:
        found = chosen(outcome, before, after, plan)
    except StatisticsError as error:
        return without(key, after, statistic, reason_of(error)), None
    if isinstance(found, str):
        status = SUPPRESSED if found == "below_threshold" else "not_estimable"
        return without(key, after, statistic, found, status=status), None
    return change_row(outcome, after, statistic, found, people, plan), found


def chosen(outcome: Outcome, before: str, after: str, plan: AnalysisPlan) -> Estimate | str:
    """Choose the estimate, or give the key of the reason why there is none."""
    first, second = outcome.wave(before), outcome.wave(after)
    if before not in outcome.responded or after not in outcome.responded:
        return "no_wave"
    if not np.isfinite(first).any() or not np.isfinite(second).any():
        return "no_answers"
    pairs = int(outcome.pairs(before, after).sum())
    if pairs == 0:
        return unlinked(first, second, plan)
    if pairs < plan.threshold:
        return "below_threshold"
    if pairs < LEAST_PAIRS:
        difference = (second - first)[outcome.pairs(before, after)]
        return Estimate(float(difference.mean()), float("nan"), float("nan"), pairs, "described")
    alone = outcome.only(before, after)
    plain = all_data(first, second) if alone >= UNPAIRED_SHARE * (pairs + alone) else paired(first, second)
    return with_teams(plain, outcome, before, after)


def paired(first: FloatArray, second: FloatArray) -> Estimate:
    """Estimate from those who answered both times."""
    result = stats.paired_change(first, second)
    return Estimate(result.change, result.sd_change / float(np.sqrt(result.n)), result.df, result.n, "paired_t")


def all_data(first: FloatArray, second: FloatArray) -> Estimate:
    """Estimate from everybody who answered at least once."""
    result = stats.all_data_change(first, second)
    pairs_only = result.method.startswith("paired")
    if pairs_only:
        return Estimate(result.change, result.se, result.df, result.n_pairs, "all_data_fallback")
    people = result.n_pairs + result.n_before_only + result.n_after_only
    return Estimate(result.change, result.se, result.df, people, "all_data_reml")


def unlinked(first: FloatArray, second: FloatArray, plan: AnalysisPlan) -> Estimate | str:
    """Compare waves whose people cannot be linked."""
    smaller = min(int(np.isfinite(first).sum()), int(np.isfinite(second).sum()))
    people = int(np.isfinite(first).sum() + np.isfinite(second).sum())
    if smaller < plan.threshold:
        return "below_threshold"
    result = stats.welch_change(first, second)
    if smaller < LEAST_PAIRS:
        return Estimate(result.change, float("nan"), float("nan"), people, "described; welch_unlinked")
    return Estimate(result.change, result.se, result.df, people, "welch_unlinked")


def with_teams(plain: Estimate, outcome: Outcome, before: str, after: str) -> Estimate:
    """Widen the interval to what the spread between teams asks for, when there are 8 teams or more.

    The standard error of the pairs is compared with and without teams; a headline from all answers is widened by the
    same factor.
    """
    clustered = team_estimate(outcome, before, after)
    if clustered is None:
        return plain
    pairs = paired(outcome.wave(before), outcome.wave(after))
    widened = Estimate(
        plain.change, plain.se * clustered.se / pairs.se, min(plain.df, clustered.df), plain.n, plain.method
    )
    if _half(widened) > _half(plain):
        return replace(widened, method=joined(plain.method, "team_clustered"), plain=plain)
    return replace(plain, method=joined(plain.method, "plain_with_teams"), plain=plain)


def _half(estimate: Estimate) -> float:
    low, high, _ = estimate.limits(0.95)
    return high - low


def teams_of(outcome: Outcome, before: str, after: str) -> int:
    """Count teams that are named by people with a pair."""
    return len({t for t in outcome.teams[outcome.pairs(before, after)] if t != NO_TEAM})


def team_estimate(outcome: Outcome, before: str, after: str) -> Estimate | None:
    """Estimate with team-clustered uncertainty; None with too few teams."""
    if teams_of(outcome, before, after) < LEAST_TEAMS:
        return None
    try:
        result = stats.team_change(outcome.wave(before), outcome.wave(after), list(outcome.teams))
    except StatisticsError:
        return None
    se = (result.high - result.low) / 2 / float(distributions.t.isf(0.025, result.df))
    return Estimate(result.change, se, result.df, result.n, "team_clustered")


def change_row(outcome: Outcome, wave: str, statistic: str, found: Estimate, people: int, plan: AnalysisPlan, *,
               level: float | None = None) -> Row:  # fmt: skip
    """Write an estimate down: ratios for counts; no interval where there is no inference."""
    more: Row = {}
    if found.inferential:
        low, high, p = found.limits(level or plan.level)
        more = {"low": outcome.natural(low), "high": outcome.natural(high), "p": p}
    method = joined(found.method, "log1p_ratio" if outcome.logged else "")
    return row(outcome.scale.key, wave, statistic, outcome.natural(found.change), n=found.n,
               n_missing=people - found.n, method=method, **more)  # fmt: skip


def beside(outcome: Outcome, before: str, after: str, found: Estimate | None, plan: AnalysisPlan) -> Iterator[Row]:
    """Give the other estimators of the same change: pairs always; for primary outcomes all answers and Welch."""
    key, pairs = outcome.scale.key, int(outcome.pairs(before, after).sum())
    first, second, people = outcome.wave(before), outcome.wave(after), outcome.people_in(before, after)
    if pairs < LEAST_PAIRS:
        if pairs >= plan.threshold:
            mean = float((second - first)[outcome.pairs(before, after)].mean())
            few = Estimate(mean, float("nan"), float("nan"), pairs, "described")
            yield change_row(outcome, after, "change_pairs", few, people, plan)
        else:
            yield without(key, after, "change_pairs", "below_threshold", status=SUPPRESSED)
        return

    def made(name: str, make: Callable[[], Estimate]) -> Row:
        return attempt(key, after, name, lambda: change_row(outcome, after, name, make(), people, plan))

    yield made("change_pairs", lambda: paired(first, second))
    if outcome.only(before, after) and key in plan.primary:
        plain = found.plain or found if found else None
        known = plain if plain is not None and plain.method.startswith("all_data") else None
        yield made("change_all_data", lambda: known or all_data(first, second))
        yield {**made("change_welch", lambda: _welch(first, second)), "n_missing": None}


def _welch(first: FloatArray, second: FloatArray) -> Estimate:
    result = stats.welch_change(first, second)
    return Estimate(result.change, result.se, result.df, result.n_before + result.n_after, "welch")


def teams_beside(outcome: Outcome, before: str, after: str, plan: AnalysisPlan) -> Iterator[Row]:
    """Give what teams say: the clustered change and the correlation within teams, or what few teams could mean."""
    key, count = outcome.scale.key, teams_of(outcome, before, after)
    pairs = int(outcome.pairs(before, after).sum())
    if pairs < LEAST_PAIRS or count < 2:
        return
    if count < LEAST_TEAMS:
        for name, icc in SHOWN_ICC.items():
            yield row(key, after, name, 1 + (pairs / count - 1) * icc, n=pairs)
        return
    found = team_estimate(outcome, before, after)
    result = attempted(lambda: stats.team_change(outcome.wave(before), outcome.wave(after), list(outcome.teams)))
    if found and result:
        yield change_row(outcome, after, "change_teams", found, outcome.people_in(before, after), plan)
        yield row(key, after, "icc_teams", result.icc, n=result.n)


def sizes(outcome: Outcome, before: str, after: str, plan: AnalysisPlan) -> Iterator[Row]:
    """Give size of change, shares who rose, stayed and fell, and what the pairs could detect."""
    key, pairs = outcome.scale.key, int(outcome.pairs(before, after).sum())
    names = ("g_av", "superiority", "share_up", "share_same", "share_down", "rank_biserial")
    if pairs < LEAST_PAIRS:
        return
    result = attempted(lambda: stats.paired_change(outcome.wave(before), outcome.wave(after), level=plan.level))
    if result is None:
        yield from (without(key, after, name, "no_spread") for name in names)
        return
    missing = outcome.people_in(before, after) - pairs
    for name in names:
        limits = {k: getattr(result, f"{name}_{k}") for k in ("low", "high")} if name in names[:2] else {}
        yield row(key, after, name, getattr(result, name), n=pairs, n_missing=missing, **limits)
    dz = stats.detectable_change(pairs, level=plan.level)
    yield row(key, after, "detectable_change", outcome.natural(dz * result.sd_change), n=pairs)


def tests(outcome: Outcome, before: str, after: str, plan: AnalysisPlan) -> Iterator[Row]:
    """Give the tests that do not lean on the normal distribution."""
    key, pairs = outcome.scale.key, int(outcome.pairs(before, after).sum())
    if pairs < LEAST_PAIRS:
        return
    first, second = outcome.wave(before), outcome.wave(after)
    seed = seed_of(plan.seed, plan.event, key, "sign_flip")

    def made(name: str, make: Callable[[], stats.ChangeTest]) -> Row:
        def tested() -> Row:
            test = make()
            return row(key, after, name, test.statistic, p=test.p, n=pairs, method=_test_key(test))

        return attempt(key, after, name, tested)

    yield made("p_wilcoxon", lambda: stats.wilcoxon(first, second))
    if key in plan.primary:
        yield made("p_sign_flip", lambda: stats.sign_flip(first, second, seed=seed))


def _test_key(test: stats.ChangeTest) -> str:
    """Name how a test's p value was computed."""
    exact = "exact" in test.method or "enumerated" in test.method
    kind = "pratt" if "Pratt" in test.method else "sign_flips"
    return f"{kind}_{'exact' if exact else 'normal' if kind == 'pratt' else 'drawn'}"


def equivalence_row(outcome: Outcome, wave: str, found: Estimate | None, plan: AnalysisPlan) -> Row | None:
    """Test whether the headline's change is smaller than what matters; None where no smallest change is declared."""
    margin = plan.margin(outcome)
    if margin is None:
        return None
    key = outcome.scale.key
    if found is None or not found.inferential:
        return without(key, wave, "equivalence", "too_few_pairs")
    result = stats.equivalence_of(found.change, found.se, found.df, margin=margin)
    return row(key, wave, "equivalence", outcome.natural(found.change), low=outcome.natural(result.low),
               high=outcome.natural(result.high), p=result.p, n=found.n,
               method=joined("90_percent", "log1p_ratio" if outcome.logged else ""))  # fmt: skip
