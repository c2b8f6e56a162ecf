"""Typeform CSV: ``#`` first, question texts with the editor's markup, one column per choice; times in UTC."""

import re
from collections.abc import Sequence
from dataclasses import replace

from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import RawTable, SourceColumn
from vunki_eval.readers.tabulate import in_zone, tabulate
from vunki_eval.readers.wording import label_key, tidy

NAME = "typeform"
_ROLES = {
    "#": "record", "response type": "ignored", "start date utc": "started", "stage date utc": "ignored",
    "submit date utc": "submitted", "network id": "record", "tags": "ignored", "ending": "ignored",
}  # fmt: skip
_MARKUP = re.compile(r"\{\{[^{}]*\}\}|\*")


def recognises(source: Source) -> bool:
    """Recognise ``#`` and the date of submission in UTC."""
    header = source.header()
    return header[:1] == ["#"] and any(label_key(h) == "submit date utc" for h in header)


def read(source: Source, options: ReaderOptions) -> RawTable:
    """Read a table with one header row; a column whose cells repeat its header is a choice."""
    header = source.header()
    columns = [
        SourceColumn(tidy(_MARKUP.sub(" ", h)) or h, role=_ROLES.get(h if h == "#" else label_key(h), ""))
        for h in header
    ]
    table = tabulate(NAME, source, columns, header_rows=1, strict=False)
    ticked = [_ticked(c.header, cells) for c, cells in zip(table.columns, table.cells, strict=True)]
    columns = [replace(c, choice=_choice(ticked, j)) for j, c in enumerate(table.columns)]
    cells = [
        in_zone(cells, "UTC") if column.role in ("started", "submitted") else cells
        for column, cells in zip(table.columns, table.cells, strict=True)
    ]
    return replace(table, columns=tuple(columns), cells=tuple(cells))


def _ticked(header: str, cells: Sequence[str]) -> bool | None:
    """Tell whether a column's cells repeat its header; None for a blank column."""
    answers = {label_key(c) for c in set(cells)} - {""}
    return answers == {label_key(header)} if answers else None


def _choice(ticked: list[bool | None], place: int) -> bool:
    """Tell whether a column is a choice; a blank column is one if the next column with answers on either side is."""
    if ticked[place] is not None:
        return bool(ticked[place])
    sides = (reversed(ticked[:place]), iter(ticked[place + 1 :]))
    return any(next((t for t in side if t is not None), False) for side in sides)
