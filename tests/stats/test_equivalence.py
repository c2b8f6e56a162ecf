"""Two one-sided tests against R's t.test."""

import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import all_data_change, equivalence, equivalence_of


@pytest.mark.parametrize("case", range(5))
def test_equals_r(case: int, golden, data, agrees) -> None:
    expected = golden["pairs"][case]
    frame = data(expected["file"])
    result = equivalence(frame["before"], frame["after"], margin=expected["equivalence"]["margin"])
    agrees(result, expected["equivalence"], rel=1e-8)
    assert result.equivalent == (expected["equivalence"]["p"] < 0.05)


def test_equivalent_means_that_the_interval_lies_inside(data) -> None:
    frame = data("ordinal_40.csv")
    for margin in (0.05, 0.2, 0.4, 0.8, 2.0):
        result = equivalence(frame["before"], frame["after"], margin=margin)
        assert result.equivalent == (-margin < result.low and result.high < margin)
    assert result.equivalent


def test_of_an_all_data_estimate(data) -> None:
    frame = data("two_waves.csv")
    change = all_data_change(frame["before"], frame["after"], level=0.9)
    result = equivalence_of(change.change, change.se, change.df, margin=0.5)
    assert (result.low, result.high) == pytest.approx((change.low, change.high), rel=1e-12)
    assert result.equivalent


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: equivalence([1, 2, 3], [1, 3, 5], margin=0), "VE-650"),
        (lambda: equivalence([1, 2, 3], [2, 3, 4], margin=0.5), "VE-604"),
        (lambda: equivalence_of(0.1, 0.0, 5, margin=0.5), "VE-703"),
        (lambda: equivalence_of(0.1, 0.2, 0, margin=0.5), "VE-703"),
    ],
)
def test_what_cannot_be_computed_says_why(call, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        call()
