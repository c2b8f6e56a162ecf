"""Linking a person's responses between waves by codes whose elements are hashed: exact first, then one difference.

Two codes are *exact* when they are identical, blanks included, and at most one element is blank (none in codes of fewer
than four elements). They have *one difference* when all elements but one are identical and not blank; codes of fewer
than four elements say too little for that. Only mutually unique pairs are linked; a pair that contradicts stable answers
is not; whoever has several candidates is left out and counted.

References
----------
Grube, J. W., Morgan, M., Kearney, K. A. (1989). Using self-generated identification codes to match questionnaires.
Addictive Behaviors 14(2), 159-171. doi:10.1016/0306-4603(89)90044-0
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

LEAST_TOLERANT = 4
MOST_CANDIDATES = 16
Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Linked:
    """Who is whom.

    Attributes
    ----------
    person : Series
        Number of the person, for every row given.
    method : Series
        How a row was linked: ``exact``, ``one_difference``, ``id``, ``decision`` or ``none``. For a person's first
        response the surest way in which a later one was linked to it.
    ambiguous, contradicted : tuple
        Index labels of rows with several candidates, and of rows whose only partner differs in a stable answer.
    false_link_share : float
        Expected share of wrong links among those made by a code of several elements; NaN without such links.
    """

    person: pd.Series
    method: pd.Series
    ambiguous: tuple[int, ...]
    contradicted: tuple[int, ...]
    false_link_share: float


@dataclass(frozen=True, slots=True)
class Pairs:
    """Linked places (left, right) with the number of elements that differ, and the places left out."""

    left: Array
    right: Array
    differences: Array
    ambiguous: tuple[Array, Array]
    contradicted: tuple[Array, Array]


def least_known(elements: int) -> int:
    """Elements of a code that must not be blank."""
    return elements - 1 if elements >= LEAST_TOLERANT else elements


def same_codes(codes: pd.DataFrame) -> list[tuple[int, ...]]:
    """Groups of rows with the same code, sufficiently known; index labels."""
    numbers = _numbers([codes])[0]
    known = (numbers >= 0).sum(axis=1) >= least_known(numbers.shape[1]) if numbers.shape[1] else np.zeros(0, bool)
    frame = pd.DataFrame(numbers, index=codes.index)[known] if numbers.shape[1] else codes.iloc[:0]
    again = frame[frame.duplicated(keep=False)]
    return sorted(tuple(rows) for rows in again.groupby(list(again.columns)).groups.values()) if len(again) else []


def link_waves(
    codes: pd.DataFrame,
    waves: pd.Series,
    order: Sequence[str],
    *,
    stable: pd.DataFrame | None = None,
    together: Collection[tuple[int, int]] = (),
    apart: Collection[tuple[int, int]] = (),
) -> Linked:
    """Link responses of any number of waves; each is compared with the first response of every person known so far.

    Parameters
    ----------
    codes : DataFrame
        One column per element, hashed or not; None = blank. Rows with the same code in one wave are linked to nobody.
    waves : Series
        Wave of every row.
    order : sequence of str
        Waves in their order.
    stable : DataFrame, optional
        Answers that do not change; missing ones contradict nothing.
    together, apart : collection of (label, label)
        Pairs that a person has ruled on.
    """
    numbers, firm = _numbers([codes])[0], _numbers([stable] if stable is not None else [])
    firm_numbers = firm[0] if firm else np.empty((len(codes), 0), dtype=np.int64)
    place = {label: k for k, label in enumerate(codes.index)}
    state = _State(np.arange(len(codes)), np.full(len(codes), "none", dtype=object), set(), set(), [0.0, 0.0])
    known: list[int] = []
    forced = {tuple(sorted((place[a], place[b]))) for a, b in together}
    split = {tuple(sorted((place[a], place[b]))) for a, b in apart}
    for wave in order:
        new = [k for k, w in enumerate(waves) if w == wave]
        _link_wave(state, known, new, numbers, firm_numbers, (forced, split))
        known += [k for k in new if state.person[k] == k]
    labels = np.asarray(codes.index)
    share = state.expected[0] / state.expected[1] if state.expected[1] else float("nan")
    return Linked(
        pd.Series(state.person, index=codes.index),
        pd.Series(state.method, index=codes.index, dtype=object),
        tuple(sorted(labels[sorted(state.ambiguous)].tolist())),
        tuple(sorted(labels[sorted(state.contradicted)].tolist())),
        min(share, 1.0) if share == share else share,
    )


@dataclass(slots=True)
class _State:
    person: Array
    method: Array
    ambiguous: set[int]
    contradicted: set[int]
    expected: list[float]


_SURENESS = ("decision", "id", "exact", "one_difference", "none")


def _link_wave(
    state: _State, known: list[int], new: list[int], numbers: Array, firm: Array, rulings: tuple[set, set]
) -> None:
    """Link one wave's rows to the persons known so far."""
    forced, split = rulings
    taken: set[int] = set()
    for a, b in sorted(forced):
        pair = (a, b) if b in new else (b, a)
        if pair[1] in new and (first := int(state.person[pair[0]])) in known:
            _join(state, first, pair[1], "decision")
            taken |= {first, pair[1]}
    left = np.array([k for k in known if k not in taken], dtype=np.int64)
    right = np.array([k for k in new if k not in taken], dtype=np.int64)
    forbidden = {(int(state.person[a]), b) for a, b in split} | {(int(state.person[b]), a) for a, b in split}
    pairs = pair_codes(
        numbers[left], numbers[right], firm=(firm[left], firm[right]), forbidden=_places(left, right, forbidden)
    )
    for a, b, differences in zip(left[pairs.left], right[pairs.right], pairs.differences, strict=True):
        way = "id" if numbers.shape[1] == 1 else "one_difference" if differences else "exact"
        _join(state, int(a), int(b), way)
    state.ambiguous |= {int(k) for side, rows in zip((left, right), pairs.ambiguous, strict=True) for k in side[rows]}
    state.contradicted |= {
        int(k) for side, rows in zip((left, right), pairs.contradicted, strict=True) for k in side[rows]
    }
    if numbers.shape[1] > 1:
        wrong = expected_wrong(numbers[left], numbers[right], pairs, firm=(firm[left], firm[right]))
        state.expected[0] += wrong
        state.expected[1] += len(pairs.left)


