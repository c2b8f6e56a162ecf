"""Estimate the change of an outcome between two waves: the headline, and the other estimates reported with it.

The choice of the headline is fixed in advance:

- 10 pairs or more: restricted maximum likelihood on everybody's answers if at least 10 % answered only once, else the
  paired t;
- fewer pairs, but not below the threshold: a description without inference;
- pairs below the threshold: suppressed;
- nobody can be linked: Welch;
- 8 teams or more: the wider of the plain and the team-clustered interval.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats as distributions

from vunki_eval import stats
from vunki_eval.analysis.respondents import NO_TEAM, AnalysisPlan, FloatArray, Outcome
from vunki_eval.analysis.rows import attempt, attempt_or_none, empty_row, ratio_flag, reason_of, seed_of
from vunki_eval.errors import StatisticsError
from vunki_eval.results.estimates import SUPPRESSED, EstimateRow, Flag, Flags

LEAST_PAIRS = 10
LEAST_TEAMS = 8
UNPAIRED_SHARE = 0.10
SHOWN_ICC = {"design_effect_05": 0.05, "design_effect_10": 0.10}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A change on the scale of analysis; ``se`` and ``df`` are NaN if there is no inference.

    ``plain`` is the estimate before teams were taken into account.
    """

    change: float
    se: float
    df: float
    n: int
    flags: Flags
    plain: "Estimate | None" = None

    def limits(self, level: float) -> tuple[float, float, float]:
        """Compute the limits of the interval and the p value: low, high, p."""
        half = float(distributions.t.isf((1 - level) / 2, self.df)) * self.se
        p = float(2 * distributions.t.sf(abs(self.change / self.se), self.df))
        return self.change - half, self.change + half, p

    @property
    def inferential(self) -> bool:
        """Tell whether there is an interval."""
        return bool(np.isfinite(self.se))


def headline(
    outcome: Outcome, before: str, after: str, plan: AnalysisPlan, statistic: str = "change"
) -> tuple[EstimateRow, Estimate | None]:
    """Make the row of the change that the report states, and the estimate behind it.

    There is always a row. If the change cannot be stated, the row says why.
    """
    key = outcome.scale.key
    people = outcome.people_in(before, after)
    try:
        estimate = choose_estimate(outcome, before, after, plan)
    except StatisticsError as error:
        return empty_row(key, after, statistic, reason_of(error)), None
    if isinstance(estimate, str):
        status = SUPPRESSED if estimate == "below_threshold" else "not_estimable"
        return empty_row(key, after, statistic, estimate, status=status), None
    return change_row(outcome, after, statistic, estimate, people, plan), estimate


def choose_estimate(outcome: Outcome, before: str, after: str, plan: AnalysisPlan) -> Estimate | str:
    """Choose and compute the headline estimate, or return the key of the reason why there is none."""
    first, second = outcome.wave(before), outcome.wave(after)
    if before not in outcome.responded or after not in outcome.responded:
        return "no_wave"
    if not np.isfinite(first).any() or not np.isfinite(second).any():
        return "no_answers"
    pairs = int(outcome.pairs(before, after).sum())
    if pairs == 0:
        return unlinked_estimate(first, second, plan)
    if pairs < plan.threshold:
        return "below_threshold"
    if pairs < LEAST_PAIRS:
        difference = (second - first)[outcome.pairs(before, after)]
        return Estimate(float(difference.mean()), float("nan"), float("nan"), pairs, (Flag.DESCRIBED,))
    unpaired = outcome.only(before, after)
    estimator = all_data_estimate if unpaired >= UNPAIRED_SHARE * (pairs + unpaired) else paired_estimate
    return with_teams(estimator(first, second), outcome, before, after)


def paired_estimate(first: FloatArray, second: FloatArray) -> Estimate:
    """Estimate the change from people who answered both waves."""
    result = stats.paired_change(first, second)
    return Estimate(result.change, result.sd_change / float(np.sqrt(result.n)), result.df, result.n, (Flag.PAIRS,))


def all_data_estimate(first: FloatArray, second: FloatArray) -> Estimate:
    """Estimate the change from everybody who answered at least one wave."""
    result = stats.all_data_change(first, second)
    if result.pairs_only:
        return Estimate(result.change, result.se, result.df, result.n_pairs, (Flag.ALL_DATA_FALLBACK,))
    people = result.n_pairs + result.n_before_only + result.n_after_only
    return Estimate(result.change, result.se, result.df, people, (Flag.ALL_DATA,))


