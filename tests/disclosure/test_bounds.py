"""Bounds of hidden counts by linear programming."""

import pytest

from vunki_eval.disclosure.bounds import Equation, bound


def total(names: str, value: float) -> Equation:
    return Equation(dict.fromkeys(names, 1.0), value, value)


def test_only_the_base_bounds_a_count_in_no_equation() -> None:
    assert bound({"a": 10.0}, [], ["a"]) == {"a": (0.0, 10.0)}
    assert bound({"a": 10.0}, [total("a", 4)], []) == {}


def test_two_cells_and_their_sum() -> None:
    bounds = bound({"a": 60.0, "b": 60.0}, [total("ab", 8)], ["a", "b"])
    assert bounds["a"] == pytest.approx((0, 8), abs=1e-4)
    assert bounds["b"] == pytest.approx((0, 8), abs=1e-4)


def test_a_mean_solves_two_cells() -> None:
    mean = Equation({"a": 1.0, "b": 2.0, "c": 5.0}, 113, 113)
    bounds = bound(dict.fromkeys("abc", 60.0), [total("abc", 25), Equation({"c": 1.0}, 21, 21), mean], ["a", "b"])
    assert bounds["a"] == pytest.approx((0, 0), abs=1e-4)
    assert bounds["b"] == pytest.approx((4, 4), abs=1e-4)


def test_blocks_are_solved_side_by_side_as_if_alone() -> None:
    equations = [total("ab", 7), total("cde", 5), Equation({"c": 1.0, "d": 2.0}, 4, 6)]
    upper = dict.fromkeys("abcdef", 30.0)
    together = bound(upper, equations, list("abcdef"))
    alone = {n: bound(upper, equations, [n])[n] for n in "abcdef"}
    for name, limits in together.items():
        assert limits == pytest.approx(alone[name], abs=1e-4)
    assert together["f"] == (0.0, 30.0)


def test_a_contradiction_counts_as_known() -> None:
    assert bound({"a": 5.0}, [total("a", 9)], ["a"]) == {"a": (0.0, 0.0)}
