"""Missing answers, distributions and times of an event, before any disclosure control: for the evaluator alone."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from vunki_eval.project.instrument import Item
from vunki_eval.survey.clean import code_elements
from vunki_eval.survey.study import Study

Row = dict[str, Any]


def answered_waves(study: Study) -> list[str]:
    """Waves that have usable responses, in their order."""
    return [w for w in study.project.instrument.wave_keys if (study.responses["wave"] == w).any()]


def items_asked(study: Study, wave: str) -> list[Item]:
    """Items of a wave whose answers are kept."""
    instrument = study.project.instrument
    elements = code_elements(instrument)
    return [
        i for i in instrument.in_wave(wave) if i.code not in elements and i.role != "link" and i.kind != "timestamp"
    ]


def missingness(study: Study) -> list[Row]:
    """Count for every item and wave who answered, who said "don't know", and who left it blank."""
    gaps = study.nonresponse.merge(study.responses["wave"], left_on="response", right_index=True)
    special = Counter(zip(gaps["item"], gaps["wave"], strict=True))
    rows = []
    for wave in answered_waves(study):
        here = study.responses[study.responses["wave"] == wave]
        for item in items_asked(study, wave):
            given = int(_given(here, item, study).sum())
            said = special[item.code, wave]
            rows.append({
                "item": item.code, "wave": wave, "n": len(here), "answered": given, "dont_know": said,
                "blank": len(here) - given - said,
            })  # fmt: skip
    return rows


def distributions(study: Study) -> list[Row]:
    """Count the answers to closed items; give five numbers of counts."""
    rows: list[Row] = []
    for wave in answered_waves(study):
        here = study.responses[study.responses["wave"] == wave]
        for item in items_asked(study, wave):
            rows += _of_item(here, item, wave, study)
    return rows


def timing(study: Study) -> list[Row]:
    """Say for every wave when responses came, a day at a time, and how long they took."""
    rows = []
    for wave in answered_waves(study):
        here = study.responses[study.responses["wave"] == wave]
        sent = here["submitted"].dropna()
        days = sent.dt.date.value_counts().sort_index()
        took = study.minutes[here.index].dropna()
        rows.append({
            "wave": wave, "n": len(here), "unknown": len(here) - len(sent),
            "first": str(sent.min()) if len(sent) else None, "last": str(sent.max()) if len(sent) else None,
            "days": {str(day): int(n) for day, n in days.items()},
            "minutes": _five(took.to_numpy()) if len(took) else None,
        })  # fmt: skip
    return rows


def unlinked(study: Study) -> list[Row]:
    """List for every later wave the rows that were linked to nobody."""
    waves = answered_waves(study)
    rows = []
    for wave in waves[1:]:
        here = study.responses[study.responses["wave"] == wave]
        alone = here[here["link_method"] == "none"]
        for file, group in alone.groupby("file", sort=False):
            rows.append({"wave": wave, "file": str(file), "n": len(group), "rows": sorted(map(int, group["row"]))})
    return rows


def _given(here: pd.DataFrame, item: Item, study: Study) -> pd.Series:
    if item.kind != "multiple":
        return here[item.code].notna()
    chosen = study.project.instrument.response_set(item)
    return here[[f"{item.code}.{v}" for v in chosen.values] if chosen else []].notna().any(axis=1)


def _of_item(here: pd.DataFrame, item: Item, wave: str, study: Study) -> Iterator[Row]:
    chosen = study.project.instrument.response_set(item)
    if item.kind == "number":
        given = here[item.code].dropna().to_numpy(dtype=float)
        if len(given):
            yield {"item": item.code, "wave": wave, "n": len(given), "numbers": _five(given)}
    elif item.kind == "multiple" and chosen:
        answers = {str(v): int((here[f"{item.code}.{v}"] == 1).sum()) for v in chosen.values}
        n = int(_given(here, item, study).sum())
        yield {"item": item.code, "wave": wave, "n": n, "answers": answers, "several": True}
    elif chosen:
        tally = here[item.code].value_counts()
        yield {
            "item": item.code, "wave": wave, "n": int(tally.sum()),
            "answers": {str(v): int(tally.get(v, 0)) for v in chosen.values}, "several": False,
        }  # fmt: skip


def _five(values: np.ndarray) -> list[float]:
    """Smallest, quartiles and largest."""
    return [round(float(v), 2) for v in np.quantile(values, [0, 0.25, 0.5, 0.75, 1])]
