"""Rows that begin alike stand under one heading, and only where that is shorter than repeating it."""

import pytest

from vunki_eval.report.render.row_groups import grouped
from vunki_eval.results.blocks import Column, Table

COLUMNS = (Column("Question", wide=True), Column("Answer"), Column("n", "right"))
ROWS = (("Sector", "school", "9"), ("Sector", "business", "7"), ("Role", "expert", "5"), ("Role", "mentor", "11"))


def table(rows=ROWS, columns=COLUMNS):
    return Table("t", "Who answered", columns, rows)


def test_first_words_become_the_heads_of_their_rows():
    groups = grouped(table())
    assert groups.column == "Question"
    assert groups.headings == ((0, "Sector"), (2, "Role"))
    assert [c.title for c in groups.table.columns] == ["Answer", "n"]
    assert groups.table.columns[0].wide, "the room of the column that went"
    assert groups.table.rows == tuple(row[1:] for row in ROWS)


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (ROWS[:2], COLUMNS),  # one group is no group
        (ROWS[1:3], COLUMNS),  # every row says something else
        ((*ROWS, ROWS[0], ROWS[1]), COLUMNS),  # a group in two pieces
        (tuple(("", *row[1:]) if row[0] == "Role" else row for row in ROWS), COLUMNS),  # a head without words
        (tuple(row[::2] for row in ROWS), COLUMNS[::2]),  # nothing would be left to say what a row is
        (ROWS, (Column("Question", "right"), *COLUMNS[1:])),  # numbers head no groups
    ],
)
def test_other_tables_stay_as_they_are(rows, columns):
    whole = table(rows, columns)
    groups = grouped(whole)
    assert groups.table is whole
    assert not groups.headings
    assert not groups.column
