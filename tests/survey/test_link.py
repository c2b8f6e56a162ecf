import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vunki_eval.survey.link import link_waves, pair_codes, same_codes

WAVES = ("pre", "post", "followup")


def link(pre: list[str], post: list[str], followup: list[str] = (), **more: object):  # type: ignore[no-untyped-def,assignment]
    """Link codes written as texts of one letter per element; "_" is blank. Rows are numbered through."""
    codes = [*pre, *post, *followup]
    frame = pd.DataFrame([[None if c == "_" else c for c in code] for code in codes], dtype=object)
    waves = pd.Series([w for w, part in zip(WAVES, (pre, post, followup), strict=True) for _ in part])
    return link_waves(frame, waves, WAVES, **more)  # type: ignore[arg-type]


def groups(linked) -> list[tuple[int, ...]]:  # type: ignore[no-untyped-def]
    """Rows of every person who has more than one."""
    rows = linked.person.groupby(linked.person).groups.values()
    return sorted(tuple(g) for g in rows if len(g) > 1)


def test_exact_then_one_difference() -> None:
    linked = link(["ABCDEF", "GHIJKL", "MNOPQR"], ["GHIJKL", "ABCDEx", "zzOPQR"])
    assert groups(linked) == [(0, 4), (1, 3)]
    assert linked.method.tolist() == ["one_difference", "exact", "none", "exact", "one_difference", "none"]
    assert linked.ambiguous == ()


@pytest.mark.parametrize(
    ("before", "after", "method"),
    [
        ("ABCDEF", "ABCDE_", "one_difference"), ("ABCDE_", "ABCDE_", "exact"), ("ABCDE_", "ABCDEF", "one_difference"),
        ("ABCD__", "ABCD__", "none"), ("ABCDE_", "ABCDx_", "none"), ("ABCDEF", "ABCDxy", "none"),
        ("______", "______", "none"), ("ABCDE_", "ABCD_F", "none"),
    ],
)  # fmt: skip
def test_blanks(before: str, after: str, method: str) -> None:
    assert link([before], [after]).method[1] == method


def test_exact_partner_goes_before_a_near_one() -> None:
    assert groups(link(["ABCDEF", "ABCDEx"], ["ABCDEF"])) == [(0, 2)]


def test_only_mutually_unique_pairs() -> None:
    linked = link(["ABCDEx", "ABCDEy", "GHIJKL"], ["ABCDEz", "GHIJKz"])
    assert groups(linked) == [(2, 4)]
    assert linked.ambiguous == (0, 1, 3)


def test_same_codes_in_a_wave_are_linked_to_nobody() -> None:
    linked = link(["ABCDEF", "ABCDEF"], ["ABCDEF", "ABCDEx"])
    assert groups(linked) == []
    assert linked.ambiguous == (0, 1, 2)
    assert same_codes(pd.DataFrame([list("ABCD"), list("ABCE"), list("ABCD")])) == [(0, 2)]


def test_blank_codes_are_not_the_same() -> None:
    assert same_codes(pd.DataFrame([[None] * 4, [None] * 4, ["A", "B", None, None], ["A", "B", None, None]])) == []
    assert same_codes(pd.DataFrame([["A", "B", "C", None], ["A", "B", "C", None]])) == [(0, 1)]
    assert same_codes(pd.DataFrame(index=range(3))) == []


def test_stable_answers_veto() -> None:
    stable = pd.DataFrame({"age": [1.0, 2.0, np.nan, 2.0, 2.0, 3.0]})
    linked = link(["ABCDEF", "GHIJKL", "MNOPQR"], ["ABCDEF", "GHIJKL", "MNOPQR"], stable=stable)
    assert groups(linked) == [(1, 4), (2, 5)]
    assert linked.contradicted == (0, 3)


def test_veto_makes_a_near_match_unique() -> None:
    stable = pd.DataFrame({"age": [1.0, 2.0, 2.0]})
    assert groups(link(["ABCDEx", "ABCDEy"], ["ABCDEz"], stable=stable)) == [(1, 2)]


