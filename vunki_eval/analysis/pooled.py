"""Counts over all people of these events: medians, quartiles and means that cannot be put together from the events'."""

from collections.abc import Iterator, Sequence

import numpy as np

from vunki_eval.analysis.answers import columns_of, numbers
from vunki_eval.analysis.data import FloatArray, Rules
from vunki_eval.analysis.describe import summary
from vunki_eval.analysis.rows import Row, joined
from vunki_eval.study import Study

ROLES = ("network", "event")


def pooled_rows(studies: Sequence[Study], rules: Rules) -> Iterator[Row]:
    """Summarise the counts of all people, wave by wave.

    Events with fewer answers than the threshold stay out: their numbers could be found by subtraction. What only one
    event asked stands among its own rows.
    """
    if not studies:
        return
    instrument = studies[0].project.instrument
    for wave in instrument.wave_keys:
        for item in instrument.in_wave(wave):
            if item.kind != "number" or item.role not in ROLES:
                continue
            found = [_answers(study, item.code, wave) for study in studies if columns_of(study, item)]
            kept = [values for values in found if values.size >= rules.threshold]
            if len(kept) < 2:
                continue
            values = np.sort(np.concatenate(kept))
            for made in summary(item.code, wave, values, rules.level, orders=True):
                yield {**made, "method": joined(made["method"], "all_people")}


def _answers(study: Study, code: str, wave: str) -> FloatArray:
    return numbers(study.responses.loc[study.responses["wave"] == wave, code])
