"""Means, medians, unlinked waves and standardised differences against R."""

import numpy as np
import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import (
    mean_interval,
    median_interval,
    paired_change,
    standardised_difference,
    welch_change,
)


@pytest.fixture
def two(data):
    return data("two_waves.csv")


def test_mean_equals_r(golden, two, agrees) -> None:
    agrees(mean_interval(two["before"]), golden["mean"], rel=1e-10)


def test_median_equals_r(golden, two, agrees) -> None:
    agrees(median_interval(two["before"]), golden["median"], rel=1e-12)


def test_median_of_six_spans_all_of_them() -> None:
    result = median_interval([1, 2, 3, 4, 5, 6])
    assert (result.value, result.low, result.high, result.n) == (3.5, 1, 6, 6)
    assert result.coverage == pytest.approx(1 - 2 / 64)


def test_welch_equals_r(golden, two, agrees) -> None:
    agrees(welch_change(two["before"], two["after"]), golden["welch"], rel=1e-8)


def test_welch_is_wider_than_pairs_that_go_together(two) -> None:
    complete = two.dropna(subset=["before", "after"])
    paired, welch = (f(complete["before"], complete["after"]) for f in (paired_change, welch_change))
    assert welch.change == pytest.approx(paired.change, rel=1e-12)
    assert welch.high - welch.low > paired.high - paired.low


def test_standardised_difference_equals_r(golden, two, agrees) -> None:
    stayed = two["after"].notna()
    result = standardised_difference(two["before"][stayed], two["before"][~stayed])
    agrees(result, golden["standardised_difference"], rel=1e-10)
    swapped = standardised_difference(two["before"][~stayed], two["before"][stayed])
    assert (swapped.value, swapped.low) == pytest.approx((-result.value, -result.high), rel=1e-12)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: mean_interval([3]), "VE-608"),
        (lambda: mean_interval([3, 3, 3]), "VE-671"),
        (lambda: median_interval([1, 2, 3, 4, 5]), "VE-670"),
        (lambda: median_interval([]), "VE-608"),
        (lambda: welch_change([1, 2], [3]), "VE-608"),
        (lambda: welch_change([1, 1], [3, 3]), "VE-671"),
        (lambda: standardised_difference([1, 1], [3, 3]), "VE-671"),
        (lambda: standardised_difference([1, 2], [np.nan, 3]), "VE-608"),
    ],
)
def test_what_cannot_be_computed_says_why(call, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        call()
