"""All-data change: nlme::gls and a numerically differentiated likelihood in R, the paired t, fallbacks."""

import numpy as np
import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import all_data_change, paired_change
from vunki_eval.stats.all_data import COMPLETE, FALLBACK, OBSERVED
from vunki_eval.stats.reml import fit

NAN = float("nan")


def _drawn(seed: int, n: int = 40) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    person = generator.normal(size=n)
    return 3 + person + generator.normal(size=n), 3.4 + person + generator.normal(size=n)


def test_equals_r(golden, data, agrees) -> None:
    frame = data("two_waves.csv")
    result = all_data_change(frame["before"], frame["after"])
    agrees(result, golden["all_data"], rel=1e-6, leave=("n_pairs", "n_before_only", "n_after_only"))
    assert result.change == pytest.approx(golden["all_data"]["gls_change"], rel=1e-6)
    assert result.se == pytest.approx(golden["all_data"]["se_optim_hess"], rel=1e-6)
    assert result.method == OBSERVED
    counts = ("n_pairs", "n_before_only", "n_after_only")
    assert [getattr(result, name) for name in counts] == [golden["all_data"][name] for name in counts]
    assert abs(result.se / result.se_expected - 1) > 0.01, "the data must distinguish the two standard errors"


def test_equals_r_to_eight_digits_where_r_was_polished(golden, data) -> None:
    frame = data("two_waves.csv")
    result = all_data_change(frame["before"], frame["after"])
    assert result.change == pytest.approx(golden["all_data"]["change"], rel=1e-8)
    assert result.se == pytest.approx(golden["all_data"]["se"], rel=1e-8)


def test_equals_r_when_nobody_answered_only_afterwards(golden, data, agrees) -> None:
    frame = data("two_waves.csv").dropna(subset="before")
    agrees(all_data_change(frame["before"], frame["after"]), golden["all_data_monotone"], rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_complete_data_are_the_paired_t(seed: int) -> None:
    before, after = _drawn(seed)
    result, paired = all_data_change(before, after), paired_change(before, after)
    assert result.method == COMPLETE
    for name in ("change", "low", "high", "df", "p"):
        assert getattr(result, name) == pytest.approx(getattr(paired, name), rel=1e-10)
    assert result.se == pytest.approx(paired.sd_change / np.sqrt(paired.n), rel=1e-10)
    assert result.se_expected == result.se


@pytest.mark.parametrize("seed", range(5))
def test_the_likelihood_itself_gives_the_paired_t_for_complete_data(seed: int) -> None:
    before, after = _drawn(seed)
    fitted = fit(np.column_stack([before, after])[None])
    contrast, paired = np.array([-1.0, 1.0]), paired_change(before, after)
    assert fitted.converged[0]
    assert fitted.means[0] @ contrast == pytest.approx(paired.change, rel=1e-10)
    for spread in (fitted.observed[0], fitted.expected[0]):
        assert np.sqrt(contrast @ spread @ contrast) == pytest.approx(paired.sd_change / np.sqrt(paired.n), rel=1e-10)


def test_people_without_any_answer_do_not_count() -> None:
    before, after = _drawn(7)
    after[:6] = NAN
    more = all_data_change(np.r_[before, [NAN] * 3], np.r_[after, [NAN] * 3])
    assert more == all_data_change(before, after)


def test_people_who_answered_once_narrow_the_interval() -> None:
    before, after = _drawn(3, 60)
    paired = paired_change(before[:30], after[:30])
    before[45:], after[30:45] = NAN, NAN
    result = all_data_change(before, after)
    assert (result.n_pairs, result.n_before_only, result.n_after_only) == (30, 15, 15)
    assert result.high - result.low < paired.high - paired.low


def test_drop_out_that_depends_on_the_first_answer_does_not_bias() -> None:
    generator = np.random.default_rng(1)
    before = generator.normal(size=20_000)
    after = 0.5 + 0.6 * before + 0.8 * generator.normal(size=20_000)
    after[generator.random(20_000) < 1 / (1 + np.exp(-1.5 * before))] = NAN
    assert all_data_change(before, after).change == pytest.approx(0.5, abs=0.04)
    assert paired_change(before, after).change > 0.6


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([1, 2, 3, 4, 2], [1, 3, 5, 7, NAN]),  # the pairs lie on one line
        ([1, 2, 5], [2, 5, NAN]),  # so do any two pairs
        ([3, 3, 3, 3, 3], [3, 4, 5, 4, NAN]),  # a wave without spread
        ([3, 4, 3, 4, NAN], [5, 5, 5, 5, 5]),
    ],
)
def test_without_an_interior_maximum_the_paired_t_stands_in(before: list, after: list) -> None:
    result, paired = all_data_change(before, after), paired_change(before, after)
    assert result.method == FALLBACK
    for name in ("change", "low", "high", "p"):
        assert getattr(result, name) == pytest.approx(getattr(paired, name), rel=1e-12)
    assert result.n_before_only + result.n_after_only == 1


def test_no_maximum_found_is_the_paired_t(monkeypatch: pytest.MonkeyPatch) -> None:
    from vunki_eval.stats import all_data

    def lost(values: np.ndarray) -> object:
        fitted = fit(values)
        object.__setattr__(fitted, "converged", np.array([False]))
        return fitted

    monkeypatch.setattr(all_data, "fit", lost)
    before, after = _drawn(2)
    after[:5] = NAN
    assert all_data_change(before, after).method == FALLBACK


def test_a_constant_wave_among_the_pairs_alone_is_no_reason_to_fall_back() -> None:
    before = [3, 3, 3, 3, 3, 3, 2, 4, 5, NAN, NAN]
    after = [3, 4, 5, 4, 2, 5, NAN, NAN, NAN, 4, 3]
    assert all_data_change(before, after).method == OBSERVED


def test_scale_and_unit_do_not_matter() -> None:
    before, after = _drawn(9)
    before[:7], after[7:12] = NAN, NAN
    plain, large = all_data_change(before, after), all_data_change(1e4 * before + 1e6, 1e4 * after + 1e6)
    assert large.change == pytest.approx(1e4 * plain.change, rel=1e-7)
    assert large.se == pytest.approx(1e4 * plain.se, rel=1e-7)
    assert large.p == pytest.approx(plain.p, rel=1e-6)


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ([1, 2], [1, 2, 3], "VE-602"),
        ([1, NAN, 3], [2, 2, NAN], "VE-603"),
        ([1, 2, 3, NAN], [2, 3, 4, 1], "VE-604"),
    ],
)
def test_what_cannot_be_computed_says_why(before: list, after: list, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        all_data_change(before, after)
