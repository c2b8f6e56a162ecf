"""Alpha, Feldt's interval and item-rest correlations against psych, omega against lavaan."""

import numpy as np
import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import cronbach_alpha, item_rest_correlation, mcdonald_omega


def test_alpha_and_interval_equal_psych(golden, data) -> None:
    expected = golden["reliability"]
    result = cronbach_alpha(data("items.csv"))
    assert result.value == pytest.approx(expected["alpha"], rel=1e-10)
    assert (result.low, result.high) == pytest.approx((expected["low"], expected["high"]), rel=1e-8)
    assert (result.n, result.k) == (expected["n"], 5)


def test_item_rest_correlations_equal_psych(golden, data) -> None:
    np.testing.assert_allclose(item_rest_correlation(data("items.csv")), golden["reliability"]["r_drop"], rtol=1e-10)


def test_omega_equals_lavaan(golden, data) -> None:
    items = data("items.csv").dropna()
    assert mcdonald_omega(items).value == pytest.approx(golden["reliability"]["omega"], rel=1e-6)
    assert mcdonald_omega(items.iloc[:, :3]).value == pytest.approx(golden["reliability"]["omega_3"], rel=1e-6)


def test_two_items_are_spearman_brown(golden, data) -> None:
    result = mcdonald_omega(data("items.csv").dropna()[["item1", "item2"]])
    assert result.value == pytest.approx(golden["reliability"]["spearman_brown"], rel=1e-10)
    assert result.method == "Spearman-Brown"


def test_omega_of_a_known_factor_model() -> None:
    loadings, unique = np.array([0.9, 0.8, 0.5, 0.6]), np.array([0.4, 0.6, 0.7, 0.3])
    covariance = np.outer(loadings, loadings) + np.diag(unique)
    people = np.random.default_rng(2).normal(size=(50, 4))
    people -= people.mean(axis=0)
    white = people @ np.linalg.inv(np.linalg.cholesky(people.T @ people / 49)).T
    exact = white @ np.linalg.cholesky(covariance).T  # a sample whose covariance is exactly the model's
    expected = loadings.sum() ** 2 / (loadings.sum() ** 2 + unique.sum())
    assert mcdonald_omega(exact).value == pytest.approx(expected, rel=1e-9)
    assert mcdonald_omega(-exact).value == pytest.approx(expected, rel=1e-9)


def test_omega_claims_no_interval(data) -> None:
    result = mcdonald_omega(data("items.csv"))
    assert np.isnan(result.low)
    assert np.isnan(result.high)


def test_n_counts_complete_rows() -> None:
    nan = float("nan")
    result = cronbach_alpha([[1, 2], [2, 2], [nan, 5], [3, 4], [5, 4], [4, nan]])
    assert result.n == 4
    assert result == cronbach_alpha([[1, 2], [2, 2], [3, 4], [5, 4]])


HEYWOOD = [[1, 1, 2], [2, 2, 1], [3, 3, 2], [4, 4, 3], [5, 5, 2], [2, 3, 1], [4, 3, 3], [1, 2, 3]]


@pytest.mark.parametrize(
    ("function", "items", "code"),
    [
        (cronbach_alpha, [[1], [2], [3]], "VE-606"),
        (mcdonald_omega, [[1], [2], [3]], "VE-606"),
        (item_rest_correlation, [[1], [2], [3]], "VE-606"),
        (cronbach_alpha, [1, 2, 3], "VE-605"),
        (cronbach_alpha, [[1, 2], [None, 3]], "VE-608"),
        (cronbach_alpha, [[3, 2], [3, 4], [3, 5]], "VE-607"),
        (cronbach_alpha, [[1, 5], [2, 4], [3, 3]], "VE-623"),
        (item_rest_correlation, [[1, 2, 4], [2, 3, 3], [4, 4, 2]], "VE-625"),
        (mcdonald_omega, [[1, 5], [2, 4], [3, 3]], "VE-624"),
        (mcdonald_omega, [[1, 2, 1], [2, 4, 2], [3, 3, 3], [4, 1, 4]], "VE-620"),
        (mcdonald_omega, HEYWOOD, "VE-621"),
    ],
)
def test_what_cannot_be_computed_says_why(function, items: list, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        function(items)


def test_uncorrelated_items_have_no_omega() -> None:
    signs = np.array([[a, b, c, d] for a in (-1, 1) for b in (-1, 1) for c in (-1, 1) for d in (-1, 1)], dtype=float)
    with pytest.raises(StatisticsError, match="VE-62"):
        mcdonald_omega(signs)
