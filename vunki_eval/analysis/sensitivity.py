"""Estimate the headline's change under other reasonable choices, to see whether we would conclude the same."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from vunki_eval import stats
from vunki_eval.analysis.change import LEAST_PAIRS, Estimate, change_row, paired_estimate
from vunki_eval.analysis.respondents import AnalysisPlan, BoolArray, FloatArray, Outcome
from vunki_eval.analysis.rows import attempt, empty_row, ratio_flag, reason_of
from vunki_eval.errors import StatisticsError
from vunki_eval.results.estimates import SUPPRESSED, EstimateRow, Flag

SHIFTS = {"change_shifted_25": -0.25, "change_shifted_50": -0.5, "change_shifted_100": -1.0}


def sensitivity(
    outcome: Outcome, estimate: Estimate | None, before: str, after: str, plan: AnalysisPlan
) -> Iterator[EstimateRow]:
    """Make the sensitivity rows of a primary outcome."""
    if estimate is None or not estimate.inferential:
        return
    yield _simultaneous(outcome, estimate, after, plan)
    if outcome.pairs(before, after).sum() < LEAST_PAIRS:
        return
    complete = outcome.complete[before] & outcome.complete[after]
    for name, mask in {"change_exact_links": outcome.exact, "change_complete_items": complete}.items():
        yield _subset(outcome, name, mask, before, after, plan)
    yield from _shifted(outcome, before, after, plan)


def _simultaneous(outcome: Outcome, estimate: Estimate, after: str, plan: AnalysisPlan) -> EstimateRow:
    """Widen the headline's interval so that the intervals of all primary outcomes hold at once."""
    level = 1 - (1 - plan.level) / max(len(plan.primary), 1)
    bonferroni = replace(estimate, flags=(*estimate.flags, Flag.BONFERRONI))
    widened = change_row(outcome, after, "change_simultaneous", bonferroni, estimate.n, plan, level=level)
    return replace(widened, p=None, n_missing=None)


def _subset(outcome: Outcome, name: str, mask: BoolArray, before: str, after: str, plan: AnalysisPlan) -> EstimateRow:
    """Estimate the paired change from some of the pairs.

    If 1 to threshold - 1 pairs are left out, subtraction could reveal their change, so the row is suppressed.
    """
    key, pairs = outcome.scale.key, outcome.pairs(before, after)
    n_kept = int((pairs & mask).sum())
    if 0 < pairs.sum() - n_kept < plan.threshold:
        return empty_row(key, after, name, "small_difference", status=SUPPRESSED)
    if n_kept < plan.threshold:
        return empty_row(key, after, name, "below_threshold", status=SUPPRESSED)
    if n_kept < LEAST_PAIRS:
        return empty_row(key, after, name, "too_few_pairs")
    subset, people = outcome.keep(mask), outcome.people_in(before, after)
    first, second = subset.wave(before), subset.wave(after)
    return attempt(
        key, after, name, lambda: change_row(outcome, after, name, paired_estimate(first, second), people, plan)
    )


def _shifted(outcome: Outcome, before: str, after: str, plan: AnalysisPlan) -> Iterator[EstimateRow]:
    """Estimate the change if people who did not answer afterwards had changed less."""
    key, people = outcome.scale.key, outcome.people_in(before, after)
    pairs = int(outcome.pairs(before, after).sum())
    n = pairs + outcome.only(before, after)
    try:
        result = stats.tipping_point(outcome.wave(before), outcome.wave(after), level=plan.level)
    except StatisticsError as error:
        yield from (empty_row(key, after, name, reason_of(error)) for name in (*SHIFTS, "change_tipping"))
        return
    flags = (Flag.SHIFTED, *ratio_flag(outcome.logged))
    for name, delta in SHIFTS.items():
        position = result.deltas.index(delta)
        estimate, low, high = (outcome.natural(v[position]) for v in (result.estimates, result.lows, result.highs))
        yield EstimateRow(key, after, name, estimate, low=low, high=high, n=n, n_missing=people - n, flags=flags)
    reason = "none" if result.tipping is None else ""
    yield EstimateRow(key, after, "change_tipping", result.tipping, n=n, n_missing=people - n, reason=reason)


def all_items_change(
    outcome: Outcome, means: dict[str, FloatArray], before: str, after: str, plan: AnalysisPlan
) -> EstimateRow:
    """Estimate the change of the mean over all items, including the one that the index excludes for a person's sector.

    ``means`` holds the mean over all items at each wave, with people in the order of the outcome.
    """
    key = outcome.scale.key
    both = np.isfinite(means[before]) & np.isfinite(means[after])
    if both.sum() < LEAST_PAIRS:
        too_few = both.sum() < plan.threshold
        return empty_row(key, after, "change_all_items", "below_threshold" if too_few else "too_few_pairs",
                         status=SUPPRESSED if too_few else "not_estimable")  # fmt: skip
    people = outcome.people_in(before, after)
    return attempt(key, after, "change_all_items", lambda: change_row(
        outcome, after, "change_all_items", paired_estimate(means[before], means[after]), people, plan))  # fmt: skip


def then_test_rows(
    outcome: Outcome, retrospective: Outcome, before: str, after: str, plan: AnalysisPlan
) -> Iterator[EstimateRow]:
    """Compare what people answered before with what they said afterwards about the time before.

    ``retrospective`` is the retrospective scale, asked afterwards, with people in the order of the outcome.
    """
    looked_back = retrospective.wave(after)
    for name, first, second in (
        ("recalibration", outcome.wave(before), looked_back),
        ("change_then_test", looked_back, outcome.wave(after)),
    ):
        yield _paired_row(outcome, name, first, second, after, plan)


def _paired_row(
    outcome: Outcome, name: str, first: FloatArray, second: FloatArray, after: str, plan: AnalysisPlan
) -> EstimateRow:
    key, people = outcome.scale.key, outcome.people_in(*outcome.responded)
    n_both = int(np.sum(np.isfinite(first) & np.isfinite(second)))
    n_single = int(np.sum(np.isfinite(first) != np.isfinite(second)))
    if n_both < plan.threshold or 0 < n_single < plan.threshold:
        reason = "below_threshold" if n_both < plan.threshold else "small_difference"
        return empty_row(key, after, name, reason, status=SUPPRESSED)
    if n_both < LEAST_PAIRS:
        return empty_row(key, after, name, "too_few_pairs")
    return attempt(
        key, after, name, lambda: change_row(outcome, after, name, paired_estimate(first, second), people, plan)
    )
