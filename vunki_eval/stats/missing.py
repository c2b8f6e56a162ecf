"""The delta-adjusted tipping point: what follows if those who did not answer afterwards changed less."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vunki_eval.errors import M_
from vunki_eval.stats.all_data import all_data_change
from vunki_eval.stats.inputs import not_estimable
from vunki_eval.stats.student import student

DELTAS = (0.0, -0.25, -0.5, -0.75, -1.0)


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """Change under increasingly unfavourable assumptions about missing after-answers.

    Attributes
    ----------
    deltas, estimates, lows, highs : tuple of float
        Shifts in standard deviations of the after-answers; change and its interval under each, in scale points.
    tipping : float or None
        First delta at which the interval includes 0; None when none of them does.
    n_imputed : int
        People whose after-answer is missing.
    sd : float
        One unit of delta, in scale points.
    """

    deltas: tuple[float, ...]
    estimates: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    tipping: float | None
    n_imputed: int
    sd: float


def tipping_point(
    before: npt.ArrayLike, after: npt.ArrayLike, *, deltas: Sequence[float] = DELTAS, level: float = 0.95
) -> TippingPoint:
    """Shift the missing after-answers until the interval of the change includes 0.

    A missing after-answer is set to its expectation given the before-answer in the all-data model, plus ``delta``
    standard deviations. The model's means are the averages of answers completed in this way, so the change moves
    by ``delta * sd * w``, where w is the share of people without an after-answer among all who answered at least once;
    its variance grows by ``(delta sd)**2 w (1 - w) / n``. Degrees of freedom are those of the all-data change.

    Parameters
    ----------
    before, after : array-like
        One value per person in scale points, NaN where the person did not answer.
    deltas : sequence of float
        Shifts, mildest first.
    level : float
        Confidence level.

    Raises
    ------
    StatisticsError
        As ``all_data_change``; nobody's after-answer is missing; no delta.

    References
    ----------
    Carpenter, J. R., & Kenward, M. G. (2013). Multiple imputation and its application. Wiley.
    https://doi.org/10.1002/9781119942283

    Cro, S., Morris, T. P., Kenward, M. G., & Carpenter, J. R. (2020). Sensitivity analysis for clinical trials with
    missing continuous outcome data using controlled multiple imputation. Statistics in Medicine, 39(21), 2815-2842.
    https://doi.org/10.1002/sim.8569
    """
    model = all_data_change(before, after, level=level)
    if model.n_before_only == 0 or not len(deltas):
        raise not_estimable(M_("Nobody's after-answer is missing."), M_("There is nothing to vary."), "VE-678")
    people = model.n_pairs + model.n_before_only + model.n_after_only
    weight = model.n_before_only / people
    shifts = np.array(deltas, dtype=np.float64) * model.sd_after
    rows = []
    for shift in shifts:
        se = float(np.sqrt(model.se**2 + shift**2 * weight * (1 - weight) / people))
        estimate = model.change + float(shift) * weight
        interval = student(estimate, se, model.df, level=level)
        rows.append((estimate, interval.low, interval.high))
    tipping = next((float(d) for d, (_, low, high) in zip(deltas, rows, strict=True) if low <= 0 <= high), None)
    estimates, lows, highs = zip(*rows, strict=True)
    return TippingPoint(
        tuple(float(d) for d in deltas), estimates, lows, highs, tipping, model.n_before_only, model.sd_after
    )
