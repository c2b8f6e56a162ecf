"""Compare how much groups changed: each group against the rest, and never groups formed by people's first score."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from vunki_eval import stats
from vunki_eval.analysis.change import LEAST_PAIRS, Estimate, change_row
from vunki_eval.analysis.respondents import AnalysisPlan, BoolArray, Outcome
from vunki_eval.analysis.rows import Row, attempt, join_keys, row

OTHER = "_other"
Labels = npt.NDArray[np.object_]


def group_changes(
    outcome: Outcome, variable: str, labels: Labels, before: str, after: str, plan: AnalysisPlan
) -> Iterator[Row]:
    """Make the rows of each group's change and of its difference from the change of the rest.

    ``labels`` holds each person's group in the order of the outcome ("" if unknown). Small groups and people of unknown
    group are merged, so that no group can be found by subtraction. There are no rows unless at least two groups reach
    the threshold.
    """
    pairs = outcome.pairs(before, after)
    merged_labels = merge_groups(labels[pairs], plan.threshold)
    if merged_labels is None or pairs.sum() < 2 * LEAST_PAIRS:
        return
    difference = (outcome.wave(after) - outcome.wave(before))[pairs]
    for name in sorted(set(merged_labels), key=lambda g: (g == OTHER, g)):
        in_group = merged_labels == name
        group = f"{variable}={name}"
        for change in (
            _group_change(outcome, after, difference[in_group], plan),
            _difference_from_rest(outcome, after, difference, in_group, plan),
        ):
            yield {**change, "group": group}


def merge_groups(labels: Labels, threshold: int) -> Labels | None:
    """Merge groups below the threshold and people of unknown group into one of sufficient size; None if one remains."""
    counts = {str(g): int(np.sum(labels == g)) for g in sorted(set(labels))}
    small = {g for g, n in counts.items() if g == "" or n < threshold}
    rest = sorted((g for g in counts if g not in small), key=lambda g: (counts[g], g))
    while small and sum(counts[g] for g in small) < threshold and rest:
        small.add(rest.pop(0))
    if len(rest) + bool(small) < 2 or not rest:
        return None
    return np.array([OTHER if g in small else g for g in labels], dtype=object)


def _group_change(outcome: Outcome, after: str, difference: npt.NDArray[np.float64], plan: AnalysisPlan) -> Row:
    key, n = outcome.scale.key, int(difference.size)
    if n < LEAST_PAIRS:
        described = Estimate(float(difference.mean()), float("nan"), float("nan"), n, "described")
        return {**change_row(outcome, after, "change_pairs", described, n, plan), "n_missing": None}

    def make_row() -> Row:
        interval = stats.mean_interval(difference, level=plan.level)
        se = interval.sd / float(np.sqrt(n))
        estimate = Estimate(interval.mean, se, n - 1.0, n, "paired_t")
        return {**change_row(outcome, after, "change_pairs", estimate, n, plan), "n_missing": None, "p": None}

    return attempt(key, after, "change_pairs", make_row)


def _difference_from_rest(
    outcome: Outcome, after: str, difference: npt.NDArray[np.float64], in_group: BoolArray, plan: AnalysisPlan
) -> Row:
    """Subtract the rest's change from the group's: an interaction, with Welch's interval."""
    key, n = outcome.scale.key, int(in_group.sum())
    method = "log1p_ratio" if outcome.logged else ""
    if min(n, int(difference.size) - n) < LEAST_PAIRS:
        gap = float(difference[in_group].mean() - difference[~in_group].mean())
        return row(key, after, "change_difference", outcome.natural(gap), n=n, method=join_keys("described", method))

    def make_row() -> Row:
        change = stats.welch_change(difference[~in_group], difference[in_group], level=plan.level)
        numbers = {"estimate": change.change, "low": change.low, "high": change.high}
        shown = {k: outcome.natural(v) for k, v in numbers.items()}
        return row(key, after, "change_difference", n=n, method=join_keys("welch", method), **shown)

    return attempt(key, after, "change_difference", make_row)
