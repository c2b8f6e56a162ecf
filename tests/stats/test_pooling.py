"""Several events: averages and contrasts of independent estimates."""

import numpy as np
import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import contrast_of, paired_change, stratified_average


def test_a_difference_of_two_means_is_welchs_test(golden, agrees) -> None:
    inputs = golden["contrast"]
    result = contrast_of(inputs["estimates"], inputs["ses"], [-1, 1], inputs["dfs"])
    assert result.estimate == pytest.approx(golden["welch"]["change"], rel=1e-10)
    agrees(result, golden["welch"], rel=1e-8)


def test_an_event_doubled_keeps_the_average_and_halves_the_variance() -> None:
    result = stratified_average([0.4, 0.4], [0.2, 0.2], [30, 30], [29, 29])
    assert result.estimate == pytest.approx(0.4)
    assert result.se == pytest.approx(0.2 / np.sqrt(2))
    assert result.df == pytest.approx(58)


def test_weights_by_people() -> None:
    result = stratified_average([0.2, 0.8], [0.1, 0.1], [90, 30], [80, 25])
    assert result.estimate == pytest.approx(0.35)
    assert result.se == pytest.approx(np.sqrt(0.75**2 + 0.25**2) * 0.1)


def test_one_event_is_itself() -> None:
    change = paired_change([1, 2, 3, 4, 2], [2, 2, 5, 5, 4])
    result = stratified_average([change.change], [change.sd_change / np.sqrt(5)], [5], [4])
    assert (result.low, result.high, result.p) == pytest.approx((change.low, change.high, change.p), rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (([0.1], [0.1, 0.2], [1], [5]), "VE-610"),
        (([], [], [], []), "VE-610"),
        (([0.1, float("nan")], [0.1, 0.1], [1, 1], [5, 5]), "VE-610"),
        (([0.1, 0.2], [0.1, 0.2], [1, -1], [5, 5]), "VE-680"),
        (([0.1, 0.2], [0.1, 0.2], [0, 0], [5, 5]), "VE-680"),
        (([0.1, 0.2], [0.1, 0.0], [1, 1], [5, 5]), "VE-681"),
        (([0.1, 0.2], [0.1, 0.1], [1, 1], [5, 0]), "VE-681"),
    ],
)
def test_what_cannot_be_computed_says_why(arguments: tuple, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        stratified_average(*arguments)
