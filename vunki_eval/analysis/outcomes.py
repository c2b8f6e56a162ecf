"""Everything about one outcome: levels, reliability, change, what stands beside it, sensitivity, groups."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from vunki_eval import stats
from vunki_eval.analysis.change import (
    LEAST_PAIRS,
    UNPAIRED_SHARE,
    Estimate,
    beside,
    change_row,
    equivalence_row,
    headline,
    sizes,
    teams_beside,
    tests,
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
    without_few_alone,
)
from vunki_eval.analysis.response import attrition
from vunki_eval.analysis.rows import Row, attempted, row
from vunki_eval.analysis.sensitivity import all_items, sensitivity, then_test
from vunki_eval.project.instrument import Scale
from vunki_eval.survey.study import Study

BEFORE, AFTER, LATER = "pre", "post", "followup"
GROUPS = ("PR1", "PR3", "PR2", "PR5")


def outcome_rows(study: Study, scale: Scale, roster: Respondents, plan: AnalysisPlan) -> Iterator[Row]:
    """Give all rows of an outcome; a primary outcome always has its headline."""
    outcome, instrument = without_few_alone(outcome_of(study, scale, roster), plan.threshold), study.project.instrument
    items = {w: reversed_items(study, instrument, scale.items, w) for w in outcome.waves}
    yield from describe(outcome, instrument, plan)
    yield from reliabilities(outcome, items, plan)
    if scale.key in plan.primary or {BEFORE, AFTER} <= set(outcome.waves):
        yield from _after(study, outcome, items, roster, plan)
    if LATER in outcome.waves and len(outcome.waves) > 1:
        yield from later(outcome, plan)


def _after(
    study: Study, outcome: Outcome, items: dict[str, pd.DataFrame], roster: Respondents, plan: AnalysisPlan
) -> Iterator[Row]:
    stated, found = headline(outcome, BEFORE, AFTER, plan)
    yield stated
    if found is not None and found.inferential:
        yield row(outcome.scale.key, AFTER, "change_df", found.df)
    if not {BEFORE, AFTER} <= set(outcome.responded):
        return
    yield from beside(outcome, BEFORE, AFTER, found, plan)
    for part in (teams_beside, sizes, tests):
        yield from part(outcome, BEFORE, AFTER, plan)
    if (same := equivalence_row(outcome, AFTER, found, plan)) is not None:
        yield same
    if (gap := attrition(outcome, BEFORE, AFTER, plan)) is not None:
        yield gap
    if outcome.scale.key in plan.primary:
        yield from sensitivity(outcome, found, BEFORE, AFTER, plan)
        yield from _without_exclusion(study, outcome, items, plan)
        for variable in GROUPS:
            labels = attribute(study, variable, outcome.people)
            yield from group_changes(outcome, variable, labels, BEFORE, AFTER, plan)
    yield from _then(study, outcome, roster, plan)


def _without_exclusion(
    study: Study, outcome: Outcome, items: dict[str, pd.DataFrame], plan: AnalysisPlan
) -> Iterator[Row]:
    """Give the change of the mean over all items where the index leaves out a person's own sector."""
    excluded = [c for c in outcome.scale.items if study.project.instrument.item(c).excluded_by]
    if not excluded or not {BEFORE, AFTER} <= set(items):
        return
    means: dict[str, FloatArray] = {}
    for wave in (BEFORE, AFTER):
        table = items[wave]
        mean = table.mean(axis=1).where(table.notna().sum(axis=1) >= outcome.scale.needed)
        means[wave] = np.asarray(mean.reindex(outcome.people).to_numpy(dtype=np.float64))
    yield all_items(outcome, means, BEFORE, AFTER, plan)


def _then(study: Study, outcome: Outcome, roster: Respondents, plan: AnalysisPlan) -> Iterator[Row]:
    """Give the retrospective check of a scale, where the instrument asks for it."""
    instrument = study.project.instrument
    for scale in instrument.scales:
        looks_at = {instrument.item(c).retrospective_of for c in scale.items}
        if None in looks_at or looks_at != set(outcome.scale.items):
            continue
        then = outcome_of(study, scale, roster)
        yield from then_test(outcome, then.keep(then.people.get_indexer(outcome.people)), BEFORE, AFTER, plan)


def later(outcome: Outcome, plan: AnalysisPlan) -> Iterator[Row]:
    """Give the planned contrasts of the follow-up: with before (``change``) and with after (``change_since_post``).

    The estimate is chosen as for the headline; with three waves the likelihood uses all of them.
    """
    together = _three_waves(outcome, plan) if {BEFORE, AFTER} <= set(outcome.waves) else {}
    for before, statistic in ((BEFORE, "change"), (AFTER, "change_since_post")):
        if before not in outcome.waves:
            continue
        pairs, alone = int(outcome.pairs(before, LATER).sum()), outcome.only(before, LATER)
        found = together.get(f"{LATER}-{before}")
        if found and pairs >= LEAST_PAIRS and alone >= UNPAIRED_SHARE * (pairs + alone):
            yield change_row(outcome, LATER, statistic, found, outcome.people_in(BEFORE, AFTER, LATER), plan)
        else:
            yield headline(outcome, before, LATER, plan, statistic)[0]
    if BEFORE in outcome.waves:
        yield next(r for r in beside(outcome, BEFORE, LATER, None, plan) if r["statistic"] == "change_pairs")
        yield from sizes(outcome, BEFORE, LATER, plan)


def _three_waves(outcome: Outcome, plan: AnalysisPlan) -> dict[str, Estimate]:
    """Fit all three waves at once; nothing where that cannot be done."""
    table = np.column_stack([outcome.wave(w) for w in (BEFORE, AFTER, LATER)])
    result = attempted(lambda: stats.wave_changes(table, level=plan.level))
    people = int(np.isfinite(table).any(axis=1).sum())
    made = {}
    for name, found in (result or {}).items():
        fell_back = "no interior maximum" in found.method
        n, method = (found.n_pairs, "all_data_fallback") if fell_back else (people, "all_data_reml; three_waves")
        made[name] = Estimate(found.estimate, found.se, found.df, n, method)
    return made
