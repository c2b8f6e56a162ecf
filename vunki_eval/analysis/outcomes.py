"""Make all rows of one outcome: description, reliability, change with other estimates, sensitivity and groups."""

from collections.abc import Iterator

import numpy as np
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
from vunki_eval.analysis.groups import group_changes
from vunki_eval.analysis.items import reversed_items
from vunki_eval.analysis.respondents import (
    AnalysisPlan,
    FloatArray,
    Outcome,
    Respondents,
    attribute,
    outcome_of,
    without_few_unpaired,
)
from vunki_eval.analysis.response import attrition
from vunki_eval.analysis.rows import Row, attempt_or_none, row
from vunki_eval.analysis.sensitivity import all_items_change, sensitivity, then_test_rows
from vunki_eval.project.instrument import Scale
from vunki_eval.survey.study import Study

BEFORE, AFTER, LATER = "pre", "post", "followup"
GROUPS = ("PR1", "PR3", "PR2", "PR5")


def outcome_rows(study: Study, scale: Scale, respondents: Respondents, plan: AnalysisPlan) -> Iterator[Row]:
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
) -> Iterator[Row]:
    headline_row, estimate = headline(outcome, BEFORE, AFTER, plan)
    yield headline_row
    if estimate is not None and estimate.inferential:
        yield row(outcome.scale.key, AFTER, "change_df", estimate.df)
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
) -> Iterator[Row]:
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


def _then_test(study: Study, outcome: Outcome, respondents: Respondents, plan: AnalysisPlan) -> Iterator[Row]:
    """Make the rows of the then-test, if the instrument has a retrospective version of the scale."""
    instrument = study.project.instrument
    for scale in instrument.scales:
        retrospective_of = {instrument.item(c).retrospective_of for c in scale.items}
        if None in retrospective_of or retrospective_of != set(outcome.scale.items):
            continue
        retrospective = outcome_of(study, scale, respondents)
        in_same_order = retrospective.keep(retrospective.people.get_indexer(outcome.people))
        yield from then_test_rows(outcome, in_same_order, BEFORE, AFTER, plan)


def followup_changes(outcome: Outcome, plan: AnalysisPlan) -> Iterator[Row]:
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
        yield next(r for r in other_estimates(outcome, BEFORE, LATER, None, plan) if r["statistic"] == "change_pairs")
        yield from effect_sizes(outcome, BEFORE, LATER, plan)


def _three_waves(outcome: Outcome, plan: AnalysisPlan) -> dict[str, Estimate]:
    """Fit all three waves at once; empty if that is not possible."""
    table = np.column_stack([outcome.wave(w) for w in (BEFORE, AFTER, LATER)])
    result = attempt_or_none(lambda: stats.wave_changes(table, level=plan.level))
    people = int(np.isfinite(table).any(axis=1).sum())
    estimates = {}
    for name, change in (result or {}).items():
        fell_back = "no interior maximum" in change.method
        n, method = (change.n_pairs, "all_data_fallback") if fell_back else (people, "all_data_reml; three_waves")
        estimates[name] = Estimate(change.estimate, change.se, change.df, n, method)
    return estimates
