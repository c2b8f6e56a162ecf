"""Local recoding: restore values that were suppressed for everybody where enough people share them.

k-anonymity by whole columns gives up an item for everybody because of a few people. Here every class is split further,
step by step, by the item that adds the most information, as long as each part keeps k people and no part is unanimous
on a question where the class was not. So nobody else is left out, no class is smaller than k, and no class reveals an
answer of all its members that it did not reveal before.

References
----------
LeFevre, K., DeWitt, D. & Ramakrishnan, R. (2006). Mondrian multidimensional k-anonymity. doi:10.1109/ICDE.2006.101
Machanavajjhala, A. et al. (2007). l-diversity: privacy beyond k-anonymity. doi:10.1145/1217299.1217302
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

OTHER, UNKNOWN = "_other", ""


@dataclass(frozen=True, slots=True)
class _Step:
    """An item on one step of its ladder: the code of each person's value, and the names that the codes stand for."""

    name: str
    codes: np.ndarray
    names: np.ndarray
    full_information: float
    """Information of the item as it was answered (entropy, nats)."""


def split_classes(
    original: pd.DataFrame,
    values: pd.DataFrame,
    ladders: Mapping[str, Sequence[Mapping[str, str]]],
    *,
    k: int,
    answers: pd.DataFrame,
) -> pd.DataFrame:
    """Split classes further.

    Parameters
    ----------
    true : DataFrame
        The quasi-identifiers as they were answered (str, None = not known).
    values : DataFrame
        The same rows as they would be published without splitting.
    ladders : mapping
        Steps of each quasi-identifier, finest first; the last one has a single value for all.
    k : int
        Smallest class.
    answers : DataFrame
        Answers of the same people, a column per question.

    Returns
    -------
    DataFrame
        ``values`` with more detail wherever k people share it.
    """
    steps = [step for name in ladders for step in _steps(name, original[name], ladders[name])]
    codes_of_answers = answer_codes(answers)
    out = values.copy()
    waiting = list(values.groupby(list(values.columns), sort=True, dropna=False).indices.values())
    while waiting:
        rows = waiting.pop()
        unanimous_before = unanimous(codes_of_answers[rows], k)
        for _, step, codes in sorted(_splits(rows, steps, k), key=lambda split: -split[0]):
            parts = [rows[codes == code] for code in np.unique(codes)]
            if not any((unanimous(codes_of_answers[part], k) & ~unanimous_before).any() for part in parts):
                out.iloc[rows, out.columns.get_loc(step.name)] = step.names[codes]
                waiting += parts
                break
    return out


def answer_codes(answers: pd.DataFrame) -> np.ndarray:
    """Code the distinct answers to every question as numbers; -1 where there is none."""
    columns = [pd.factorize(answers[name])[0] for name in answers]
    return np.column_stack(columns) if columns else np.empty((len(answers), 0), dtype=np.int64)


def unanimous(codes: np.ndarray, k: int) -> np.ndarray:
    """Tell for every question whether at least k people of a class answered it and all gave the same answer."""
    if not len(codes):
        return np.zeros(codes.shape[1], dtype=bool)
    answered = codes >= 0
    lowest = np.where(answered, codes, codes.max(initial=0) + 1).min(axis=0)
    alike: np.ndarray = (answered.sum(axis=0) >= k) & (lowest == codes.max(axis=0))
    return alike


def entropy(codes: np.ndarray) -> float:
    """Return the entropy of a column of codes, in nats."""
    shares = np.bincount(codes) / max(len(codes), 1)
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())


def _steps(name: str, original: pd.Series, ladder: Sequence[Mapping[str, str]]) -> Iterator[_Step]:
    """Yield the steps of an item that distinguish between people; none if all have the same value."""
    full_information = entropy(pd.factorize(original.fillna(UNKNOWN))[0])
    for step in ladder[:-1] if full_information > 0 else ():
        codes, names = pd.factorize(np.array([OTHER, *(step.get(v, UNKNOWN) for v in original)], dtype=object))
        yield _Step(name, codes[1:], names, full_information)


def _splits(rows: np.ndarray, steps: Sequence[_Step], k: int) -> Iterator[tuple[float, _Step, np.ndarray]]:
    """Yield every way to split a class, with its gain: the share of the item's information, times the people."""
    if len(rows) < 2 * k:
        return
    for step in steps:
        codes = _merge_small(step.codes[rows], k)
        if codes is not None:
            yield len(rows) * entropy(codes) / step.full_information, step, codes


def _merge_small(codes: np.ndarray, k: int) -> np.ndarray | None:
    """Code values of fewer than k people as "other" (0), adding the next smallest; None if one value is left."""
    counts = np.bincount(codes)
    small = list(np.flatnonzero((counts > 0) & (counts < k)))
    for value in np.argsort(counts, kind="stable"):
        if not small or counts[small].sum() >= k:
            break
        if counts[value] >= k:
            small.append(value)
    merged = np.where(np.isin(codes, small), 0, codes)
    return merged if len(np.unique(merged)) > 1 else None