def unlinked_estimate(first: FloatArray, second: FloatArray, plan: AnalysisPlan) -> Estimate | str:
    """Estimate the change between waves whose respondents cannot be linked, or return the reason why not."""
    smaller = min(int(np.isfinite(first).sum()), int(np.isfinite(second).sum()))
    people = int(np.isfinite(first).sum() + np.isfinite(second).sum())
    if smaller < plan.threshold:
        return "below_threshold"
    result = stats.welch_change(first, second)
    if smaller < LEAST_PAIRS:
        return Estimate(result.change, float("nan"), float("nan"), people, (Flag.DESCRIBED, Flag.UNLINKED))
    return Estimate(result.change, result.se, result.df, people, (Flag.UNLINKED,))


def with_teams(plain: Estimate, outcome: Outcome, before: str, after: str) -> Estimate:
    """Widen the interval for clustering in teams, if there are 8 teams or more.

    The factor is the ratio of the pairs' standard errors with and without teams; a headline from all answers is widened
    by the same factor. If the interval would become narrower, the estimate without teams stays.
    """
    clustered = team_estimate(outcome, before, after)
    if clustered is None:
        return plain
    pairs = paired_estimate(outcome.wave(before), outcome.wave(after))
    widened = Estimate(
        plain.change, plain.se * clustered.se / pairs.se, min(plain.df, clustered.df), plain.n, plain.flags
    )
    if _interval_width(widened) > _interval_width(plain):
        return replace(widened, flags=(*plain.flags, Flag.TEAM_CLUSTERED), plain=plain)
    return replace(plain, flags=(*plain.flags, Flag.PLAIN_WITH_TEAMS), plain=plain)


def _interval_width(estimate: Estimate) -> float:
    low, high, _ = estimate.limits(0.95)
    return high - low


def teams_of(outcome: Outcome, before: str, after: str) -> int:
    """Count the teams of people who have a pair of scores."""
    return len({t for t in outcome.teams[outcome.pairs(before, after)] if t != NO_TEAM})


def team_estimate(outcome: Outcome, before: str, after: str) -> Estimate | None:
    """Estimate the change with team-clustered uncertainty; None if there are too few teams."""
    if teams_of(outcome, before, after) < LEAST_TEAMS:
        return None
    try:
        result = stats.team_change(outcome.wave(before), outcome.wave(after), list(outcome.teams))
    except StatisticsError:
        return None
    se = (result.high - result.low) / 2 / float(distributions.t.isf(0.025, result.df))
    return Estimate(result.change, se, result.df, result.n, (Flag.TEAM_CLUSTERED,))


def change_row(outcome: Outcome, wave: str, statistic: str, estimate: Estimate, people: int, plan: AnalysisPlan, *,
               level: float | None = None) -> EstimateRow:  # fmt: skip
    """Write an estimate as a row; for counts the numbers are ratios, and without inference there is no interval."""
    flags = estimate.flags + ratio_flag(outcome.logged)
    described = EstimateRow(
        outcome.scale.key, wave, statistic, outcome.natural(estimate.change),
        n=estimate.n, n_missing=people - estimate.n, flags=flags,
    )  # fmt: skip
    if not estimate.inferential:
        return described
    low, high, p = estimate.limits(level or plan.level)
    return replace(described, low=outcome.natural(low), high=outcome.natural(high), p=p)


def other_estimates(
    outcome: Outcome, before: str, after: str, headline_estimate: Estimate | None, plan: AnalysisPlan
) -> Iterator[EstimateRow]:
    """Make the rows of other estimators of the same change: always from pairs; for primary outcomes two more.

    These are restricted maximum likelihood on all answers and Welch's comparison, where some answered only one wave.
    """
    key, pairs = outcome.scale.key, int(outcome.pairs(before, after).sum())
    first, second, people = outcome.wave(before), outcome.wave(after), outcome.people_in(before, after)
    if pairs < LEAST_PAIRS:
        if pairs >= plan.threshold:
            mean = float((second - first)[outcome.pairs(before, after)].mean())
            described = Estimate(mean, float("nan"), float("nan"), pairs, (Flag.DESCRIBED,))
            yield change_row(outcome, after, "change_pairs", described, people, plan)
        else:
            yield empty_row(key, after, "change_pairs", "below_threshold", status=SUPPRESSED)
        return

    def estimate_row(name: str, make: Callable[[], Estimate]) -> EstimateRow:
        return attempt(key, after, name, lambda: change_row(outcome, after, name, make(), people, plan))

    yield estimate_row("change_pairs", lambda: paired_estimate(first, second))
    if outcome.only(before, after) and key in plan.primary:
        plain = headline_estimate.plain or headline_estimate if headline_estimate else None
        of_all = {Flag.ALL_DATA, Flag.ALL_DATA_FALLBACK}
        reused = plain if plain is not None and of_all.intersection(plain.flags) else None
        yield estimate_row("change_all_data", lambda: reused or all_data_estimate(first, second))
        yield replace(estimate_row("change_welch", lambda: _welch(first, second)), n_missing=None)


