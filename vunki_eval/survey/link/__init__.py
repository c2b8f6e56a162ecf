"""Link a person's responses between waves by codes with hashed elements: exact matches first, then one difference.

Two codes are *exact* when they are identical, blanks included, and at most one element is blank (none in codes of
fewer than four elements). They have *one difference* when all elements but one are identical and not blank; shorter
codes carry too little information for that. Only mutually unique pairs are linked. A pair with contradicting stable
answers is not linked. Responses with several candidates stay unlinked and are counted.

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
    """Which responses belong to the same person.

    Attributes
    ----------
    person : Series
        Number of the person, for every row.
    method : Series
        How a row was linked: ``exact``, ``one_difference``, ``id`` (a code of one element), ``decision`` or ``none``.
        A person's first response has the surest method by which a later one was linked to it.
    ambiguous, contradicted : tuple
        Index labels of rows with several candidates, and of rows whose only candidate differs in a stable answer.
    false_link_share : float
        Expected share of wrong links among those made by a code of several elements; NaN without such links.
    unclear : tuple of (label, label)
        Candidate pairs of the rows left unlinked, for a person to rule on.
    """

    person: pd.Series
    method: pd.Series
    ambiguous: tuple[int, ...]
    contradicted: tuple[int, ...]
    false_link_share: float
    unclear: tuple[tuple[int, int], ...] = ()


def same_codes(codes: pd.DataFrame) -> list[tuple[int, ...]]:
    """Find groups of rows (index labels) with the same code, if enough of its elements are known."""
    if codes.shape[1] == 0:
        return []
    numbers = number_values(codes)
    sufficient = (numbers >= 0).sum(axis=1) >= least_known(numbers.shape[1])
    frame = pd.DataFrame(numbers, index=codes.index)[sufficient]
    repeated = frame[frame.duplicated(keep=False)]
    columns = list(repeated.columns)
    groups = repeated.groupby(columns if len(columns) > 1 else columns[0]).groups
    return sorted(tuple(rows) for rows in groups.values()) if len(repeated) else []


def link_waves(
    codes: pd.DataFrame,
    waves: pd.Series,
    order: Sequence[str],
    *,
    stable: pd.DataFrame | None = None,
    must_link: Collection[tuple[int, int]] = (),
    cannot_link: Collection[tuple[int, int]] = (),
) -> Linked:
    """Link responses of any number of waves; compare each with the first response of every person seen so far.

    Parameters
    ----------
    codes : DataFrame
        One column per element, hashed or not; None = blank. Rows with the same code in one wave are linked to nobody.
    waves : Series
        Wave of every row.
    order : sequence of str
        Waves in their order.
    stable : DataFrame, optional
        Answers that do not change between waves; missing ones contradict nothing.
    must_link, cannot_link : collection of (label, label)
        Pairs that a person has ruled to be, or not to be, the same person.
    """
    position = {label: k for k, label in enumerate(codes.index)}
    rulings = tuple({(position[a], position[b]) for a, b in pairs} for pairs in (must_link, cannot_link))
    stable_values = number_values(stable) if stable is not None else np.empty((len(codes), 0), dtype=np.int64)
    state = _State(
        number_values(codes),
        stable_values,
        np.arange(len(codes)),
        np.full(len(codes), len(METHODS) - 1),
        [],
        [],
        [],
        [],
    )
    firsts = np.empty(0, dtype=np.int64)
    for wave in order:
        new = np.flatnonzero((waves == wave).to_numpy())
        _link_wave(state, firsts, new, (rulings[0], rulings[1]))
        firsts = np.concatenate([firsts, new[state.person[new] == new]])
    labels = codes.index.to_numpy()
    return Linked(
        pd.Series(state.person, index=codes.index),
        pd.Series(np.array(METHODS, dtype=object)[state.method], index=codes.index, dtype=object),
        tuple(labels[np.unique(np.concatenate([*state.ambiguous, firsts[:0]]))].tolist()),
        tuple(labels[np.unique(np.concatenate([*state.contradicted, firsts[:0]]))].tolist()),
        _share(state.wrong),
        tuple((labels[a], labels[b]) for pairs in state.unclear for a, b in pairs),
    )


@dataclass(frozen=True, slots=True)
class _State:
    """Codes and stable answers as numbers, and the results collected from wave to wave."""

    codes: Array
    stable: Array
    person: Array
    method: Array
    ambiguous: list[Array]
    contradicted: list[Array]
    wrong: list[tuple[float, int]]
    unclear: list[Array]


Rulings = tuple[set[tuple[int, int]], set[tuple[int, int]]]
"""Pairs of rows that must be linked, and pairs that cannot be."""


def _link_wave(state: _State, firsts: Array, new: Array, rulings: Rulings) -> None:
    """Link one wave's rows to the first responses of the persons seen so far."""
    must_link, cannot_link = (_oriented(state, pairs, firsts, new) for pairs in rulings)
    for first, later in must_link:
        _join(state, np.array([first]), np.array([later]), METHODS.index("decision"))
    left = firsts[~np.isin(firsts, [a for a, _ in must_link])]
    right = new[~np.isin(new, [b for _, b in must_link])]
    position = {int(k): j for side in (left, right) for j, k in enumerate(side)}
    forbidden = {(position[a], position[b]) for a, b in cannot_link if a in position and b in position}
    stable = (state.stable[left], state.stable[right])
    pairs = pair_codes(state.codes[left], state.codes[right], stable=stable, forbidden=forbidden)
    exact = METHODS.index("id" if state.codes.shape[1] == 1 else "exact")
    _join(state, left[pairs.left], right[pairs.right], np.where(pairs.differences == 0, exact, exact + 1))
    for collected, sides in ((state.ambiguous, pairs.ambiguous), (state.contradicted, pairs.contradicted)):
        collected += [left[sides[0]], right[sides[1]]]
    state.unclear.append(np.column_stack([left[pairs.unclear[:, 0]], right[pairs.unclear[:, 1]]]))
    if state.codes.shape[1] > 1:
        wrong = expected_wrong(state.codes[left], state.codes[right], pairs, stable=stable)
        state.wrong.append((wrong, len(pairs.left)))


def _oriented(state: _State, pairs: set[tuple[int, int]], firsts: Array, new: Array) -> list[tuple[int, int]]:
    """Give the ruled pairs of this wave as (first response of the person, new row)."""
    persons, rows = set(firsts.tolist()), set(new.tolist())
    either_way = [(a, b) for pair in sorted(pairs) for a, b in (pair, pair[::-1])]
    return [(int(state.person[a]), b) for a, b in either_way if b in rows and int(state.person[a]) in persons]


def _join(state: _State, first: Array, later: Array, method: Array | int) -> None:
    state.person[later] = state.person[first]
    state.method[later] = method
    np.minimum.at(state.method, first, method)


def _share(wrong: list[tuple[float, int]]) -> float:
    links = sum(n for _, n in wrong)
    return min(sum(w for w, _ in wrong) / links, 1.0) if links else float("nan")


def number_values(frame: pd.DataFrame) -> Array:
    """Replace the values of every column by numbers; -1 is blank."""
    columns = [pd.factorize(frame[c])[0] for c in frame.columns]
    out: Array = np.array(columns, dtype=np.int64).T.reshape(len(frame), len(frame.columns))
    return out
