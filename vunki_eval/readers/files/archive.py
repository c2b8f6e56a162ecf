"""Check a workbook's archive before anything parses it: size, number and kind of parts, distant cells, entities."""

import lzma
import re
import zipfile
import zlib
from pathlib import Path

from vunki_eval.errors import InputError, Problem

MOST_PARTS, MOST_BYTES, MOST_RATIO, MOST_ROWS, MOST_COLUMNS = 200, 50_000_000, 200, 20_000, 500
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, NotImplementedError, RuntimeError,
)  # fmt: skip
_PLACE = re.compile(rb"""<(?:\w+:)?(?:c|row)\b[^<>]*?\br\s*=\s*["']([A-Za-z]{0,7})(\d{1,12})["']""")
_ENTITIES = tuple(
    mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)


def scan(path: Path, file: str) -> dict[str, bytes]:
    """Check a workbook's archive and return its XML parts.

    Parameters
    ----------
    path : Path
    file : str
        Name for messages.

    Raises
    ------
    InputError
        If the workbook is damaged or protected, holds macros or entities, or is larger than a survey can be.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _parts(archive, file)
    except _DAMAGED:
        raise refusal(file, "The workbook is cut short or damaged.", "Export it again.", "VE-322") from None


def refusal(file: str, problem: str, hint: str = "Export the answers as CSV.", code: str = "VE-321") -> InputError:
    """Make the error for a workbook that is refused."""
    return InputError(Problem(file, 0, "", problem, hint, code))


def _parts(archive: zipfile.ZipFile, file: str) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_PARTS:
        raise refusal(file, f"The workbook holds more than {MOST_PARTS} parts.")
    if any(e.filename.lower().endswith("vbaproject.bin") for e in entries):
        raise refusal(file, "The workbook holds macros.", "Save it as XLSX without macros.")
    if any(e.flag_bits & 1 for e in entries):
        raise refusal(file, "The workbook is protected by a password.", "Save it without a password.", "VE-322")
    bytes_left, parts = MOST_BYTES, {}
    for entry in entries:
        with archive.open(entry) as stream:
            content = stream.read(bytes_left + 1)  # the sizes that the archive claims may be false
        bytes_left -= len(content)
        if bytes_left < 0:
            raise refusal(file, f"The workbook is larger than {MOST_BYTES // 1_000_000} MB when unpacked.")
        if len(content) > 100_000 and len(content) > MOST_RATIO * max(entry.compress_size, 1):
            raise refusal(file, "A part of the workbook has a suspiciously high compression ratio.")
        if entry.filename.lower().endswith((".xml", ".rels")):
            _check_part(content, file)
            parts[entry.filename.lstrip("/")] = content
    return parts


def _check_part(content: bytes, file: str) -> None:
    if any(mark in content for mark in _ENTITIES):
        raise refusal(file, "The workbook holds a document type declaration.")
    for place in _PLACE.finditer(content):
        letters = place.group(1).decode()
        if int(place.group(2)) > MOST_ROWS or len(letters) > 3 or column_number(letters) > MOST_COLUMNS:
            raise refusal(
                file, f"The workbook has cells beyond row {MOST_ROWS:,} or column {MOST_COLUMNS}.", code="VE-318"
            )


def column_number(letters: str) -> int:
    """Turn the letters of a column into its number (A is 1)."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
