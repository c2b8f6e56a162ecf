"""Counts over all people of these events: medians, quartiles and means that cannot be put together from the events'."""

from collections.abc import Iterator, Sequence

import numpy as np

from vunki_eval.analysis.describe import LINKED_ONLY, summary
from vunki_eval.analysis.items import columns_of, numbers
from vunki_eval.analysis.respondents import AnalysisPlan, FloatArray
from vunki_eval.analysis.rows import SUPPRESSED, Row, joined, without
from vunki_eval.results.results import Results, find
from vunki_eval.survey.study import Study

ROLES = ("network", "event")
SUMS = ("mean", "sd")
"""What gives sums away: all people less those of one event are those of the others."""


def pooled_rows(studies: Sequence[Study], known: Sequence[Results], plan: AnalysisPlan) -> Iterator[Row]:
    """Summarise the counts of all people, wave by wave.

    Events with fewer answers than the threshold stay out: their numbers could be found by subtraction. For the same
    reason a mean or spread is given only where each of these events publishes its own as exactly: what one event keeps
    back or rounds must not follow from all less the others. What only one event asked stands among its own rows.

    Parameters
    ----------
    studies : sequence of Study
    known : sequence of Results
        The same events' published results.
    rules : Rules
    """
    if not studies:
        return
    instrument = studies[0].project.instrument
    for wave in instrument.wave_keys:
        for item in instrument.in_wave(wave):
            if item.kind != "number" or item.role not in ROLES:
                continue
            found = {s.event.id: _answers(s, item.code, wave) for s in studies if columns_of(s, item)}
            kept = {event: values for event, values in found.items() if values.size >= plan.threshold}
            if len(kept) < 2:
                continue
            values = np.sort(np.concatenate(list(kept.values())))
            exact = {s for s in SUMS if all(_exact(known, event, item.code, wave, s) for event in kept)}
            for made in summary(item.code, wave, values, plan, orders=True):
                if made["statistic"] in SUMS and exact != set(SUMS):
                    yield without(item.code, wave, made["statistic"], "would_reveal", status=SUPPRESSED)
                else:
                    yield {**made, "method": joined(made["method"], "all_people")}


def _exact(known: Sequence[Results], event: str, item: str, wave: str, statistic: str) -> bool:
    """Tell whether an event publishes a number, of everybody and not rounded."""
    for one in known:
        if one.event == event:
            rows = find(one, "estimates", event=event, outcome=item, wave=wave, statistic=statistic, group="all")
            return bool(len(rows)) and all(
                r["status"] == "ok" and not {"rounded", LINKED_ONLY} & set((r["method"] or "").split("; "))
                for r in rows.to_dict("records")
            )
    return False


def _answers(study: Study, code: str, wave: str) -> FloatArray:
    return numbers(study.responses.loc[study.responses["wave"] == wave, code])
