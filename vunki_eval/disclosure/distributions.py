"""Protect the distributions of answers: choose what to band, merge or hide, and write the published rows."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from vunki_eval.disclosure.estimates import hide
from vunki_eval.disclosure.partitions import (
    Cells,
    Counts,
    choose_nominal,
    choose_ordered,
    finest,
    is_admissible,
    is_small,
    refine,
)
from vunki_eval.disclosure.public_knowledge import PublishedItem
from vunki_eval.project.instrument import Instrument, Item
from vunki_eval.results.estimates import EVERYBODY, OK, EstimateRow
from vunki_eval.results.results import Record

OTHER = "_other"
TOTAL, MISSING = "total", "missing"
PROMOTER_CUTS = (7, 9)
ENOUGH = 3
"""Items of a family share a partition only if it has at least this many cells."""
Estimates = dict[tuple[str, str, str], dict[str, EstimateRow]]
"""Estimates for everybody (group "all"), by event, outcome and wave, then by statistic."""


def collect_questions(rows: Iterable[Record], instrument: Instrument) -> list[PublishedItem]:
    """Collect the counts of every item, wave and event."""
    counts_by_key: dict[tuple[str, str, str], dict[str, int]] = {}
    for row in rows:
        counts_by_key.setdefault((row["event"], row["item"], row["wave"]), {})[row["answer"]] = row["n"]
    questions = []
    for (event, code, wave), answers in counts_by_key.items():
        total, missing = answers.pop(TOTAL), answers.pop(MISSING)
        counts = np.array(list(answers.values()), dtype=np.int64)
        kind = _kind(instrument.item(code), instrument)
        questions.append(PublishedItem(event, code, wave, kind, tuple(answers), counts, total, missing))
    return questions


def _kind(item: Item, instrument: Instrument) -> str:
    if item.kind in ("multiple", "number"):
        return item.kind
    response_set = instrument.response_set(item)
    return "ordered" if response_set and response_set.ordered else "nominal"


def partition(questions: list[PublishedItem], estimates: Estimates, instrument: Instrument, threshold: int) -> None:
    """Choose what is published of each distribution; the choice is stored in the questions."""
    by_item: dict[tuple[str, str], list[PublishedItem]] = {}
    for question in questions:
        if question.counts.size and question.total >= threshold:
            by_item.setdefault((question.event, _family(question, instrument)), []).append(question)
    for family in by_item.values():
        if family[0].kind in ("ordered", "number"):
            _partition_ordered(family, estimates, instrument, threshold)
        else:
            for question in family:
                _partition_unordered(question, instrument, threshold)


def _family(question: PublishedItem, instrument: Instrument) -> str:
    """Name the family of a question: the items of a scale that share a response set are banded alike."""
    scale = next((s.key for s in instrument.scales if question.item in s.items), question.item)
    return f"{scale}/{instrument.item(question.item).response_set}"


def _partition_ordered(
    family: list[PublishedItem], estimates: Estimates, instrument: Instrument, threshold: int
) -> None:
    """Choose the cells of a family of ordered items.

    If every item allows it, all show every answer, or else all show their bands. Otherwise items that allow the bands
    keep them, and the others share one partition, with reversed items read from the other end. If there is no such
    partition, each item gets cells that fit all its waves, and failing that each wave gets its own.
    """
    bands = _bands(family[0], instrument)
    single = finest(len(family[0].labels))
    scored = any("net_promoter" in estimates.get(q.key, {}) for q in family)
    preferred = [single, bands] if bands else [single]
    if scored and bands:
        cuts = _promoter_cells(family[0])
        preferred = [single, refine(bands, cuts), cuts, bands]
    for cells in preferred:
        if all(is_admissible(q.counts, cells, threshold) for q in family):
            for question in family:
                question.cells = cells
            return
    coarser = preferred[1:] or preferred
    family = _without_banded(family, bands, threshold)
    reversed_items = _reversed_items(family, bands, instrument)
    shared_cells = choose_ordered([_counts_from_low_end(q, reversed_items) for q in family], coarser, threshold)
    enough = min(len(bands or single), ENOUGH)
    if shared_cells is not None and len(shared_cells) >= enough and _keeps_borders(shared_cells, bands):
        for question in family:
            question.cells = _mirror(shared_cells, len(single)) if question.item in reversed_items else shared_cells
        return
    for item in dict.fromkeys(q.item for q in family):
        waves = [q for q in family if q.item == item]
        common_cells = choose_ordered([q.counts for q in waves], coarser, threshold)
        for question in waves:
            cells_of_wave = common_cells or choose_ordered([question.counts], coarser, threshold)
            question.cells, question.hidden = (cells_of_wave, False) if cells_of_wave else (bands or single, True)


def _without_banded(family: list[PublishedItem], bands: Cells, threshold: int) -> list[PublishedItem]:
    """Set the bands as cells of the items that allow them in all waves; return the other items."""
    fits = {q.item: bool(bands) for q in family}
    for question in family:
        fits[question.item] &= is_admissible(question.counts, bands, threshold)
    for question in family:
        question.cells = bands if fits[question.item] else ()
    return [q for q in family if not fits[q.item]]


def _reversed_items(family: list[PublishedItem], bands: Cells, instrument: Instrument) -> set[str]:
    """Find the reversed items, if the bands are the same from both ends."""
    same = not bands or _mirror(bands, sum(map(len, bands))) == bands
    return {q.item for q in family if same and instrument.item(q.item).reverse}


def _counts_from_low_end(question: PublishedItem, reversed_items: set[str]) -> Counts:
    return question.counts[::-1] if question.item in reversed_items else question.counts


def _mirror(cells: Cells, size: int) -> Cells:
    """Read a partition from the other end."""
    return tuple(sorted(tuple(sorted(size - 1 - i for i in cell)) for cell in cells))


def _keeps_borders(cells: Cells, bands: Cells) -> bool:
    """Tell whether a partition keeps all borders between bands, or all but one."""
    borders = {band[0] for band in bands}
    return len(borders - {cell[0] for cell in cells}) <= 1


def _promoter_cells(question: PublishedItem) -> Cells:
    starts = [0, *[question.labels.index(str(c)) for c in PROMOTER_CUTS]]
    ends = [*starts[1:], len(question.labels)]
    return tuple(tuple(range(a, b)) for a, b in zip(starts, ends, strict=True))


def _bands(question: PublishedItem, instrument: Instrument) -> Cells:
    response_set = instrument.response_set(question.item)
    place_of = {label: i for i, label in enumerate(question.labels)}
    bands = response_set.bands if response_set else ()
    return tuple(tuple(place_of[str(v)] for v in band) for band in bands)


def _partition_unordered(question: PublishedItem, instrument: Instrument, threshold: int) -> None:
    if question.kind == "multiple":
        question.cells = finest(len(question.labels))
        return
    choice = choose_nominal(question.counts, _bands(question, instrument), threshold)
    if choice:
        question.cells, question.other = choice
    else:
        question.cells, question.hidden = finest(len(question.labels)), True


def hide_shares(rows: list[EstimateRow], questions: list[PublishedItem], instrument: Instrument) -> list[EstimateRow]:
    """Hide the shares of single items that reveal more than the published cells do."""
    by_key = {q.key: q for q in questions}
    protected = []
    for row in rows:
        question = by_key.get((row.event, row.outcome, row.wave))
        counted = _counted_answers(row, question, instrument) if question and row.group == EVERYBODY else None
        safe = counted is None or question is None or _is_union(counted, question)
        protected.append(row if safe or row.status != OK else hide(row, "would_reveal"))
    return protected


def _counted_answers(row: EstimateRow, question: PublishedItem, instrument: Instrument) -> list[set[int]] | None:
    """Find the answers that a share, ceiling or recommendation score counts; None for other statistics."""
    labels = question.labels
    if row.statistic == "net_promoter":
        return [set(cell) for cell in _promoter_cells(question)]
    if row.statistic == "ceiling_share" and question.kind == "ordered":
        return [{len(labels) - 1}]
    if row.statistic != "share":
        return None
    answers = row.detail("answers")
    if question.kind == "number":
        return [{i for i, label in enumerate(labels) if label != "0"}]
    if question.kind == "nominal":
        return [{labels.index(answers)}] if answers in labels else None
    low, _, high = answers.partition("-")
    return [{i for i, v in enumerate(question.values()) if float(low) <= v <= float(high or low)}]


def _is_union(answer_sets: list[set[int]], question: PublishedItem) -> bool:
    """Tell whether every set of answers is a union of published cells."""
    if question.hidden or not question.cells:
        return False
    return all(set(cell) <= part or not set(cell) & part for part in answer_sets for cell in question.cells)


def published_rows(questions: list[PublishedItem], threshold: int) -> Iterator[Record]:
    """Write the distributions as they are published."""
    for question in questions:
        base = {"event": question.event, "item": question.item, "group": "all", "wave": question.wave}
        if question.total < threshold:
            shown = question.total == 0
            yield {**base, "answer": TOTAL, **(_cell(0, 0) if shown else _hidden())}
            continue
        for cell in question.cells:
            yield {**base, "answer": label(question, cell), **_shown(question, cell, threshold)}
        yield {**base, "answer": TOTAL, **_cell(question.total, question.total)}
        if not 0 < question.missing < threshold:
            yield {**base, "answer": MISSING, "n": question.missing, "share": None, "status": "ok"}


def _shown(question: PublishedItem, cell: tuple[int, ...], threshold: int) -> dict[str, Any]:
    n = int(question.counts[list(cell)].sum())
    small = question.kind == "multiple" and is_small(n, question.total, threshold)
    return _hidden() if question.hidden or small else _cell(n, question.total)


def _cell(n: int, total: int) -> dict[str, Any]:
    return {"n": n, "share": n / total if total else None, "status": "ok"}


def _hidden() -> dict[str, Any]:
    return {"n": None, "share": None, "status": "suppressed"}


def label(question: PublishedItem, cell: tuple[int, ...]) -> str:
    """Name a cell: the answer, a range of neighbours, bands of an unordered set, or "other"."""
    if question.other and cell == question.other:
        return OTHER
    if len(cell) == 1:
        return question.labels[cell[0]]
    if question.kind == "nominal":
        return "+".join(question.labels[i] for i in cell)
    return f"{question.labels[cell[0]].split('-')[0]}-{question.labels[cell[-1]].split('-')[-1]}"
