"""Would we conclude the same? The headline's change under other reasonable choices."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from vunki_eval import stats
from vunki_eval.analysis.change import LEAST_PAIRS, Estimate, change_row, paired
from vunki_eval.analysis.respondents import AnalysisPlan, BoolArray, FloatArray, Outcome
from vunki_eval.analysis.rows import SUPPRESSED, Row, attempt, joined, reason_of, row, without
from vunki_eval.errors import StatisticsError

SHIFTS = {"change_shifted_25": -0.25, "change_shifted_50": -0.5, "change_shifted_100": -1.0}


def sensitivity(outcome: Outcome, found: Estimate | None, before: str, after: str, plan: AnalysisPlan) -> Iterator[Row]:
    """Give the sensitivity rows of a primary outcome."""
    if found is None or not found.inferential:
        return
    yield _simultaneous(outcome, found, after, plan)
    if outcome.pairs(before, after).sum() < LEAST_PAIRS:
        return
    complete = outcome.complete[before] & outcome.complete[after]
    for name, which in {"change_exact_links": outcome.exact, "change_complete_items": complete}.items():
        yield _subset(outcome, name, which, before, after, plan)
    yield from _shifted(outcome, before, after, plan)


def _simultaneous(outcome: Outcome, found: Estimate, after: str, plan: AnalysisPlan) -> Row:
    """Widen the headline's interval so that all primary outcomes hold at once."""
    level = 1 - (1 - plan.level) / max(len(plan.primary), 1)
    bonferroni = replace(found, method=joined(found.method, "bonferroni"))
    made = change_row(outcome, after, "change_simultaneous", bonferroni, found.n, plan, level=level)
    return {**made, "p": None, "n_missing": None}


def _subset(outcome: Outcome, name: str, which: BoolArray, before: str, after: str, plan: AnalysisPlan) -> Row:
    """Give the paired change of some of the pairs.

    When 1 to threshold - 1 pairs fall away their change could be found by subtraction: the row stays hidden.
    """
    key, pairs = outcome.scale.key, outcome.pairs(before, after)
    kept = int((pairs & which).sum())
    if 0 < pairs.sum() - kept < plan.threshold:
        return without(key, after, name, "small_difference", status=SUPPRESSED)
    if kept < plan.threshold:
        return without(key, after, name, "below_threshold", status=SUPPRESSED)
    if kept < LEAST_PAIRS:
        return without(key, after, name, "too_few_pairs")
    some, people = outcome.keep(which), outcome.people_in(before, after)
    return attempt(
        key, after, name,
        lambda: change_row(outcome, after, name, paired(some.wave(before), some.wave(after)), people, plan),
    )  # fmt: skip


def _shifted(outcome: Outcome, before: str, after: str, plan: AnalysisPlan) -> Iterator[Row]:
    """Suppose those who did not answer afterwards had changed less."""
    key, people = outcome.scale.key, outcome.people_in(before, after)
    pairs = int(outcome.pairs(before, after).sum())
    n = pairs + outcome.only(before, after)
    try:
        result = stats.tipping_point(outcome.wave(before), outcome.wave(after), level=plan.level)
    except StatisticsError as error:
        yield from (without(key, after, name, reason_of(error)) for name in (*SHIFTS, "change_tipping"))
        return
    method = joined("shifted", "log1p_ratio" if outcome.logged else "")
    for name, delta in SHIFTS.items():
        at = result.deltas.index(delta)
        estimate, low, high = (outcome.natural(v[at]) for v in (result.estimates, result.lows, result.highs))
        yield row(key, after, name, estimate, low=low, high=high, n=n, n_missing=people - n, method=method)
    reason = "none" if result.tipping is None else ""
    yield row(key, after, "change_tipping", result.tipping, n=n, n_missing=people - n, reason=reason)


def all_items(outcome: Outcome, means: dict[str, FloatArray], before: str, after: str, plan: AnalysisPlan) -> Row:
    """Give the change of the mean over all items, also those that a person's own sector takes out of the index.

    ``means`` holds per wave the mean over all items, people in the order of the outcome.
    """
    key = outcome.scale.key
    both = np.isfinite(means[before]) & np.isfinite(means[after])
    if both.sum() < LEAST_PAIRS:
        few = both.sum() < plan.threshold
        return without(key, after, "change_all_items", "below_threshold" if few else "too_few_pairs",
                       status=SUPPRESSED if few else "not_estimable")  # fmt: skip
    people = outcome.people_in(before, after)
    return attempt(key, after, "change_all_items", lambda: change_row(
        outcome, after, "change_all_items", paired(means[before], means[after]), people, plan))  # fmt: skip


def then_test(outcome: Outcome, then: Outcome, before: str, after: str, plan: AnalysisPlan) -> Iterator[Row]:
    """Compare what people said before with what they said afterwards about before.

    ``then`` is the retrospective scale, asked after; people in the order of the outcome.
    """
    looked_back = then.wave(after)
    for name, first, second in (
        ("recalibration", outcome.wave(before), looked_back),
        ("change_then_test", looked_back, outcome.wave(after)),
    ):
        yield _compared(outcome, name, first, second, after, plan)


def _compared(
    outcome: Outcome, name: str, first: FloatArray, second: FloatArray, after: str, plan: AnalysisPlan
) -> Row:
    key, people = outcome.scale.key, outcome.people_in(*outcome.responded)
    both = int(np.sum(np.isfinite(first) & np.isfinite(second)))
    alone = int(np.sum(np.isfinite(first) != np.isfinite(second)))
    if both < plan.threshold or 0 < alone < plan.threshold:
        reason = "below_threshold" if both < plan.threshold else "small_difference"
        return without(key, after, name, reason, status=SUPPRESSED)
    if both < LEAST_PAIRS:
        return without(key, after, name, "too_few_pairs")
    return attempt(key, after, name, lambda: change_row(outcome, after, name, paired(first, second), people, plan))
