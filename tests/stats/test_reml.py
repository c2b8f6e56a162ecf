"""The restricted likelihood: derivatives against differences, the EM step, many sets at once."""

import numpy as np
import pytest

from vunki_eval.stats import reml
from vunki_eval.stats.reml import basis, derivatives, normal_equations, objective, summarise


def _answers(sets: int, people: int, waves: int) -> np.ndarray:
    generator = np.random.default_rng(waves)
    values = generator.normal(size=(sets, people, 1)) + generator.normal(size=(sets, people, waves))
    values[generator.random(values.shape) < 0.25] = np.nan
    return values


def _place(theta: np.ndarray, waves: int) -> tuple[np.ndarray, np.ndarray]:
    return theta[None, :waves], np.einsum("j,jkl->kl", theta[waves:], basis(waves))[None]


@pytest.mark.parametrize("waves", [2, 3, 5])
def test_derivatives_equal_differences(waves: int) -> None:
    patterns = summarise(_answers(1, 60, waves))
    theta = np.r_[np.full(waves, 0.1), [1.8 if i == j else 0.7 for i in range(waves) for j in range(i, waves)]]
    exact = derivatives(patterns, *_place(theta, waves))
    step = 1e-5

    def moved(k: int, size: float) -> np.ndarray:
        change = np.zeros_like(theta)
        change[k] = size
        return theta + change

    for k in range(theta.size):
        up, down = _place(moved(k, step), waves), _place(moved(k, -step), waves)
        slope = (objective(patterns, *up) - objective(patterns, *down)) / (2 * step)
        assert exact.gradient[0, k] == pytest.approx(slope[0], rel=1e-5, abs=1e-5)
        bend = (derivatives(patterns, *up).gradient - derivatives(patterns, *down).gradient) / (2 * step)
        np.testing.assert_allclose(exact.hessian[0, k], bend[0], rtol=1e-5, atol=1e-5)


def test_patterns_hold_everybody_who_answered() -> None:
    values = _answers(3, 50, 3)
    patterns = summarise(values)
    total = sum(pattern.n for pattern in patterns)
    np.testing.assert_array_equal(total, (~np.isnan(values).all(axis=2)).sum(axis=1))
    assert len({pattern.waves for pattern in patterns}) == len(patterns) == 7


def test_steps_of_the_em_algorithm_never_go_downhill() -> None:
    patterns = summarise(_answers(4, 40, 3))
    covariance = np.broadcast_to(np.eye(3), (4, 3, 3)).copy()
    before = np.full(4, -np.inf)
    for _ in range(30):
        information, right = normal_equations(patterns, covariance)
        means = np.linalg.solve(information, right)[..., 0]
        now = objective(patterns, means, covariance)
        assert (now >= before - 1e-10).all()
        before = now
        _, covariance = reml._expectation_step(patterns, covariance, information)


def test_many_sets_give_what_each_gives_alone() -> None:
    values = _answers(6, 45, 2)
    joint = reml.fit(values)
    for i in range(6):
        alone = reml.fit(values[i : i + 1])
        assert joint.converged[i]
        np.testing.assert_allclose(joint.means[i], alone.means[0], rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(joint.observed[i], alone.observed[0], rtol=1e-8)


def test_the_gradient_vanishes_at_the_fit() -> None:
    values = _answers(5, 50, 3)
    fitted = reml.fit(values)
    gradient = derivatives(summarise(values), fitted.means, fitted.covariance).gradient
    assert np.abs(gradient).max() < 1e-7


@pytest.mark.parametrize("side", [1, -1])
def test_of_two_maxima_the_higher_is_taken(side: int) -> None:
    nan = float("nan")
    pairs = [[1, 1], [-1, -1], [1, -1], [-1, 1], [0.6, 0.5 * side]]
    once = [[3, nan], [-3, nan], [2.5, nan], [-2.5, nan], [nan, 3], [nan, -3], [nan, 2.5], [nan, -2.5]]
    values = np.array([pairs + once], dtype=float)
    patterns = summarise((values - np.nanmean(values, axis=1)) / np.nanstd(values, axis=1))
    tops = []
    for correlation in (0.5, -0.5):
        climb = reml._climb(patterns, np.array([[[1, correlation], [correlation, 1]]]))
        assert climb.converged[0]
        tops.append(climb.objective[0])
    assert (tops[0] - tops[1]) * side > 0.01, "both maxima must be there"
    fitted = reml.fit(values)
    assert fitted.objective[0] == pytest.approx(max(tops))
    assert fitted.covariance[0, 0, 1] * side > 0


def test_a_climb_that_does_not_arrive_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reml, "ROUNDS", 2)
    assert not reml.fit(_answers(2, 40, 2)).converged.any()


def test_sets_without_interior_maximum_are_marked() -> None:
    line = np.array([[1.0, 2], [2, 4], [3, 6], [4, 8], [1.5, np.nan], [np.nan, 3.5]])
    good = _answers(1, 6, 2)[0]
    good[:4] = [[1, 3], [2, 1], [3, 4], [4, 2]]
    good[4:] = [[1.5, np.nan], [np.nan, 3.5]]
    fitted = reml.fit(np.stack([line, good]))
    assert fitted.converged[1]
