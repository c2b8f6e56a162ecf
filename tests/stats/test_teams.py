"""Team-clustered change against clubSandwich (CR2, Satterthwaite)."""

import numpy as np
import pytest
from scipy import stats as reference

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import paired_change, team_change


def test_equals_clubsandwich(golden, data, agrees) -> None:
    frame = data("two_waves.csv")
    agrees(team_change(frame["before"], frame["after"], frame["team"]), golden["teams"], rel=1e-8)


def test_equal_teams_are_the_t_test_of_team_means() -> None:
    generator = np.random.default_rng(1)
    change = generator.normal(0.3, 1, size=(8, 5)) + generator.normal(size=(8, 1))
    result = team_change(np.zeros(40), change.ravel(), np.repeat(np.arange(8), 5))
    means = reference.ttest_1samp(change.mean(axis=1), 0)
    limits = means.confidence_interval()
    assert (result.change, result.t, result.df, result.p) == pytest.approx(
        (change.mean(), means.statistic, 7, means.pvalue), rel=1e-10
    )
    assert (result.low, result.high) == pytest.approx((limits.low, limits.high), rel=1e-10)
    assert result.icc > 0.1


@pytest.mark.parametrize("nobody", [None, float("nan"), "", " "])
def test_people_without_a_team_stand_alone(nobody: object) -> None:
    before, after = np.zeros(7), np.array([1.0, 2, 1, 3, 0, 2, 5])
    left = team_change(before, after, ["a", "a", "b", "b", "b", nobody, nobody])
    right = team_change(before, after, ["a", "a", "b", "b", "b", "alone 1", "alone 2"])
    assert left.n_teams == 2
    assert (left.low, left.high, left.icc) == (right.low, right.high, right.icc)
    assert left.change == pytest.approx(paired_change(before, after).change)


def test_labels_of_a_filtered_frame_are_matched_by_place(data) -> None:
    frame = data("two_waves.csv").iloc[::-1]
    turned = team_change(frame["before"], frame["after"], frame["team"])
    plain = team_change(frame["before"].to_numpy(), frame["after"].to_numpy(), frame["team"].tolist())
    assert turned == plain


@pytest.mark.parametrize(
    ("teams", "after", "code"),
    [
        (["a", "b"], [1, 2, 4], "VE-672"),
        (["a", "a", None], [1, 2, 4], "VE-673"),
        (["a", "b", "c"], [1, 2, 4], "VE-674"),
        (["a", "a", "b"], [1, 1, 1], "VE-604"),
    ],
)
def test_what_cannot_be_computed_says_why(teams: list, after: list, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        team_change([0, 0, 0], after, teams)