def _join(state: _State, first: int, later: int, way: str) -> None:
    state.person[later] = state.person[first]
    state.method[later] = way
    state.method[first] = min(state.method[first], way, key=_SURENESS.index)


def _places(left: Array, right: Array, pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    rows, columns = ({int(k): place for place, k in enumerate(side)} for side in (left, right))
    return {(rows[a], columns[b]) for a, b in pairs if a in rows and b in columns}


def _numbers(frames: Sequence[pd.DataFrame]) -> list[Array]:
    """Number the different values of every column; -1 is blank."""
    out = []
    for frame in frames:
        columns = [pd.factorize(frame[c])[0] for c in frame.columns]
        out.append(np.array(columns, dtype=np.int64).T.reshape(len(frame), len(frame.columns)))
    return out


def pair_codes(
    left: Array, right: Array, *, firm: tuple[Array, Array], forbidden: Collection[tuple[int, int]] = ()
) -> Pairs:
    """Pair two sets of codes: mutually unique exact pairs, then mutually unique pairs with one difference.

    Parameters
    ----------
    left, right : array of int, rows x elements
        The same number stands for the same element; -1 is blank.
    firm : (array, array)
        Stable answers of both sides; -1 contradicts nothing.
    forbidden : collection of (int, int)
        Pairs of places that must not be linked.

    Notes
    -----
    Near-linear: codes that differ in one element are equal when that element is deleted, so deleted codes are matched
    by a 64-bit hash (and compared in full afterwards).
    """
    free = (np.ones(len(left), bool), np.ones(len(right), bool))
    apart = set(forbidden)
    size = left.shape[1]
    sums = (_element_hashes(left), _element_hashes(right))
    usable = tuple((side >= 0).sum(axis=1) >= least_known(size) for side in (left, right))
    first = _exact(left, right, sums, usable, firm, apart) if size else _nothing(free)
    found = [first]
    for side in (0, 1):
        free[side][[first.left, first.right][side]] = False
        free[side][first.ambiguous[side]] = False
        free[side][first.contradicted[side]] = False
    if size >= LEAST_TOLERANT:
        found.append(_one_difference(left, right, sums, free, firm, apart))
    return Pairs(
        np.concatenate([p.left for p in found]),
        np.concatenate([p.right for p in found]),
        np.repeat(np.arange(len(found)), [len(p.left) for p in found]),
        _joined([p.ambiguous for p in found]),
        _joined([p.contradicted for p in found]),
    )


def _nothing(free: tuple[Array, Array]) -> Pairs:
    none = np.empty(0, dtype=np.int64)
    return Pairs(none, none, none, (none, none), (none, none))


def _joined(parts: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    first, second = (np.unique(np.concatenate([p[side] for p in parts])).astype(np.int64) for side in (0, 1))
    return first, second


def _element_hashes(codes: Array) -> Array:
    """Hash every element with its place to 64 bits (splitmix64), so that codes are sums that lose elements easily."""
    place = np.arange(1, codes.shape[1] + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (codes + 2).astype(np.uint64) * np.uint64(0xD1B54A32D192ED03) + place
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    out: Array = mixed ^ (mixed >> np.uint64(31))
    return out


def _exact(
    left: Array, right: Array, hashes: tuple[Array, Array], usable: tuple[Array, ...], firm: tuple[Array, Array],
    apart: set[tuple[int, int]],
) -> Pairs:  # fmt: skip
    rows = tuple(np.flatnonzero(u) for u in usable)
    keys = tuple(h[r].sum(axis=1, dtype=np.uint64) for h, r in zip(hashes, rows, strict=True))
    a, b, crowded = _same_keys(keys[0], keys[1], rows[0], rows[1])
    equal = (left[a] == right[b]).all(axis=1)
    return _unique(a[equal], b[equal], crowded, (len(left), len(right)), firm, apart)


def _one_difference(
    left: Array, right: Array, hashes: tuple[Array, Array], free: tuple[Array, Array], firm: tuple[Array, Array],
    apart: set[tuple[int, int]],
) -> Pairs:  # fmt: skip
    found: list[tuple[Array, Array, tuple[Array, Array]]] = []
    totals = tuple(h.sum(axis=1, dtype=np.uint64) for h in hashes)
    for element in range(left.shape[1]):
        others = [j for j in range(left.shape[1]) if j != element]
        rows = tuple(
            np.flatnonzero(f & (side[:, others] >= 0).all(axis=1)) for f, side in zip(free, (left, right), strict=True)
        )
        keys = tuple(t[r] - h[r, element] for t, r, h in zip(totals, rows, hashes, strict=True))
        a, b, crowded = _same_keys(keys[0], keys[1], rows[0], rows[1])
        alike = (left[a][:, others] == right[b][:, others]).all(axis=1)
        found.append((a[alike], b[alike], crowded))
    a, b = (np.concatenate([f[side] for f in found]) for side in (0, 1))
    return _unique(a, b, _joined([f[2] for f in found]), (len(left), len(right)), firm, apart)


def _same_keys(
    left: Array, right: Array, left_rows: Array, right_rows: Array
) -> tuple[Array, Array, tuple[Array, Array]]:
    """Rows with equal keys as pairs; keys shared by too many rows make no pairs, all their rows are crowded."""
    order = np.argsort(right, kind="stable")
    ranked = right[order]
    start, stop = np.searchsorted(ranked, left, "left"), np.searchsorted(ranked, left, "right")
    count = stop - start
    many = count > MOST_CANDIDATES
    crowded_right = np.unique(
        np.concatenate(
            [np.arange(a, b) for a, b in {*zip(start[many], stop[many], strict=True)}] or [np.empty(0, np.int64)]
        )
    )
    kept = np.flatnonzero((count > 0) & ~many)
    steps = np.arange(count[kept].sum()) - np.repeat(np.cumsum(count[kept]) - count[kept], count[kept])
    a = np.repeat(kept, count[kept])
    b = order[np.repeat(start[kept], count[kept]) + steps]
    return left_rows[a], right_rows[b], (left_rows[many], right_rows[order[crowded_right]])


def _unique(
    a: Array, b: Array, crowded: tuple[Array, Array], sizes: tuple[int, int], firm: tuple[Array, Array],
    apart: set[tuple[int, int]],
) -> Pairs:  # fmt: skip
    """Keep pairs that nothing contradicts and that are the only candidate of both."""
    pairs = np.unique(np.stack([a, b], axis=1), axis=0) if len(a) else np.empty((0, 2), dtype=np.int64)
    a, b = pairs[:, 0], pairs[:, 1]
    against = ((firm[0][a] >= 0) & (firm[1][b] >= 0) & (firm[0][a] != firm[1][b])).any(axis=1)
    if apart:
        ruled = np.array([(int(x), int(y)) in apart for x, y in pairs], dtype=bool).reshape(len(pairs))
        against, pairs_ruled = against & ~ruled, ruled
    else:
        pairs_ruled = np.zeros(len(pairs), bool)
    good = ~against & ~pairs_ruled
    degree = [np.bincount(side[good], minlength=n) for side, n in zip((a, b), sizes, strict=True)]
    for side in (0, 1):
        degree[side][crowded[side]] += MOST_CANDIDATES
    single = good & (degree[0][a] == 1) & (degree[1][b] == 1)
    unclear = good & ~single
    ambiguous = tuple(
        np.unique(np.concatenate([side[unclear], extra])).astype(np.int64)
        for side, extra in zip((a, b), crowded, strict=True)
    )
    lone = against & (degree[0][a] == 0) & (degree[1][b] == 0)
    return Pairs(
        a[single], b[single], np.zeros(int(single.sum()), dtype=np.int64), (ambiguous[0], ambiguous[1]),
        (np.unique(a[lone]), np.unique(b[lone])),
    )  # fmt: skip


def agreement_rates(left: Array, right: Array, pairs: Pairs) -> Array:
    """Chance that two different people agree in each element: over all pairs of rows that were not linked."""
    count = max(len(left) * len(right) - len(pairs.left), 1)
    rates = []
    for element in range(left.shape[1]):
        one, other = left[:, element], right[:, element]
        size = max(one.max(initial=-1), other.max(initial=-1)) + 1
        tally = [np.bincount(side[side >= 0], minlength=size).astype(float) for side in (one, other)]
        linked = ((one[pairs.left] == other[pairs.right]) & (one[pairs.left] >= 0)).sum()
        rates.append(max(float(tally[0] @ tally[1]) - float(linked), 0.0) / count)
    return np.array(rates)


def expected_wrong(left: Array, right: Array, pairs: Pairs, *, firm: tuple[Array, Array]) -> float:
    """Expected number of wrong links.

    Two different people agree in an element with the chance that `agreement_rates` finds; elements are taken as
    independent. A wrong exact link needs two people without their own exact partner, a wrong link with one difference
    two people without any partner. Stable answers veto a part of both.
    """
    rates = agreement_rates(left, right, pairs)
    passing = 1.0
    for column in range(firm[0].shape[1]):
        known = [np.bincount(s[s >= 0], minlength=1) / max(len(s), 1) for s in (firm[0][:, column], firm[1][:, column])]
        size = min(len(known[0]), len(known[1]))
        passing *= 1 - (known[0].sum() * known[1].sum() - float(known[0][:size] @ known[1][:size]))
    exact = int((pairs.differences == 0).sum())
    near = len(pairs.left) - exact
    rest = [len(left) - exact, len(right) - exact]
    wrong = rest[0] * rest[1] * float(rates.prod())
    if len(rates) >= LEAST_TOLERANT:
        one_off = sum((1 - rates[j]) * float(np.delete(rates, j).prod()) for j in range(len(rates)))
        wrong += (rest[0] - near) * (rest[1] - near) * one_off
    return wrong * passing
