"""Which answers are merged: bands first, then neighbours or "other", hiding last."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vunki_eval.disclosure.partitions import (
    Cells,
    choose_nominal,
    choose_ordered,
    finest,
    is_admissible,
    is_small,
    neighbour_partitions,
    refine,
)

BANDS: Cells = ((0, 1), (2,), (3, 4))


def counts(*n: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array(n, dtype=np.int64)


@pytest.mark.parametrize(("n", "total", "small"), [
    (0, 60, False), (1, 60, True), (4, 60, True), (5, 60, False), (55, 60, False), (56, 60, True), (60, 60, False),
])  # fmt: skip
def test_counts_and_complements(n: int, total: int, small: bool) -> None:
    assert is_small(n, total, 5) is small


def test_every_answer_where_all_are_large() -> None:
    assert choose_ordered([counts(8, 9, 10, 11, 12)], [finest(5), BANDS], 5) == finest(5)


def test_bands_before_anything_else() -> None:
    assert choose_ordered([counts(2, 9, 10, 11, 12)], [finest(5), BANDS], 5) == BANDS


def test_neighbours_where_bands_are_not_enough() -> None:
    assert choose_ordered([counts(0, 1, 7, 20, 30)], [finest(5), BANDS], 5) == ((0, 1, 2), (3,), (4,))


def test_one_choice_for_all_waves() -> None:
    waves = [counts(8, 9, 10, 11, 12), counts(0, 1, 7, 20, 30)]
    assert choose_ordered(waves, [finest(5), BANDS], 5) == ((0,), (1, 2), (3,), (4,))


def test_nothing_where_all_but_few_agree() -> None:
    assert choose_ordered([counts(0, 1, 1, 0, 58)], [finest(5), BANDS], 5) is None


def test_refining_cuts_at_both() -> None:
    assert refine(((0, 1, 2, 3), (4, 5, 6)), ((0, 1), (2, 3, 4, 5, 6))) == ((0, 1), (2, 3), (4, 5, 6))


def test_neighbours_are_all_partitions() -> None:
    assert len(neighbour_partitions(5, 5)) == 2**4 - 1
    assert all(sum(map(len, p)) == 5 for p in neighbour_partitions(5, 5))


def test_small_categories_become_other() -> None:
    assert choose_nominal(counts(20, 3, 30, 2, 9), (), 5) == (((0,), (2,), (4,), (1, 3)), (1, 3))


def test_other_takes_the_next_smallest_until_it_is_large_enough() -> None:
    assert choose_nominal(counts(20, 3, 30, 0, 9), (), 5) == (((0,), (2,), (3,), (1, 4)), (1, 4))


def test_bands_of_an_unordered_set_where_they_show_more() -> None:
    bands: Cells = ((0, 1), (2, 3), (4,))
    assert choose_nominal(counts(4, 20, 3, 30, 9), bands, 5) == (((1,), (3,), (4,), (0, 2)), (0, 2))
    assert choose_nominal(counts(1, 20, 1, 30, 9), bands, 5) == (bands, ())


def test_nothing_where_one_category_has_nearly_all() -> None:
    assert choose_nominal(counts(57, 3), (), 5) is None


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=7), st.integers(3, 10))
def test_what_is_chosen_shows_nothing_small(given_counts: list[int], threshold: int) -> None:
    answers = counts(*given_counts)
    for cells in (
        choose_ordered([answers], [finest(answers.size)], threshold),
        (choose_nominal(answers, (), threshold) or (None,))[0],
    ):
        if cells is not None:
            assert is_admissible(answers, cells, threshold)
            assert sorted(i for c in cells for i in c) == list(range(answers.size))
