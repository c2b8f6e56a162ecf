"""Design-based means of a survey with weights, strata and clusters, by linearisation."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from vunki_eval.errors import M_
from vunki_eval.stats.inputs import FloatArray, demand_share, not_estimable, numbers

LINEARISED, WEIGHTS_ONLY = "linearised over strata and clusters", "linearised, weights only"


@dataclass(frozen=True, slots=True)
class WeightedMean:
    """A weighted mean with standard error, interval, weighted standard deviation, number of people and method."""

    mean: float
    se: float
    low: float
    high: float
    sd: float
    n: int
    method: str


def weighted_mean(
    values: npt.ArrayLike,
    weights: npt.ArrayLike,
    *,
    strata: Sequence[Hashable] | None = None,
    clusters: Sequence[Hashable] | None = None,
    level: float = 0.95,
) -> WeightedMean:
    """Compute a weighted mean with the standard error of the sampling design.

    Parameters
    ----------
    values, weights : array-like
        One value per person; a missing answer (NaN) or a weight of 0 leaves the person out.
    strata, clusters : sequence, optional
        One label per person; clusters are nested in strata. Without clusters every person is a cluster. A stratum with
        a single cluster is compared with the mean of all clusters.
    level : float
        Confidence level; the t interval has as many degrees of freedom as clusters minus strata.

    Raises
    ------
    StatisticsError
        Unequal lengths, negative weights, fewer than 2 people or clusters.

    References
    ----------
    Binder, D. A. (1983). On the variances of asymptotically normal estimators from complex surveys. International
    Statistical Review, 51(3), 279-292. https://doi.org/10.2307/1402588

    Examples
    --------
    >>> round(weighted_mean([1.0, 2.0, 4.0], [1.0, 1.0, 2.0]).mean, 3)
    2.75
    """
    demand_share(level, "level")
    y, w = numbers(values), numbers(weights)
    if y.size != w.size or any(x is not None and len(x) != y.size for x in (strata, clusters)):
        raise not_estimable(
            M_("There are different numbers of answers, weights, strata or clusters."),
            M_("Give one of each per person."),
            "VE-695",
        )
    if np.any(w < 0):
        raise not_estimable(M_("A weight is negative."), M_("Use the survey's own weights."), "VE-696")
    used = ~np.isnan(y) & ~np.isnan(w) & (w > 0)
    rows = [int(i) for i in np.flatnonzero(used)]
    y, w = y[used], w[used]
    stratum = [strata[i] for i in rows] if strata is not None else [0] * len(rows)
    cluster = [(s, clusters[i] if clusters is not None else i) for s, i in zip(stratum, rows, strict=True)]
    if len(set(cluster)) < 2:
        raise not_estimable(
            M_("There are fewer than 2 people or clusters."), M_("Use a larger part of the data."), "VE-697"
        )
    total = float(w.sum())
    mean = float(np.sum(w * y)) / total
    scores, stratum_of = _clustered(w * (y - mean) / total, cluster)
    variance, df = _variance(scores, stratum_of)
    half = float(stats.t.isf((1 - level) / 2, df)) * float(np.sqrt(variance))
    sd = float(np.sqrt(np.sum(w * (y - mean) ** 2) / total * y.size / (y.size - 1)))
    method = WEIGHTS_ONLY if strata is None and clusters is None else LINEARISED
    return WeightedMean(mean, float(np.sqrt(variance)), mean - half, mean + half, sd, int(y.size), method)


def _clustered(scores: FloatArray, cluster: Sequence[tuple[Hashable, Hashable]]) -> tuple[FloatArray, list[Hashable]]:
    """Sum scores over clusters; return the sums and the stratum of each cluster."""
    numbered: dict[tuple[Hashable, Hashable], int] = {}
    index = np.array([numbered.setdefault(c, len(numbered)) for c in cluster])
    sums: FloatArray = np.bincount(index, scores).astype(np.float64)
    return sums, [s for s, _ in numbered]


def _variance(scores: FloatArray, strata: Sequence[Hashable]) -> tuple[float, int]:
    """Add the variances within strata; a stratum with one cluster is centred on the mean of all."""
    names = dict.fromkeys(strata)
    stratum_of = np.array([list(names).index(s) for s in strata])
    variance, overall_mean = 0.0, float(scores.mean())
    for h in range(len(names)):
        part = scores[stratum_of == h]
        n = part.size
        spread = float(np.sum((part - (part.mean() if n > 1 else overall_mean)) ** 2))
        variance += spread * (n / (n - 1) if n > 1 else 1.0)
    return variance, max(len(scores) - len(names), 1)
