"""Pair two sets of codes: exact matches first, then one difference, each only where there is no other candidate.

The time is nearly linear. Codes that differ in one element are equal once that element is deleted, so the shortened
codes are matched by a 64-bit hash and then compared in full.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

LEAST_TOLERANT = 4
MOST_CANDIDATES = 16
Array = np.ndarray
Sides = tuple[Array, Array]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Linked places (left, right) with the number of elements that differ, and the places left unlinked.

    ``unclear`` holds the candidate pairs of the places left unlinked.
    """

    left: Array
    right: Array
    differences: Array
    ambiguous: Sides
    contradicted: Sides
    unclear: Array


def least_known(elements: int) -> int:
    """Give the number of elements of a code that must not be blank."""
    return elements - 1 if elements >= LEAST_TOLERANT else elements


def pair_codes(left: Array, right: Array, *, stable: Sides, forbidden: Collection[tuple[int, int]] = ()) -> Pairs:
    """Pair two sets of codes: mutually unique exact pairs, then mutually unique pairs with one difference.

    Parameters
    ----------
    left, right : array of int, rows x elements
        Equal numbers stand for equal elements; -1 is blank.
    stable : (array, array)
        Stable answers of both sides; -1 is missing and contradicts nothing.
    forbidden : collection of (int, int)
        Pairs of places that must not be linked.
    """
    free = (np.ones(len(left), bool), np.ones(len(right), bool))
    cannot_link = set(forbidden)
    size = left.shape[1]
    hashes = (_element_hashes(left), _element_hashes(right))
    usable = tuple((side >= 0).sum(axis=1) >= least_known(size) for side in (left, right))
    first = _exact(left, right, hashes, usable, stable, cannot_link) if size else _nothing(free)
    stages = [first]
    for side in (0, 1):
        free[side][[first.left, first.right][side]] = False
        free[side][first.ambiguous[side]] = False
        free[side][first.contradicted[side]] = False
    if size >= LEAST_TOLERANT:
        stages.append(_one_difference(left, right, hashes, free, stable, cannot_link))
    return Pairs(
        np.concatenate([p.left for p in stages]),
        np.concatenate([p.right for p in stages]),
        np.repeat(np.arange(len(stages)), [len(p.left) for p in stages]),
        _joined([p.ambiguous for p in stages]),
        _joined([p.contradicted for p in stages]),
        np.concatenate([p.unclear for p in stages]),
    )


def _nothing(free: Sides) -> Pairs:
    none = np.empty(0, dtype=np.int64)
    return Pairs(none, none, none, (none, none), (none, none), np.empty((0, 2), dtype=np.int64))


def _joined(parts: Sequence[Sides]) -> Sides:
    first, second = (np.unique(np.concatenate([p[side] for p in parts])).astype(np.int64) for side in (0, 1))
    return first, second


def _element_hashes(codes: Array) -> Array:
    """Hash every element and its place to 64 bits (splitmix64); a sum of hashes can drop an element by subtraction."""
    place = np.arange(1, codes.shape[1] + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (codes + 2).astype(np.uint64) * np.uint64(0xD1B54A32D192ED03) + place
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    out: Array = mixed ^ (mixed >> np.uint64(31))
    return out


def _exact(
    left: Array, right: Array, hashes: Sides, usable: tuple[Array, ...], stable: Sides,
    cannot_link: set[tuple[int, int]],
) -> Pairs:  # fmt: skip
    rows = tuple(np.flatnonzero(u) for u in usable)
    keys = tuple(h[r].sum(axis=1, dtype=np.uint64) for h, r in zip(hashes, rows, strict=True))
    a, b, crowded = _same_keys(keys[0], keys[1], rows[0], rows[1])
    equal = (left[a] == right[b]).all(axis=1)
    return _unique(a[equal], b[equal], crowded, (len(left), len(right)), stable, cannot_link)


def _one_difference(
    left: Array, right: Array, hashes: Sides, free: Sides, stable: Sides,
    cannot_link: set[tuple[int, int]],
) -> Pairs:  # fmt: skip
    candidates: list[tuple[Array, Array, Sides]] = []
    totals = tuple(h.sum(axis=1, dtype=np.uint64) for h in hashes)
    for element in range(left.shape[1]):
        others = [j for j in range(left.shape[1]) if j != element]
        rows = tuple(
            np.flatnonzero(f & (side[:, others] >= 0).all(axis=1)) for f, side in zip(free, (left, right), strict=True)
        )
        keys = tuple(t[r] - h[r, element] for t, r, h in zip(totals, rows, hashes, strict=True))
        a, b, crowded = _same_keys(keys[0], keys[1], rows[0], rows[1])
        agree = (left[a][:, others] == right[b][:, others]).all(axis=1)
        candidates.append((a[agree], b[agree], crowded))
    a, b = (np.concatenate([f[side] for f in candidates]) for side in (0, 1))
    return _unique(a, b, _joined([f[2] for f in candidates]), (len(left), len(right)), stable, cannot_link)


def _same_keys(left: Array, right: Array, left_rows: Array, right_rows: Array) -> tuple[Array, Array, Sides]:
    """Pair rows with equal keys; a key shared by too many rows makes no pairs, and all its rows are crowded."""
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
    matched = np.flatnonzero((count > 0) & ~many)
    steps = np.arange(count[matched].sum()) - np.repeat(np.cumsum(count[matched]) - count[matched], count[matched])
    a = np.repeat(matched, count[matched])
    b = order[np.repeat(start[matched], count[matched]) + steps]
    return left_rows[a], right_rows[b], (left_rows[many], right_rows[order[crowded_right]])


def _unique(
    a: Array, b: Array, crowded: Sides, sizes: tuple[int, int], stable: Sides,
    cannot_link: set[tuple[int, int]],
) -> Pairs:  # fmt: skip
    """Keep pairs that nothing contradicts and in which each side is the other's only candidate."""
    pairs = np.unique(np.stack([a, b], axis=1), axis=0) if len(a) else np.empty((0, 2), dtype=np.int64)
    a, b = pairs[:, 0], pairs[:, 1]
    contradicted = ((stable[0][a] >= 0) & (stable[1][b] >= 0) & (stable[0][a] != stable[1][b])).any(axis=1)
    ruled_out = np.zeros(len(pairs), bool)
    if cannot_link:
        ruled_out = np.array([(int(x), int(y)) in cannot_link for x, y in pairs], dtype=bool).reshape(len(pairs))
        contradicted &= ~ruled_out
    good = ~contradicted & ~ruled_out
    degree = [np.bincount(side[good], minlength=n) for side, n in zip((a, b), sizes, strict=True)]
    for side in (0, 1):
        degree[side][crowded[side]] += MOST_CANDIDATES
    single = good & (degree[0][a] == 1) & (degree[1][b] == 1)
    unclear = good & ~single
    ambiguous = tuple(
        np.unique(np.concatenate([side[unclear], extra])).astype(np.int64)
        for side, extra in zip((a, b), crowded, strict=True)
    )
    lone = contradicted & (degree[0][a] == 0) & (degree[1][b] == 0)
    return Pairs(
        a[single], b[single], np.zeros(int(single.sum()), dtype=np.int64), (ambiguous[0], ambiguous[1]),
        (np.unique(a[lone]), np.unique(b[lone])), pairs[unclear | lone],
    )  # fmt: skip
