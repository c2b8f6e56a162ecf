"""What must hold for any data: order, direction, unit, and complete data."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import (
    all_data_change,
    cronbach_alpha,
    equivalence,
    holm,
    mcdonald_omega,
    paired_change,
    paired_proportions,
    sign_flip,
    team_change,
    welch_change,
    wilcoxon,
)

CALM = settings(max_examples=60, deadline=None, derandomize=True)
QUARTERS = st.integers(4, 20).map(lambda k: k / 4)
MAYBE = st.one_of(QUARTERS, st.none())
PAIRS = st.lists(st.tuples(QUARTERS, QUARTERS), min_size=3, max_size=30)
GAPPY = st.lists(st.tuples(MAYBE, MAYBE), min_size=6, max_size=30)


def _columns(rows: list) -> tuple[np.ndarray, np.ndarray]:
    before, after = np.array(rows, dtype=float).T
    return before, after


def _changing(rows: list) -> tuple[np.ndarray, np.ndarray]:
    before, after = _columns(rows)
    both = ~np.isnan(after - before)
    assume(both.sum() >= 2 and np.ptp((after - before)[both]) > 0)
    return before, after


@CALM
@given(GAPPY)
def test_swapping_waves_flips_every_sign(rows: list) -> None:
    before, after = _changing(rows)
    one, other = paired_change(before, after), paired_change(after, before)
    for name in ("change", "t", "g_av", "rank_biserial"):
        assert getattr(other, name) == pytest.approx(-getattr(one, name), abs=1e-9)
    assert (other.low, other.high) == pytest.approx((-one.high, -one.low), abs=1e-9)
    assert (other.g_av_low, other.g_av_high) == pytest.approx((-one.g_av_high, -one.g_av_low), abs=1e-9)
    assert other.superiority == pytest.approx(1 - one.superiority)
    assert (other.superiority_low, other.superiority_high) == pytest.approx(
        (1 - one.superiority_high, 1 - one.superiority_low), abs=1e-9
    )
    assert other.p == pytest.approx(one.p)
    assert wilcoxon(after, before).p == pytest.approx(wilcoxon(before, after).p)
    assert sign_flip(after, before, seed=1).p == sign_flip(before, after, seed=1).p


@CALM
@given(GAPPY)
def test_swapping_waves_flips_the_all_data_change(rows: list) -> None:
    before, after = _changing(rows)
    one, other = all_data_change(before, after), all_data_change(after, before)
    assert other.method == one.method
    assert other.change == pytest.approx(-one.change, rel=1e-6, abs=1e-7)
    assert (other.se, other.se_expected) == pytest.approx((one.se, one.se_expected), rel=1e-6)
    assert (other.n_before_only, other.n_after_only) == (one.n_after_only, one.n_before_only)


@pytest.mark.slow
@CALM
@given(GAPPY, st.randoms(use_true_random=False))
def test_the_order_of_people_never_matters(rows: list, random) -> None:
    before, after = _changing(rows)
    order = list(range(len(before)))
    random.shuffle(order)
    one, other = paired_change(before, after), paired_change(before[order], after[order])
    for name in one.__slots__:
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-9, abs=1e-12, nan_ok=True)
    assert wilcoxon(before[order], after[order]) == wilcoxon(before, after)
    assert sign_flip(before[order], after[order], seed=3).p == sign_flip(before, after, seed=3).p
    model, shuffled = all_data_change(before, after), all_data_change(before[order], after[order])
    assert (shuffled.change, shuffled.se) == pytest.approx((model.change, model.se), rel=1e-6, abs=1e-9)


@CALM
@given(PAIRS, st.floats(-50, 50), st.sampled_from([0.25, 0.5, 2.0, 10.0]))
def test_another_origin_and_unit_change_only_the_unit(rows: list, origin: float, unit: float) -> None:
    before, after = _changing(rows)
    one, other = paired_change(before, after), paired_change(origin + unit * before, origin + unit * after)
    for name in ("change", "low", "high", "sd_change"):
        assert getattr(other, name) == pytest.approx(unit * getattr(one, name), rel=1e-7, abs=1e-9)
    for name in ("p", "g_av", "g_av_low", "superiority", "superiority_high", "rank_biserial", "share_same"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-6, abs=1e-9)
    assert wilcoxon(origin + unit * before, origin + unit * after) == wilcoxon(before, after)


@CALM
@given(GAPPY, st.floats(-20, 20))
def test_another_origin_leaves_the_all_data_change(rows: list, origin: float) -> None:
    before, after = _changing(rows)
    one, other = all_data_change(before, after), all_data_change(before + origin, after + origin)
    assert (other.change, other.se) == pytest.approx((one.change, one.se), rel=1e-6, abs=1e-8)


@CALM
@given(PAIRS)
def test_complete_data_make_all_data_the_paired_t(rows: list) -> None:
    before, after = _changing(rows)
    model, paired = all_data_change(before, after), paired_change(before, after)
    for name in ("change", "low", "high", "df", "p"):
        assert getattr(model, name) == pytest.approx(getattr(paired, name), rel=1e-10, abs=1e-12)


@CALM
@given(GAPPY)
def test_results_are_finite_and_ordered(rows: list) -> None:
    before, after = _changing(rows)
    results = paired_change(before, after), all_data_change(before, after), equivalence(before, after, margin=0.3)
    for result in results:
        numbers = {n: getattr(result, n) for n in result.__slots__ if isinstance(getattr(result, n), float)}
        assert all(np.isfinite(v) for n, v in numbers.items() if n != "correlation")
        assert numbers["low"] < numbers["high"]
        assert 0 <= numbers["p"] <= 1


@CALM
@given(PAIRS)
def test_the_test_never_contradicts_the_interval(rows: list) -> None:
    before, after = _changing(rows)
    for result in (paired_change(before, after), all_data_change(before, after), welch_change_or_none(before, after)):
        if result is not None and abs(result.p - 0.05) > 1e-9:
            assert (result.p < 0.05) == (result.low > 0 or result.high < 0)


def welch_change_or_none(before: np.ndarray, after: np.ndarray):
    try:
        return welch_change(before, after)
    except StatisticsError:
        return None


@pytest.mark.slow
@CALM
@given(st.lists(st.lists(st.integers(1, 5), min_size=4, max_size=4), min_size=8, max_size=30))
def test_reversing_all_items_twice_or_once_keeps_reliability(rows: list) -> None:
    items = np.array(rows, dtype=float)
    try:
        alpha = cronbach_alpha(items)
    except StatisticsError:
        assume(False)
    np.testing.assert_array_equal(6 - (6 - items), items)
    assert cronbach_alpha(6 - items).value == pytest.approx(alpha.value, rel=1e-9, abs=1e-9)
    assert alpha.low <= alpha.value <= alpha.high
    try:
        omega = mcdonald_omega(items).value
    except StatisticsError:
        return
    assert mcdonald_omega(6 - items[:, ::-1]).value == pytest.approx(omega, rel=1e-6, abs=1e-8)
    assert 0 <= omega <= 1


@CALM
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_keeps_order_and_never_lowers(p: list[float]) -> None:
    adjusted = holm(p)
    assert (adjusted >= np.array(p)).all()
    assert (adjusted <= 1).all()
    order = np.argsort(p, kind="stable")
    assert (np.diff(adjusted[order]) >= 0).all()
    assert adjusted[order[0]] == pytest.approx(min(1, len(p) * min(p)))


@CALM
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=2, max_size=40))
def test_paired_shares_stay_within_bounds(rows: list) -> None:
    result = paired_proportions(*_columns(rows))
    assert -1 <= result.low <= result.change <= result.high <= 1
    assert 0 < result.p_midp <= result.p_exact <= 1


@CALM
@given(PAIRS, st.integers(2, 6))
def test_teams_keep_the_estimate(rows: list, teams: int) -> None:
    before, after = _changing(rows)
    labels = [f"team {i % teams}" for i in range(len(before))]
    try:
        result = team_change(before, after, labels)
    except StatisticsError:
        assume(False)
    assert result.change == pytest.approx(paired_change(before, after).change, abs=1e-12)
    assert result.low < result.change < result.high
