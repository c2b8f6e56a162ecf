"""Test whether there was no meaningful change: two one-sided tests."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from vunki_eval.errors import M_
from vunki_eval.stats.inputs import demand_error, differences, not_estimable, pairs

LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Verdict on whether a change is smaller than the smallest that matters.

    Attributes
    ----------
    p : float
        The larger of the two one-sided p values.
    low, high : float
        90 % interval of the change.
    equivalent : bool
        True if p < .05, that is, if the interval is inside the margin.
    """

    p: float
    low: float
    high: float
    equivalent: bool


def equivalence(before: npt.ArrayLike, after: npt.ArrayLike, *, margin: float) -> Equivalence:
    """Test whether the mean change of the pairs is inside ``-margin..margin``.

    Parameters
    ----------
    before, after : array-like
        One value per person; people with a missing value are left out.
    margin : float
        Smallest change that matters, in scale points, above 0.

    Raises
    ------
    StatisticsError
        Unequal lengths, fewer than 2 pairs, differences without spread, or a margin that is not above 0.

    References
    ----------
    Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power approach. Journal of
    Pharmacokinetics and Biopharmaceutics, 15(6), 657-680. https://doi.org/10.1007/BF01068419
    """
    differences(before, after)
    first, second = pairs(before, after)
    change = second - first
    return equivalence_of(
        float(change.mean()), float(change.std(ddof=1) / np.sqrt(change.size)), change.size - 1, margin=margin
    )


def equivalence_of(estimate: float, se: float, df: float, *, margin: float) -> Equivalence:
    """Test whether a change, given its estimate, standard error and degrees of freedom, is inside the margin."""
    if not margin > 0:
        raise not_estimable(
            M_("The smallest change that matters is not above 0."), M_("Set smallest_change."), "VE-650"
        )
    demand_error(se, df)
    above, below = stats.t.sf((estimate + margin) / se, df), stats.t.cdf((estimate - margin) / se, df)
    half = float(stats.t.isf(LEVEL, df)) * se
    p = float(max(above, below))
    return Equivalence(p, estimate - half, estimate + half, p < LEVEL)
