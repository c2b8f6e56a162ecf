"""Distributions of answers, made safe: banded, merged, hidden, and their means only as exact as that allows."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from vunki_eval.disclosure.estimates import Row, hide
from vunki_eval.disclosure.partitions import Cells, Counts, admissible, finest, is_small, nominal, ordered, refine
from vunki_eval.disclosure.public_knowledge import PublishedItem
from vunki_eval.project.instrument import Instrument, Item

OTHER = "_other"
TOTAL, MISSING = "total", "missing"
PROMOTER_CUTS = (7, 9)
ENOUGH = 3
"""So many cells are enough for all items of a family to share."""
Estimates = dict[tuple[str, str, str], dict[str, Row]]
"""Estimates at group "all" by event, outcome and wave, then by statistic."""


def questions(rows: Iterable[Row], instrument: Instrument) -> list[PublishedItem]:
    """Collect the counts of every item, wave and event."""
    found: dict[tuple[str, str, str], dict[str, int]] = {}
    for row in rows:
        found.setdefault((row["event"], row["item"], row["wave"]), {})[row["answer"]] = row["n"]
    made = []
    for (event, code, wave), answers in found.items():
        total, missing = answers.pop(TOTAL), answers.pop(MISSING)
        counts = np.array(list(answers.values()), dtype=np.int64)
        kind = _kind(instrument.item(code), instrument)
        made.append(PublishedItem(event, code, wave, kind, tuple(answers), counts, total, missing))
    return made


def _kind(item: Item, instrument: Instrument) -> str:
    if item.kind in ("multiple", "number"):
        return item.kind
    chosen = instrument.response_set(item)
    return "ordered" if chosen and chosen.ordered else "nominal"


def partition(asked: list[PublishedItem], estimates: Estimates, instrument: Instrument, threshold: int) -> None:
    """Choose what is published of every distribution."""
    by_item: dict[tuple[str, str], list[PublishedItem]] = {}
    for question in asked:
        if question.counts.size and question.total >= threshold:
            by_item.setdefault((question.event, _family(question, instrument)), []).append(question)
    for family in by_item.values():
        if family[0].kind in ("ordered", "number"):
            _ordered(family, estimates, instrument, threshold)
        else:
            for question in family:
                _unordered(question, instrument, threshold)


def _family(question: PublishedItem, instrument: Instrument) -> str:
    """Name what should be banded alike: the items of a scale that share a response set."""
    scale = next((s.key for s in instrument.scales if question.item in s.items), question.item)
    return f"{scale}/{instrument.item(question.item).response_set}"


def _ordered(family: list[PublishedItem], estimates: Estimates, instrument: Instrument, threshold: int) -> None:
    """Give all items of a family every answer, or their bands; else the same other cells to those that fit no bands.

    Reversed items are read from the other end for that. Where it is not possible an item finds cells that fit all its
    waves, else each wave its own.
    """
    bands = _bands(family[0], instrument)
    whole = finest(len(family[0].labels))
    scored = any("net_promoter" in estimates.get(q.key, {}) for q in family)
    wanted = [whole, bands] if bands else [whole]
    if scored and bands:
        cuts = _promoter_cells(family[0])
        wanted = [whole, refine(bands, cuts), cuts, bands]
    for cells in wanted:
        if all(admissible(q.counts, cells, threshold) for q in family):
            for question in family:
                question.cells = cells
            return
    family = _without_banded(family, bands, threshold)
    turned = _turned(family, bands, instrument)
    together = ordered([_mirrored(q, turned) for q in family], wanted[1:] or wanted, threshold)
    if together is not None and len(together) >= min(len(bands or whole), ENOUGH) and _keeps(together, bands):
        for question in family:
            question.cells = _mirror(together, len(whole)) if question.item in turned else together
        return
    for item in dict.fromkeys(q.item for q in family):
        waves = [q for q in family if q.item == item]
        shared = ordered([q.counts for q in waves], wanted[1:] or wanted, threshold)
        for question in waves:
            found = shared or ordered([question.counts], wanted[1:] or wanted, threshold)
            question.cells, question.hidden = (found, False) if found else (bands or whole, True)


def _without_banded(family: list[PublishedItem], bands: Cells, threshold: int) -> list[PublishedItem]:
    """Give the items that fit them in all waves their bands; return the others."""
    fits = {q.item: bool(bands) for q in family}
    for question in family:
        fits[question.item] &= admissible(question.counts, bands, threshold)
    for question in family:
        question.cells = bands if fits[question.item] else ()
    return [q for q in family if not fits[q.item]]


def _turned(family: list[PublishedItem], bands: Cells, instrument: Instrument) -> set[str]:
    """Name the items whose answers are read from the other end, where the bands are the same from both."""
    same = not bands or _mirror(bands, sum(map(len, bands))) == bands
    return {q.item for q in family if same and instrument.item(q.item).reverse}


def _mirrored(question: PublishedItem, turned: set[str]) -> Counts:
    return question.counts[::-1] if question.item in turned else question.counts


def _mirror(cells: Cells, size: int) -> Cells:
    """Read a partition from the other end."""
    return tuple(sorted(tuple(sorted(size - 1 - i for i in cell)) for cell in cells))


def _keeps(cells: Cells, bands: Cells) -> bool:
    """Tell whether a partition keeps every border between bands but one."""
    borders = {band[0] for band in bands}
    return len(borders - {cell[0] for cell in cells}) <= 1


def _promoter_cells(question: PublishedItem) -> Cells:
    starts = [0, *[question.labels.index(str(c)) for c in PROMOTER_CUTS]]
    ends = [*starts[1:], len(question.labels)]
    return tuple(tuple(range(a, b)) for a, b in zip(starts, ends, strict=True))


def _bands(question: PublishedItem, instrument: Instrument) -> Cells:
    chosen = instrument.response_set(question.item)
    places = {label: i for i, label in enumerate(question.labels)}
    bands = chosen.bands if chosen else ()
    return tuple(tuple(places[str(v)] for v in band) for band in bands)


def _unordered(question: PublishedItem, instrument: Instrument, threshold: int) -> None:
    if question.kind == "multiple":
        question.cells = finest(len(question.labels))
        return
    found = nominal(question.counts, _bands(question, instrument), threshold)
    if found:
        question.cells, question.other = found
    else:
        question.cells, question.hidden = finest(len(question.labels)), True


def shares(rows: list[Row], asked: list[PublishedItem], instrument: Instrument) -> list[Row]:
    """Hide shares of single items that would say more than the published cells do."""
    known = {q.key: q for q in asked}
    out = []
    for row in rows:
        question = known.get((row["event"], row["outcome"], row["wave"]))
        picked = _picked(row, question, instrument) if question and row["group"] == "all" else None
        told = picked is None or question is None or _is_union(picked, question)
        out.append(row if told or row["status"] != "ok" else hide(row, "would_reveal"))
    return out


def _picked(row: Row, question: PublishedItem, instrument: Instrument) -> list[set[int]] | None:
    """Give the answers that a share, ceiling or recommendation score counts; None for other statistics."""
    labels = question.labels
    if row["statistic"] == "net_promoter":
        return [set(cell) for cell in _promoter_cells(question)]
    if row["statistic"] == "ceiling_share" and question.kind == "ordered":
        return [{len(labels) - 1}]
    if row["statistic"] != "share":
        return None
    said = (row["method"] or "").split("; ")[0].removeprefix("answers=")
    if question.kind == "number":
        return [{i for i, label in enumerate(labels) if label != "0"}]
    if question.kind == "nominal":
        return [{labels.index(said)}] if said in labels else None
    low, _, high = said.partition("-")
    return [{i for i, v in enumerate(question.values()) if float(low) <= v <= float(high or low)}]


def _is_union(picked: list[set[int]], question: PublishedItem) -> bool:
    """Tell whether the sets can be put together from published cells."""
    if question.hidden or not question.cells:
        return False
    return all(set(cell) <= part or not set(cell) & part for part in picked for cell in question.cells)


def published_rows(asked: list[PublishedItem], threshold: int) -> Iterator[Row]:
    """Write the distributions as they are published."""
    for question in asked:
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
