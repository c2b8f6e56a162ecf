"""Rows of a table that begin with the same text, as groups under one heading."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from vunki_eval.results.blocks import Table


@dataclass(frozen=True, slots=True)
class GroupedTable:
    """A table without its first column, whose texts became the headings of groups of rows.

    ``column`` is the title of that column. ``headings`` pairs each heading with the number of the row below it; without
    groups there are none, and the table is whole.
    """

    table: Table
    column: str = ""
    headings: tuple[tuple[int, str], ...] = ()

    @property
    def heading_of(self) -> dict[int, str]:
        """The headings by the number of the row below them."""
        return dict(self.headings)


def grouped(table: Table) -> GroupedTable:
    """Group the rows of a table by its first column where that saves repetition; else leave it as it is."""
    columns = table.columns
    if (
        len(columns) < 3
        or not columns[0].align == columns[1].align == "left"
        or not _repetitive([row[0] for row in table.rows])
    ):
        return GroupedTable(table)
    headings, start = [], 0
    for heading, rows in groupby(row[0] for row in table.rows):
        headings.append((start, heading))
        start += len(list(rows))
    first = replace(columns[1], wide=columns[0].wide or columns[1].wide)
    rest = tuple(row[1:] for row in table.rows)
    return GroupedTable(replace(table, columns=(first, *columns[2:]), rows=rest), columns[0].title, tuple(headings))


def _repetitive(texts: Sequence[str]) -> bool:
    """Tell whether texts form two groups or more, none in several pieces, of two rows or more on average."""
    groups = [text for text, _ in groupby(texts)]
    return 1 < len(groups) == len(set(groups)) <= len(texts) / 2 and all(groups)
