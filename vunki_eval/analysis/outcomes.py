"""Make all rows of one outcome: description, reliability, change with other estimates, sensitivity and groups.

Each group is compared with the rest; groups are never formed by people's first score.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from vunki_eval import stats
from vunki_eval.analysis.change import (
    LEAST_PAIRS,
    UNPAIRED_SHARE,
    Estimate,
    change_row,
    effect_sizes,
    equivalence_row,
    headline,
    nonparametric_tests,
    other_estimates,
    team_rows,
)
from vunki_eval.analysis.describe import describe, reliabilities
from vunki_eval.analysis.items import reversed_items
from vunki_eval.analysis.respondents import (
    AnalysisPlan,
    BoolArray,
    FloatArray,
    Outcome,
    Respondents,
    attribute,
    outcome_of,
    without_few_unpaired,
)
from vunki_eval.analysis.response import attrition
from vunki_eval.analysis.rows import attempt, attempt_or_none, ratio_flag
from vunki_eval.analysis.sensitivity import all_items_change, sensitivity, then_test_rows
from vunki_eval.project.instrument import Scale
from vunki_eval.results.estimates import EstimateRow, Flag
from vunki_eval.survey.study import Study

OTHER = "_other"
Labels = npt.NDArray[np.object_]
BEFORE, AFTER, LATER = "pre", "post", "followup"
GROUPS = ("PR1", "PR3", "PR2", "PR5")


def outcome_rows(study: Study, scale: Scale, respondents: Respondents, plan: AnalysisPlan) -> Iterator[EstimateRow]:
    """Make all rows of an outcome; a primary outcome always has a headline row."""
    instrument = study.project.instrument
    outcome = without_few_unpaired(outcome_of(study, scale, respondents), plan.threshold)
    items = {w: reversed_items(study, instrument, scale.items, w) for w in outcome.waves}
    yield from describe(outcome, instrument, plan)
    yield from reliabilities(outcome, items, plan)
    if scale.key in plan.primary or {BEFORE, AFTER} <= set(outcome.waves):
        yield from _change_rows(study, outcome, items, respondents, plan)
    if LATER in outcome.waves and len(outcome.waves) > 1:
        yield from followup_changes(outcome, plan)


def _change_rows(
    study: Study, outcome: Outcome, items: dict[str, pd.DataFrame], respondents: Respondents, plan: AnalysisPlan
) -> Iterator[EstimateRow]:
    headline_row, estimate = headline(outcome, BEFORE, AFTER, plan)
    yield headline_row
    if estimate is not None and estimate.inferential:
        yield EstimateRow(outcome.scale.key, AFTER, "change_df", estimate.df)
    if not {BEFORE, AFTER} <= set(outcome.responded):
        return
    yield from other_estimates(outcome, BEFORE, AFTER, estimate, plan)
    for make_rows in (team_rows, effect_sizes, nonparametric_tests):
        yield from make_rows(outcome, BEFORE, AFTER, plan)
    if (equivalence := equivalence_row(outcome, AFTER, estimate, plan)) is not None:
        yield equivalence
    if (attrition_row := attrition(outcome, BEFORE, AFTER, plan)) is not None:
        yield attrition_row
    if outcome.scale.key in plan.primary:
        yield from sensitivity(outcome, estimate, BEFORE, AFTER, plan)
        yield from _without_exclusion(study, outcome, items, plan)
        for variable in GROUPS:
            labels = attribute(study, variable, outcome.people)
            yield from group_changes(outcome, variable, labels, BEFORE, AFTER, plan)
    yield from _then_test(study, outcome, respondents, plan)


def _without_exclusion(
    study: Study, outcome: Outcome, items: dict[str, pd.DataFrame], plan: AnalysisPlan
) -> Iterator[EstimateRow]:
    """Estimate the change of the mean over all items, if the index leaves out the item on a person's own sector."""
    excluded = [c for c in outcome.scale.items if study.project.instrument.item(c).excluded_by]
    if not excluded or not {BEFORE, AFTER} <= set(items):
        return
    means: dict[str, FloatArray] = {}
    for wave in (BEFORE, AFTER):
        table = items[wave]
        mean = table.mean(axis=1).where(table.notna().sum(axis=1) >= outcome.scale.needed)
        means[wave] = np.asarray(mean.reindex(outcome.people).to_numpy(dtype=np.float64))
    yield all_items_change(outcome, means, BEFORE, AFTER, plan)


