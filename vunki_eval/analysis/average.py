"""Average the change over these events and contrast the events, from their published headline estimates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats as distributions

from vunki_eval import stats
from vunki_eval.analysis.respondents import AnalysisPlan
from vunki_eval.analysis.rows import SUPPRESSED, Row, attempt, empty_row, join_keys, row
from vunki_eval.project.instrument import Scale
from vunki_eval.results.results import Results


@dataclass(frozen=True, slots=True)
class EventChange:
    """An event's headline change on the scale of analysis (log1p for counts)."""

    event: str
    change: float
    se: float
    df: float
    n: int


def headline_of(results: Results, outcome: str, statistic: str = "change") -> Row | None:
    """Find an event's row of a statistic, for everybody and the wave after the event; None if there is none."""
    table = results.estimates
    rows = table[
        (table["event"] == results.event) & (table["outcome"] == outcome) & (table["statistic"] == statistic)
        & (table["group"] == "all") & (table["wave"] == "post")
    ]  # fmt: skip
    return None if rows.empty else {str(k): v for k, v in rows.iloc[0].to_dict().items()}


def average_rows(
    scale: Scale, rows: Sequence[Row], event_results: Sequence[Results], plan: AnalysisPlan
) -> Iterator[Row]:
    """Make the average over these events, in which people weigh equally, and the contrasts between events."""
    changes = [p for result in event_results if (p := event_change(result, scale, plan)) is not None]
    if not changes:
        yield _no_average(scale, rows)
        return
    ratio = "log1p_ratio" if scale.transform == "log1p" else ""
    people = [float(p.n) for p in changes]
    method = join_keys("equal_people; satterthwaite" if len(changes) > 1 else "one_event", ratio)

    def make_average() -> Row:
        average = stats.stratified_average(
            [p.change for p in changes], [p.se for p in changes], people, [p.df for p in changes], level=plan.level
        )
        return {**combination_row(scale, "change", average), "n": int(sum(people)), "method": method}

    yield attempt(scale.key, "post", "change", make_average)
    yield from _equivalence(scale, changes, people, plan)
    first = changes[0]
    for later in changes[1:]:
        yield attempt(scale.key, "post", "change_contrast", lambda p=later: _contrast(scale, first, p, plan))  # type: ignore[misc]


def combination_row(scale: Scale, statistic: str, combination: stats.Combination) -> Row:
    """Write a combination of estimates as a row; for counts the numbers are ratios."""
    numbers = {"estimate": combination.estimate, "low": combination.low, "high": combination.high}
    shown = {k: float(np.exp(v)) if scale.transform == "log1p" else v for k, v in numbers.items()}
    return row(scale.key, "post", statistic, p=combination.p, **shown)


def _contrast(scale: Scale, first: EventChange, later: EventChange, plan: AnalysisPlan) -> Row:
    """Subtract the first event's change from a later one's.

    Place, mode and people differ as well, so this does not compare methods.
    """
    contrast = stats.contrast_of(
        [first.change, later.change], [first.se, later.se], [-1.0, 1.0], [first.df, later.df], level=plan.level
    )
    contrast_row = combination_row(scale, "change_contrast", contrast)
    ratio = "log1p_ratio" if scale.transform == "log1p" else ""
    return {**contrast_row, "group": f"event={later.event}", "n": later.n, "p": None,
            "method": join_keys(f"against={first.event}", "satterthwaite", ratio)}  # fmt: skip


def _equivalence(
    scale: Scale, changes: Sequence[EventChange], people: list[float], plan: AnalysisPlan
) -> Iterator[Row]:
    margin = plan.margins.get(scale.key)
    if margin is None:
        return
    logged = scale.transform == "log1p"

    def make_equivalence() -> Row:
        average = stats.stratified_average(
            [p.change for p in changes], [p.se for p in changes], people, [p.df for p in changes], level=plan.level
        )
        test = stats.equivalence_of(
            average.estimate, average.se, average.df, margin=float(np.log(margin)) if logged else margin
        )
        numbers = {"estimate": average.estimate, "low": test.low, "high": test.high}
        shown = {k: float(np.exp(v)) if logged else v for k, v in numbers.items()}
        return row(scale.key, "post", "equivalence", p=test.p, n=int(sum(people)), method="90_percent", **shown)

    yield attempt(scale.key, "post", "equivalence", make_equivalence)


def event_change(results: Results, scale: Scale, plan: AnalysisPlan) -> EventChange | None:
    """Convert an event's headline back to the scale of analysis; None if it has no interval."""
    estimate, df = headline_of(results, scale.key), headline_of(results, scale.key, "change_df")
    if estimate is None or df is None:
        return None
    return event_change_from(results, estimate, float(df["estimate"]), scale, plan)


def event_change_from(
    results: Results, estimate: Row, df: float, scale: Scale, plan: AnalysisPlan
) -> EventChange | None:
    """Convert an event's estimate back to the scale of analysis, given its degrees of freedom."""
    if estimate["status"] != "ok" or estimate["low"] is None:
        return None
    logged = scale.transform == "log1p"
    change, low, high = (float(np.log(estimate[k])) if logged else estimate[k] for k in ("estimate", "low", "high"))
    level = float(results.meta.get("level", plan.level))
    se = (high - low) / 2 / float(distributions.t.isf((1 - level) / 2, df))
    return EventChange(results.event, change, se, df, int(estimate["n"]))


def _no_average(scale: Scale, rows: Sequence[Row]) -> Row:
    """Make the row that says why there is no average."""
    hidden = [r for r in rows if r["status"] == SUPPRESSED]
    if hidden:
        return empty_row(scale.key, "post", "change", str(hidden[0]["reason"]), status=SUPPRESSED)
    reasons = [str(r["reason"]) for r in rows if r["reason"]]
    few = [r for r in rows if r["status"] == "ok"]
    reason = "too_few_pairs" if few else reasons[0] if reasons else "no_answers"
    return empty_row(scale.key, "post", "change", reason)
