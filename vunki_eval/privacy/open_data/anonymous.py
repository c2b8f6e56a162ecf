"""k-anonymity: quasi-identifiers are made coarser step by step, and people who are still rare are left out.

What is left out for all is then given again where k people share it (`vunki_eval.privacy.open_data.refine`).

All combinations of steps are tried. A combination may stand if it leaves out nobody, or at least ``least`` people, k of
them or none in every part that the report counts by itself (fewer could be found by comparing the package with the
report); of those that leave out a tenth at most the one that keeps most of what was known is taken.

References
----------
Sweeney, L. (2002). k-anonymity: a model for protecting privacy. doi:10.1142/S0218488502001648
Machanavajjhala, A. et al. (2007). l-diversity: privacy beyond k-anonymity. doi:10.1145/1217299.1217302
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from vunki_eval.privacy.open_data.refine import OTHER, UNKNOWN, coded, entropy, of_one_mind, refined

ALL = "_all"
TIMES = (2, 4, 8)
"""Values of fewer people than so many times k are merged, step by step."""
MOST_DROPPED = 0.10
MOST_COMBINATIONS = 20_000
Ladder = tuple[Mapping[str, str], ...]
"""Steps of a quasi-identifier, the finest first: what each value is called on that step; the last is `ALL` for all."""


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Rows that may leave.

    ``kept`` are the positions of the rows that stay, ``values`` the quasi-identifiers of all rows as they are
    published, ``steps`` how coarse each became for everybody, ``classes`` the number of classes, ``told`` of how many
    people each is given at all, ``kept_information`` the share of what the quasi-identifiers tell (0-1, by entropy):
    by whole columns, and after splitting further.
    """

    kept: np.ndarray
    values: pd.DataFrame
    steps: Mapping[str, int]
    classes: int
    smallest: int
    told: Mapping[str, int]
    kept_information: tuple[float, float]


def ladder(values: pd.Series, bands: Sequence[Sequence[str]], k: int) -> Ladder:
    """Give the steps of a quasi-identifier: as it is, bands, each with more and more small values merged, then all."""
    known = sorted({str(v) for v in values.dropna()})
    fine = {v: v for v in known}
    band = {v: _joined(next((b for b in bands if v in b), [v])) for v in known}
    starts = [fine, band] if bands else [fine]
    steps = [s for start in starts for s in (start, *(_merged(values, start, k * times) for times in TIMES))]
    steps.append(dict.fromkeys(known, ALL))
    return tuple(s for i, s in enumerate(steps) if s not in steps[:i] and (i in (0, len(steps) - 1) or _tells(s)))


def _tells(step: Mapping[str, str]) -> bool:
    """Tell whether a step leaves anything to tell people apart by."""
    return len(set(step.values())) > 1


def _joined(band: Sequence[str]) -> str:
    numbers = all(v.lstrip("-").isdecimal() for v in band)
    return band[0] if len(band) == 1 else f"{band[0]}-{band[-1]}" if numbers else "+".join(band)


def _merged(values: pd.Series, named: Mapping[str, str], least: int) -> dict[str, str]:
    """Call values of few people "other", and the next smallest with them until these are many enough as well."""
    counts = values.dropna().map(named).value_counts()
    small = [str(v) for v in counts.index if counts[v] < least]
    for value in reversed([str(v) for v in counts.index if str(v) not in small]):
        if not small or counts[small].sum() >= least:
            break
        small.append(value)
    return {v: OTHER if name in small else name for v, name in named.items()}


