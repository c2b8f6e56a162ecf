"""The average change over these events, and the contrast between them, from their published headlines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats as distributions

from vunki_eval import stats
from vunki_eval.analysis.respondents import AnalysisPlan
from vunki_eval.analysis.rows import SUPPRESSED, Row, attempt, joined, row, without
from vunki_eval.project.instrument import Scale
from vunki_eval.results.results import Results


@dataclass(frozen=True, slots=True)
class EventChange:
    """An event's headline on the scale of analysis."""

    event: str
    change: float
    se: float
    df: float
    n: int


def headline_of(results: Results, outcome: str, statistic: str = "change") -> Row | None:
    """Give an event's row of a statistic for everybody after the event; None if there is none."""
    table = results.estimates
    found = table[
        (table["event"] == results.event) & (table["outcome"] == outcome) & (table["statistic"] == statistic)
        & (table["group"] == "all") & (table["wave"] == "post")
    ]  # fmt: skip
    return None if found.empty else {str(k): v for k, v in found.iloc[0].to_dict().items()}


def average_rows(scale: Scale, rows: Sequence[Row], known: Sequence[Results], plan: AnalysisPlan) -> Iterator[Row]:
    """Give the average over these events (people weigh equally) and the contrast between them."""
    parts = [p for one in known if (p := part_of(one, scale, plan)) is not None]
    if not parts:
        yield _none(scale, rows)
        return
    ratio = "log1p_ratio" if scale.transform == "log1p" else ""
    people = [float(p.n) for p in parts]
    method = joined("equal_people; satterthwaite" if len(parts) > 1 else "one_event", ratio)

    def average() -> Row:
        found = stats.stratified_average(
            [p.change for p in parts], [p.se for p in parts], people, [p.df for p in parts], level=plan.level
        )
        return {**combined(scale, "change", found), "n": int(sum(people)), "method": method}

    yield attempt(scale.key, "post", "change", average)
    yield from _equivalence(scale, parts, people, plan)
    first = parts[0]
    for part in parts[1:]:
        yield attempt(scale.key, "post", "change_contrast", lambda p=part: _contrast(scale, first, p, plan))  # type: ignore[misc]


def combined(scale: Scale, statistic: str, found: stats.Combination) -> Row:
    """Give a combination as a row, ratios for counts."""
    numbers = {"estimate": found.estimate, "low": found.low, "high": found.high}
    shown = {k: float(np.exp(v)) if scale.transform == "log1p" else v for k, v in numbers.items()}
    return row(scale.key, "post", statistic, p=found.p, **shown)


def _contrast(scale: Scale, first: EventChange, later: EventChange, plan: AnalysisPlan) -> Row:
    """Give a later event's change minus the first's: another place, mode and people, so no comparison of methods."""
    found = stats.contrast_of(
        [first.change, later.change], [first.se, later.se], [-1.0, 1.0], [first.df, later.df], level=plan.level
    )
    made = combined(scale, "change_contrast", found)
    ratio = "log1p_ratio" if scale.transform == "log1p" else ""
    return {**made, "group": f"event={later.event}", "n": later.n, "p": None,
            "method": joined(f"against={first.event}", "satterthwaite", ratio)}  # fmt: skip


def _equivalence(scale: Scale, parts: Sequence[EventChange], people: list[float], plan: AnalysisPlan) -> Iterator[Row]:
    margin = plan.margins.get(scale.key)
    if margin is None:
        return
    logged = scale.transform == "log1p"

    def made() -> Row:
        found = stats.stratified_average(
            [p.change for p in parts], [p.se for p in parts], people, [p.df for p in parts], level=plan.level
        )
        same = stats.equivalence_of(
            found.estimate, found.se, found.df, margin=float(np.log(margin)) if logged else margin
        )
        numbers = {"estimate": found.estimate, "low": same.low, "high": same.high}
        shown = {k: float(np.exp(v)) if logged else v for k, v in numbers.items()}
        return row(scale.key, "post", "equivalence", p=same.p, n=int(sum(people)), method="90_percent", **shown)

    yield attempt(scale.key, "post", "equivalence", made)


def part_of(results: Results, scale: Scale, plan: AnalysisPlan) -> EventChange | None:
    """Read an event's headline back to the scale of analysis; None where there is no interval."""
    found, df = headline_of(results, scale.key), headline_of(results, scale.key, "change_df")
    return None if found is None or df is None else part_with(results, found, float(df["estimate"]), scale, plan)


def part_with(results: Results, found: Row, df: float, scale: Scale, plan: AnalysisPlan) -> EventChange | None:
    """Read an event's estimate with its degrees of freedom back to the scale of analysis."""
    if found["status"] != "ok" or found["low"] is None:
        return None
    logged = scale.transform == "log1p"
    change, low, high = (float(np.log(found[k])) if logged else found[k] for k in ("estimate", "low", "high"))
    level = float(results.meta.get("level", plan.level))
    se = (high - low) / 2 / float(distributions.t.isf((1 - level) / 2, df))
    return EventChange(results.event, change, se, df, int(found["n"]))


def _none(scale: Scale, rows: Sequence[Row]) -> Row:
    """Say why there is no average."""
    hidden = [r for r in rows if r["status"] == SUPPRESSED]
    if hidden:
        return without(scale.key, "post", "change", str(hidden[0]["reason"]), status=SUPPRESSED)
    reasons = [str(r["reason"]) for r in rows if r["reason"]]
    few = [r for r in rows if r["status"] == "ok"]
    reason = "too_few_pairs" if few else reasons[0] if reasons else "no_answers"
    return without(scale.key, "post", "change", reason)
