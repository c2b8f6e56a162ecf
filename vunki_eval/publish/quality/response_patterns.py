"""Compute missing answers, distributions and times of an event. No disclosure control: for the evaluator only."""

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
    """List the waves that have usable responses, in order."""
    return [w for w in study.project.instrument.wave_keys if (study.responses["wave"] == w).any()]


def items_asked(study: Study, wave: str) -> list[Item]:
    """List the items of a wave, without those that serve linking and timing."""
    instrument = study.project.instrument
    elements = code_elements(instrument)
    return [
        i for i in instrument.in_wave(wave) if i.code not in elements and i.role != "link" and i.kind != "timestamp"
    ]


def missingness(study: Study) -> list[Row]:
    """Count, for every item and wave, responses that answered, gave no substantive answer, and left it blank."""
    gaps = study.nonresponse.merge(study.responses["wave"], left_on="response", right_index=True)
    not_substantive = Counter(zip(gaps["item"], gaps["wave"], strict=True))
    rows = []
    for wave in answered_waves(study):
        responses = study.responses[study.responses["wave"] == wave]
        for item in items_asked(study, wave):
            answered = int(_has_answer(responses, item, study).sum())
            dont_know = not_substantive[item.code, wave]
            rows.append({
                "item": item.code, "wave": wave, "n": len(responses), "answered": answered, "dont_know": dont_know,
                "blank": len(responses) - answered - dont_know,
            })  # fmt: skip
    return rows


def distributions(study: Study) -> list[Row]:
    """Count the answers to closed items, and summarise numbers by five quantiles."""
    rows: list[Row] = []
    for wave in answered_waves(study):
        responses = study.responses[study.responses["wave"] == wave]
        for item in items_asked(study, wave):
            rows += _distribution(responses, item, wave, study)
    return rows


def timing(study: Study) -> list[Row]:
    """Count the responses of every wave by day, and summarise how many minutes they took."""
    rows = []
    for wave in answered_waves(study):
        responses = study.responses[study.responses["wave"] == wave]
        sent = responses["submitted"].dropna()
        days = sent.dt.date.value_counts().sort_index()
        took = study.minutes[responses.index].dropna()
        rows.append({
            "wave": wave, "n": len(responses), "unknown": len(responses) - len(sent),
            "first": str(sent.min()) if len(sent) else None, "last": str(sent.max()) if len(sent) else None,
            "days": {str(day): int(n) for day, n in days.items()},
            "minutes": _five_numbers(took.to_numpy()) if len(took) else None,
        })  # fmt: skip
    return rows


def unlinked(study: Study) -> list[Row]:
    """List, for every later wave and file, the rows that were linked to nobody."""
    waves = answered_waves(study)
    rows = []
    for wave in waves[1:]:
        responses = study.responses[study.responses["wave"] == wave]
        not_linked = responses[responses["link_method"] == "none"]
        for file, group in not_linked.groupby("file", sort=False):
            rows.append({"wave": wave, "file": str(file), "n": len(group), "rows": sorted(map(int, group["row"]))})
    return rows


def _has_answer(responses: pd.DataFrame, item: Item, study: Study) -> pd.Series:
    if item.kind != "multiple":
        return responses[item.code].notna()
    response_set = study.project.instrument.response_set(item)
    return responses[[f"{item.code}.{v}" for v in response_set.values] if response_set else []].notna().any(axis=1)


def _distribution(responses: pd.DataFrame, item: Item, wave: str, study: Study) -> Iterator[Row]:
    response_set = study.project.instrument.response_set(item)
    if item.kind == "number":
        values = responses[item.code].dropna().to_numpy(dtype=float)
        if len(values):
            yield {"item": item.code, "wave": wave, "n": len(values), "numbers": _five_numbers(values)}
    elif item.kind == "multiple" and response_set:
        answers = {str(v): int((responses[f"{item.code}.{v}"] == 1).sum()) for v in response_set.values}
        n = int(_has_answer(responses, item, study).sum())
        yield {"item": item.code, "wave": wave, "n": n, "answers": answers, "several": True}
    elif response_set:
        counts = responses[item.code].value_counts()
        yield {
            "item": item.code, "wave": wave, "n": int(counts.sum()),
            "answers": {str(v): int(counts.get(v, 0)) for v in response_set.values}, "several": False,
        }  # fmt: skip


def _five_numbers(values: np.ndarray) -> list[float]:
    """Compute minimum, quartiles and maximum."""
    return [round(float(v), 2) for v in np.quantile(values, [0, 0.25, 0.5, 0.75, 1])]
