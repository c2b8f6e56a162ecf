"""Three and more waves: gls corSymm + varIdent in R, agreement with two waves, fallbacks."""

import numpy as np
import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import all_data_change, paired_change, wave_changes
from vunki_eval.stats.all_data import OBSERVED
from vunki_eval.stats.waves import COMPLETE_ROWS, FALLBACK_PAIR, FALLBACK_ROWS

NAN = float("nan")
TWO = {"post-pre": (-1, 1)}


def test_three_waves_equal_r(golden, data, agrees) -> None:
    changes = wave_changes(data("three_waves.csv"))
    assert list(changes) == ["post-pre", "followup-pre", "followup-post"]
    for name, expected in golden["waves"].items():
        agrees(changes[name], expected, rel=1e-6)
        assert changes[name].estimate == pytest.approx(expected["gls"], rel=1e-5)
        assert changes[name].method == OBSERVED


def test_two_waves_are_the_all_data_change(data) -> None:
    frame = data("two_waves.csv")[["before", "after"]]
    changes, expected = wave_changes(frame, contrasts=TWO)["post-pre"], all_data_change(frame["before"], frame["after"])
    assert changes.method == expected.method
    for name in ("se", "low", "high", "df", "p", "n_pairs"):
        assert getattr(changes, name) == pytest.approx(getattr(expected, name), rel=1e-12)
    assert changes.estimate == pytest.approx(expected.change, rel=1e-12)


def test_complete_data_are_the_paired_t() -> None:
    values = np.random.default_rng(4).normal([0, 0.5, 0.3], size=(30, 3))
    changes = wave_changes(values)
    for name, (i, j) in {"post-pre": (0, 1), "followup-pre": (0, 2), "followup-post": (1, 2)}.items():
        paired = paired_change(values[:, i], values[:, j])
        assert changes[name].method == COMPLETE_ROWS
        assert (changes[name].estimate, changes[name].low, changes[name].high, changes[name].p) == pytest.approx(
            (paired.change, paired.low, paired.high, paired.p), rel=1e-10
        )


def test_a_full_set_of_waves_adds_up() -> None:
    generator = np.random.default_rng(8)
    values = generator.normal(size=(60, 5)) + generator.normal(size=(60, 1))
    values[generator.random(values.shape) < 0.2] = NAN
    weights = {"last-first": (-1, 0, 0, 0, 1), "last-middle": (0, 0, -1, 0, 1), "middle-first": (-1, 0, 1, 0, 0)}
    changes = wave_changes(values, contrasts=weights)
    assert changes["last-first"].method == OBSERVED
    total = changes["last-middle"].estimate + changes["middle-first"].estimate
    assert changes["last-first"].estimate == pytest.approx(total, rel=1e-9)


def test_a_follow_up_few_answered_falls_back_on_two_waves() -> None:
    generator = np.random.default_rng(5)
    values = generator.normal(size=(20, 3))
    values[1:, 2] = NAN
    values[:4, 0] = NAN
    values[1, 2] = 0.5
    changes = wave_changes(values, contrasts={"post-pre": (-1, 1, 0)})["post-pre"]
    assert changes.method == f"{FALLBACK_PAIR}; {OBSERVED}"
    assert changes.estimate == pytest.approx(all_data_change(values[:, 0], values[:, 1]).change, rel=1e-12)


def test_reversed_and_scaled_contrasts_fall_back_alike() -> None:
    generator = np.random.default_rng(6)
    values = generator.normal(size=(20, 3))
    values[:, 2] = NAN
    values[:5, 0] = NAN
    changes = wave_changes(values, contrasts={"plain": (-1, 1, 0), "turned": (2, -2, 0)})
    assert changes["turned"].estimate == pytest.approx(-2 * changes["plain"].estimate, rel=1e-12)
    assert changes["turned"].se == pytest.approx(2 * changes["plain"].se, rel=1e-12)


def test_a_covariance_that_no_rows_tell_falls_back() -> None:
    generator = np.random.default_rng(11)
    values = generator.normal(size=(30, 3))
    values[:10, 0] = 0.25
    values[10:, 2] = NAN
    changes, paired = wave_changes(values)["post-pre"], paired_change(values[:, 0], values[:, 1])
    assert changes.method == FALLBACK_ROWS
    assert (changes.estimate, changes.low, changes.high) == pytest.approx(
        (paired.change, paired.low, paired.high), rel=1e-12
    )


def test_a_contrast_of_three_waves_falls_back_on_complete_rows() -> None:
    generator = np.random.default_rng(5)
    values = generator.normal(size=(12, 3))
    values[:, 2] = 2 * values[:, 1]  # on one line: the likelihood is unbounded
    values[0, 0] = NAN
    changes = wave_changes(values, contrasts={"dip": (0.5, -1, 0.5)})["dip"]
    scores = values[1:] @ [0.5, -1, 0.5]
    assert changes.method == FALLBACK_ROWS
    assert changes.estimate == pytest.approx(scores.mean(), rel=1e-12)
    assert changes.df == 10


@pytest.mark.parametrize(
    ("values", "contrasts", "code"),
    [
        ([[1, 2]], {"a": (-1, 1)}, "VE-677"),
        ([[1, 2], [2, 3], [4, 4]], {"a": (-1, 1, 0)}, "VE-676"),
        ([[1, 2], [2, 3], [4, 4]], {"a": (1, 1)}, "VE-676"),
        ([[1, 2], [2, 3], [4, 4]], {"a": (0, 0)}, "VE-676"),
        ([[1, 2], [2, 3], [4, 5]], {"a": (-1, 1)}, "VE-604"),
        ([1, 2, 3], {"a": (-1, 1)}, "VE-675"),
        (np.ones((4, 6)), {"a": (-1, 1, 0, 0, 0, 0)}, "VE-675"),
    ],
)
def test_what_cannot_be_computed_says_why(values, contrasts, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        wave_changes(values, contrasts=contrasts)
