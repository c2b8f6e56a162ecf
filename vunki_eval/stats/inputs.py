"""Read and check the input of every statistic: columns of numbers, pairs of equal length, complete rows.

Missing answers are NaN (``None`` and ``pandas.NA`` become NaN). Inputs are copied, never modified. Messages hold no
answer and no count, so that they can be shown to anybody.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vunki_eval.errors import M_, Message, Problem, StatisticsError

FloatArray = npt.NDArray[np.float64]
DECIMALS = 9
"""Differences are rounded to this many decimals before they are ranked, counted or compared."""
COLLINEAR = 1 - 1e-9
"""Two waves whose correlation exceeds this count as perfectly correlated."""


def not_estimable(problem: Message, hint: Message, code: str) -> StatisticsError:
    """Build the error that says why a number does not exist for these data."""
    return StatisticsError(Problem("", 0, "", problem, hint, code))


def numbers(values: npt.ArrayLike, *, least: int = 0) -> FloatArray:
    """Read one column of numbers; NaN stays.

    Parameters
    ----------
    values : array-like
        One-dimensional; NaN, ``None`` or ``pandas.NA`` where nobody answered.
    least : int
        Smallest number of answers that is accepted.
    """
    column = as_floats(values)
    if column.ndim != 1:
        raise not_estimable(M_("The answers are not a single column."), M_("Give one number per person."), "VE-700")
    if int(np.count_nonzero(~np.isnan(column))) < least:
        raise too_few()
    return column


def answered(values: npt.ArrayLike, *, least: int) -> FloatArray:
    """Read one column of numbers and leave out missing answers."""
    column = numbers(values, least=least)
    return column[~np.isnan(column)]


def matched(before: npt.ArrayLike, after: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Read two columns of the same people, row by row."""
    first, second = numbers(before), numbers(after)
    if first.size != second.size:
        raise not_estimable(
            M_("There are different numbers of answers before and after."),
            M_("Give one row per person in both, with an empty value where the person did not answer."),
            "VE-602",
        )
    return first, second


def pairs(before: npt.ArrayLike, after: npt.ArrayLike, *, least: int = 2) -> tuple[FloatArray, FloatArray]:
    """Read two columns and keep people who answered both times."""
    first, second = matched(before, after)
    both = ~(np.isnan(first) | np.isnan(second))
    if int(np.count_nonzero(both)) < least:
        raise not_estimable(
            M_("Too few people answered both times to compute a change."),
            M_("Link more answers, or describe the two waves without comparing them."),
            "VE-603",
        )
    return first[both], second[both]


def differences(before: npt.ArrayLike, after: npt.ArrayLike) -> FloatArray:
    """Compute after minus before of the pairs, rounded to 9 decimals; refuse differences that are all equal."""
    first, second = pairs(before, after)
    rounded: FloatArray = np.round(second - first, DECIMALS) + 0.0
    demand_spread(rounded)
    return rounded


def demand_spread(difference: FloatArray) -> None:
    """Refuse differences that are all equal: their uncertainty cannot be estimated."""
    if is_constant(difference):
        raise not_estimable(
            M_("Everybody changed by the same amount, so there is no spread to judge the change by."),
            M_("Show the distribution of the answers instead."),
            "VE-604",
        )


def is_constant(values: FloatArray) -> bool:
    """Tell whether all values are equal when rounded to 9 decimals."""
    return bool(np.ptp(np.round(values, DECIMALS)) == 0)


def on_one_line(first: FloatArray, second: FloatArray) -> bool:
    """Tell whether two waves of the same people are perfectly correlated; a constant wave is not."""
    if is_constant(first) or is_constant(second):
        return False
    return abs(float(np.corrcoef(first, second)[0, 1])) > COLLINEAR


def complete_rows(items: npt.ArrayLike) -> FloatArray:
    """Read a table of people by items and keep people who answered every item."""
    table = as_floats(items)
    if table.ndim != 2:
        raise not_estimable(
            M_("The items are not a table."), M_("Give one row per person and one column per item."), "VE-605"
        )
    if table.shape[1] < 2:
        raise not_estimable(
            M_("A single item has no internal consistency."), M_("Report the item by itself."), "VE-606"
        )
    complete = table[~np.isnan(table).any(axis=1)]
    if complete.shape[0] < 2:
        raise too_few()
    if any(is_constant(column) for column in complete.T):
        raise not_estimable(
            M_("Everybody gave the same answer to one of the items, so it has no spread."),
            M_("Report the items one by one."),
            "VE-607",
        )
    return complete


def too_few() -> StatisticsError:
    """Build the error for too few answers."""
    return not_estimable(
        M_("Too few people answered."), M_("Describe what there is without computing this number."), "VE-608"
    )


def demand_share(value: float, name: str) -> None:
    """Refuse a confidence level or power that is not between 0 and 1."""
    if not 0 < value < 1:
        raise not_estimable(M_("'{name}' must be between 0 and 1.", name=name), M_("Write .95 for 95 %."), "VE-609")


def demand_error(se: float, df: float) -> None:
    """Refuse a standard error or degrees of freedom from which no interval follows."""
    if not (se > 0 and df > 0):
        raise not_estimable(
            M_("The standard error or its degrees of freedom are not above 0."),
            M_("More answers are needed."),
            "VE-703",
        )


def same_length(*columns: Sequence[float] | FloatArray) -> list[FloatArray]:
    """Read columns that must have one entry for each estimate."""
    arrays = [numbers(column) for column in columns]
    if len({array.size for array in arrays}) != 1 or arrays[0].size == 0 or any(np.isnan(a).any() for a in arrays):
        raise not_estimable(
            M_("Estimates, standard errors, weights and degrees of freedom differ in number, or have gaps."),
            M_("Give one of each for every event."),
            "VE-610",
        )
    return arrays


def as_floats(values: npt.ArrayLike) -> FloatArray:
    """Copy anything array-like into finite floats and NaN."""
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise not_estimable(
            M_("Some answers are not numbers."), M_("Code the answers by the instrument first."), "VE-701"
        ) from None
    if np.isinf(array).any():
        raise not_estimable(M_("Some answers are infinite."), M_("Look for a division by zero."), "VE-702")
    return array
