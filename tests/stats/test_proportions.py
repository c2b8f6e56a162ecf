"""Shares against R: Wilson, Newcombe's method 10, McNemar, the net promoter score."""

import numpy as np
import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import net_promoter, net_promoter_change, paired_proportions, proportion


def _pairs(both: int, lost: int, won: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    return np.repeat([1, 1, 0, 0], [both, lost, won, neither]), np.repeat([1, 0, 1, 0], [both, lost, won, neither])


@pytest.mark.parametrize("case", range(8))
def test_paired_shares_equal_r(case: int, golden, agrees) -> None:
    expected = golden["paired_proportions"][case]
    result = paired_proportions(*_pairs(*expected["counts"]))
    agrees(result, expected, rel=1e-10)
    assert result.n == sum(expected["counts"])
    assert result.share_after - result.share_before == pytest.approx(result.change, abs=1e-12)


def test_pairs_with_gaps_are_left_out(golden, data) -> None:
    frame = data("answers.csv")
    result = paired_proportions(frame["yes_before"], frame["yes_after"])
    assert result == paired_proportions(*_pairs(*golden["paired_proportions"][0]["counts"]))


def test_swapping_waves_mirrors_the_interval() -> None:
    before, after = _pairs(7, 3, 9, 6)
    one, other = paired_proportions(before, after), paired_proportions(after, before)
    assert (other.change, other.low, other.high) == pytest.approx((-one.change, -one.high, -one.low), rel=1e-12)
    assert (other.p_exact, other.p_midp) == (one.p_exact, one.p_midp)


def test_wilson_equals_r(golden) -> None:
    for k, n, value, low, high in golden["proportion"]:
        result = proportion(k, n)
        assert (result.value, result.low, result.high, result.n) == pytest.approx((value, low, high, n), rel=1e-10)


def test_the_net_promoter_score_equals_r(golden, data, agrees) -> None:
    frame = data("answers.csv")
    for wave in ("before", "after"):
        agrees(net_promoter(frame[f"nps_{wave}"]), golden["net_promoter"][wave], rel=1e-10)
    change = net_promoter_change(frame["nps_before"], frame["nps_after"])
    agrees(change, golden["net_promoter"]["change"], rel=1e-8)
    assert change.value_after - change.value_before == pytest.approx(change.change)


def test_the_net_promoter_interval_stops_at_the_ends() -> None:
    everybody = net_promoter([10] * 3)
    assert everybody.value == 100.0
    assert 0 < net_promoter([10] * 8).low < everybody.high == 100.0
    assert net_promoter([0] * 3).low == -100.0


def test_cut_points_of_the_net_promoter_score() -> None:
    assert [net_promoter([score]).value for score in (0, 6, 7, 8, 9, 10)] == [-100, -100, 0, 0, 100, 100]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: proportion(3, 0), "VE-640"),
        (lambda: proportion(5, 4), "VE-640"),
        (lambda: proportion(-1, 4), "VE-640"),
        (lambda: proportion(1.5, 4), "VE-640"),
        (lambda: paired_proportions([0, 2, 1], [0, 1, 1]), "VE-641"),
        (lambda: paired_proportions([1], [0]), "VE-603"),
        (lambda: net_promoter([5, 11]), "VE-642"),
        (lambda: net_promoter([5, 7.5]), "VE-642"),
        (lambda: net_promoter([None]), "VE-608"),
        (lambda: net_promoter_change([9, 9, 10], [10, 9, 9]), "VE-643"),
    ],
)
def test_what_cannot_be_computed_says_why(call, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        call()
