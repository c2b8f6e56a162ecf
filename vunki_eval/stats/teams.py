"""Change of people who worked in teams, with an interval that allows for similar changes within a team."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vunki_eval.errors import M_
from vunki_eval.stats.inputs import FloatArray, demand_spread, matched, not_estimable
from vunki_eval.stats.student import student

NAMELESS = frozenset({"", "None", "nan", "NaN", "<NA>"})
"""How a missing team is written as text."""


@dataclass(frozen=True, slots=True)
class TeamChange:
    """Mean change over people, with the uncertainty that comes from the spread between teams.

    Attributes
    ----------
    change, low, high : float
        Mean change (after minus before) over people and its cluster-robust interval, in scale points.
    t, df, p : float
        Test with Satterthwaite degrees of freedom.
    n, n_teams : int
        Number of pairs; number of named teams.
    icc : float
        Intraclass correlation of the change (analysis of variance; below 0 if teams differ less than by chance).
    """

    change: float
    low: float
    high: float
    t: float
    df: float
    p: float
    n: int
    n_teams: int
    icc: float


def team_change(
    before: npt.ArrayLike, after: npt.ArrayLike, teams: Sequence[object], *, level: float = 0.95
) -> TeamChange:
    """Compare two waves of people who worked in teams.

    The estimate is the mean change over people. Its variance is the bias-reduced cluster-robust one (CR2, working
    model of independence), ``sum_g (sum of residuals of team g)**2 / (1 - n_g / n) / n**2``, with the degrees of
    freedom of Bell and McCaffrey; for teams of equal size this is the t test of the team means. A person without a
    team (None, NaN or an empty text) counts as independent of all others.

    Parameters
    ----------
    before, after : array-like
        One value per person; people with a missing value are left out.
    teams : sequence
        Label of each person's team.
    level : float
        Confidence level.

    Raises
    ------
    StatisticsError
        Unequal lengths, fewer than 2 teams with pairs, differences without spread, or no team with 2 people.

    References
    ----------
    Bell, R. M., & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression with multi-stage
    samples. Survey Methodology, 28(2), 169-181.

    Pustejovsky, J. E., & Tipton, E. (2018). Small-sample methods for cluster-robust variance estimation and hypothesis
    testing in fixed effects models. Journal of Business & Economic Statistics, 36(4), 672-683.
    https://doi.org/10.1080/07350015.2016.1247004
    """
    first, second = matched(before, after)
    if len(teams) != first.size:
        raise not_estimable(
            M_("There are different numbers of teams and people."), M_("Give one team per person."), "VE-672"
        )
    both = ~(np.isnan(first) | np.isnan(second))
    codes, n_teams = _clusters([team for team, is_pair in zip(teams, both, strict=True) if is_pair])
    if n_teams < 2:
        raise not_estimable(
            M_("There are fewer than 2 teams to compare."), M_("Use the change without teams."), "VE-673"
        )
    difference = (second - first)[both]
    demand_spread(difference)
    size = np.bincount(codes).astype(np.float64)
    if size.max() < 2:
        raise not_estimable(M_("No team has 2 or more people."), M_("Use the change without teams."), "VE-674")
    n, change = float(difference.size), float(difference.mean())
    total = np.bincount(codes, weights=difference - change)
    se = float(np.sqrt(np.sum(total**2 / (1 - size / n)))) / n
    df = _degrees_of_freedom(size)
    test = student(change, se, df, level=level)
    icc = _intraclass(difference, codes, size)
    return TeamChange(change, test.low, test.high, test.t, df, test.p, int(n), n_teams, icc)


def _clusters(labels: list[object]) -> tuple[npt.NDArray[np.int64], int]:
    """Assign a number to each team, and to each person without a team."""
    numbers: dict[tuple[str, object], int] = {}
    codes = []
    for i, label in enumerate(labels):
        key = ("alone", i) if str(label).strip() in NAMELESS else ("team", label)
        codes.append(numbers.setdefault(key, len(numbers)))
    return np.array(codes, dtype=np.int64), sum(kind == "team" for kind, _ in numbers)


def _degrees_of_freedom(size: FloatArray) -> float:
    """Match the first two moments of the variance estimate, assuming independent people."""
    n = size.sum()
    scale = 1 / np.sqrt(1 - size / n)
    moments = np.outer(scale, scale) * (np.diag(size) - np.outer(size, size) / n)
    return float(np.trace(moments) ** 2 / np.sum(moments**2))


def _intraclass(difference: FloatArray, codes: npt.NDArray[np.int64], size: FloatArray) -> float:
    """Estimate the intraclass correlation from mean squares between and within teams of unequal size."""
    n, groups = size.sum(), size.size
    means = np.bincount(codes, weights=difference) / size
    between = float(np.sum(size * (means - difference.mean()) ** 2)) / (groups - 1)
    within = float(np.sum((difference - means[codes]) ** 2)) / (n - groups)
    typical = float(n - np.sum(size**2) / n) / (groups - 1)
    return float((between - within) / (between + (typical - 1) * within))
