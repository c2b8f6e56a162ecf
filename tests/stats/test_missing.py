"""The tipping point against imputation person by person in R."""

import numpy as np
import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import all_data_change, tipping_point


def test_equals_imputation_in_r(golden, data) -> None:
    frame, expected = data("two_waves.csv"), golden["all_data"]["tipping"]
    result = tipping_point(frame["before"], frame["after"], deltas=[row["delta"] for row in expected])
    assert result.deltas == tuple(row["delta"] for row in expected)
    for field, name in (("estimates", "estimate"), ("lows", "low"), ("highs", "high")):
        assert getattr(result, field) == pytest.approx([row[name] for row in expected], rel=1e-6)
    includes_zero = [row["delta"] for row in expected if row["low"] <= 0 <= row["high"]]
    assert result.tipping == includes_zero[0]
    assert result.n_imputed == golden["all_data"]["n_before_only"]


def test_no_shift_is_the_all_data_change(data) -> None:
    frame = data("two_waves.csv")
    plain, result = all_data_change(frame["before"], frame["after"]), tipping_point(frame["before"], frame["after"])
    assert result.estimates[0] == pytest.approx(plain.change)
    assert (result.lows[0], result.highs[0]) == pytest.approx((plain.low, plain.high))
    assert result.sd == plain.sd_after


def test_a_strong_change_does_not_tip() -> None:
    generator = np.random.default_rng(2)
    before = generator.normal(3, 0.5, 60)
    after = before + generator.normal(2, 0.4, 60)
    after[:5] = np.nan
    assert tipping_point(before, after).tipping is None


@pytest.mark.parametrize(
    ("after", "deltas", "code"),
    [([2, 3, 3, 5], (0.0,), "VE-678"), ([2, 3, 6, None], (), "VE-678"), ([2, None, None, None], (0.0,), "VE-603")],
)
def test_what_cannot_be_computed_says_why(after: list, deltas: tuple, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        tipping_point([1, 2, 4, 3], after, deltas=deltas)
