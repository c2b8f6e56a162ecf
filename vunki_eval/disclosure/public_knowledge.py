"""What everybody may know of an item's answers once the tables are out: equations in the counts of its answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats as distributions

from vunki_eval.disclosure.bounds import Equation, Name
from vunki_eval.disclosure.estimates import Row, is_rounded, rounded
from vunki_eval.disclosure.partitions import Cells, Counts

HALF = 0.05
"""Half of the last place of a number with one decimal."""


@dataclass(slots=True)
class PublishedItem:
    """The answers to an item at a wave, counted, and what is to be published of them.

    ``cells`` is the partition that is published; ``hidden`` cells only by name. ``state`` says how exactly the mean is
    published; see `STATES`.
    """

    event: str
    item: str
    wave: str
    kind: str
    labels: tuple[str, ...]
    counts: Counts
    total: int
    missing: int
    cells: Cells = ()
    other: tuple[int, ...] = ()
    hidden: bool = False
    state: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """Event, item and wave."""
        return self.event, self.item, self.wave

    def names(self) -> list[Name]:
        """Name the unknown counts."""
        return [(*self.key, i) for i in range(len(self.labels))]

    def values(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Give the numbers behind the answers of an ordered set."""
        return np.array([float(label) for label in self.labels])


EXACT, ROUNDED, ROUNDED_EASIER, MEAN_ONLY, NOTHING = range(5)
STATES = ("exact", "rounded", "rounded", "mean only, rounded", "nothing")
"""How the mean of an item is published, from the most exact on. From the third on a hidden count need not keep the
full width of the threshold, as long as it may be 0."""
LEVELS = ("mean", "sd")


def equations(question: PublishedItem, rows: Mapping[str, Row], level: float) -> Iterator[Equation]:
    """Give what is published of a question: total, cells, mean, spread.

    ``rows`` are the item's estimates by statistic.
    """
    names = question.names()
    yield _sum(names, range(len(names)), question.total)
    if not question.hidden:
        for cell in question.cells:
            yield _sum(names, cell, int(question.counts[list(cell)].sum()))
    mean = rows.get("mean")
    if question.kind != "ordered" or mean is None or mean["status"] != "ok" or question.state == NOTHING:
        return
    if question.state != EXACT:
        rows = {statistic: rounded(row) for statistic, row in rows.items() if row["status"] == "ok"}
        mean = rows["mean"]
    half = HALF if is_rounded(mean) else 0.0
    low, high = mean["estimate"] - half, mean["estimate"] + half
    values, n = question.values(), question.total
    weights = dict(zip(names, values, strict=True))
    yield Equation(weights, n * low, n * high)
    spread = _spread(mean, rows.get("sd"), half, n, level) if question.state < MEAN_ONLY else None
    if spread:
        squares = sorted((low**2, high**2))
        start = 0.0 if low <= 0 <= high else squares[0]
        yield Equation(dict(zip(names, values**2, strict=True)), (n - 1) * spread[0] ** 2 + n * start,
                       (n - 1) * spread[1] ** 2 + n * squares[1])  # fmt: skip


def _sum(names: list[Name], places: Any, value: float) -> Equation:
    return Equation({names[i]: 1.0 for i in places}, value, value)


def _spread(mean: Row, sd: Row | None, half: float, n: int, level: float) -> tuple[float, float] | None:
    """Bound the standard deviation by what is published: itself, or the width of the mean's interval."""
    if sd is not None and sd["status"] == "ok" and half == 0:
        return float(sd["estimate"]), float(sd["estimate"])
    if mean.get("low") is None or mean.get("high") is None or n < 2:
        return None
    factor = float(np.sqrt(n) / distributions.t.isf((1 - level) / 2, n - 1))
    width = (mean["high"] - mean["low"]) / 2
    low, high = max(width - half, 0.0) * factor, (width + half) * factor
    if sd is not None and sd["status"] == "ok":
        low, high = max(low, sd["estimate"] - half), min(high, sd["estimate"] + half)
    return low, high


def linked(questions: list[PublishedItem], scale_mean: Row, weights: list[float], shift: float) -> Equation:
    """Give the equation that ties the items of a scale to its mean, when everybody answered every item.

    ``weights`` is -1 for reversed items, ``shift`` what reversing adds to the sum.
    """
    n, k = questions[0].total, len(questions)
    joined: dict[Name, float] = {}
    for question, weight in zip(questions, weights, strict=True):
        joined |= {name: weight * v for name, v in zip(question.names(), question.values(), strict=True)}
    value = n * (k * scale_mean["estimate"] - shift)
    return Equation(joined, value, value)
