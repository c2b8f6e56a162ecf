"""What anybody can know of an item's answers once the tables are published, as equations in the counts of answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats as distributions

from vunki_eval.disclosure.bounds import Equation, Name
from vunki_eval.disclosure.estimates import rounded
from vunki_eval.disclosure.partitions import Cells, Counts
from vunki_eval.results.estimates import EstimateRow, Flag

HALF = 0.05
"""Half a unit in the last place of a number with one decimal: how far it may be from the exact number."""


@dataclass(slots=True)
class PublishedItem:
    """The counts of answers to an item at a wave, and what is to be published of them.

    ``cells`` is the published partition. If ``hidden``, the cells are published by name only, without counts. ``other``
    holds the positions of the answers that are merged into "other". ``state`` says how exactly the mean is published;
    see `STATES`.
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
        """Name the unknown counts, one for each answer."""
        return [(*self.key, i) for i in range(len(self.labels))]

    def values(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return the answers of an ordered set as numbers."""
        return np.array([float(label) for label in self.labels])


EXACT, ROUNDED, ROUNDED_EASIER, MEAN_ONLY, NOTHING = range(5)
STATES = ("exact", "rounded", "rounded", "mean only, rounded", "nothing")
"""How the mean of an item is published, from the most to the least exact form.

From the third form on, the bounds of a hidden count may be narrower than the threshold, as long as they include 0.
"""
LEVELS = ("mean", "sd")


def equations(question: PublishedItem, rows: Mapping[str, EstimateRow], level: float) -> Iterator[Equation]:
    """Write what is published of an item as equations: total, cells, mean and spread.

    ``rows`` holds the item's estimates by statistic.
    """
    names = question.names()
    yield _sum(names, range(len(names)), question.total)
    if not question.hidden:
        for cell in question.cells:
            yield _sum(names, cell, int(question.counts[list(cell)].sum()))
    mean = rows.get("mean")
    if question.kind != "ordered" or mean is None or mean.status != "ok" or question.state == NOTHING:
        return
    if question.state != EXACT:
        rows = {statistic: rounded(row) for statistic, row in rows.items() if row.status == "ok"}
        mean = rows["mean"]
    rounding = HALF if Flag.ROUNDED in mean.flags else 0.0
    low, high = mean.estimate - rounding, mean.estimate + rounding
    values, n = question.values(), question.total
    weights = dict(zip(names, values, strict=True))
    yield Equation(weights, n * low, n * high)
    spread = _spread(mean, rows.get("sd"), rounding, n, level) if question.state < MEAN_ONLY else None
    if spread:
        squares = sorted((low**2, high**2))
        least_square = 0.0 if low <= 0 <= high else squares[0]
        yield Equation(dict(zip(names, values**2, strict=True)), (n - 1) * spread[0] ** 2 + n * least_square,
                       (n - 1) * spread[1] ** 2 + n * squares[1])  # fmt: skip


def _sum(names: list[Name], positions: Any, value: float) -> Equation:
    return Equation({names[i]: 1.0 for i in positions}, value, value)


def _spread(
    mean: EstimateRow, sd: EstimateRow | None, rounding: float, n: int, level: float
) -> tuple[float, float] | None:
    """Bound the standard deviation from what is published: its own value, or the width of the mean's interval."""
    if sd is not None and sd.status == "ok" and rounding == 0:
        return float(sd.estimate), float(sd.estimate)
    if mean.low is None or mean.high is None or n < 2:
        return None
    factor = float(np.sqrt(n) / distributions.t.isf((1 - level) / 2, n - 1))
    width = (mean.high - mean.low) / 2
    low, high = max(width - rounding, 0.0) * factor, (width + rounding) * factor
    if sd is not None and sd.status == "ok":
        low, high = max(low, sd.estimate - rounding), min(high, sd.estimate + rounding)
    return low, high


def scale_equation(
    questions: list[PublishedItem], scale_mean: EstimateRow, weights: list[float], shift: float
) -> Equation:
    """Write the equation between a scale's mean and its items, where everybody answered every item.

    ``weights`` holds -1 for reversed items and 1 for others; ``shift`` is what reversing adds to a person's sum.
    """
    n, k = questions[0].total, len(questions)
    coefficients: dict[Name, float] = {}
    for question, weight in zip(questions, weights, strict=True):
        coefficients |= {name: weight * v for name, v in zip(question.names(), question.values(), strict=True)}
    value = n * (k * scale_mean.estimate - shift)
    return Equation(coefficients, value, value)
