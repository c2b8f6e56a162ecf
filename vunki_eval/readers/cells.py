"""Columns of large files: each distinct text is stored once, and each row holds its number.

This saves memory, and a text that occurs in a thousand rows is cleaned only once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Cells(Sequence[str]):
    """The cells of a column: row ``k`` holds ``texts[codes[k]]``, and every text occurs in some row."""

    codes: np.ndarray
    texts: list[str]

    def __len__(self) -> int:
        """Count rows."""
        return len(self.codes)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> "Cells": ...
    def __getitem__(self, at: int | slice) -> "str | Cells":
        """Return one cell, or the cells of a slice of rows."""
        return self.take(self.codes[at]) if isinstance(at, slice) else self.texts[self.codes[at]]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the cells in row order."""
        return map(self.texts.__getitem__, self.codes.tolist())

    def take(self, codes: np.ndarray) -> "Cells":
        """Make a column of these codes, without the texts that no longer occur."""
        used = np.flatnonzero(np.bincount(codes, minlength=len(self.texts)))
        if len(used) == len(self.texts):
            return Cells(codes, self.texts)
        new_code = np.zeros(len(self.texts), dtype=codes.dtype)
        new_code[used] = np.arange(len(used))
        return Cells(new_code[codes], [self.texts[k] for k in used])


@dataclass(frozen=True, slots=True, eq=False)
class Rows(Sequence[list[str]]):
    """The rows of a large file, stored as columns."""

    columns: tuple[Cells, ...]

    def __len__(self) -> int:
        """Count rows."""
        return len(self.columns[0])

    @overload
    def __getitem__(self, at: int) -> list[str]: ...
    @overload
    def __getitem__(self, at: slice) -> "Rows": ...
    def __getitem__(self, at: int | slice) -> "list[str] | Rows":
        """Return one row, or a slice of rows."""
        if isinstance(at, slice):
            return Rows(tuple(c[at] for c in self.columns))
        return [c[at] for c in self.columns]


def distinct(cells: Sequence[str]) -> Iterable[str]:
    """List every distinct text of a column."""
    return cells.texts if isinstance(cells, Cells) else set(cells)


def looked_up(cells: Sequence[str], values: dict[str, Any], kind: type) -> np.ndarray:
    """Look up the value of every cell; return an array of the given type (float, bool, object)."""
    if isinstance(cells, Cells):
        table: np.ndarray = np.empty(len(cells.texts), dtype=kind)
        table[:] = [values[text] for text in cells.texts]
        column: np.ndarray = table[cells.codes]
        return column
    out: np.ndarray = np.empty(len(cells), dtype=kind)
    out[:] = [values[cell] for cell in cells]
    return out


def rows_with(cells: Sequence[str], texts: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Find the rows whose cell is one of the texts; yield row and cell."""
    wanted = set(texts)
    if isinstance(cells, Cells):
        is_wanted = np.array([t in wanted for t in cells.texts], dtype=bool)
        rows = np.flatnonzero(is_wanted[cells.codes]).tolist()
        yield from ((row, cells[row]) for row in rows)
        return
    yield from ((row, cell) for row, cell in enumerate(cells) if cell in wanted)
