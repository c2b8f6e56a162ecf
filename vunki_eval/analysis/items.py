"""Count and summarise answers item by item: counts, means and shares of top answers. Not yet protected."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from vunki_eval import stats
from vunki_eval.analysis.describe import EDGES, summary
from vunki_eval.analysis.respondents import AnalysisPlan, FloatArray, waves_of
from vunki_eval.analysis.rows import attempt, interval
from vunki_eval.project.instrument import Instrument, Item, ResponseSet
from vunki_eval.results.estimates import Detail, EstimateRow, Flag
from vunki_eval.results.results import Record
from vunki_eval.survey.study import Study

COUNTED = ("scale", "profile", "network", "event")
TOTAL, MISSING = "total", "missing"
RECOMMEND = "likely"
"""Response set (0-10) whose items get a net promoter score."""


def counted_items(study: Study, wave: str) -> tuple[Item, ...]:
    """Select the items of a wave whose answers are counted and that are in the data."""
    items = study.project.instrument.in_wave(wave)
    return tuple(i for i in items if i.role in COUNTED and i.kind != "text" and columns_of(study, i))


def columns_of(study: Study, item: Item) -> list[str]:
    """List the columns that hold an item's answers."""
    if item.kind != "multiple":
        return [item.code] if item.code in study.responses else []
    response_set = study.project.instrument.response_set(item)
    names = [f"{item.code}.{v}" for v in response_set.values] if response_set else []
    return [c for c in names if c in study.responses]


def distributions(study: Study) -> list[Record]:
    """Count the answers of every item at every wave."""
    rows: list[Record] = []
    for wave in waves_of(study):
        frame = study.responses[study.responses["wave"] == wave]
        refused = study.nonresponse[study.nonresponse["response"].isin(frame.index)]["item"].value_counts()
        for item in counted_items(study, wave):
            counts, base = _counts(study, item, frame)
            totals = {TOTAL: base, MISSING: int(refused.get(item.code, 0))}
            rows += [
                {"item": item.code, "wave": wave, "group": "all", "answer": answer, "n": n}
                for answer, n in {**counts, **totals}.items()
                if base or (totals[MISSING] and answer in totals)
            ]
    return rows


def _counts(study: Study, item: Item, frame: pd.DataFrame) -> tuple[dict[str, int], int]:
    """Count the people who gave each answer, and those who answered at all."""
    response_set = study.project.instrument.response_set(item)
    if item.kind == "multiple":
        names = columns_of(study, item)
        ticks = frame[names].astype(float)
        return {n.split(".", 1)[1]: int((ticks[n] == 1).sum()) for n in names}, int(ticks.notna().any(axis=1).sum())
    answers = frame[item.code].dropna()
    if item.kind == "number":
        edges = [e for e in EDGES if e <= (item.range or (0, 0))[1]]
        band_of = np.searchsorted(edges, answers.astype(float), side="right") - 1
        labels = count_bands(item)
        return {label: int(np.sum(band_of == i)) for i, label in enumerate(labels)}, int(answers.size)
    if response_set is None:
        return {}, int(answers.size)
    by_value = answers.value_counts()
    counts = {str(v): int(by_value.get(v, 0)) for v in response_set.values}
    return counts, sum(counts.values())


def count_bands(item: Item) -> list[str]:
    """Name the bands that answers to a count item are sorted into: 0, 1-2, 3-5, ..."""
    top = (item.range or (0, 0))[1]
    edges = [e for e in EDGES if e <= top]
    ends = [*[e - 1 for e in edges[1:]], top]
    return [str(a) if a == b else f"{a}-{b}" for a, b in zip(edges, ends, strict=True)]


def item_rows(study: Study, plan: AnalysisPlan) -> Iterator[EstimateRow]:
    """Make the rows of item means, shares of top answers and recommendation scores."""
    instrument = study.project.instrument
    scored = {s.key for s in instrument.scales if s.items == (s.key,)}
    for wave in waves_of(study):
        frame = study.responses[study.responses["wave"] == wave]
        for item in counted_items(study, wave):
            if item.role == "profile" or item.kind == "multiple":
                continue
            response_set, people = instrument.response_set(item), len(frame)
            for estimate in _item_estimates(item, response_set, frame, plan, scored=item.code in scored):
                yield replace(estimate, wave=wave, n_missing=people - estimate.n if estimate.n else None)


def _item_estimates(
    item: Item, response_set: ResponseSet | None, frame: pd.DataFrame, plan: AnalysisPlan, *, scored: bool
) -> Iterator[EstimateRow]:
    if item.kind == "number":
        values = numbers(frame[item.code])
        if not scored:
            yield from summary(item.code, "", values, plan, with_quartiles=True)
        yield from _share(item.code, values >= 1, "1+", plan) if item.role == "network" else ()
        return
    if response_set is None:
        return
    if not response_set.ordered:
        yes = frame[item.code].dropna() == "yes"
        yield from _share(item.code, yes.to_numpy(), "yes", plan) if "yes" in response_set.values else ()
        return
    values = numbers(frame[item.code])
    if not scored and values.size:
        yield from (r for r in summary(item.code, "", values, plan, with_quartiles=False) if r.statistic == "mean")
    top = [float(v) for v in response_set.bands[-1]] if response_set.bands else [float(response_set.high)]
    yield from _share(item.code, np.isin(values, top), band_name(top), plan)
    if response_set.key == RECOMMEND:
        yield attempt(item.code, "", "net_promoter", lambda: _promoter(item.code, values, plan))


def _promoter(code: str, values: FloatArray, plan: AnalysisPlan) -> EstimateRow:
    score = stats.net_promoter(values, level=plan.level)
    return EstimateRow(code, "", "net_promoter", n=score.n, flags=(Flag.ADJUSTED_WALD,), **interval(score))


def _share(code: str, selected: pd.Series, answers: str, plan: AnalysisPlan) -> Iterator[EstimateRow]:
    if len(selected):
        share = stats.proportion(int(np.sum(selected)), len(selected), level=plan.level)
        yield EstimateRow(
            code, "", "share", n=share.n, flags=(Detail("answers", answers), Flag.WILSON), **interval(share)
        )


def numbers(column: pd.Series) -> FloatArray:
    """Take the non-missing answers as sorted numbers."""
    return np.sort(column.dropna().to_numpy(dtype=np.float64))


def band_name(values: list[float]) -> str:
    """Name a range of neighbouring answers, such as 4-5."""
    low, high = int(min(values)), int(max(values))
    return str(low) if low == high else f"{low}-{high}"


def reversed_items(study: Study, instrument: Instrument, codes: tuple[str, ...], wave: str) -> pd.DataFrame:
    """Reverse-code a scale's answers at a wave where needed; one row per response, indexed by respondent."""
    names = ["respondent", *(c for c in codes if c in study.responses)]
    frame = study.responses.loc[study.responses["wave"] == wave, names].set_index("respondent")
    reversed_answers = {}
    for code in codes:
        item, answers = (
            instrument.item(code),
            frame[code].astype(float) if code in frame else pd.Series(np.nan, frame.index),
        )
        response_set = instrument.response_set(item)
        ends = (response_set.low, response_set.high) if response_set else item.range or (0, 0)
        reversed_answers[code] = sum(ends) - answers if item.reverse else answers
    return pd.DataFrame(reversed_answers)
