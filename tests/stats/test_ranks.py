"""Signed ranks against coin, sign flips against enumeration in R."""

from itertools import product

import numpy as np
import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import sign_flip, wilcoxon


@pytest.mark.parametrize("case", range(5))
def test_pratt_equals_coin(case: int, golden, data) -> None:
    expected = golden["pairs"][case]
    frame = data(expected["file"])
    result = wilcoxon(frame["before"], frame["after"])
    assert result.statistic == expected["wilcoxon"]["statistic"]
    assert result.p == pytest.approx(expected["wilcoxon"]["p"], rel=1e-8)
    assert result.method.endswith("exact" if expected["n"] <= 25 else "normal approximation")


@pytest.mark.parametrize("case", range(5))
def test_sign_flips_equal_the_exact_distribution(case: int, golden, data) -> None:
    expected = golden["pairs"][case]
    frame = data(expected["file"])
    result = sign_flip(frame["before"], frame["after"], seed=1)
    assert result.statistic == pytest.approx(expected["sign_flip"]["statistic"], rel=1e-8)
    p = expected["sign_flip"]["p"]
    if expected["n"] <= 20:
        assert result.p == pytest.approx(p, rel=1e-12)
        assert result.method == "sign flips, all enumerated"
    else:
        assert result.p == pytest.approx(p, abs=4.5 * np.sqrt(p * (1 - p) / 100_000) + 1e-5)
        assert result.method == "sign flips, 99 999 drawn"


def test_sign_flips_of_a_few_by_hand() -> None:
    difference = np.array([0.5, -0.25, 1.0, 0.75, 0.0, 1.0])
    means = [np.mean(np.array(signs) * difference) for signs in product((-1, 1), repeat=6)]
    expected = np.mean(np.abs(means) >= abs(difference.mean()) - 1e-9)
    assert sign_flip(np.zeros(6), difference, seed=0).p == expected


def test_exact_ranks_of_a_few_by_hand() -> None:
    difference = np.array([0.0, 1.0, 1.0, -2.0, 3.0])
    ranks = np.array([2.5, 2.5, 4.0, 5.0])  # the zero took rank 1
    sums = [sum(r for r, up in zip(ranks, ups, strict=True) if up) for ups in product((0, 1), repeat=4)]
    result = wilcoxon(np.zeros(5), difference)
    assert result.statistic == 10.0
    assert result.p == np.mean(np.abs(np.array(sums) - 7) >= 3)


def test_exact_up_to_25_pairs() -> None:
    generator = np.random.default_rng(1)
    before, after = generator.integers(1, 6, 26), generator.integers(1, 6, 26)
    assert wilcoxon(before[:25], after[:25]).method == "Pratt signed ranks, exact"
    assert wilcoxon(before, after).method == "Pratt signed ranks, normal approximation"


def test_same_seed_same_p_whatever_the_order() -> None:
    generator = np.random.default_rng(3)
    before, after = generator.normal(size=30), generator.normal(0.3, size=30)
    order = generator.permutation(30)
    first = sign_flip(before, after, seed=5)
    assert sign_flip(before[order], after[order], seed=5).p == first.p
    assert sign_flip(after, before, seed=5).p == first.p
    assert sign_flip(before, after, seed=6).p != first.p


def test_drawn_flips_never_give_zero() -> None:
    assert sign_flip(np.zeros(40), np.arange(1.0, 41), seed=1).p == 1 / 100_000


def test_ties_are_not_broken_by_floating_point() -> None:
    before = np.array([1 / 3, 2 / 3, 1.0, 4 / 3, 5 / 3, 2.0, 7 / 3])
    after = before + np.array([1, 1, -1, 1, 2, 0, 1]) / 3
    scaled = wilcoxon(np.zeros(7), [1, 1, -1, 1, 2, 0, 1])
    assert wilcoxon(before, after) == scaled
    assert sign_flip(before, after, seed=1).p == sign_flip(np.zeros(7), [1, 1, -1, 1, 2, 0, 1], seed=1).p


@pytest.mark.parametrize("test", [wilcoxon, lambda b, a: sign_flip(b, a, seed=1)])
@pytest.mark.parametrize(
    ("before", "after", "code"),
    [([1, 2], [1], "VE-602"), ([1], [2], "VE-603"), ([1, 2, 3], [1, 2, 3], "VE-604"), ([1, 2, 3], [2, 3, 4], "VE-604")],
)
def test_what_cannot_be_computed_says_why(test, before: list, after: list, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        test(before, after)