def test_three_waves() -> None:
    linked = link(["ABCDEF"], ["ABCDEF", "GHIJKL"], ["GHIJKx", "ABCDxF", "UVWXYZ"])
    assert groups(linked) == [(0, 1, 4), (2, 3)]
    assert linked.method.tolist() == ["exact", "exact", "one_difference", "one_difference", "one_difference", "none"]


def test_later_waves_are_compared_with_the_first_response() -> None:
    linked = link(["ABCDEF"], ["ABCDEx"], ["ABCDyx"])
    assert groups(linked) == [(0, 1)]


def test_rulings() -> None:
    codes = (["ABCDEF", "GHIJKL"], ["ABCDEF", "zzzzzz"])
    assert groups(link(*codes, must_link=[(1, 3)], cannot_link=[(0, 2)])) == [(1, 3)]
    assert link(*codes, must_link=[(3, 1)]).method.tolist() == ["exact", "decision", "exact", "decision"]
    assert groups(link(["ABCDEx", "ABCDEy"], ["ABCDEz"], cannot_link=[(2, 0)])) == [(1, 2)]
    assert groups(link(["A"], ["B"], ["B"], must_link=[(0, 1)])) == [(0, 1)]


def test_typed_ids() -> None:
    linked = link(["1", "2", "_"], ["2", "3", "_"])
    assert groups(linked) == [(1, 3)]
    assert linked.method.tolist() == ["none", "id", "none", "id", "none", "none"]
    assert math.isnan(linked.false_link_share)


def test_short_codes_are_exact_only() -> None:
    assert link(["ABC"], ["ABx"]).method.tolist() == ["none", "none"]
    assert link(["ABC"], ["ABC"]).method.tolist() == ["exact", "exact"]
    assert link(["ABCD"], ["ABCx"]).method.tolist() == ["one_difference"] * 2


def test_without_codes_nobody_is_linked() -> None:
    linked = link_waves(pd.DataFrame(index=range(2)), pd.Series(["pre", "post"]), WAVES)
    assert linked.method.tolist() == ["none", "none"]
    assert math.isnan(linked.false_link_share)


