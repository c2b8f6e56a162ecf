"""Intervals and p values by Student's t from an estimate, its standard error and its degrees of freedom."""

from dataclasses import dataclass

from scipy import stats

from vunki_eval.stats.inputs import demand_error, demand_share


@dataclass(frozen=True, slots=True)
class Student:
    """An interval with a p value that never contradicts it.

    Attributes
    ----------
    low, high : float
        Limits of the interval.
    t, p : float
        Statistic and two-sided p value against 0.
    """

    low: float
    high: float
    t: float
    p: float


def student(estimate: float, se: float, df: float, *, level: float = 0.95) -> Student:
    """Compute the interval and two-sided p value of an estimate by Student's t."""
    demand_share(level, "level")
    demand_error(se, df)
    half = float(stats.t.isf((1 - level) / 2, df)) * se
    t = estimate / se
    return Student(estimate - half, estimate + half, t, float(2 * stats.t.sf(abs(t), df)))
