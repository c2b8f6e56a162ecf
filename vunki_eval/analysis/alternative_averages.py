"""Average the change over these events under other reasonable choices, from the events' published estimates alone."""

from collections.abc import Iterator, Sequence

from vunki_eval import stats
from vunki_eval.analysis.average import EventChange, combination_row, event_change, event_change_from, headline_of
from vunki_eval.analysis.respondents import AnalysisPlan
from vunki_eval.analysis.rows import Row, attempt, join_keys
from vunki_eval.project.instrument import Scale
from vunki_eval.results.results import Results

PAIRED = ("change_pairs", "change_exact_links", "change_complete_items", "change_all_items", "change_then_test")
"""Estimates from pairs; their degrees of freedom are the number of pairs less one."""
MODELLED = ("change_all_data", "change_shifted_25", "change_shifted_50")
"""Estimates from all answers; their degrees of freedom are the number of pairs of `change_pairs` less one."""
EQUAL = "change_equal_events"


def alternative_averages(scale: Scale, event_results: Sequence[Results], plan: AnalysisPlan) -> Iterator[Row]:
    """Make the average in which events weigh equally, and the averages of other estimates.

    An estimate is averaged only if all events of the main average have it, so that all rows describe the same events.
    """
    averaged = [r for r in event_results if event_change(r, scale, plan) is not None]
    if not averaged:
        return
    if len(averaged) > 1:
        changes = [p for r in averaged if (p := event_change(r, scale, plan)) is not None]
        yield attempt(scale.key, "post", EQUAL, lambda: _average(scale, EQUAL, changes, [1.0] * len(changes), plan))
    for statistic in (*PAIRED, *MODELLED):
        changes = [p for r in averaged if (p := _event_change(r, scale, statistic, plan)) is not None]
        if len(changes) == len(averaged):
            people = [float(p.n) for p in changes]
            yield attempt(
                scale.key,
                "post",
                statistic,
                lambda s=statistic, f=changes, w=people: _average(scale, s, f, w, plan),  # type: ignore[misc]
            )


def _event_change(results: Results, scale: Scale, statistic: str, plan: AnalysisPlan) -> EventChange | None:
    row, pairs = headline_of(results, scale.key, statistic), headline_of(results, scale.key, "change_pairs")
    base = row if statistic in PAIRED else pairs
    if row is None or base is None or base["status"] != "ok" or not base["n"] or base["n"] < 2:
        return None
    return event_change_from(results, row, float(base["n"]) - 1, scale, plan)


def _average(
    scale: Scale, statistic: str, changes: Sequence[EventChange], weights: list[float], plan: AnalysisPlan
) -> Row:
    average = stats.stratified_average(
        [p.change for p in changes], [p.se for p in changes], weights, [p.df for p in changes], level=plan.level
    )
    ratio = "log1p_ratio" if scale.transform == "log1p" else ""
    weighting = "equal_events" if statistic == EQUAL else "equal_people"
    method = join_keys(f"{weighting}; satterthwaite" if len(changes) > 1 else "one_event", ratio)
    return {**combination_row(scale, statistic, average), "n": sum(p.n for p in changes), "method": method}
