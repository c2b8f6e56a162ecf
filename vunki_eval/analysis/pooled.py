"""Summarise counts over all people of these events, because medians cannot be combined from those of the events."""

from collections.abc import Iterator, Sequence

import numpy as np

from vunki_eval.analysis.describe import LINKED_ONLY, summary
from vunki_eval.analysis.items import columns_of, numbers
from vunki_eval.analysis.respondents import AnalysisPlan, FloatArray
from vunki_eval.analysis.rows import SUPPRESSED, Row, empty_row, join_keys
from vunki_eval.results.results import Results, find
from vunki_eval.survey.study import Study

ROLES = ("network", "event")
SUMS = ("mean", "sd")
"""Statistics that reveal sums: subtracting one event's sum from that of all people leaves the sum of the others."""


def pooled_rows(studies: Sequence[Study], event_results: Sequence[Results], plan: AnalysisPlan) -> Iterator[Row]:
    """Summarise the count items over all people, wave by wave.

    Events with fewer answers than the threshold are left out, because their numbers could be found by subtraction. For
    the same reason a mean or standard deviation is published only if each of the events publishes its own unrounded.
    There are no rows for what only one event asked; that event has them.

    Parameters
    ----------
    studies : sequence of Study
    event_results : sequence of Results
        The same events' published results.
    plan : AnalysisPlan
    """
    if not studies:
        return
    instrument = studies[0].project.instrument
    for wave in instrument.wave_keys:
        for item in instrument.in_wave(wave):
            if item.kind != "number" or item.role not in ROLES:
                continue
            answers = {s.event.id: _answers(s, item.code, wave) for s in studies if columns_of(s, item)}
            large_enough = {event: values for event, values in answers.items() if values.size >= plan.threshold}
            if len(large_enough) < 2:
                continue
            values = np.sort(np.concatenate(list(large_enough.values())))
            exact = all(
                _published_exactly(event_results, event, item.code, wave, s) for s in SUMS for event in large_enough
            )
            for estimate in summary(item.code, wave, values, plan, with_quartiles=True):
                if estimate["statistic"] in SUMS and not exact:
                    yield empty_row(item.code, wave, estimate["statistic"], "would_reveal", status=SUPPRESSED)
                else:
                    yield {**estimate, "method": join_keys(estimate["method"], "all_people")}


def _published_exactly(event_results: Sequence[Results], event: str, item: str, wave: str, statistic: str) -> bool:
    """Tell whether an event publishes a number unrounded and about everybody."""
    for result in event_results:
        if result.event == event:
            rows = find(result, "estimates", event=event, outcome=item, wave=wave, statistic=statistic, group="all")
            return bool(len(rows)) and all(
                r["status"] == "ok" and not {"rounded", LINKED_ONLY} & set((r["method"] or "").split("; "))
                for r in rows.to_dict("records")
            )
    return False


def _answers(study: Study, code: str, wave: str) -> FloatArray:
    return numbers(study.responses.loc[study.responses["wave"] == wave, code])