def anonymise(
    frame: pd.DataFrame,
    ladders: Mapping[str, Ladder],
    *,
    k: int,
    least: int,
    parts: Sequence[np.ndarray] = (),
    answers: pd.DataFrame | None = None,
) -> Anonymous:
    """Choose how coarse each quasi-identifier becomes.

    Parameters
    ----------
    frame : DataFrame
        A column per quasi-identifier (str, None = not known).
    ladders : mapping
        The steps of each.
    k : int
        Smallest class.
    least : int
        Smallest number of people left out, if any are.
    parts : sequence of bool array
        Rows that the report counts by themselves (an event's wave).
    answers : DataFrame, optional
        What the same people answered: no class becomes of one mind by what is given only where enough share it.
    """
    names = list(ladders)
    tried = [_stepped(frame[n], ladders[n]) for n in names]
    best: tuple[tuple[bool, float], tuple[int, ...], np.ndarray] | None = None
    for steps in _combinations([len(ladders[n]) for n in names]):
        columns = [tried[i][step] for i, step in enumerate(steps)]
        sizes = _class_sizes([codes for codes, _ in columns], len(frame))
        kept = sizes >= k
        dropped = len(frame) - int(kept.sum())
        apart = [int((part & ~kept).sum()) for part in parts]
        if dropped and (dropped < least or not kept.any() or any(0 < n < k for n in apart)):
            continue
        share = dropped / max(len(frame), 1)
        worth = (share <= MOST_DROPPED, (1 - share) * (1 + sum(told for _, told in columns)))
        if best is None or worth > best[0]:
            best = worth, steps, kept
    assert best is not None, "with every quasi-identifier at its last step all people are one class"
    _, steps, kept = best
    values = pd.DataFrame({n: _named(frame[n], ladders[n][s]) for n, s in zip(names, steps, strict=True)})
    coarsest = [n for n, s in zip(names, steps, strict=True) if 0 < s == len(ladders[n]) - 1]
    values = values.assign(**dict.fromkeys(coarsest, ALL))
    true = frame[names].iloc[np.flatnonzero(kept)]
    coarse = values.iloc[np.flatnonzero(kept)]
    said = (pd.DataFrame(index=frame.index) if answers is None else answers).iloc[np.flatnonzero(kept)]
    fine = refined(true, coarse, ladders, k=k, answers=said)
    values = pd.concat([fine, values[~kept]]).reindex(values.index)
    sizes = fine.groupby(names).size()
    return Anonymous(
        np.flatnonzero(kept), values, dict(zip(names, steps, strict=True)), len(sizes), int(sizes.min()),
        {n: int((fine[n] != ALL).sum()) for n in names},
        (information(true, coarse), information(true, fine)),
    )  # fmt: skip


def information(true: pd.DataFrame, published: pd.DataFrame) -> float:
    """Give the share of what columns tell that is still told (mutual information over entropy, the mean of columns)."""
    shares = []
    for name in true:
        codes, _ = pd.factorize(true[name].fillna(UNKNOWN))
        full = entropy(codes)
        if full > 0:
            both, _ = pd.factorize(pd.Series(codes).astype(str) + "\x1f" + published[name].astype(str).to_numpy())
            shares.append((full + entropy(pd.factorize(published[name])[0]) - entropy(both)) / full)
    return float(np.mean(shares)) if shares else 1.0


def _named(values: pd.Series, step: Mapping[str, str]) -> pd.Series:
    """Give what values are called on a step; blank where nothing is known."""
    return pd.Series([step.get(v, UNKNOWN) for v in values], index=values.index, dtype=object)


def _combinations(sizes: Sequence[int]) -> Sequence[tuple[int, ...]]:
    """List all combinations of steps; of very many only those where all are equally far up."""
    if np.prod(sizes, dtype=float) <= MOST_COMBINATIONS:
        return list(product(*(range(n) for n in sizes)))
    highest = max(sizes)
    return list(dict.fromkeys(tuple(round(s * (n - 1) / (highest - 1)) for n in sizes) for s in range(highest)))


def _stepped(values: pd.Series, steps: Ladder) -> list[tuple[np.ndarray, float]]:
    """Give the codes of a column on every step, and how much it tells there of what it tells on the first."""
    out = []
    full = 0.0
    for i, step in enumerate(steps):
        last = i == len(steps) - 1 and i > 0
        named = pd.Series(ALL, index=values.index) if last else _named(values, step)
        codes, _ = pd.factorize(named)
        told = entropy(codes)
        full = full or told
        out.append((codes, told / full if full else 0.0))
    return out or [(np.zeros(len(values), dtype=np.int64), 0.0)]


def _class_sizes(columns: Sequence[np.ndarray], n: int) -> np.ndarray:
    """Give every row the size of its class."""
    joined = np.zeros(n, dtype=np.int64)
    for codes in columns:
        joined = joined * (int(codes.max(initial=0)) + 1) + codes
    _, place, counts = np.unique(joined, return_inverse=True, return_counts=True)
    sizes: np.ndarray = counts[place] if n else np.zeros(0, dtype=np.int64)
    return sizes


def alike(values: pd.DataFrame, answers: pd.DataFrame, k: int) -> int:
    """Count the pairs of class and question in which k people or more answered and all said the same (l = 1)."""
    said = coded(answers)
    classes = values.groupby(list(values.columns), sort=False, dropna=False).indices.values()
    return sum(int(of_one_mind(said[rows], k).sum()) for rows in classes)
