"""Kappa against vcd, Spearman against R."""

import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import cohen_kappa, proportion, rank_correlation
from vunki_eval.stats.agreement import FLEISS, WILSON


def test_kappa_equals_vcd(golden, data, agrees) -> None:
    frame = data("answers.csv")
    result = cohen_kappa(frame["theme_a"].tolist(), frame["theme_b"].tolist())
    agrees(result, golden["kappa"], rel=1e-10)
    assert result.method == FLEISS


def test_perfect_agreement_keeps_an_interval() -> None:
    codes = ["a", "b"] * 10
    result = cohen_kappa(codes, codes)
    assert (result.value, result.high, result.method) == (1.0, 1.0, WILSON)
    assert result.low == pytest.approx((proportion(20, 20).low - 0.5) / 0.5)


def test_gaps_are_left_out() -> None:
    assert cohen_kappa(["a", "b", None, "a", "b"], ["a", "b", "b", "b", float("nan")]) == cohen_kappa("aba", "abb")


def test_spearman_equals_r(golden, data, agrees) -> None:
    frame = data("answers.csv")
    agrees(rank_correlation(frame["days"], frame["nps_after"]), golden["rank_correlation"], rel=1e-8)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: cohen_kappa("aaa", "aaa"), "VE-690"),
        (lambda: cohen_kappa("ab", "abc"), "VE-691"),
        (lambda: cohen_kappa(["a", None], ["a", "b"]), "VE-692"),
        (lambda: rank_correlation([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]), "VE-693"),
        (lambda: rank_correlation([1, 2, 3, 4, 5], [2, 3, 4, 5, 9]), "VE-694"),
        (lambda: rank_correlation([1, 2, 3], [2, 1, 4]), "VE-603"),
    ],
)
def test_what_cannot_be_computed_says_why(call, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        call()
