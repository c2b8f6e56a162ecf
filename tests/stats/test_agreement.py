"""Kappa against vcd, Spearman against R."""

import numpy as np
import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import cohen_kappa, pooled_kappa, proportion, rank_correlation
from vunki_eval.stats.agreement import FLEISS, JACKKNIFE, WILSON


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
        (lambda: pooled_kappa([[1], [1]], [[1], [1]]), "VE-690"),
        (lambda: pooled_kappa([[1, 0]], [[1], [0]]), "VE-691"),
        (lambda: pooled_kappa([[1]], [[1]]), "VE-692"),
        (lambda: rank_correlation([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]), "VE-693"),
        (lambda: rank_correlation([1, 2, 3, 4, 5], [2, 3, 4, 5, 9]), "VE-694"),
        (lambda: rank_correlation([1, 2, 3], [2, 1, 4]), "VE-603"),
    ],
)
def test_what_cannot_be_computed_says_why(call, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        call()


def test_pooled_kappa_of_one_code_is_cohens() -> None:
    a, b = [1, 1, 0, 0, 1, 0, 1, 0, 1], [1, 0, 0, 0, 1, 0, 1, 1, 1]
    pooled = pooled_kappa([[x] for x in a], [[x] for x in b])
    assert pooled.value == pytest.approx(cohen_kappa(a, b).value, rel=1e-12)
    assert pooled.method == JACKKNIFE


def test_pooled_kappa_is_the_ratio_of_means() -> None:
    a = [[1, 0], [1, 1], [0, 0], [0, 1]]
    b = [[1, 0], [0, 1], [0, 0], [0, 0]]
    # observed .75 and .75; by chance .5 * .25 + .5 * .75 = .5 for both
    assert pooled_kappa(a, b).value == pytest.approx((0.75 - 0.5) / 0.5)
    assert pooled_kappa(a, a).method == WILSON
    assert pooled_kappa([*a, [float("nan"), 0]], [*b, [1, 1]]).n == 4


def test_the_pooled_interval_covers() -> None:
    rng = np.random.default_rng(3)
    share, strays, hits = np.array([0.3, 0.5, 0.2, 0.4]), 0.1, 0
    agree = (1 - strays) ** 2 + strays**2
    seen = share * (1 - strays) + (1 - share) * strays
    chance = np.mean(seen**2 + (1 - seen) ** 2)
    true = (agree - chance) / (1 - chance)
    for _ in range(400):
        themes = rng.random((45, 4)) < share
        one, other = (themes ^ (rng.random(themes.shape) < strays) for _ in range(2))
        kappa = pooled_kappa(one, other)
        hits += kappa.low <= true <= kappa.high
    assert 0.92 <= hits / 400 <= 0.985
