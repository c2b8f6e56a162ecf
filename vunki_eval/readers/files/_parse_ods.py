"""Parse the tables of an ODS workbook as text, inside the child process. Imports nothing of this package."""

import zipfile
from collections.abc import Callable, Iterator
from typing import Any

MOST_ROWS, MOST_COLUMNS = 20_000, 500
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_ERROR = "error_cell"


class TooLarge(Exception):
    """The table has more rows or columns than a survey can have."""


def parse(job: dict[str, Any], cell_text: Callable[[Any], str]) -> dict[str, Any]:
    """Read all tables, or the declared one."""
    from defusedxml import ElementTree

    try:
        with zipfile.ZipFile(job["path"]) as archive:
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                return refused("password")
            root = ElementTree.fromstring(archive.read("content.xml"))
        tables = {str(t.get(f"{_TABLE}name")): t for t in root.iter(f"{_TABLE}table")}
        if job["sheet"] and job["sheet"] not in tables:
            return refused("no_sheet", sheets=", ".join(tables))
        wanted = {n: t for n, t in tables.items() if n == job["sheet"] or not job["sheet"]}
        return {"sheets": {n: read_table(t, cell_text) for n, t in wanted.items()}, "hidden_sheets": 0}
    except TooLarge:
        return refused("too_large", rows=f"{MOST_ROWS:,}", columns=MOST_COLUMNS)
    except (KeyError, ValueError, zipfile.BadZipFile, ElementTree.ParseError):
        return refused("unreadable")


def read_table(table: Any, cell_text: Callable[[Any], str]) -> dict[str, Any]:
    """Read the cells of a table.

    Blank rows and cells can be repeated a million times, so they are counted and only written when a value follows.
    """
    rows: list[list[str]] = []
    problems: list[tuple[int, int, str]] = []
    blank_rows = 0
    for row in table.iter(f"{_TABLE}table-row"):
        repeats = int(row.get(f"{_TABLE}number-rows-repeated", 1))
        cells = list(read_row(row, cell_text))
        if not any(text for text, _ in cells):
            blank_rows += repeats
            continue
        if len(rows) + blank_rows + repeats > MOST_ROWS:
            raise TooLarge
        rows += [[] for _ in range(blank_rows)]
        blank_rows = 0
        problems += [(len(rows) + 1, k, _ERROR) for k, (_, is_error) in enumerate(cells, 1) if is_error]
        rows += [[text for text, _ in cells] for _ in range(repeats)]
    return {"rows": rows, "problems": problems, "part": ""}


def read_row(row: Any, cell_text: Callable[[Any], str]) -> Iterator[tuple[str, bool]]:
    """Yield the text of each cell of a row, and whether it is an error."""
    count = blank_cells = 0
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        repeats = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
        text, is_error = read_cell(cell, cell_text)
        if not text and not is_error:
            blank_cells += repeats
            continue
        count += blank_cells + repeats
        if count > MOST_COLUMNS:
            raise TooLarge
        yield from [("", False)] * blank_cells + [(text, is_error)] * repeats
        blank_cells = 0


def read_cell(cell: Any, cell_text: Callable[[Any], str]) -> tuple[str, bool]:
    """Read a cell by its type: the stored number or date rather than the text shown."""
    kind = cell.get(f"{_OFFICE}value-type", "")
    shown = "\n".join("".join(p.itertext()) for p in cell.findall(f"{_TEXT}p"))
    is_error = cell.get(f"{_CALC}value-type") == "error" or shown.startswith(
        ("#N/A", "#DIV/0!", "#REF!", "#NAME?", "Err:")
    )
    if kind in ("float", "percentage", "currency"):
        return cell_text(float(cell.get(f"{_OFFICE}value"))), False
    if kind == "date":
        return str(cell.get(f"{_OFFICE}date-value")).replace("T", " "), False
    if kind == "boolean":
        return str(cell.get(f"{_OFFICE}boolean-value")).upper(), False
    return shown, is_error


def refused(why: str, **values: Any) -> dict[str, Any]:
    """Answer that the workbook is refused. What is said of it is in `workbook`."""
    return {"refused": [why, values]}