def _then_test(study: Study, outcome: Outcome, respondents: Respondents, plan: AnalysisPlan) -> Iterator[EstimateRow]:
    """Make the rows of the then-test, if the instrument has a retrospective version of the scale."""
    instrument = study.project.instrument
    for scale in instrument.scales:
        retrospective_of = {instrument.item(c).retrospective_of for c in scale.items}
        if None in retrospective_of or retrospective_of != set(outcome.scale.items):
            continue
        retrospective = outcome_of(study, scale, respondents)
        in_same_order = retrospective.keep(retrospective.people.get_indexer(outcome.people))
        yield from then_test_rows(outcome, in_same_order, BEFORE, AFTER, plan)


def followup_changes(outcome: Outcome, plan: AnalysisPlan) -> Iterator[EstimateRow]:
    """Make the rows of the planned contrasts of the follow-up.

    They are the change since before the event (``change``) and since after it (``change_since_post``). The estimate is
    chosen as for the headline; with three waves, the likelihood uses all of them.
    """
    three_waves = _three_waves(outcome, plan) if {BEFORE, AFTER} <= set(outcome.waves) else {}
    for before, statistic in ((BEFORE, "change"), (AFTER, "change_since_post")):
        if before not in outcome.waves:
            continue
        pairs, unpaired = int(outcome.pairs(before, LATER).sum()), outcome.only(before, LATER)
        estimate = three_waves.get(f"{LATER}-{before}")
        if estimate and pairs >= LEAST_PAIRS and unpaired >= UNPAIRED_SHARE * (pairs + unpaired):
            yield change_row(outcome, LATER, statistic, estimate, outcome.people_in(BEFORE, AFTER, LATER), plan)
        else:
            yield headline(outcome, before, LATER, plan, statistic)[0]
    if BEFORE in outcome.waves:
        yield next(r for r in other_estimates(outcome, BEFORE, LATER, None, plan) if r.statistic == "change_pairs")
        yield from effect_sizes(outcome, BEFORE, LATER, plan)


def _three_waves(outcome: Outcome, plan: AnalysisPlan) -> dict[str, Estimate]:
    """Fit all three waves at once; empty if that is not possible."""
    table = np.column_stack([outcome.wave(w) for w in (BEFORE, AFTER, LATER)])
    result = attempt_or_none(lambda: stats.wave_changes(table, level=plan.level))
    people = int(np.isfinite(table).any(axis=1).sum())
    estimates = {}
    for name, change in (result or {}).items():
        modelled = (people, (Flag.ALL_DATA, Flag.THREE_WAVES))
        n, flags = (change.n_pairs, (Flag.ALL_DATA_FALLBACK,)) if change.fell_back else modelled
        estimates[name] = Estimate(change.estimate, change.se, change.df, n, flags)
    return estimates


def group_changes(
    outcome: Outcome, variable: str, labels: Labels, before: str, after: str, plan: AnalysisPlan
) -> Iterator[EstimateRow]:
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
            yield replace(change, group=group)


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


def _group_change(outcome: Outcome, after: str, difference: npt.NDArray[np.float64], plan: AnalysisPlan) -> EstimateRow:
    key, n = outcome.scale.key, int(difference.size)
    if n < LEAST_PAIRS:
        described = Estimate(float(difference.mean()), float("nan"), float("nan"), n, (Flag.DESCRIBED,))
        return replace(change_row(outcome, after, "change_pairs", described, n, plan), n_missing=None)

    def make_row() -> EstimateRow:
        interval = stats.mean_interval(difference, level=plan.level)
        se = interval.sd / float(np.sqrt(n))
        estimate = Estimate(interval.mean, se, n - 1.0, n, (Flag.PAIRS,))
        return replace(change_row(outcome, after, "change_pairs", estimate, n, plan), n_missing=None, p=None)

    return attempt(key, after, "change_pairs", make_row)


def _difference_from_rest(
    outcome: Outcome, after: str, difference: npt.NDArray[np.float64], in_group: BoolArray, plan: AnalysisPlan
) -> EstimateRow:
    """Subtract the rest's change from the group's: an interaction, with Welch's interval."""
    key, n = outcome.scale.key, int(in_group.sum())
    ratio = ratio_flag(outcome.logged)
    if min(n, int(difference.size) - n) < LEAST_PAIRS:
        gap = float(difference[in_group].mean() - difference[~in_group].mean())
        return EstimateRow(key, after, "change_difference", outcome.natural(gap), n=n, flags=(Flag.DESCRIBED, *ratio))

    def make_row() -> EstimateRow:
        change = stats.welch_change(difference[~in_group], difference[in_group], level=plan.level)
        estimate, low, high = (outcome.natural(v) for v in (change.change, change.low, change.high))
        return EstimateRow(key, after, "change_difference", estimate, low, high, n=n, flags=(Flag.WELCH, *ratio))

    return attempt(key, after, "change_difference", make_row)
