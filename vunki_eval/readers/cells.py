"""Columns of large files: every different text once, and a number per row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Cells(Sequence[str]):
    """A column's cells: ``texts[codes[row]]``; every text occurs."""

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
        """Give a cell, or the cells of some rows."""
        return self.take(self.codes[at]) if isinstance(at, slice) else self.texts[self.codes[at]]

    def __iter__(self) -> Iterator[str]:
        """Give cell after cell."""
        return map(self.texts.__getitem__, self.codes.tolist())

    def take(self, codes: np.ndarray) -> "Cells":
        """Keep the texts that occur in codes."""
        used = np.flatnonzero(np.bincount(codes, minlength=len(self.texts)))
        if len(used) == len(self.texts):
            return Cells(codes, self.texts)
        place = np.zeros(len(self.texts), dtype=codes.dtype)
        place[used] = np.arange(len(used))
        return Cells(place[codes], [self.texts[k] for k in used])


@dataclass(frozen=True, slots=True, eq=False)
class Rows(Sequence[list[str]]):
    """Rows of a large file, kept as columns."""

    columns: tuple[Cells, ...]

    def __len__(self) -> int:
        """Count rows."""
        return len(self.columns[0])

    @overload
    def __getitem__(self, at: int) -> list[str]: ...
    @overload
    def __getitem__(self, at: slice) -> "Rows": ...
    def __getitem__(self, at: int | slice) -> "list[str] | Rows":
        """Give a row, or some rows."""
        if isinstance(at, slice):
            return Rows(tuple(c[at] for c in self.columns))
        return [c[at] for c in self.columns]


def distinct(cells: Sequence[str]) -> Iterable[str]:
    """Give every different text of a column."""
    return cells.texts if isinstance(cells, Cells) else set(cells)


def looked_up(cells: Sequence[str], known: dict[str, Any], kind: type) -> np.ndarray:
    """Give what is known of every cell as an array of a kind (float, bool, object)."""
    if isinstance(cells, Cells):
        table: np.ndarray = np.empty(len(cells.texts), dtype=kind)
        table[:] = [known[text] for text in cells.texts]
        found: np.ndarray = table[cells.codes]
        return found
    out: np.ndarray = np.empty(len(cells), dtype=kind)
    out[:] = [known[cell] for cell in cells]
    return out


def rows_with(cells: Sequence[str], texts: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Give place and text of the cells that hold one of some texts."""
    wanted = set(texts)
    if isinstance(cells, Cells):
        marked = np.array([t in wanted for t in cells.texts], dtype=bool)
        places = np.flatnonzero(marked[cells.codes]).tolist()
        yield from ((place, cells[place]) for place in places)
        return
    yield from ((place, cell) for place, cell in enumerate(cells) if cell in wanted)
