"""Estimate changes between up to five waves from everybody who answered at least once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from vunki_eval.errors import M_
from vunki_eval.stats.all_data import OBSERVED, all_data_change
from vunki_eval.stats.inputs import (
    FloatArray,
    as_floats,
    demand_share,
    demand_spread,
    is_constant,
    not_estimable,
    on_one_line,
)
from vunki_eval.stats.reml import Fit, fit
from vunki_eval.stats.student import student

MOST_WAVES = 5
PLANNED: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {"post-pre": (-1.0, 1.0, 0.0), "followup-pre": (-1.0, 0.0, 1.0), "followup-post": (0.0, -1.0, 1.0)}
)
"""The planned contrasts of three waves (before, after, follow-up)."""
COMPLETE_ROWS = "t of the contrast, everybody answered every wave"
FALLBACK_PAIR = "two waves only: the likelihood of all waves has no interior maximum"
FALLBACK_ROWS = "t of the contrast in complete rows: the likelihood of all waves has no interior maximum"


@dataclass(frozen=True, slots=True)
class WaveChange:
    """One planned contrast of wave means.

    Attributes
    ----------
    estimate, se, low, high : float
        Weighted sum of the wave means, its standard error and interval, in scale points.
    df, p : float
        Degrees of freedom (people who answered every wave of the contrast, minus 1) and two-sided p value.
    n_pairs : int
        People who answered every wave of the contrast.
    method : str
        How the estimate was computed.
    fell_back : bool
        Whether the likelihood of all waves has no interior maximum, so that something simpler stands here.
    """

    estimate: float
    se: float
    low: float
    high: float
    df: float
    p: float
    n_pairs: int
    method: str
    fell_back: bool


def wave_changes(
    values: npt.ArrayLike, *, contrasts: Mapping[str, Sequence[float]] = PLANNED, level: float = 0.95
) -> dict[str, WaveChange]:
    """Estimate planned contrasts of 2 to 5 waves by restricted maximum likelihood, unstructured covariance.

    Standard errors come from the observed information in means and covariances jointly; each contrast has a t interval
    with (people who answered all its waves) - 1 degrees of freedom. With two waves the result is that of
    ``all_data_change``; when everybody answered every wave it is the t test of each person's contrast. Where the
    likelihood has no interior maximum, a contrast of two waves is computed from these two; ``method`` says so.

    Parameters
    ----------
    values : array-like of shape (people, waves)
        Scores in scale points, NaN where missing; waves in their order.
    contrasts : mapping of str to weights
        Weights of the waves, summing to 0.
    level : float
        Confidence level.

    Returns
    -------
    dict of str to WaveChange

    Raises
    ------
    StatisticsError
        A wrong number of waves, weights that do not fit, fewer than 2 people for a contrast, or no spread.

    References
    ----------
    Kenward, M. G., & Molenberghs, G. (1998). Likelihood based frequentist inference when data are missing at random.
    Statistical Science, 13(3), 236-247. https://doi.org/10.1214/ss/1028905886
    """
    demand_share(level, "level")
    table = as_floats(values)
    if table.ndim != 2 or not 2 <= table.shape[1] <= MOST_WAVES:
        raise not_estimable(
            M_("The answers are not a table of 2 to 5 waves."), M_("Give one column per wave."), "VE-675"
        )
    weights = {name: _weights(contrast, table.shape[1]) for name, contrast in contrasts.items()}
    table = table[~np.isnan(table).all(axis=1)]
    fitted = _fit(table) if table.shape[1] > 2 and np.isnan(table).any() else None
    return {name: _contrast(table, weight, fitted, level) for name, weight in weights.items()}


def _weights(contrast: Sequence[float], waves: int) -> FloatArray:
    weight = np.array(contrast, dtype=np.float64)
    if weight.shape != (waves,) or abs(weight.sum()) > 1e-9 or not weight.any():
        raise not_estimable(
            M_("A contrast does not fit the waves."), M_("Give one weight per wave, with sum 0."), "VE-676"
        )
    return weight


def _fit(table: FloatArray) -> Fit | None:
    """Fit all waves jointly; None where that is impossible."""
    for i in range(table.shape[1]):
        if np.sum(~np.isnan(table[:, i])) < 2 or is_constant(table[~np.isnan(table[:, i]), i]):
            return None
        for j in range(i):
            shared = table[~np.isnan(table[:, [i, j]]).any(axis=1)][:, [i, j]]
            if shared.shape[0] < 2 or on_one_line(shared[:, 0], shared[:, 1]):
                return None
    fitted = fit(table[None])
    return fitted if fitted.converged[0] else None


def _contrast(table: FloatArray, weight: FloatArray, fitted: Fit | None, level: float) -> WaveChange:
    used = np.flatnonzero(weight)
    rows = table[~np.isnan(table[:, used]).any(axis=1)][:, used]
    if rows.shape[0] < 2:
        raise not_estimable(
            M_("Too few people answered all the waves of a contrast."),
            M_("Compare waves that more people answered."),
            "VE-677",
        )
    scores = rows @ weight[used]
    demand_spread(scores)
    df = float(rows.shape[0] - 1)
    if fitted is not None:
        estimate = float(weight @ fitted.means[0])
        se, method, fell_back = float(np.sqrt(weight @ fitted.observed[0] @ weight)), OBSERVED, False
    elif used.size == 2 and np.isnan(table[:, used]).any():
        pair = all_data_change(table[:, used[0]], table[:, used[1]], level=level)
        estimate, se = weight[used[1]] * pair.change, abs(weight[used[1]]) * pair.se
        fell_back = table.shape[1] > 2 or pair.pairs_only
        method = pair.method if table.shape[1] == 2 else f"{FALLBACK_PAIR}; {pair.method}"
    else:
        estimate, se = float(scores.mean()), float(scores.std(ddof=1) / np.sqrt(scores.size))
        fell_back = bool(np.isnan(table).any())
        method = FALLBACK_ROWS if fell_back else COMPLETE_ROWS
    test = student(estimate, se, df, level=level)
    return WaveChange(estimate, se, test.low, test.high, df, test.p, int(rows.shape[0]), method, fell_back)
