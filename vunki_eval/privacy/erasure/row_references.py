"""Files that name rows of an export (decisions, coding sheets): they follow when rows go, or they would name others."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

PAIRS = (("file", "row"), ("other_file", "other_row"))
Gone = Mapping[str, Mapping[int, int]]
"""By export (as in the config): line of every record taken out, and how many physical lines went with it."""


def followers(folder: Path, exports: set[str]) -> list[Path]:
    """List the tables of an event's folder that name rows, but no exports."""
    found = []
    for path in sorted(folder.glob("*.csv")):
        if path.name not in exports and (rows := _rows(path)) and set(PAIRS[0]) <= set(_head(rows[0])):
            found.append(path)
    return found


def workbooks(folder: Path, exports: set[str]) -> list[Path]:
    """List workbooks of an event's folder that may name rows; they are for a person to look through."""
    return sorted(p for p in folder.glob("*.xlsx") if p.name not in exports)


def followed(path: Path, gone: Gone, erased: Mapping[str, set[int]]) -> str | None:
    """Write a table anew: without the entries on erased rows, the others with the numbers their rows have now.

    Returns
    -------
    str or None
        None if nothing changes.
    """
    rows = _rows(path)
    head = _head(rows[0])
    places = [(head.index(f), head.index(r)) for f, r in PAIRS if f in head and r in head]
    kept = [rows[0]]
    for row in rows[1:]:
        named = [(row[f].strip(), row[r].strip(), r) for f, r in places if max(f, r) < len(row)]
        numbers = [(_known(file, gone), int(n), at) for file, n, at in named if n.isdecimal()]
        if any(n in erased.get(file, set()) for file, n, _ in numbers):
            continue
        moved = list(row)
        for file, number, at in numbers:
            moved[at] = str(number - sum(size for line, size in gone.get(file, {}).items() if line < number))
        kept.append(moved)
    if kept == rows:
        return None
    out = io.StringIO(newline="")
    text = path.read_bytes().decode("utf-8-sig")
    ending = "\r\n" if "\r\n" in text else "\n"
    csv.writer(out, delimiter=_delimiter(text), lineterminator=ending).writerows(kept)
    return ("\ufeff" if path.read_bytes().startswith(b"\xef\xbb\xbf") else "") + out.getvalue()


def _known(file: str, gone: Gone) -> str:
    """Name an export as the config does; sheets may name it with its folder."""
    return file if file in gone else file.rpartition("/")[2]


def _head(row: list[str]) -> list[str]:
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
