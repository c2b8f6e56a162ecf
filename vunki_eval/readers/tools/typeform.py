"""Typeform CSV: ``#`` first, question texts with marks of the editor, one column per ticked choice; times in UTC."""

import re
from collections.abc import Sequence
from dataclasses import replace

from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.cells import distinct
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import RawTable, SourceColumn
from vunki_eval.readers.tabulate import in_zone, tabulate
from vunki_eval.readers.wording import label_key, tidy

NAME = "typeform"
_ROLES = {
    "#": "record", "response type": "ignored", "start date utc": "started", "stage date utc": "ignored",
    "submit date utc": "submitted", "network id": "record", "tags": "ignored", "ending": "ignored",
}  # fmt: skip
_MARKS = re.compile(r"\{\{[^{}]*\}\}|\*")


def recognises(source: Source) -> bool:
    """Tell by ``#`` and the date of submission in UTC."""
    header = source.header()
    return header[:1] == ["#"] and any(label_key(h) == "submit date utc" for h in header)


def read(source: Source, options: ReaderOptions) -> RawTable:
    """Read the one header row; a column whose cells repeat its header is a choice that was ticked."""
    header = source.header()
    columns = [
        SourceColumn(tidy(_MARKS.sub(" ", h)) or h, role=_ROLES.get(h if h == "#" else label_key(h), ""))
        for h in header
    ]
    table = tabulate(NAME, source, columns, header_rows=1, strict=False)
    ticked = [_ticked(c.header, cells) for c, cells in zip(table.columns, table.cells, strict=True)]
    marked = [replace(c, choice=_choice(ticked, j)) for j, c in enumerate(table.columns)]
    cells = [
        in_zone(given, "UTC") if column.role in ("started", "submitted") else given
        for column, given in zip(table.columns, table.cells, strict=True)
    ]
    return replace(table, columns=tuple(marked), cells=tuple(cells))


def _ticked(header: str, cells: Sequence[str]) -> bool | None:
    """Tell whether a column's cells repeat its header; None for a blank column."""
    given = {label_key(c) for c in distinct(cells)} - {""}
    return given == {label_key(header)} if given else None


def _choice(ticked: list[bool | None], place: int) -> bool:
    """Count a choice that nobody ticked as one when its neighbour is one."""
    if ticked[place] is not None:
        return bool(ticked[place])
    sides = (reversed(ticked[:place]), iter(ticked[place + 1 :]))
    return any(next((t for t in side if t is not None), False) for side in sides)
