"""Do groups differ in how much they changed? Each group against the rest, never split by where people began."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from vunki_eval import stats
from vunki_eval.analysis.change import LEAST_PAIRS, Estimate, change_row
from vunki_eval.analysis.respondents import AnalysisPlan, BoolArray, Outcome
from vunki_eval.analysis.rows import Row, attempt, joined, row

OTHER = "_other"
Labels = npt.NDArray[np.object_]


def group_changes(
    outcome: Outcome, variable: str, labels: Labels, before: str, after: str, plan: AnalysisPlan
) -> Iterator[Row]:
    """Give each group's change and its difference from the rest's.

    ``labels`` holds each person's group in the order of the outcome ("" where unknown). Small groups and people whose
    group is unknown are merged, so that no group can be found by subtraction; with fewer than two groups of the
    threshold's size nothing is given.
    """
    pairs = outcome.pairs(before, after)
    merged = merge(labels[pairs], plan.threshold)
    if merged is None or pairs.sum() < 2 * LEAST_PAIRS:
        return
    difference = (outcome.wave(after) - outcome.wave(before))[pairs]
    for name in sorted(set(merged), key=lambda g: (g == OTHER, g)):
        inside = merged == name
        group = f"{variable}={name}"
        for made in (
            _own(outcome, after, difference[inside], plan),
            _against(outcome, after, difference, inside, plan),
        ):
            yield {**made, "group": group}


def merge(labels: Labels, threshold: int) -> Labels | None:
    """Merge groups below the threshold, and those of unknown group, into one that is not; None if one group remains."""
    counts = {str(g): int(np.sum(labels == g)) for g in sorted(set(labels))}
    small = {g for g, n in counts.items() if g == "" or n < threshold}
    rest = sorted((g for g in counts if g not in small), key=lambda g: (counts[g], g))
    while small and sum(counts[g] for g in small) < threshold and rest:
        small.add(rest.pop(0))
    if len(rest) + bool(small) < 2 or not rest:
        return None
    return np.array([OTHER if g in small else g for g in labels], dtype=object)


def _own(outcome: Outcome, after: str, difference: npt.NDArray[np.float64], plan: AnalysisPlan) -> Row:
    key, n = outcome.scale.key, int(difference.size)
    if n < LEAST_PAIRS:
        mean = Estimate(float(difference.mean()), float("nan"), float("nan"), n, "described")
        return {**change_row(outcome, after, "change_pairs", mean, n, plan), "n_missing": None}

    def made() -> Row:
        found = stats.mean_interval(difference, level=plan.level)
        se = found.sd / float(np.sqrt(n))
        estimate = Estimate(found.mean, se, n - 1.0, n, "paired_t")
        return {**change_row(outcome, after, "change_pairs", estimate, n, plan), "n_missing": None, "p": None}

    return attempt(key, after, "change_pairs", made)


def _against(
    outcome: Outcome, after: str, difference: npt.NDArray[np.float64], inside: BoolArray, plan: AnalysisPlan
) -> Row:
    """Give the group's change minus the rest's: an interaction, with Welch's interval."""
    key, n = outcome.scale.key, int(inside.sum())
    method = "log1p_ratio" if outcome.logged else ""
    if min(n, int(difference.size) - n) < LEAST_PAIRS:
        gap = float(difference[inside].mean() - difference[~inside].mean())
        return row(key, after, "change_difference", outcome.natural(gap), n=n, method=joined("described", method))

    def made() -> Row:
        found = stats.welch_change(difference[~inside], difference[inside], level=plan.level)
        numbers = {"estimate": found.change, "low": found.low, "high": found.high}
        shown = {k: outcome.natural(v) for k, v in numbers.items()}
        return row(key, after, "change_difference", n=n, method=joined("welch", method), **shown)

    return attempt(key, after, "change_difference", made)
