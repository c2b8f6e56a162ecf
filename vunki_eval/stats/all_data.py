"""Estimate the change from everybody who answered, including those who answered only once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vunki_eval.stats.change import paired_change
from vunki_eval.stats.inputs import (
    FloatArray,
    demand_share,
    demand_spread,
    is_constant,
    matched,
    on_one_line,
    pairs,
)
from vunki_eval.stats.reml import fit
from vunki_eval.stats.student import student

OBSERVED = "REML, observed information"
COMPLETE = "paired t, everybody answered both times"
FALLBACK = "paired t: the likelihood of all answers has no interior maximum"


@dataclass(frozen=True, slots=True)
class AllDataChange:
    """Change from before to after, estimated from everybody who answered at least once.

    Attributes
    ----------
    change, se, low, high : float
        Mean change (after minus before), standard error and interval, in scale points.
    df, p : float
        Degrees of freedom (pairs minus 1) and two-sided p value.
    n_pairs, n_before_only, n_after_only : int
        Number of people who answered both waves, only before, and only after.
    method : str
        ``REML, observed information``, or why it is the paired t instead.
    se_expected : float
        Generalised-least-squares standard error (expected information), for comparison.
    mean_before, mean_after : float
        Wave means in the model.
    sd_after : float
        Standard deviation of the after-answers in the model.
    pairs_only : bool
        Whether the estimate is the paired t: nobody answered once only, or the likelihood has no interior maximum.
    """

    change: float
    se: float
    low: float
    high: float
    df: float
    p: float
    n_pairs: int
    n_before_only: int
    n_after_only: int
    method: str
    se_expected: float
    mean_before: float
    mean_after: float
    sd_after: float
    pairs_only: bool


@dataclass(frozen=True, slots=True)
class _Estimate:
    means: FloatArray
    covariance: FloatArray
    se: float
    se_expected: float
    method: str
    pairs_only: bool


def all_data_change(before: npt.ArrayLike, after: npt.ArrayLike, *, level: float = 0.95) -> AllDataChange:
    """Estimate the mean change by restricted maximum likelihood with a free 2 x 2 covariance matrix.

    People who answered once contribute information about their wave. The estimate is unbiased if answers are missing
    at random: whether one is missing depends only on observed answers. The standard error comes from the observed
    information (the Hessian in means and covariances jointly), since the expected information makes it too small when
    drop-out depends on the first answer. The interval is Student's t with pairs minus 1 degrees of freedom. With
    complete data the result is the paired t. Where the likelihood has no interior maximum (pairs on one line, a wave
    without spread) the paired t is used instead; ``method`` says so.

    Parameters
    ----------
    before, after : array-like
        One value per person in scale points, NaN where the person did not answer.
    level : float
        Confidence level.

    Raises
    ------
    StatisticsError
        Unequal lengths, fewer than 2 pairs, or differences without spread.

    References
    ----------
    Kenward, M. G., & Molenberghs, G. (1998). Likelihood based frequentist inference when data are missing at random.
    Statistical Science, 13(3), 236-247. https://doi.org/10.1214/ss/1028905886

    Patterson, H. D., & Thompson, R. (1971). Recovery of inter-block information when block sizes are unequal.
    Biometrika, 58(3), 545-554. https://doi.org/10.1093/biomet/58.3.545

    Examples
    --------
    >>> nan = float("nan")
    >>> all_data_change([1, 2, 3, 4, nan], [2, 2, 4, 6, 5]).n_after_only
    1
    """
    demand_share(level, "level")
    first, second = matched(before, after)
    paired_first, paired_second = pairs(first, second)
    demand_spread(paired_second - paired_first)
    estimate = _estimate(first, second)
    df = float(paired_first.size - 1)
    change = float(estimate.means[1] - estimate.means[0])
    test = student(change, estimate.se, df, level=level)
    return AllDataChange(
        change, estimate.se, test.low, test.high, df, test.p,
        int(paired_first.size), int(np.sum(~np.isnan(first) & np.isnan(second))),
        int(np.sum(np.isnan(first) & ~np.isnan(second))), estimate.method, estimate.se_expected,
        float(estimate.means[0]), float(estimate.means[1]), float(np.sqrt(estimate.covariance[1, 1])),
        estimate.pairs_only,
    )  # fmt: skip


def _estimate(first: FloatArray, second: FloatArray) -> _Estimate:
    """Choose between the paired t, the likelihood of all answers, and the fallback."""
    answered_once = np.isnan(first) != np.isnan(second)
    if not answered_once.any():
        return _from_pairs(first, second, COMPLETE)
    if _degenerate(first, second):
        return _from_pairs(first, second, FALLBACK)
    answered = ~(np.isnan(first) & np.isnan(second))
    model = fit(np.column_stack([first[answered], second[answered]])[None])
    if not model.converged[0]:
        return _from_pairs(first, second, FALLBACK)
    contrast = np.array([-1.0, 1.0])
    se, se_expected = (float(np.sqrt(contrast @ spread[0] @ contrast)) for spread in (model.observed, model.expected))
    return _Estimate(model.means[0], model.covariance[0], se, se_expected, OBSERVED, pairs_only=False)


def _degenerate(first: FloatArray, second: FloatArray) -> bool:
    """Tell whether the pairs lie on one line: then the restricted likelihood is unbounded."""
    paired_first, paired_second = pairs(first, second)
    if is_constant(first[~np.isnan(first)]) or is_constant(second[~np.isnan(second)]):
        return True
    return on_one_line(paired_first, paired_second)


def _from_pairs(first: FloatArray, second: FloatArray, method: str) -> _Estimate:
    """Return the paired t as an estimate of the model."""
    paired_first, paired_second = pairs(first, second)
    result = paired_change(paired_first, paired_second)
    se = result.sd_change / float(np.sqrt(result.n))
    means = np.array([result.mean_before, result.mean_after])
    return _Estimate(means, np.cov(paired_first, paired_second), se, se, method, pairs_only=True)
