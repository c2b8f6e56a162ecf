"""Linking a person's responses between waves by codes whose elements are hashed: exact first, then one difference.

Two codes are *exact* when they are identical, blanks included, and at most one element is blank (none in codes of
fewer than four elements). They have *one difference* when all elements but one are identical and not blank; codes of
fewer than four elements say too little for that. Only mutually unique pairs are linked; a pair that contradicts stable
answers is not; whoever has several candidates is left out and counted.

References
----------
Grube, J. W., Morgan, M., Kearney, K. A. (1989). Using self-generated identification codes to match questionnaires.
Addictive Behaviors 14(2), 159-171. doi:10.1016/0306-4603(89)90044-0
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vunki_eval.survey.link.expected_wrong import agreement_rates, expected_wrong
from vunki_eval.survey.link.pairs import Array, Pairs, least_known, pair_codes

__all__ = ["Linked", "Pairs", "agreement_rates", "expected_wrong", "link_waves", "pair_codes", "same_codes"]

METHODS = ("decision", "id", "exact", "one_difference", "none")


@dataclass(frozen=True, slots=True)
class Linked:
    """Who is whom.

    Attributes
    ----------
    person : Series
        Number of the person, for every row given.
    method : Series
        How a row was linked: ``exact``, ``one_difference``, ``id`` (a code of one element), ``decision`` or ``none``.
        For a person's first response the surest way in which a later one was linked to it.
    ambiguous, contradicted : tuple
        Index labels of rows with several candidates, and of rows whose only partner differs in a stable answer.
    false_link_share : float
        Expected share of wrong links among those made by a code of several elements; NaN without such links.
    unclear : tuple of (label, label)
        Pairs that came into question for the rows left out: for a person to rule on.
    """

    person: pd.Series
    method: pd.Series
    ambiguous: tuple[int, ...]
    contradicted: tuple[int, ...]
    false_link_share: float
    unclear: tuple[tuple[int, int], ...] = ()


def same_codes(codes: pd.DataFrame) -> list[tuple[int, ...]]:
    """Find groups of rows with the same code, sufficiently known; index labels."""
    if codes.shape[1] == 0:
        return []
    numbers = number_values(codes)
    known = (numbers >= 0).sum(axis=1) >= least_known(numbers.shape[1])
    frame = pd.DataFrame(numbers, index=codes.index)[known]
    again = frame[frame.duplicated(keep=False)]
    columns = list(again.columns)
    groups = again.groupby(columns if len(columns) > 1 else columns[0]).groups
    return sorted(tuple(rows) for rows in groups.values()) if len(again) else []


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
    place = {label: k for k, label in enumerate(codes.index)}
    rulings = tuple({(place[a], place[b]) for a, b in pairs} for pairs in (together, apart))
    firm = number_values(stable) if stable is not None else np.empty((len(codes), 0), dtype=np.int64)
    state = _State(
        number_values(codes), firm, np.arange(len(codes)), np.full(len(codes), len(METHODS) - 1), [], [], [], []
    )
    known = np.empty(0, dtype=np.int64)
    for wave in order:
        new = np.flatnonzero((waves == wave).to_numpy())
        _link_wave(state, known, new, (rulings[0], rulings[1]))
        known = np.concatenate([known, new[state.person[new] == new]])
    labels = codes.index.to_numpy()
    return Linked(
        pd.Series(state.person, index=codes.index),
        pd.Series(np.array(METHODS, dtype=object)[state.method], index=codes.index, dtype=object),
        tuple(labels[np.unique(np.concatenate([*state.ambiguous, known[:0]]))].tolist()),
        tuple(labels[np.unique(np.concatenate([*state.contradicted, known[:0]]))].tolist()),
        _share(state.wrong),
        tuple((labels[a], labels[b]) for pairs in state.unclear for a, b in pairs),
    )


@dataclass(frozen=True, slots=True)
class _State:
    """Codes and stable answers as numbers, and what grows from wave to wave."""

    codes: Array
    firm: Array
    person: Array
    method: Array
    ambiguous: list[Array]
    contradicted: list[Array]
    wrong: list[tuple[float, int]]
    unclear: list[Array]


Rulings = tuple[set[tuple[int, int]], set[tuple[int, int]]]


def _link_wave(state: _State, known: Array, new: Array, rulings: Rulings) -> None:
    """Link one wave's rows to the persons known so far."""
    together, apart = (_oriented(state, pairs, known, new) for pairs in rulings)
    for first, later in together:
        _join(state, np.array([first]), np.array([later]), METHODS.index("decision"))
    left = known[~np.isin(known, [a for a, _ in together])]
    right = new[~np.isin(new, [b for _, b in together])]
    places = {int(k): j for side in (left, right) for j, k in enumerate(side)}
    forbidden = {(places[a], places[b]) for a, b in apart if a in places and b in places}
    firm = (state.firm[left], state.firm[right])
    pairs = pair_codes(state.codes[left], state.codes[right], firm=firm, forbidden=forbidden)
    exact = METHODS.index("id" if state.codes.shape[1] == 1 else "exact")
    _join(state, left[pairs.left], right[pairs.right], np.where(pairs.differences == 0, exact, exact + 1))
    for kept, sides in ((state.ambiguous, pairs.ambiguous), (state.contradicted, pairs.contradicted)):
        kept += [left[sides[0]], right[sides[1]]]
    state.unclear.append(np.column_stack([left[pairs.unclear[:, 0]], right[pairs.unclear[:, 1]]]))
    if state.codes.shape[1] > 1:
        wrong = expected_wrong(state.codes[left], state.codes[right], pairs, firm=firm)
        state.wrong.append((wrong, len(pairs.left)))


def _oriented(state: _State, pairs: set[tuple[int, int]], known: Array, new: Array) -> list[tuple[int, int]]:
    """Give ruled pairs of this wave as (first response of the known person, new row)."""
    persons, rows = set(known.tolist()), set(new.tolist())
    both = [(a, b) for pair in sorted(pairs) for a, b in (pair, pair[::-1])]
    return [(int(state.person[a]), b) for a, b in both if b in rows and int(state.person[a]) in persons]


def _join(state: _State, first: Array, later: Array, method: Array | int) -> None:
    state.person[later] = state.person[first]
    state.method[later] = method
    np.minimum.at(state.method, first, method)


def _share(wrong: list[tuple[float, int]]) -> float:
    links = sum(n for _, n in wrong)
    return min(sum(w for w, _ in wrong) / links, 1.0) if links else float("nan")


def number_values(frame: pd.DataFrame) -> Array:
    """Give every different value of a column its number; -1 is blank."""
    columns = [pd.factorize(frame[c])[0] for c in frame.columns]
    out: Array = np.array(columns, dtype=np.int64).T.reshape(len(frame), len(frame.columns))
    return out
