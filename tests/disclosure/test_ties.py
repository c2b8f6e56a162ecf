"""Ties between sectors: merged, hidden, and nothing found by subtraction."""

from typing import Any

from vunki_eval.disclosure.ties import hide_summaries, merge_sectors, published_rows, reveals, tie_matrices
from vunki_eval.results.estimates import EstimateRow

Row = dict[str, Any]


def rows(base: dict[str, int], cells: dict[tuple[str, str], int], named: tuple[str, ...]) -> list[Row]:
    ties = [{"event": "e", "wave": "post", "from_sector": s, "to_sector": "all", "n": n} for s, n in base.items()]
    ties += [{"event": "e", "wave": "post", "from_sector": s, "to_sector": o, "n": n} for (s, o), n in cells.items()]
    totals = {o: sum(n for (_, to), n in cells.items() if to == o) for o in named}
    ties += [{"event": "e", "wave": "post", "from_sector": "all", "to_sector": o, "n": n} for o, n in totals.items()]
    return [*ties, {"event": "e", "wave": "post", "from_sector": "all", "to_sector": "all", "n": sum(base.values())}]


def published(ties: list[Row], bands: tuple[tuple[str, ...], ...] = ()) -> dict[tuple[str, str], int | None]:
    (matrix,) = tie_matrices(ties)
    protected, hidden = merge_sectors(matrix, bands, 5)
    return {(r["from_sector"], r["to_sector"]): r["n"] for r in published_rows(protected, hidden, 5)}


BIG = {"a": 30, "b": 25}
CELLS = {("a", "a"): 12, ("a", "b"): 15, ("b", "a"): 10, ("b", "b"): 9}


def test_large_cells_stand() -> None:
    counts = published(rows(BIG, CELLS, ("a", "b")))
    assert counts == {
        **CELLS,
        ("a", "all"): 30,
        ("b", "all"): 25,
        ("all", "all"): 55,
        ("all", "a"): 22,
        ("all", "b"): 24,
    }


def test_small_sectors_are_merged_into_other() -> None:
    base = {**BIG, "c": 3, "d": 4, "": 2}
    cells = {**CELLS, ("c", "a"): 2, ("c", "b"): 3, ("d", "a"): 1, ("d", "b"): 3, ("", "a"): 2, ("", "b"): 0}
    counts = published(rows(base, cells, ("a", "b")))
    assert not {s for s, _ in counts} & {"c", "d", ""}
    assert counts.get(("_other", "all"), 9) >= 5


def test_sectors_join_in_their_bands_where_that_shows_more() -> None:
    base = {"a": 9, "b": 11, "c": 10, "d": 12}
    cells = {(s, o): 4 for s in base for o in "ab"}
    counts = published(rows(base, cells, ("a", "b")), (("a", "b"), ("c", "d")))
    assert counts["a+b", "a"] == 8
    assert counts["c+d", "b"] == 8


def test_a_cell_hidden_alone_takes_another_with_it() -> None:
    cells = {**CELLS, ("a", "a"): 3, ("a", "c"): 14, ("b", "c"): 8, ("a", "d"): 9, ("b", "d"): 11}
    counts = published(rows(BIG, cells, ("a", "b", "c", "d")))
    assert [k for k, n in counts.items() if n is None] == [("a", "a"), ("b", "a")]


def test_none_and_all_of_a_sector_are_hidden() -> None:
    for n in (0, 30):
        counts = published(rows(BIG, {**CELLS, ("a", "a"): n}, ("a", "b")))
        assert counts.get(("a", "a")) is None


def test_where_more_would_be_hidden_than_shown_only_totals_are_left() -> None:
    counts = published(rows({"a": 9, "b": 9}, {(s, o): 4 for s in "ab" for o in "ab"}, ("a", "b")))
    assert {s for s, _ in counts} == {"all"}


def test_too_few_people_leave_nothing() -> None:
    assert published(rows({"a": 3}, {("a", "a"): 1}, ("a",))) == {("all", "all"): None}


def test_namings_inside_the_own_sector_can_give_a_cell_away() -> None:
    (matrix,) = tie_matrices(rows(BIG, {**CELLS, ("a", "a"): 3}, ("a", "b")))
    hidden = {("a", "a"), ("b", "a")}
    assert reveals(matrix, hidden, 3 + 9, 5)
    assert not reveals(matrix, set(), 3 + 9, 5)


def test_summaries_go_where_an_option_is_hidden() -> None:
    row = EstimateRow("NW8", "post", "blau", 0.7, event="e")
    place = ("e", "NW8", "post")
    assert hide_summaries([row], [place], {place: 0}) == [row]
    assert hide_summaries([row], [place], {place: 1})[0].status == "suppressed"