def _welch(first: FloatArray, second: FloatArray) -> Estimate:
    result = stats.welch_change(first, second)
    return Estimate(result.change, result.se, result.df, result.n_before + result.n_after, (Flag.WELCH,))


def team_rows(outcome: Outcome, before: str, after: str, plan: AnalysisPlan) -> Iterator[EstimateRow]:
    """Make the rows about teams: the clustered change and the intraclass correlation.

    With too few teams to estimate them, give the design effects that assumed correlations would imply.
    """
    key, count = outcome.scale.key, teams_of(outcome, before, after)
    pairs = int(outcome.pairs(before, after).sum())
    if pairs < LEAST_PAIRS or count < 2:
        return
    if count < LEAST_TEAMS:
        for name, icc in SHOWN_ICC.items():
            yield EstimateRow(key, after, name, 1 + (pairs / count - 1) * icc, n=pairs)
        return
    estimate = team_estimate(outcome, before, after)
    result = attempt_or_none(lambda: stats.team_change(outcome.wave(before), outcome.wave(after), list(outcome.teams)))
    if estimate and result:
        yield change_row(outcome, after, "change_teams", estimate, outcome.people_in(before, after), plan)
        yield EstimateRow(key, after, "icc_teams", result.icc, n=result.n)


def effect_sizes(outcome: Outcome, before: str, after: str, plan: AnalysisPlan) -> Iterator[EstimateRow]:
    """Make the rows of effect sizes, of shares who rose, stayed and fell, and of the detectable change."""
    key, pairs = outcome.scale.key, int(outcome.pairs(before, after).sum())
    names = ("g_av", "superiority", "share_up", "share_same", "share_down", "rank_biserial")
    if pairs < LEAST_PAIRS:
        return
    result = attempt_or_none(lambda: stats.paired_change(outcome.wave(before), outcome.wave(after), level=plan.level))
    if result is None:
        yield from (empty_row(key, after, name, "no_spread") for name in names)
        return
    missing = outcome.people_in(before, after) - pairs
    for name in names:
        limits = {k: getattr(result, f"{name}_{k}") for k in ("low", "high")} if name in names[:2] else {}
        yield EstimateRow(key, after, name, getattr(result, name), n=pairs, n_missing=missing, **limits)
    dz = stats.detectable_change(pairs, level=plan.level)
    yield EstimateRow(key, after, "detectable_change", outcome.natural(dz * result.sd_change), n=pairs)


def nonparametric_tests(outcome: Outcome, before: str, after: str, plan: AnalysisPlan) -> Iterator[EstimateRow]:
    """Make the rows of tests that do not assume a normal distribution."""
    key, pairs = outcome.scale.key, int(outcome.pairs(before, after).sum())
    if pairs < LEAST_PAIRS:
        return
    first, second = outcome.wave(before), outcome.wave(after)
    seed = seed_of(plan.seed, plan.event, key, "sign_flip")

    def test_row(name: str, make: Callable[[], stats.ChangeTest], exact: Flag, inexact: Flag) -> EstimateRow:
        def run_test() -> EstimateRow:
            test = make()
            flag = exact if test.exact else inexact
            return EstimateRow(key, after, name, test.statistic, p=test.p, n=pairs, flags=(flag,))

        return attempt(key, after, name, run_test)

    yield test_row("p_wilcoxon", lambda: stats.wilcoxon(first, second), Flag.PRATT_EXACT, Flag.PRATT_NORMAL)
    if key in plan.primary:
        flips = (Flag.SIGN_FLIPS_EXACT, Flag.SIGN_FLIPS_DRAWN)
        yield test_row("p_sign_flip", lambda: stats.sign_flip(first, second, seed=seed), *flips)


def equivalence_row(outcome: Outcome, wave: str, estimate: Estimate | None, plan: AnalysisPlan) -> EstimateRow | None:
    """Test whether the headline change is smaller than what matters; None if no smallest change is declared."""
    margin = plan.margin(outcome)
    if margin is None:
        return None
    key = outcome.scale.key
    if estimate is None or not estimate.inferential:
        return empty_row(key, wave, "equivalence", "too_few_pairs")
    result = stats.equivalence_of(estimate.change, estimate.se, estimate.df, margin=margin)
    return EstimateRow(key, wave, "equivalence", outcome.natural(estimate.change), low=outcome.natural(result.low),
               high=outcome.natural(result.high), p=result.p, n=estimate.n,
               flags=(Flag.NINETY_PERCENT, *ratio_flag(outcome.logged)))  # fmt: skip