def drawn(rng: np.random.Generator, people: int, error: float, elements: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Codes of the same people twice, each element wrong with a small chance; 20, 31, 20, 5, 20, 20 values."""
    sizes = np.array([20, 31, 20, 5, 20, 20, 20, 20, 20, 20, 20, 20][:elements])
    truth = (rng.random((people, elements)) * sizes).astype(int)
    noise = (rng.random((2, people, elements)) * sizes).astype(int)
    wrong = rng.random((2, people, elements)) < error
    first, second = np.where(wrong, noise, truth)
    return first, second


def no_stable(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.empty((len(left), 0), dtype=np.int64), np.empty((len(right), 0), dtype=np.int64)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(4, 12), st.sampled_from([2, 3, 20]))
def test_pairs_equal_those_of_comparing_everybody(seed: int, elements: int, values: int) -> None:
    """The fast way gives what the definition gives, on small sets full of near codes and blanks."""
    rng = np.random.default_rng(seed)
    left, right = (rng.integers(-1, values, (12, elements)) for _ in range(2))
    right[:6] = left[:6]
    right[:4, 0] = 0
    pairs = pair_codes(left, right, stable=no_stable(left, right))
    fast = sorted(zip(pairs.left.tolist(), pairs.right.tolist(), pairs.differences.tolist(), strict=True))
    assert fast == slow_pairs(left, right)


def slow_pairs(left: np.ndarray, right: np.ndarray) -> list[tuple[int, int, int]]:
    size = left.shape[1]
    agree = (left[:, None] == right[None]) & (left[:, None] >= 0)
    exact = (left[:, None] == right[None]).all(axis=2) & (agree.sum(axis=2) >= size - 1)
    near = agree.sum(axis=2) == size - 1
    pairs, rows, columns = [], np.ones(len(left), bool), np.ones(len(right), bool)
    for step, match in ((0, exact), (1, near)):
        here = match & rows[:, None] & columns[None]
        single = here & (here.sum(axis=1) == 1)[:, None] & (here.sum(axis=0) == 1)[None]
        pairs += [(int(a), int(b), step) for a, b in zip(*np.nonzero(single), strict=True)]
        rows &= ~here.any(axis=1)
        columns &= ~here.any(axis=0)
    return sorted(pairs)


def test_row_order_does_not_matter() -> None:
    rng = np.random.default_rng(3)
    first, second = drawn(rng, 60, 0.08)
    a, b = rng.permutation(60), rng.permutation(60)
    pairs = pair_codes(first, second, stable=no_stable(first, second))
    moved = pair_codes(first[a], second[b], stable=no_stable(first, second))
    assert {*zip(pairs.left, pairs.right, strict=True)} == {*zip(a[moved.left], b[moved.right], strict=True)}


def test_expected_share_of_wrong_links_is_calibrated() -> None:
    """90 before, 60 after, 50 of them the same people, 5 % errors: expected and true wrong links agree (300 draws)."""
    rng = np.random.default_rng(11)
    expected, wrong, links = 0.0, 0, 0
    for _ in range(300):
        first, second = drawn(rng, 100, 0.05, elements=4)
        codes = pd.DataFrame(np.concatenate([first[:90], second[40:]]))
        linked = link_waves(codes, pd.Series(["pre"] * 90 + ["post"] * 60), WAVES)
        pairs = [(int(p), k - 50) for k, p in enumerate(linked.person) if k >= 90 and p != k]
        links += len(pairs)
        wrong += sum(a != b for a, b in pairs)
        expected += linked.false_link_share * len(pairs)
    assert 0.5 < expected / wrong < 2
    assert 0.005 < wrong / links < 0.08


def test_linking_is_as_good_as_the_literature_says() -> None:
    """Six elements, 5 % errors: about nine in ten returning people are linked, hardly any wrongly."""
    rng = np.random.default_rng(5)
    first, second = drawn(rng, 2000, 0.05)
    pairs = pair_codes(first, second, stable=no_stable(first, second))
    right = (pairs.left == pairs.right).sum()
    assert 0.85 < right / 2000 < 0.95
    assert (len(pairs.left) - right) / len(pairs.left) < 0.01


@pytest.mark.slow
def test_a_million_codes_are_linked_right() -> None:
    rng = np.random.default_rng(1)
    sizes = [26, 31, 26, 10, 26, 26, 40, 40]
    truth = np.column_stack([rng.integers(0, size, 1_000_000) for size in sizes])
    second = np.where(rng.random(truth.shape) < 0.02, rng.integers(0, 10, truth.shape), truth)
    pairs = pair_codes(truth, second, stable=no_stable(truth, second))
    assert (pairs.left == pairs.right).mean() > 0.99
    assert len(pairs.left) > 900_000


@pytest.mark.parametrize("error", [0.0, 0.05])
def test_quality_of_linking_with_known_truth(error: float) -> None:
    """The first half of the second wave are the people of the first half of the first."""
    from vunki_eval.survey.link.quality import linking_quality

    draw, size = np.random.default_rng(8), 600
    letters = (12, 15, 12, 4, 12)  # few enough that strangers are taken for each other now and then
    first, second = (np.column_stack([draw.integers(0, k, size) for k in letters]) for _ in range(2))
    second[: size // 2] = first[: size // 2]
    mistyped = draw.random((size // 2, len(letters))) < error
    second[: size // 2][mistyped] = 99
    codes = pd.DataFrame(np.concatenate([first, second]))
    waves = pd.Series(["pre"] * size + ["post"] * size)
    (row,) = linking_quality(codes, waves, ["pre", "post"]).to_dict("records")
    linked = link_waves(codes, waves, ["pre", "post"])
    after = linked.person[waves == "post"][linked.method[waves == "post"] != "none"]
    wrong = float((after.to_numpy() != after.index.to_numpy() - size).mean())
    assert (row["n"], row["linked"], row["exact"] + row["one_difference"]) == (size, len(after), len(after))
    assert row["rate"] == len(after) / size
    assert row["rate"] > 0.4
    assert row["expected_wrong_share"] == pytest.approx(wrong, abs=0.04)
