"""Networks against igraph and an enumeration of all labellings in R."""

import numpy as np
import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import network


@pytest.fixture
def ties(data) -> list[tuple[str, str]]:
    return list(data("ties_before.csv").itertuples(index=False, name=None))


@pytest.fixture
def sectors(data) -> dict[str, str]:
    return dict(data("people.csv").itertuples(index=False, name=None))


def test_mixing_equals_igraph(golden, ties, sectors) -> None:
    result = network.mixing(ties, sectors)
    assert result.sectors == ("business", "public", "village")
    np.testing.assert_array_equal(result.counts, golden["network"]["counts"])
    assert result.counts.dtype.kind == "i"
    with pytest.raises(ValueError, match="read-only"):
        result.counts[0, 0] = 1


def test_the_index_equals_r_and_p_the_enumeration(golden, ties, sectors) -> None:
    expected = golden["network"]
    result = network.ei_index(ties, sectors, seed=1)
    assert result.observed == pytest.approx(expected["observed"], rel=1e-12)
    assert result.expected == pytest.approx(expected["expected"], rel=1e-12)
    assert result.p == pytest.approx(expected["p"], abs=4.5 * np.sqrt(expected["p"] / 100_000) + 1e-5)


def test_p_of_a_tiny_network_is_near_its_exact_value() -> None:
    sectors = {"a": 1, "b": 1, "c": 2, "d": 2}
    # of the three ways to pair four people, one leaves both ties inside, two leave both outside; expected -1/3 + 2/3
    result = network.ei_index([("a", "b"), ("c", "d")], sectors, seed=2)
    assert (result.observed, result.expected) == pytest.approx((-1.0, 1 / 3))
    assert result.p == pytest.approx(1 / 3, abs=0.01)


def test_order_and_repeats_do_not_matter(ties, sectors) -> None:
    first = network.ei_index(ties, sectors, seed=3)
    shuffled = dict(reversed(list(sectors.items())))
    assert network.ei_index([*reversed(ties), ties[0], ("a", "a")], shuffled, seed=3) == first
    np.testing.assert_array_equal(
        network.mixing([*ties, ties[0], ("a", "a")], sectors).counts, network.mixing(ties, sectors).counts
    )


def test_change_equals_igraph(golden, data, ties, agrees) -> None:
    later = list(data("ties_after.csv").itertuples(index=False, name=None))
    agrees(network.change(ties, later), golden["network"], rel=1e-12)


def test_ties_have_a_direction() -> None:
    assert network.change([("a", "b")], [("b", "a")]) == network.TieChange(0, 1, 1, 0.0)


def test_named_equals_out_degree(golden, ties, sectors) -> None:
    np.testing.assert_array_equal(network.named(ties, list(sectors)), golden["network"]["named"])


def test_blau_equals_its_formula(golden) -> None:
    assert network.blau([5, 4, 3]) == pytest.approx(golden["network"]["blau"], rel=1e-12)
    assert network.blau([7, 0]) == 0.0


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: network.ei_index([], {"a": 1, "b": 2}, seed=1), "VE-660"),
        (lambda: network.ei_index([("a", "b")], {"a": 1, "b": 1}, seed=1), "VE-660"),
        (lambda: network.change([], [("a", "a")]), "VE-661"),
        (lambda: network.blau([]), "VE-662"),
        (lambda: network.blau([0, 0]), "VE-662"),
        (lambda: network.blau([3, -1]), "VE-662"),
        (lambda: network.mixing([("a", "z")], {"a": 1, "b": 2}), "VE-663"),
    ],
)
def test_what_cannot_be_computed_says_why(call, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        call()
