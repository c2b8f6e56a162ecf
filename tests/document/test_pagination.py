"""Holes in pages are found and filled only where that makes the report better."""

import json

import pytest

from vunki_eval.document.pagination import FOOT, HEAD, Marks, read_marks, settle


def marks(*rows):
    return read_marks(json.dumps([{"place": p, "key": k, "page": n, "y": y} for p, k, n, y in rows]))


def figure(name):
    return {"kind": "figure", "file": name}


def test_a_figure_that_moved_and_the_hole_it_left_are_seen():
    found = marks(("reach", "", 1, 400.0), ("before", "a", 1, 400.0), ("inside", "a", 2, HEAD), ("end", "", 2, 600.0))
    assert found.moved == {"a": 1}
    assert found.blank(1) == pytest.approx(FOOT - 400)
    assert found.blank(2) == 0  # the last page may end where it ends
    assert found.cost == (2, round(FOOT - 400))


def test_a_figure_that_fits_moved_nowhere():
    assert marks(("before", "a", 1, 100.0), ("inside", "a", 1, 110.0), ("end", "", 1, 700.0)).moved == {}


@pytest.mark.parametrize("better", [True, False])
def test_what_does_not_help_is_taken_back(better):
    content = {"sections": [{"blocks": [figure("a"), {"kind": "paragraph"}, figure("b")]}], "tight": False}
    stiff, loose = Marks({"a": 1}, {1: 400.0, 2: 700.0}), Marks({}, {1: 700.0 if better else 300.0, 2: 700.0})
    seen = []

    def set_(now):
        floats = bool(now["sections"][0].get("floats"))
        seen.append(floats)
        return loose if floats else stiff

    settle(content, set_)
    assert seen == [False, True]
    assert [b.get("floats") for b in content["sections"][0]["blocks"]] == [better, None, better]


@pytest.mark.parametrize("kept", [True, False])
def test_figures_keep_the_order_of_their_numbers(kept):
    blocks = [figure("a"), figure("b"), {"kind": "paragraph"}]
    content = {"sections": [{"blocks": blocks}], "tight": False}
    stiff = Marks({"b": 1}, {1: 400.0, 2: 700.0}, {"a": (1, 90.0), "b": (2, HEAD)})
    places = {"a": (1, 90.0) if kept else (2, 500.0), "b": (2, HEAD)}
    settle(content, lambda now: Marks({}, {1: 700.0, 2: 700.0}, places) if now["sections"][0].get("floats") else stiff)
    assert [bool(b.get("floats")) for b in blocks] == [False, kept, False]


def test_figures_with_nothing_after_them_stay():
    content = {"sections": [{"blocks": [{"kind": "paragraph"}, figure("a")]}], "tight": False}
    settle(content, lambda now: Marks({"a": 1}, {1: 300.0, 2: 700.0}))
    assert not any(b.get("floats") for b in content["sections"][0]["blocks"])


def test_a_nearly_empty_last_page_is_drawn_in():
    content = {"sections": [], "tight": False}

    def set_(now):
        return Marks({}, dict.fromkeys((1, 2), 700.0) | ({} if now["tight"] else {3: 120.0}))

    settle(content, set_)
    assert content["tight"]


def test_a_last_page_that_tightness_cannot_save_is_left():
    content = {"sections": [], "tight": False}

    settle(content, lambda now: Marks({}, {1: 700.0, 2: 700.0, 3: 120.0}))
    assert not content["tight"]


def test_pages_that_a_table_runs_through_are_full():
    found = marks(("table", "", 1, 400.0), ("reach", "", 3, 200.0), ("end", "", 4, 100.0))
    assert [found.blank(page) for page in (1, 2)] == [0, 0]
    assert found.blank(3) == pytest.approx(FOOT - 200)
