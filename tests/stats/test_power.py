"""Detectable change against R's power.t.test (strict, both tails)."""

import math

import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import detectable_change, pairs_needed
from vunki_eval.stats.power import power_of


def test_equals_r(golden) -> None:
    for n, *changes in golden["detectable"]:
        for power, expected in zip((0.5, 0.8, 0.9), changes, strict=True):
            assert detectable_change(n, power=power) == pytest.approx(expected, rel=1e-9)


def test_pairs_needed_turns_it_round() -> None:
    for n in (2, 3, 7, 30, 129):
        dz = detectable_change(n)
        assert pairs_needed(dz * (1 + 1e-9)) == n
        assert pairs_needed(dz * (1 - 1e-6)) == n + 1


def test_power_is_the_error_level_without_change_and_certain_with_a_huge_one() -> None:
    for n in (2, 5, 50, 5000):
        assert power_of(0.0, n) == pytest.approx(0.05, rel=1e-9)
        assert power_of(100.0, n) == pytest.approx(1.0, abs=0.12 if n == 2 else 1e-9)
        assert not math.isnan(power_of(4.0, n))


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: detectable_change(1), "VE-651"),
        (lambda: detectable_change(10, power=1.0), "VE-609"),
        (lambda: detectable_change(10, power=0.04), "VE-654"),
        (lambda: pairs_needed(0), "VE-652"),
        (lambda: pairs_needed(1e-6), "VE-653"),
    ],
)
def test_what_cannot_be_computed_says_why(call, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        call()
