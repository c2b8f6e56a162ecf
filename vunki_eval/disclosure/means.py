"""How exactly the means of items may be published, so that no small count can be bounded too closely."""

from collections.abc import Iterator

from vunki_eval.disclosure.bounds import Equation, Name, bound
from vunki_eval.disclosure.distributions import Estimates
from vunki_eval.disclosure.estimates import Row, hide, rounded
from vunki_eval.disclosure.partitions import is_small
from vunki_eval.disclosure.public_knowledge import (
    EXACT,
    MEAN_ONLY,
    NOTHING,
    ROUNDED_EASIER,
    PublishedItem,
    equations,
    linked,
)
from vunki_eval.project.instrument import Instrument

TOLERANCE = 1e-4
HALF_A_PERSON = 0.5


def settle_means(
    asked: list[PublishedItem], estimates: Estimates, instrument: Instrument, threshold: int, level: float
) -> None:
    """Choose for every item how exactly its mean may be published, so that no small count can be bounded too closely.

    Means are exact, rounded to one decimal, without interval, or hidden; the most exact that linear programming finds
    safe.
    """
    open_questions = [q for q in asked if q.kind == "ordered" and q.cells]
    blocks = _blocks(open_questions, instrument)
    while blocks:
        narrow = _narrowed([q for b in blocks for q in b], estimates, instrument, threshold, level)
        again = []
        for block in blocks:
            failing = [q for q in block if q.key in narrow]
            if failing and _step_down(block, failing):
                again.append(block)
        blocks = again


def _blocks(asked: list[PublishedItem], instrument: Instrument) -> list[list[PublishedItem]]:
    """Put together the items of a scale at a wave."""
    found: dict[tuple[str, str, str], list[PublishedItem]] = {}
    for question in asked:
        scale = next((s.key for s in instrument.scales if question.item in s.items), question.item)
        found.setdefault((question.event, scale, question.wave), []).append(question)
    return list(found.values())


def _step_down(block: list[PublishedItem], failing: list[PublishedItem]) -> bool:
    """Publish less of the failing items, or of the others when these have nothing left to hide.

    Hidden cells are not even named before a mean is given up.
    """
    named = [q for q in failing if q.hidden and q.cells]
    for question in named:
        question.cells = ()
    able = [q for q in failing if q.state < NOTHING] or [q for q in block if q.state < NOTHING]
    for question in () if named else able:
        question.state += 1
    return bool(named or able)


def _narrowed(
    asked: list[PublishedItem], estimates: Estimates, instrument: Instrument, threshold: int, level: float
) -> set[tuple[str, str, str]]:
    """Find items with a count that an attacker could bound too closely."""
    most: dict[Name, float] = {}
    system: list[Equation] = []
    fine: dict[Name, PublishedItem] = {}
    whole: dict[Name, PublishedItem] = {}
    for question in asked:
        names = question.names()
        most |= dict.fromkeys(names, float(question.total))
        system += equations(question, estimates.get(question.key, {}), level)
        fine |= {names[i]: question for i in _sensitive(question, threshold)}
        for cell in question.cells if question.hidden else ():
            sum_of: Name = (*question.key, cell)
            most[sum_of] = float(question.total)
            system.append(Equation({sum_of: -1.0, **{names[i]: 1.0 for i in cell}}, 0.0, 0.0))
            whole[sum_of] = question
    system += _links(asked, estimates, instrument)
    found = set()
    for name, (low, high) in bound(most, system, [*fine, *whole]).items():
        question = fine.get(name) or whole[name]
        if high - low >= threshold - TOLERANCE:
            continue
        count = int(question.counts[name[3]]) if name in fine else -1  # type: ignore[index]
        if question.state < ROUNDED_EASIER or not _deniable(low, high, count, question.total, threshold):
            found.add(question.key)
    return found


def _sensitive(question: PublishedItem, threshold: int) -> list[int]:
    """Answers given by few people, or by all but few, that are not published by themselves."""
    alone = {c[0] for c in question.cells if len(c) == 1} if not question.hidden else set()
    return [i for i, n in enumerate(question.counts) if i not in alone and is_small(int(n), question.total, threshold)]


def _deniable(low: float, high: float, count: int, total: int, threshold: int) -> bool:
    """Tell whether nobody at all may have given an answer of few people (everybody, an answer of all but few)."""
    few, all_but_few = 0 < count < threshold, 0 < total - count < threshold
    return count >= 0 and (not few or low < HALF_A_PERSON) and (not all_but_few or high > total - HALF_A_PERSON)


def _links(asked: list[PublishedItem], estimates: Estimates, instrument: Instrument) -> Iterator[Equation]:
    """Tie items to the mean of their scale where everybody answered every item."""
    known = {q.key: q for q in asked}
    for event, wave in sorted({(q.event, q.wave) for q in asked}):
        for scale in instrument.scales:
            block = [known.get((event, c, wave)) for c in scale.items]
            mean = estimates.get((event, scale.key, wave), {}).get("mean")
            whole = [q for q in block if q is not None]
            if len(block) < 2 or len(whole) < len(block) or mean is None or mean["status"] != "ok":
                continue
            if any(instrument.item(c).excluded_by for c in scale.items) or {q.total for q in whole} != {mean["n"]}:
                continue
            turned = [instrument.item(c).reverse for c in scale.items]
            ends = [q.values()[0] + q.values()[-1] for q in whole]
            shift = float(sum(e for e, t in zip(ends, turned, strict=True) if t))
            yield linked(whole, mean, [-1.0 if t else 1.0 for t in turned], shift)


def apply_means(rows: list[Row], asked: list[PublishedItem]) -> list[Row]:
    """Publish the means of items as exactly as was found safe."""
    known = {q.key: q for q in asked if q.kind == "ordered"}
    out = []
    for row in rows:
        question = known.get((row["event"], row["outcome"], row["wave"]))
        wanted = row["statistic"] in ("mean", "sd") and row["group"] == "all" and row["status"] == "ok"
        out.append(_as_exact(row, question.state) if question and wanted else row)
    return out


def _as_exact(row: Row, state: int) -> Row:
    if state == EXACT:
        return row
    if state == NOTHING or (state == MEAN_ONLY and row["statistic"] == "sd"):
        return hide(row, "would_reveal")
    near = rounded(row)
    return {**near, "low": None, "high": None} if state == MEAN_ONLY else near
