"""Choose how exactly the means of items are published, so that no small count can be bounded too closely."""

from collections.abc import Iterator
from dataclasses import replace

from vunki_eval.disclosure.bounds import Equation, Name, bound
from vunki_eval.disclosure.distributions import Estimates
from vunki_eval.disclosure.estimates import hide, rounded
from vunki_eval.disclosure.partitions import is_small
from vunki_eval.disclosure.public_knowledge import (
    EXACT,
    MEAN_ONLY,
    NOTHING,
    ROUNDED_EASIER,
    PublishedItem,
    equations,
    scale_equation,
)
from vunki_eval.project.instrument import Instrument
from vunki_eval.results.estimates import EstimateRow

TOLERANCE = 1e-4
"""Bounds carry the solver's rounding error: a width may fall this much short of the threshold."""
HALF_A_PERSON = 0.5


def settle_means(
    questions: list[PublishedItem], estimates: Estimates, instrument: Instrument, threshold: int, level: float
) -> None:
    """Choose how exactly the mean of each item is published; the choice is stored in the questions.

    A mean is exact, rounded to one decimal, rounded and without an interval, or hidden. The most exact form that linear
    programming finds safe is chosen.
    """
    ordered = [q for q in questions if q.kind == "ordered" and q.cells]
    blocks = _blocks(ordered, instrument)
    while blocks:
        revealing = _find_revealing([q for b in blocks for q in b], estimates, instrument, threshold, level)
        unsettled = []
        for block in blocks:
            failing = [q for q in block if q.key in revealing]
            if failing and _step_down(block, failing):
                unsettled.append(block)
        blocks = unsettled


def _blocks(questions: list[PublishedItem], instrument: Instrument) -> list[list[PublishedItem]]:
    """Group the items of each scale at each wave: their means are settled together."""
    blocks: dict[tuple[str, str, str], list[PublishedItem]] = {}
    for question in questions:
        scale = next((s.key for s in instrument.scales if question.item in s.items), question.item)
        blocks.setdefault((question.event, scale, question.wave), []).append(question)
    return list(blocks.values())


def _step_down(block: list[PublishedItem], failing: list[PublishedItem]) -> bool:
    """Publish less of the failing items, or of the other items in the block if these have nothing left to hide.

    The names of hidden cells are removed first, so that means are given up last.
    """
    with_hidden_cells = [q for q in failing if q.hidden and q.cells]
    for question in with_hidden_cells:
        question.cells = ()
    reducible = [q for q in failing if q.state < NOTHING] or [q for q in block if q.state < NOTHING]
    for question in () if with_hidden_cells else reducible:
        question.state += 1
    return bool(with_hidden_cells or reducible)


def _find_revealing(
    questions: list[PublishedItem], estimates: Estimates, instrument: Instrument, threshold: int, level: float
) -> set[tuple[str, str, str]]:
    """Find the items with a count that an attacker could bound too closely."""
    upper: dict[Name, float] = {}
    system: list[Equation] = []
    answers: dict[Name, PublishedItem] = {}
    cells: dict[Name, PublishedItem] = {}
    for question in questions:
        names = question.names()
        upper |= dict.fromkeys(names, float(question.total))
        system += equations(question, estimates.get(question.key, {}), level)
        answers |= {names[i]: question for i in _sensitive_answers(question, threshold)}
        for cell in question.cells if question.hidden else ():
            cell_total: Name = (*question.key, cell)
            upper[cell_total] = float(question.total)
            system.append(Equation({cell_total: -1.0, **{names[i]: 1.0 for i in cell}}, 0.0, 0.0))
            cells[cell_total] = question
    system += _scale_equations(questions, estimates, instrument)
    revealing = set()
    for name, (low, high) in bound(upper, system, [*answers, *cells]).items():
        question = answers.get(name) or cells[name]
        if high - low >= threshold - TOLERANCE:
            continue
        count = int(question.counts[name[3]]) if name in answers else -1  # type: ignore[index]
        if question.state < ROUNDED_EASIER or not _deniable(low, high, count, question.total, threshold):
            revealing.add(question.key)
    return revealing


def _sensitive_answers(question: PublishedItem, threshold: int) -> list[int]:
    """Find the answers given by few people, or by all but few, whose counts are not published by themselves."""
    published = {c[0] for c in question.cells if len(c) == 1} if not question.hidden else set()
    small = [i for i, n in enumerate(question.counts) if is_small(int(n), question.total, threshold)]
    return [i for i in small if i not in published]


def _deniable(low: float, high: float, count: int, total: int, threshold: int) -> bool:
    """Tell whether a rare answer may have been given by nobody, and a nearly universal one by everybody."""
    few, all_but_few = 0 < count < threshold, 0 < total - count < threshold
    return count >= 0 and (not few or low < HALF_A_PERSON) and (not all_but_few or high > total - HALF_A_PERSON)


def _scale_equations(
    questions: list[PublishedItem], estimates: Estimates, instrument: Instrument
) -> Iterator[Equation]:
    """Relate items to the mean of their scale, where everybody answered every item."""
    by_key = {q.key: q for q in questions}
    for event, wave in sorted({(q.event, q.wave) for q in questions}):
        for scale in instrument.scales:
            block = [by_key.get((event, c, wave)) for c in scale.items]
            mean = estimates.get((event, scale.key, wave), {}).get("mean")
            present = [q for q in block if q is not None]
            if len(block) < 2 or len(present) < len(block) or mean is None or mean.status != "ok":
                continue
            if any(instrument.item(c).excluded_by for c in scale.items) or {q.total for q in present} != {mean.n}:
                continue
            reverse = [instrument.item(c).reverse for c in scale.items]
            ends = [q.values()[0] + q.values()[-1] for q in present]
            shift = float(sum(e for e, r in zip(ends, reverse, strict=True) if r))
            yield scale_equation(present, mean, [-1.0 if r else 1.0 for r in reverse], shift)


def apply_means(rows: list[EstimateRow], questions: list[PublishedItem]) -> list[EstimateRow]:
    """Publish the means of items as exactly as `settle_means` found safe."""
    by_key = {q.key: q for q in questions if q.kind == "ordered"}
    published = []
    for row in rows:
        question = by_key.get((row.event, row.outcome, row.wave))
        is_item_mean = row.statistic in ("mean", "sd") and row.group == "all" and row.status == "ok"
        published.append(_publish_as(row, question.state) if question and is_item_mean else row)
    return published


def _publish_as(row: EstimateRow, state: int) -> EstimateRow:
    if state == EXACT:
        return row
    if state == NOTHING or (state == MEAN_ONLY and row.statistic == "sd"):
        return hide(row, "would_reveal")
    shown = rounded(row)
    return replace(shown, low=None, high=None) if state == MEAN_ONLY else shown
