"""k-anonymity: make quasi-identifiers coarser step by step, and leave out the people who are still rare.

Values suppressed for everybody are then restored where k people share them (`vunki_eval.privacy.open_data.refine`).

All combinations of steps are tried. A combination is allowed if it leaves out nobody, or at least ``least`` people; in
the second case every part that the report counts separately must lose nobody or at least k people, since fewer could be
found by comparing the package with the report. Of the combinations that leave out at most a tenth, the one that keeps
the most information is taken.

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

from vunki_eval.privacy.open_data.refine import OTHER, UNKNOWN, answer_codes, entropy, split_classes, unanimous

ALL = "_all"
TIMES = (2, 4, 8)
"""Each step merges the values that fewer people have than this many times k."""
MOST_DROPPED = 0.10
MOST_COMBINATIONS = 20_000
Ladder = tuple[Mapping[str, str], ...]
"""Steps of a quasi-identifier, finest first; each maps a value to its name on that step, the last one all to `ALL`."""


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Rows that may be published.

    ``kept`` are the positions of the rows that stay, ``values`` the quasi-identifiers of all rows as they are
    published, ``steps`` how coarse each became for everybody, ``classes`` the number of classes, ``smallest`` the size
    of the smallest class, ``published_for`` the number of people for whom each quasi-identifier has a value,
    ``kept_information`` the share of the quasi-identifiers' information that is kept (0-1, by entropy): by whole
    columns, and after splitting further.
    """

    kept: np.ndarray
    values: pd.DataFrame
    steps: Mapping[str, int]
    classes: int
    smallest: int
    published_for: Mapping[str, int]
    kept_information: tuple[float, float]


def ladder(values: pd.Series, bands: Sequence[Sequence[str]], k: int) -> Ladder:
    """Build the steps of a quasi-identifier: as it is, in bands, both with more small values merged, and all as one."""
    present = sorted({str(v) for v in values.dropna()})
    as_answered = {v: v for v in present}
    band = {v: _band_name(next((b for b in bands if v in b), [v])) for v in present}
    starts = [as_answered, band] if bands else [as_answered]
    steps = [s for start in starts for s in (start, *(_merge_small(values, start, k * times) for times in TIMES))]
    steps.append(dict.fromkeys(present, ALL))
    return tuple(
        s for i, s in enumerate(steps) if s not in steps[:i] and (i in (0, len(steps) - 1) or _distinguishes(s))
    )


def _distinguishes(step: Mapping[str, str]) -> bool:
    """Tell whether a step still distinguishes between people."""
    return len(set(step.values())) > 1


def _band_name(band: Sequence[str]) -> str:
    numbers = all(v.lstrip("-").isdecimal() for v in band)
    return band[0] if len(band) == 1 else f"{band[0]}-{band[-1]}" if numbers else "+".join(band)


