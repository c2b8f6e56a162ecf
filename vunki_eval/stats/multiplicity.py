"""Several outcomes at once: adjust p values so that the chance of any false claim stays below the error level."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vunki_eval.errors import M_
from vunki_eval.stats.inputs import FloatArray, not_estimable, numbers


def holm(p_values: Sequence[float] | npt.NDArray[np.float64]) -> FloatArray:
    """Adjust p values by Holm's step-down method.

    The i-th smallest of m p values is multiplied by ``m - i + 1``; adjusted values never fall and are capped at 1.

    Parameters
    ----------
    p_values : sequence of float
        p values of the outcomes declared before the data; NaN (not estimable) stays NaN and is not counted in m.

    Returns
    -------
    numpy.ndarray
        Adjusted p values in the same order.

    Raises
    ------
    StatisticsError
        No p value, or one outside 0..1.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics, 6(2),
    65-70. https://www.jstor.org/stable/4615733

    Examples
    --------
    >>> [float(round(p, 3)) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    p = numbers(p_values)
    tested = np.flatnonzero(~np.isnan(p))
    if tested.size == 0 or (p[tested] < 0).any() or (p[tested] > 1).any():
        raise not_estimable(
            M_("There is no p value to adjust, or one is not between 0 and 1."), M_("Test first."), "VE-630"
        )
    order = tested[np.argsort(p[tested], kind="stable")]
    adjusted = p.copy()
    factors = np.arange(tested.size, 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(factors * p[order]), 1.0)
    return adjusted
