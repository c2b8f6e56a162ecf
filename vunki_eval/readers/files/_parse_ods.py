"""Inside the child process: an ODS workbook's tables as text. Imports nothing of this package."""

import zipfile
from collections.abc import Callable, Iterator
from typing import Any

MOST_ROWS, MOST_COLUMNS = 20_000, 500
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_ERROR = ("The cell holds a spreadsheet error.", "Correct the cell.", "VE-324")


class TooLarge(Exception):
    """More rows or columns than a survey has."""


def parse(job: dict[str, Any], cell_text: Callable[[Any], str]) -> dict[str, Any]:
    """Read all tables, or the one that is wanted."""
    from defusedxml import ElementTree

    try:
        with zipfile.ZipFile(job["path"]) as archive:
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                return refused("The workbook is protected by a password.", "Save it without a password.", "VE-322")
            root = ElementTree.fromstring(archive.read("content.xml"))
        tables = {str(t.get(f"{_TABLE}name")): t for t in root.iter(f"{_TABLE}table")}
        if job["sheet"] and job["sheet"] not in tables:
            hint = f"Its sheets are: {', '.join(tables)}."
            return refused("The workbook has no sheet of the declared name.", hint, "VE-323")
        chosen = {n: t for n, t in tables.items() if n == job["sheet"] or not job["sheet"]}
        return {"sheets": {n: read_table(t, cell_text) for n, t in chosen.items()}, "hidden_sheets": 0}
    except TooLarge:
        problem = f"The workbook has cells beyond row {MOST_ROWS:,} or column {MOST_COLUMNS}."
        return refused(problem, "Export the answers as CSV.", "VE-318")
    except (KeyError, ValueError, zipfile.BadZipFile, ElementTree.ParseError):
        return refused("The workbook cannot be read.", "Export it again, or as CSV.", "VE-322")


def read_table(table: Any, cell_text: Callable[[Any], str]) -> dict[str, Any]:
    """Cells of a table; blank rows and cells may be repeated a million times and are counted, not written out."""
    rows: list[list[str]] = []
    problems: list[tuple[int, str, str, str, str]] = []
    waiting = 0
    for row in table.iter(f"{_TABLE}table-row"):
        again = int(row.get(f"{_TABLE}number-rows-repeated", 1))
        cells = list(read_row(row, cell_text))
        if not any(text for text, _ in cells):
            waiting += again
            continue
        if len(rows) + waiting + again > MOST_ROWS:
            raise TooLarge
        rows += [[] for _ in range(waiting)]
        waiting = 0
        problems += [(len(rows) + 1, letters(k), *_ERROR) for k, (_, wrong) in enumerate(cells, 1) if wrong]
        rows += [[text for text, _ in cells] for _ in range(again)]
    return {"rows": rows, "problems": problems, "part": ""}


def read_row(row: Any, cell_text: Callable[[Any], str]) -> Iterator[tuple[str, bool]]:
    """Texts of a row's cells, and whether they are errors."""
    count = waiting = 0
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        again = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
        text, wrong = read_cell(cell, cell_text)
        if not text and not wrong:
            waiting += again
            continue
        count += waiting + again
        if count > MOST_COLUMNS:
            raise TooLarge
        yield from [("", False)] * waiting + [(text, wrong)] * again
        waiting = 0


def read_cell(cell: Any, cell_text: Callable[[Any], str]) -> tuple[str, bool]:
    """Text of a cell by its type: stored number or date rather than what is shown."""
    kind = cell.get(f"{_OFFICE}value-type", "")
    shown = "\n".join("".join(p.itertext()) for p in cell.findall(f"{_TEXT}p"))
    wrong = cell.get(f"{_CALC}value-type") == "error" or shown.startswith(
        ("#N/A", "#DIV/0!", "#REF!", "#NAME?", "Err:")
    )
    if kind in ("float", "percentage", "currency"):
        return cell_text(float(cell.get(f"{_OFFICE}value"))), False
    if kind == "date":
        return str(cell.get(f"{_OFFICE}date-value")).replace("T", " "), False
    if kind == "boolean":
        return str(cell.get(f"{_OFFICE}boolean-value")).upper(), False
    return shown, wrong


def letters(number: int) -> str:
    """Letters of a column (1 is A)."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def refused(problem: str, hint: str, code: str) -> dict[str, Any]:
    """Answer that the workbook is not read."""
    return {"refused": [(0, "", problem, hint, code)]}