def _merge_small(values: pd.Series, names: Mapping[str, str], least: int) -> dict[str, str]:
    """Name values of few people "other", and add the next smallest values until "other" has enough people too."""
    counts = values.dropna().map(names).value_counts()
    small = [str(v) for v in counts.index if counts[v] < least]
    for value in reversed([str(v) for v in counts.index if str(v) not in small]):
        if not small or counts[small].sum() >= least:
            break
        small.append(value)
    return {v: OTHER if name in small else name for v, name in names.items()}


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
        Steps of each quasi-identifier.
    k : int
        Smallest class.
    least : int
        Smallest number of people left out, if any are.
    parts : sequence of bool array
        Rows that the report counts separately (an event's wave).
    answers : DataFrame, optional
        Answers of the same people. Restoring values must not make a class unanimous on a question.
    """
    columns = list(ladders)
    coded_steps = [_code_steps(frame[n], ladders[n]) for n in columns]
    best: tuple[tuple[bool, float], tuple[int, ...], np.ndarray] | None = None
    for steps in _combinations([len(ladders[n]) for n in columns]):
        coded = [coded_steps[i][step] for i, step in enumerate(steps)]
        sizes = _class_sizes([codes for codes, _ in coded], len(frame))
        kept = sizes >= k
        dropped = len(frame) - int(kept.sum())
        dropped_by_part = [int((part & ~kept).sum()) for part in parts]
        if dropped and (dropped < least or not kept.any() or any(0 < n < k for n in dropped_by_part)):
            continue
        share = dropped / max(len(frame), 1)
        merit = (share <= MOST_DROPPED, (1 - share) * (1 + sum(information_kept for _, information_kept in coded)))
        if best is None or merit > best[0]:
            best = merit, steps, kept
    assert best is not None, "with every quasi-identifier at its last step all people are one class"
    _, steps, kept = best
    values = pd.DataFrame({n: _names_on_step(frame[n], ladders[n][s]) for n, s in zip(columns, steps, strict=True)})
    coarsest = [n for n, s in zip(columns, steps, strict=True) if 0 < s == len(ladders[n]) - 1]
    values = values.assign(**dict.fromkeys(coarsest, ALL))
    original = frame[columns].iloc[np.flatnonzero(kept)]
    by_columns = values.iloc[np.flatnonzero(kept)]
    answers_kept = (pd.DataFrame(index=frame.index) if answers is None else answers).iloc[np.flatnonzero(kept)]
    restored = split_classes(original, by_columns, ladders, k=k, answers=answers_kept)
    values = pd.concat([restored, values[~kept]]).reindex(values.index)
    sizes = restored.groupby(columns).size()
    return Anonymous(
        np.flatnonzero(kept), values, dict(zip(columns, steps, strict=True)), len(sizes), int(sizes.min()),
        {n: int((restored[n] != ALL).sum()) for n in columns},
        (information(original, by_columns), information(original, restored)),
    )  # fmt: skip


def information(original: pd.DataFrame, published: pd.DataFrame) -> float:
    """Return the share of information that is kept (0-1): mutual information over entropy, averaged over columns."""
    shares = []
    for name in original:
        codes, _ = pd.factorize(original[name].fillna(UNKNOWN))
        full = entropy(codes)
        if full > 0:
            both, _ = pd.factorize(pd.Series(codes).astype(str) + "\x1f" + published[name].astype(str).to_numpy())
            shares.append((full + entropy(pd.factorize(published[name])[0]) - entropy(both)) / full)
    return float(np.mean(shares)) if shares else 1.0


def _names_on_step(values: pd.Series, step: Mapping[str, str]) -> pd.Series:
    """Return the names of values on a step; blank where the value is not known."""
    return pd.Series([step.get(v, UNKNOWN) for v in values], index=values.index, dtype=object)


def _combinations(sizes: Sequence[int]) -> Sequence[tuple[int, ...]]:
    """List all combinations of steps; if there are too many, only those where all columns are equally coarse."""
    if np.prod(sizes, dtype=float) <= MOST_COMBINATIONS:
        return list(product(*(range(n) for n in sizes)))
    highest = max(sizes)
    return list(dict.fromkeys(tuple(round(s * (n - 1) / (highest - 1)) for n in sizes) for s in range(highest)))


def _code_steps(values: pd.Series, steps: Ladder) -> list[tuple[np.ndarray, float]]:
    """Code a column on every step, and give the share of the first step's information that each step keeps (0-1)."""
    coded = []
    information_first = 0.0
    for i, step in enumerate(steps):
        is_last = i == len(steps) - 1 and i > 0
        names = pd.Series(ALL, index=values.index) if is_last else _names_on_step(values, step)
        codes, _ = pd.factorize(names)
        information_here = entropy(codes)
        information_first = information_first or information_here
        coded.append((codes, information_here / information_first if information_first else 0.0))
    return coded or [(np.zeros(len(values), dtype=np.int64), 0.0)]


def _class_sizes(columns: Sequence[np.ndarray], n: int) -> np.ndarray:
    """Return the size of each row's class."""
    joined = np.zeros(n, dtype=np.int64)
    for codes in columns:
        joined = joined * (int(codes.max(initial=0)) + 1) + codes
    _, place, counts = np.unique(joined, return_inverse=True, return_counts=True)
    sizes: np.ndarray = counts[place] if n else np.zeros(0, dtype=np.int64)
    return sizes


def unanimous_pairs(values: pd.DataFrame, answers: pd.DataFrame, k: int) -> int:
    """Count the pairs of class and question where at least k people answered and all gave the same answer (l = 1)."""
    codes = answer_codes(answers)
    classes = values.groupby(list(values.columns), sort=False, dropna=False).indices.values()
    return sum(int(unanimous(codes[rows], k).sum()) for rows in classes)
