"""Rows of a table that begin with the same words, as groups under one head."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from vunki_eval.results.blocks import Table


@dataclass(frozen=True, slots=True)
class Grouped:
    """A table without the column whose words head its groups.

    ``over`` is that column's title; ``heads`` are the words above a row, by the number of the row.
    """

    table: Table
    over: str = ""
    heads: tuple[tuple[int, str], ...] = ()

    @property
    def head_of(self) -> dict[int, str]:
        """The heads by the row below them."""
        return dict(self.heads)


def grouped(table: Table) -> Grouped:
    """Group rows under heads where first words are said at least twice on average, else leave the table as it is."""
    columns = table.columns
    if len(columns) < 3 or not columns[0].align == columns[1].align == "left" or not _pays([r[0] for r in table.rows]):
        return Grouped(table)
    heads, at = [], 0
    for words, rows in groupby(row[0] for row in table.rows):
        heads.append((at, words))
        at += len(list(rows))
    first = replace(columns[1], wide=columns[0].wide or columns[1].wide)
    rest = tuple(row[1:] for row in table.rows)
    return Grouped(replace(table, columns=(first, *columns[2:]), rows=rest), columns[0].title, tuple(heads))


def _pays(words: Sequence[str]) -> bool:
    """Tell whether the words make at least two groups, each in one piece, of at least two rows on average."""
    runs = [key for key, _ in groupby(words)]
    return 1 < len(runs) == len(set(runs)) <= len(words) / 2 and all(runs)
