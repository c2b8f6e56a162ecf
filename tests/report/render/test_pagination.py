"""Gaps at the foot of pages are filled only where that makes the report better."""

import json

import pytest

from vunki_eval.report.render.pdf.pagination import FOOT, HEAD, LayoutMarks, read_marks, rough_pages, settle


def marks(*rows):
    return read_marks(json.dumps([{"place": p, "key": k, "page": n, "y": y} for p, k, n, y in rows]))


def figure(name):
    return {"kind": "figure", "file": name}


def test_a_figure_that_moved_and_the_hole_it_left_are_seen():
    layout = marks(("reach", "", 1, 400.0), ("before", "a", 1, 400.0), ("inside", "a", 2, HEAD), ("end", "", 2, 600.0))
    assert layout.moved == {"a": 1}
    assert layout.blank(1) == pytest.approx(FOOT - 400)
    assert layout.blank(2) == 0  # the last page may end where it ends
    assert layout.cost == (0, 2, round((FOOT - 400) ** 2))


def test_a_figure_that_fits_moved_nowhere():
    assert marks(("before", "a", 1, 100.0), ("inside", "a", 1, 110.0), ("end", "", 1, 700.0)).moved == {}


@pytest.mark.parametrize("better", [True, False])
def test_what_does_not_help_is_taken_back(better):
    content = {"sections": [{"blocks": [figure("a"), {"kind": "paragraph"}, figure("b")]}], "tight": False}
    stiff, loose = (
        LayoutMarks({"a": 1}, {1: 400.0, 2: 700.0}),
        LayoutMarks({}, {1: 700.0 if better else 300.0, 2: 700.0}),
    )
    seen = []

    def measure(now):
        floats = bool(now["sections"][0].get("floats"))
        seen.append(floats)
        return loose if floats else stiff

    settle(content, measure)
    assert seen == [False, True]
    assert [b.get("floats") for b in content["sections"][0]["blocks"]] == [better, None, better]


def test_figures_with_nothing_after_them_stay():
    content = {"sections": [{"blocks": [{"kind": "paragraph"}, figure("a")]}], "tight": False}
    settle(content, lambda now: LayoutMarks({"a": 1}, {1: 300.0, 2: 700.0}))
    assert not any(b.get("floats") for b in content["sections"][0]["blocks"])


def test_a_nearly_empty_last_page_is_drawn_in():
    content = {"sections": [], "tight": False}

    def measure(now):
        return LayoutMarks({}, dict.fromkeys((1, 2), 700.0) | ({} if now["tight"] else {3: 120.0}))

    settle(content, measure)
    assert content["tight"]
    assert not content["snug"]


def test_rows_are_set_tighter_where_that_alone_saves_a_few_lines_on_a_last_page():
    content = {"sections": []}

    def measure(now):
        return LayoutMarks({}, dict.fromkeys((1, 2), 700.0) | ({} if now["snug"] else {3: 120.0}))

    settle(content, measure)
    assert content == {"sections": [], "tight": False, "snug": True}


def test_a_last_page_that_tightness_cannot_save_is_left():
    content = {"sections": [], "tight": False}

    settle(content, lambda now: LayoutMarks({}, {1: 700.0, 2: 700.0, 3: 120.0}))
    assert not content["tight"]


def test_pages_that_a_table_runs_through_are_full():
    layout = marks(("table", "", 1, 400.0), ("reach", "", 3, 200.0), ("end", "", 4, 100.0))
    assert [layout.blank(page) for page in (1, 2)] == [0, 0]
    assert layout.blank(3) == pytest.approx(FOOT - 200)


def test_a_figure_never_overtakes_another():
    order = [("before", "a", 1, 300.0), ("before", "b", 1, 400.0)]
    assert marks(*order, ("inside", "a", 1, 310.0), ("inside", "b", 2, HEAD)).early == 0
    assert marks(*order, ("inside", "a", 2, 310.0), ("inside", "b", 2, HEAD)).early == 1


def test_a_figure_never_stands_before_the_head_of_its_section():
    head, begun = ("section", "1", 2, 300.0), ("before", "a", 2, 400.0)
    assert marks(head, begun, ("inside", "a", 3, HEAD)).early == 0
    assert marks(head, begun, ("inside", "a", 2, HEAD)).early == 1
    assert marks(("section", "1", 1, 300.0), ("before", "a", 2, 400.0), ("inside", "a", 2, HEAD)).early == 0


@pytest.mark.parametrize(("page", "amid"), [(1, 0), (2, 1), (3, 0)])
def test_a_figure_between_the_rows_of_a_table_is_seen(page, amid):
    table = [("table", "t", 1, 500.0), ("after", "t", 2, 400.0)]
    assert marks(*table, ("inside", "a", page, HEAD), ("end", "", 3, 700.0)).amid == amid


def test_one_large_hole_is_worse_than_two_small_ones():
    large, small = LayoutMarks({}, {1: 300.0, 2: FOOT, 3: FOOT}), LayoutMarks({}, {1: 500.0, 2: 500.0, 3: FOOT})
    assert small.cost < large.cost


def test_a_whole_table_breaks_where_that_fills_a_page():
    table = {"kind": "table", "file": "table-0"}
    content = {"sections": [{"blocks": [table]}], "tight": False}

    def measure(now):
        broken = bool(table.get("breaks"))
        return LayoutMarks({} if broken else {"table-0": 1}, {1: FOOT if broken else 500.0, 2: 700.0})

    settle(content, measure)
    assert table["breaks"] is True
    assert not content["sections"][0]["floats"]


def test_a_small_hole_breaks_no_table():
    table = {"kind": "table", "file": "table-0"}
    content = {"sections": [{"blocks": [table]}], "tight": False}
    settle(content, lambda now: LayoutMarks({"table-0": 1}, {1: FOOT - 100, 2: 700.0}))
    assert "breaks" not in table


def test_a_long_report_is_set_tighter_first():
    content = {"sections": [], "tight": False}
    seen = []

    def measure(now):
        seen.append(now["tight"])
        return LayoutMarks({}, dict.fromkeys(range(1, 27 if now["tight"] else 28), 700.0))

    settle(content, measure)
    assert seen == [False, True]
    assert content["tight"]


def test_what_is_plainly_long_is_tight_from_the_start():
    tall = {"kind": "figure", "file": "a", "height": 560.0}
    content = {"sections": [{"title": "t", "blocks": [dict(tall) for _ in range(28)]}], "tight": False}
    seen = []

    def measure(now):
        seen.append(now["tight"])
        return LayoutMarks({}, dict.fromkeys(range(1, 27), 700.0))

    settle(content, measure)
    assert seen == [True]


def test_pages_are_guessed_from_what_stands_on_them():
    row = ("Küsimus", "20")
    blocks = [
        {"kind": "paragraph", "content": [{"text": 780 * "a"}]},
        {"kind": "bullets", "items": [[{"text": "a"}], [{"text": "b"}]]},
        {"kind": "table", "rows": [row] * 30, "note": ""},
        {"kind": "heading"},
    ]
    few, more = ({"sections": [{"blocks": b}]} for b in (blocks[:1], blocks))
    assert 2 < rough_pages(few) < 3
    assert rough_pages(few) + 0.8 < rough_pages(more) < rough_pages(few) + 1.4
