"""Local recoding: what had to be left out for all is given where enough people share it.

k-anonymity by whole columns gives up an item for everybody because of a few. Here every class is split further, step by
step, by the item that tells most, as long as each part keeps k people and no part is of one mind where the class was
not: nobody is left out for it, no class is smaller than k, and none tells what all of it said unless it did before.

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
    """An item on one step of its ladder: what each person's value is called, by its number among the names."""

    name: str
    codes: np.ndarray
    names: np.ndarray
    whole: float
    """What the item tells as it was answered (entropy, nats)."""


def refined(
    true: pd.DataFrame,
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
        The same rows as they would be published.
    ladders : mapping
        Steps of each, the finest first, the last one a single value for all.
    k : int
        Smallest class.
    answers : DataFrame
        What the same people answered, a column per question.

    Returns
    -------
    DataFrame
        ``values`` with more told wherever k people share it.
    """
    steps = [step for name in ladders for step in _steps(name, true[name], ladders[name])]
    said = coded(answers)
    out = values.copy()
    waiting = list(values.groupby(list(values.columns), sort=True, dropna=False).indices.values())
    while waiting:
        rows = waiting.pop()
        already = of_one_mind(said[rows], k)
        for _, step, codes in sorted(_splits(rows, steps, k), key=lambda split: -split[0]):
            divided = [rows[codes == code] for code in np.unique(codes)]
            if not any((of_one_mind(said[part], k) & ~already).any() for part in divided):
                out.iloc[rows, out.columns.get_loc(step.name)] = step.names[codes]
                waiting += divided
                break
    return out


def coded(answers: pd.DataFrame) -> np.ndarray:
    """Give the different answers of every question numbers; -1 where there is none."""
    columns = [pd.factorize(answers[name])[0] for name in answers]
    return np.column_stack(columns) if columns else np.empty((len(answers), 0), dtype=np.int64)


def of_one_mind(said: np.ndarray, k: int) -> np.ndarray:
    """Tell of every question whether k people or more of a class answered it, all alike."""
    if not len(said):
        return np.zeros(said.shape[1], dtype=bool)
    given = said >= 0
    lowest = np.where(given, said, said.max(initial=0) + 1).min(axis=0)
    alike: np.ndarray = (given.sum(axis=0) >= k) & (lowest == said.max(axis=0))
    return alike


def entropy(codes: np.ndarray) -> float:
    """Give what a column of numbered values tells, in nats."""
    shares = np.bincount(codes) / max(len(codes), 1)
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())


def _steps(name: str, true: pd.Series, ladder: Sequence[Mapping[str, str]]) -> Iterator[_Step]:
    """Give the steps of an item that tell people apart; none when all are alike."""
    whole = entropy(pd.factorize(true.fillna(UNKNOWN))[0])
    for step in ladder[:-1] if whole > 0 else ():
        codes, names = pd.factorize(np.array([OTHER, *(step.get(v, UNKNOWN) for v in true)], dtype=object))
        yield _Step(name, codes[1:], names, whole)


def _splits(rows: np.ndarray, steps: Sequence[_Step], k: int) -> Iterator[tuple[float, _Step, np.ndarray]]:
    """Give every way to split a class, with what it tells: of the item's own information, over the people told."""
    if len(rows) < 2 * k:
        return
    for step in steps:
        codes = _joined(step.codes[rows], k)
        if codes is not None:
            yield len(rows) * entropy(codes) / step.whole, step, codes


def _joined(codes: np.ndarray, k: int) -> np.ndarray | None:
    """Call values of fewer than k people "other" (0), and the next smallest with them; None if one value is left."""
    counts = np.bincount(codes)
    small = list(np.flatnonzero((counts > 0) & (counts < k)))
    for value in np.argsort(counts, kind="stable"):
        if not small or counts[small].sum() >= k:
            break
        if counts[value] >= k:
            small.append(value)
    found = np.where(np.isin(codes, small), 0, codes)
    return found if len(np.unique(found)) > 1 else None
