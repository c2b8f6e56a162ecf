"""Keep row references right: files that name rows of an export (decisions, coding sheets) change when rows go."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from vunki_eval.project.file_names import composed, data_files

REFERENCE_COLUMNS = (("file", "row"), ("other_file", "other_row"))
RemovedLines = Mapping[str, Mapping[int, int]]
"""By export (as in the config): line of every record removed, and the number of physical lines it filled."""


def referring_tables(folder: Path, exports: set[str]) -> list[Path]:
    """List the tables in an event's folder that name rows of exports, without the exports themselves."""
    tables = []
    for path in data_files(folder, {".csv"}):
        rows = _rows(path) if composed(path.name) not in exports else []
        if rows and set(REFERENCE_COLUMNS[0]) <= set(_header(rows[0])):
            tables.append(path)
    return tables


def possibly_referring_workbooks(folder: Path, exports: set[str]) -> list[Path]:
    """List the workbooks in an event's folder that may name rows; a person must look through them."""
    return [p for p in data_files(folder, {".xlsx"}) if composed(p.name) not in exports]


def without_erased(path: Path, removed: RemovedLines, erased: Mapping[str, set[int]]) -> str | None:
    """Return a table without the entries on erased rows; other entries get the new numbers of their rows.

    Returns
    -------
    str or None
        None if nothing changes.
    """
    rows = _rows(path)
    header = _header(rows[0])
    places = [(header.index(f), header.index(r)) for f, r in REFERENCE_COLUMNS if f in header and r in header]
    rows_left = [rows[0]]
    for row in rows[1:]:
        named = [(row[f].strip(), row[r].strip(), r) for f, r in places if max(f, r) < len(row)]
        numbers = [(_export_name(file, removed), int(n), at) for file, n, at in named if n.isdecimal()]
        if any(n in erased.get(file, set()) for file, n, _ in numbers):
            continue
        renumbered = list(row)
        for file, number, at in numbers:
            renumbered[at] = str(number - sum(size for line, size in removed.get(file, {}).items() if line < number))
        rows_left.append(renumbered)
    if rows_left == rows:
        return None
    out = io.StringIO(newline="")
    text = path.read_bytes().decode("utf-8-sig")
    ending = "\r\n" if "\r\n" in text else "\n"
    csv.writer(out, delimiter=_delimiter(text), lineterminator=ending).writerows(rows_left)
    return ("\ufeff" if path.read_bytes().startswith(b"\xef\xbb\xbf") else "") + out.getvalue()


def _export_name(file: str, removed: RemovedLines) -> str:
    """Name an export as the config does; coding sheets may name it with its folder."""
    file = composed(file)
    return file if file in removed else file.rpartition("/")[2]


def _header(row: list[str]) -> list[str]:
    return [c.strip().lower() for c in row]


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else "\t" if "\t" in first else ","


def _rows(path: Path) -> list[list[str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return [r for r in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)) if any(r)]
    except (UnicodeDecodeError, csv.Error):
        return []
