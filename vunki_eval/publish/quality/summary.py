"""Summarise a check as one JSON document for programs; the page and the terminal show parts of it.

Missing answers, distributions and times are given without disclosure control: for the evaluator only.
"""

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd

from vunki_eval.project.instrument import Item
from vunki_eval.publish.quality.checked_event import CheckedEvent
from vunki_eval.readers.mapping_report import Recognised, propose_mapping
from vunki_eval.survey.clean import code_elements
from vunki_eval.survey.study import Study

Row = dict[str, Any]
SCHEMA = 1


def summary(checked: CheckedEvent) -> dict[str, Any]:
    """Summarise what reading, cleaning and linking did.

    Returns
    -------
    dict
        ``schema``, ``event``, ``exports`` (how each file was understood), ``problems`` (errors that stop the event),
        ``look`` and ``notes`` (findings), ``questions`` (number of open questions) and, if the exports could be read,
        ``files`` (path, rows), ``flow``, ``linking``, ``unlinked``, ``missingness``, ``distributions``, ``timing`` and
        ``changes`` (rule, column, n). It holds no linking codes and no free text.
    """
    study = checked.study
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "event": checked.event.id,
        "exports": [_export(e, checked.event.id) for e in checked.exports],
        "problems": [p.as_dict() for p in checked.problems],
        "look": [f.as_dict() for f in checked.to_settle],
        "notes": [f.as_dict() for f in study.findings if f.level != "look"] if study else [],
        "questions": len(checked.questions),
    }
    if study is None:
        return data
    flow = study.flow.astype(object).where(study.flow.notna(), None)
    changes = Counter(zip(study.log["rule"], study.log["column"], strict=True))
    share = study.false_link_share
    return data | {
        "files": [{"path": i.path, "rows": i.rows} for i in study.inputs],
        "flow": flow.to_dict("records"),
        "linking": {"expected_wrong_share": None if math.isnan(share) else float(f"{share:.6g}")},
        "unlinked": unlinked(study),
        "missingness": missingness(study),
        "distributions": distributions(study),
        "timing": timing(study),
        "changes": [{"rule": r, "column": c, "n": n} for (r, c), n in sorted(changes.items())],
    }


def proposals(checked: CheckedEvent) -> dict[str, str]:
    """Return the proposed mapping files, as text by file name."""
    return {PurePath(name).name: text for name, text in propose_mapping(checked.exports).items()}


def _export(export: Recognised, event: str) -> dict[str, Any]:
    # Each column once: a column of several options is matched once per option.
    columns = Counter(how for _, how in {(header, how) for header, _, _, how in export.matched})
    proposed = next(iter(propose_mapping([export])), "")
    return {
        "file": export.file, "wave": export.wave, "reader": export.reader, "sheet": export.sheet, "rows": export.rows,
        "columns": {
            "code": columns["code"], "wording": columns["wording"], "mapping": columns["mapping"],
            "own": len(export.own), "unknown": len(export.unmatched),
        },
        "matched": [dict(zip(("header", "item", "option", "how"), m, strict=True)) for m in export.matched],
        "unknown": list(export.unmatched),
        "missing": list(export.missing),
        "near": [{"header": p.header, "item": p.item, "likeness": p.likeness} for p in export.proposals],
        "proposal": f"checks/{event}/{PurePath(proposed).name}" if proposed else "",
        "problems": [p.as_dict() for p in export.problems],
    }  # fmt: skip


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
