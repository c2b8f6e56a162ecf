"""No class is smaller than k, few are never left out alone, and no more is given up than is needed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vunki_eval.privacy.open_data import refine
from vunki_eval.privacy.open_data.anonymous import ALL, OTHER, anonymise, ladder, unanimous_pairs


def chosen(frame: pd.DataFrame, k: int = 5, least: int = 10, **bands: list[list[str]]):  # type: ignore[no-untyped-def]
    ladders = {c: ladder(frame[c], bands.get(c, []), k) for c in frame}
    return anonymise(frame, ladders, k=k, least=least)


def test_steps_of_a_quasi_identifier() -> None:
    values = pd.Series(["a"] * 30 + ["b"] * 12 + ["c"] * 4 + ["d"] * 3 + [None])
    steps = ladder(values, [["a"], ["b", "c", "d"]], 5)
    assert steps[0] == {v: v for v in "abcd"}
    assert steps[1] == {"a": "a", "b": OTHER, "c": OTHER, "d": OTHER}
    assert {"a": "a", "b": "b+c+d", "c": "b+c+d", "d": "b+c+d"} in steps
    assert set(steps[-1].values()) == {ALL}


def test_what_is_safe_stays_as_it_is() -> None:
    frame = pd.DataFrame({"a": ["x", "y"] * 20, "b": ["p"] * 20 + ["q"] * 20})
    made = chosen(frame)
    assert (len(made.kept), made.classes, made.smallest) == (40, 4, 10)
    assert dict(made.steps) == {"a": 0, "b": 0}


def test_one_rare_person_is_merged_not_left_out() -> None:
    frame = pd.DataFrame({"sector": ["a"] * 30 + ["b"] * 20 + ["c"]})
    made = chosen(frame)
    assert len(made.kept) == 51
    assert made.values["sector"].value_counts().min() >= 5
    assert "c" not in set(made.values["sector"])


def test_what_many_share_is_given_where_they_share_it() -> None:
    """Gender is too rare in the small sector to be given of everybody: it is given in the big one, of nobody else."""
    frame = pd.DataFrame({
        "sector": ["a"] * 40 + ["b"] * 9, "gender": ["x", "y"] * 20 + ["x"] * 7 + ["y"] * 2,
    })  # fmt: skip
    made = chosen(frame)
    assert len(made.kept) == 49
    assert made.values["sector"].tolist() == frame["sector"].tolist()
    assert made.values["gender"].tolist() == ["x", "y"] * 20 + [ALL] * 9
    assert made.published_for == {"sector": 49, "gender": 40}
    whole, fine = made.kept_information
    assert whole < fine < 1
    assert whole == pytest.approx(0.5)


def test_nothing_is_given_that_would_make_a_class_of_one_mind() -> None:
    """All of gender x said the same: with the gender given, whoever knows that somebody took part would know it."""
    frame = pd.DataFrame({"sector": ["a"] * 20 + ["b"] * 9, "gender": ["x", "y"] * 10 + ["x"] * 7 + ["y"] * 2})
    answers = pd.DataFrame({"q": [1.0, 2.0] * 2 + [1.0, 3.0] * 8 + [1.0, 2.0, 3.0] * 3})
    ladders = {c: ladder(frame[c], [], 5) for c in frame}
    made = anonymise(frame, ladders, k=5, least=10, answers=answers)
    assert set(made.values["gender"]) == {ALL}
    assert unanimous_pairs(made.values, answers, 5) == 0
    assert set(anonymise(frame, ladders, k=5, least=10).values["gender"]) == {"x", "y", ALL}


def test_a_part_that_is_called_other_already_does_not_swallow_the_rest() -> None:
    """Merged once by their step and once by their number, all values of a class may get one name: that is no split."""
    frame = pd.DataFrame({
        "a": (["x"] * 60 + ["y"] * 6) + ["x"] * 4 + ["y"] * 9 + ["z"] * 3 + ["w"] * 3,
        "b": ["p"] * 66 + ["q"] * 19,
    })  # fmt: skip
    made = chosen(frame)
    assert made.values.iloc[made.kept].groupby(["a", "b"]).size().min() >= 5


def test_published_values_are_true_or_coarser() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({c: rng.choice(list("abcde"), 150, p=[0.4, 0.3, 0.15, 0.1, 0.05]) for c in "xyz"})
    made = chosen(frame, x=[["a", "b"], ["c", "d", "e"]])
    for name in frame:
        for true, published in zip(frame[name], made.values[name], strict=True):
            assert published in (true, ALL, OTHER) or true in published.split("+")


def test_parts_that_are_counted_lose_nobody_or_enough() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"a": rng.choice(list("abcdefgh"), 120), "b": rng.choice(list("pqrst"), 120)})
    part = np.arange(120) < 40
    ladders = {c: ladder(frame[c], [], 5) for c in frame}
    made = anonymise(frame, ladders, k=5, least=10, parts=[part])
    gone = np.setdiff1d(np.arange(120), made.kept)
    assert len(gone) == 0 or len(gone) >= 10
    assert part[gone].sum() not in range(1, 5)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from(["x", "y", None]), st.sampled_from("12345")),
        min_size=10, max_size=90,
    ),
    st.integers(5, 7),
)  # fmt: skip
def test_every_class_has_k_people(rows: list[tuple[str, str | None, str]], k: int) -> None:
    frame = pd.DataFrame(rows, columns=["sector", "gender", "age"], dtype=object)
    made = chosen(frame, k, 10, age=[["1", "2"], ["3"], ["4", "5"]])
    kept = made.values.iloc[made.kept]
    assert kept.groupby(list(kept.columns)).size().min() == made.smallest >= k
    dropped = len(frame) - len(kept)
    assert dropped == 0 or dropped >= 10
    assert 0 <= made.kept_information[0] <= made.kept_information[1] + 1e-12 <= 1 + 1e-9


def test_many_quasi_identifiers_are_raised_together() -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({f"q{i}": rng.choice(list("abcdef"), 60) for i in range(9)})
    made = chosen(frame)
    kept = made.values.iloc[made.kept]
    assert kept.groupby(list(kept.columns)).size().min() >= 5


def test_the_work_grows_with_the_people_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every split leaves two classes, so that no more are looked at than twice the classes in the end."""
    looked = []

    def counted(rows: np.ndarray, *rest: object) -> object:
        looked.append(len(rows))
        return splits(rows, *rest)

    splits = refine._splits
    monkeypatch.setattr(refine, "_splits", counted)
    rng = np.random.default_rng(4)
    for n in (200, 5000):
        frame = pd.DataFrame({c: rng.choice(list("abcdef"), n, p=[0.5, 0.2, 0.1, 0.1, 0.06, 0.04]) for c in "uvwxyz"})
        answers = pd.DataFrame(rng.integers(1, 6, (n, 60)))
        looked.clear()
        made = anonymise(frame, {c: ladder(frame[c], [], 5) for c in frame}, k=5, least=10, answers=answers)
        assert made.smallest >= 5
        assert 2 < len(looked) <= 2 * made.classes
        assert made.kept_information[1] > made.kept_information[0]


def test_answers_that_all_of_a_class_gave() -> None:
    values = pd.DataFrame({"a": ["x"] * 5 + ["y"] * 5})
    answers = pd.DataFrame({"q": [1.0] * 5 + [1, 2, 1, 2, 1], "r": [1.0, 2, 1, 2, 1] + [3.0] * 4 + [np.nan]})
    assert unanimous_pairs(values, answers, 5) == 1
    assert unanimous_pairs(values, answers, 4) == 2


def test_an_empty_quasi_identifier() -> None:
    made = chosen(pd.DataFrame({"a": [None] * 12, "b": ["x"] * 12}, dtype=object))
    assert (len(made.kept), made.classes) == (12, 1)


@pytest.mark.parametrize("n", [5, 6, 9])
def test_small_numbers_fall_into_one_class(n: int) -> None:
    made = chosen(pd.DataFrame({"a": [str(i) for i in range(n)]}))
    assert (len(made.kept), made.classes, set(made.values["a"])) == (n, 1, {ALL})
