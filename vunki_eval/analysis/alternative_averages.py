"""The average change over these events under other reasonable choices, from the events' published estimates alone."""

from collections.abc import Iterator, Sequence

from vunki_eval import stats
from vunki_eval.analysis.average import EventChange, combined, headline_of, part_of, part_with
from vunki_eval.analysis.respondents import AnalysisPlan
from vunki_eval.analysis.rows import Row, attempt, joined
from vunki_eval.project.instrument import Scale
from vunki_eval.results.results import Results

PAIRED = ("change_pairs", "change_exact_links", "change_complete_items", "change_all_items", "change_then_test")
"""Estimates from pairs: their degrees of freedom are their pairs less one."""
MODELLED = ("change_all_data", "change_shifted_25", "change_shifted_50")
"""Estimates from all answers: their degrees of freedom are the pairs of `change_pairs` less one."""
EQUAL = "change_equal_events"


def alternative_averages(scale: Scale, known: Sequence[Results], plan: AnalysisPlan) -> Iterator[Row]:
    """Give the average with events weighing equally, and the averages of each other estimate that every event has.

    An estimate enters only when all events of the main average have it, so that the rows speak of the same events.
    """
    heads = [r for r in known if part_of(r, scale, plan) is not None]
    if not heads:
        return
    if len(heads) > 1:
        parts = [p for r in heads if (p := part_of(r, scale, plan)) is not None]
        yield attempt(scale.key, "post", EQUAL, lambda: _average(scale, EQUAL, parts, [1.0] * len(parts), plan))
    for statistic in (*PAIRED, *MODELLED):
        found = [p for r in heads if (p := _other(r, scale, statistic, plan)) is not None]
        if len(found) == len(heads):
            people = [float(p.n) for p in found]
            yield attempt(
                scale.key,
                "post",
                statistic,
                lambda s=statistic, f=found, w=people: _average(scale, s, f, w, plan),  # type: ignore[misc]
            )


def _other(results: Results, scale: Scale, statistic: str, plan: AnalysisPlan) -> EventChange | None:
    row, pairs = headline_of(results, scale.key, statistic), headline_of(results, scale.key, "change_pairs")
    base = row if statistic in PAIRED else pairs
    if row is None or base is None or base["status"] != "ok" or not base["n"] or base["n"] < 2:
        return None
    return part_with(results, row, float(base["n"]) - 1, scale, plan)


def _average(
    scale: Scale, statistic: str, parts: Sequence[EventChange], weights: list[float], plan: AnalysisPlan
) -> Row:
    found = stats.stratified_average(
        [p.change for p in parts], [p.se for p in parts], weights, [p.df for p in parts], level=plan.level
    )
    ratio = "log1p_ratio" if scale.transform == "log1p" else ""
    way = "equal_events" if statistic == EQUAL else "equal_people"
    method = joined(f"{way}; satterthwaite" if len(parts) > 1 else "one_event", ratio)
    return {**combined(scale, statistic, found), "n": sum(p.n for p in parts), "method": method}
