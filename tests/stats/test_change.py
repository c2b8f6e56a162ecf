"""Paired change: R's t test, g_av by its formula, shares, superiority, rank-biserial correlation."""

import numpy as np
import pytest
from scipy import stats as reference

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import paired_change
from vunki_eval.stats.change import small_sample_factor


@pytest.mark.parametrize("case", range(5))
def test_every_field_equals_r(case: int, golden, data, agrees) -> None:
    expected = golden["pairs"][case]
    frame = data(expected["file"])
    agrees(paired_change(frame["before"], frame["after"]), expected, rel=1e-8)


def test_closed_forms_equal_r_to_ten_digits(golden, data, agrees) -> None:
    for expected in golden["pairs"]:
        frame = data(expected["file"])
        agrees(paired_change(frame["before"], frame["after"]), expected, rel=1e-10, leave=("p", "low", "high"))


def test_other_level_gives_other_limits() -> None:
    before, after = np.array([1.0, 2, 3, 4, 2, 3]), np.array([2.0, 2, 4, 5, 4, 3])
    wide = paired_change(before, after, level=0.99)
    limits = reference.ttest_rel(after, before).confidence_interval(0.99)
    assert (wide.low, wide.high) == pytest.approx((limits.low, limits.high), rel=1e-12)
    assert wide.g_av_low < paired_change(before, after).g_av_low
    assert wide.superiority_high > paired_change(before, after).superiority_high


def test_a_constant_wave_has_no_correlation_but_a_change() -> None:
    result = paired_change([3, 3, 3, 3, 3], [3, 4, 5, 4, 4])
    assert np.isnan(result.correlation)
    deviation = np.sqrt(np.var([3, 4, 5, 4, 4], ddof=1) / 2)
    assert result.g_av == pytest.approx(small_sample_factor(8) * 1.0 / deviation, rel=1e-12)


def test_constant_in_all_but_the_last_bits_is_constant() -> None:
    mean = np.mean([3.1, 3.2, 3.3])
    before = np.array([mean, mean + 1e-15, mean - 1e-15, mean])
    assert np.isnan(paired_change(before, [3.0, 4, 4, 5]).correlation)


def test_floating_point_noise_is_no_change() -> None:
    thirds = np.array([0.1 + 0.2, 1 / 3 + 1 / 3, 2.0, 4.0])
    result = paired_change(thirds, [0.3, 2 / 3, 3.0, 4.0])
    assert (result.share_up, result.share_same, result.share_down) == (0.25, 0.75, 0.0)


def test_j_is_the_exact_one() -> None:
    assert small_sample_factor(29) == pytest.approx(0.9738749845966857, rel=1e-10)
    assert small_sample_factor(1) == 0.0
    assert small_sample_factor(5000) == pytest.approx(1 - 3 / (4 * 5000 - 1), rel=1e-8)


def test_superiority_is_within_bounds_even_when_all_rise() -> None:
    result = paired_change([1, 1, 2, 2, 1], [2, 3, 3, 4, 2])
    assert result.superiority == 1.0
    assert result.superiority_high == pytest.approx(1.0, abs=1e-12)
    z2 = reference.norm.isf(0.025) ** 2
    assert result.superiority_low == pytest.approx(5 / (5 + z2), rel=1e-10)


def test_only_pairs_count() -> None:
    nan = float("nan")
    some = paired_change([1, 2, 3, nan, 5], [2, 2, 5, 1, nan])
    assert some == paired_change([1, 2, 3], [2, 2, 5])


def test_inputs_stay_as_they_were() -> None:
    before, after = np.array([1.0, np.nan, 3.0, 2.0]), np.array([2.0, 2.0, 3.0, 5.0])
    copies = before.copy(), after.copy()
    paired_change(before, after)
    np.testing.assert_array_equal(before, copies[0])
    np.testing.assert_array_equal(after, copies[1])


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ([1, 2, 3], [1, 2], "VE-602"),
        ([1, None], [2, 3], "VE-603"),
        ([], [], "VE-603"),
        ([1, 2, 3], [2, 3, 4], "VE-604"),
        ([0.1, 0.3], [0.3, 0.5], "VE-604"),
        ([[1, 2], [3, 4]], [1, 2], "VE-700"),
        (["good", "bad"], [1, 2], "VE-701"),
        ([1, float("inf"), 2], [1, 2, 4], "VE-702"),
    ],
)
def test_what_cannot_be_computed_says_why(before: list, after: list, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        paired_change(before, after)


@pytest.mark.parametrize("level", [0, 1, 95, -0.5])
def test_a_level_is_a_share(level: float) -> None:
    with pytest.raises(ValueError, match="VE-609"):
        paired_change([1, 2, 3], [1, 3, 5], level=level)


def test_messages_hold_no_number_of_people() -> None:
    with pytest.raises(StatisticsError) as caught:
        paired_change([1, None, 7.25], [2, 3, None])
    assert not any(character.isdigit() for character in str(caught.value).split("[VE-")[0])
