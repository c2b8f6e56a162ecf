"""Delimited text, strictly: the delimiter is decided by counting, every row has as many fields as the header.

Rows are numbered by physical lines: a record with line breaks in quotes starts where its first line is.
"""

import csv
import io
import re
from collections.abc import Iterator

from vunki_eval.errors import InputError, Problem

MOST_ROWS, MOST_COLUMNS, MOST_FIELD = 200_000, 1_000, 131_072
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_SAMPLE = 500
_DIRECTIVE = re.compile(r"sep=(.)\r?\n|sep=(.)\r", re.IGNORECASE)


def split_rows(text: str, file: str, declared: str = "") -> tuple[list[list[str]], list[int]]:
    """Split text into rows of fields.

    Parameters
    ----------
    text : str
    file : str
        Name for messages.
    declared : str
        Delimiter named in the config; "" lets the file decide.

    Returns
    -------
    rows, lines
        Rows that are not blank, the header first, and the physical line each starts on.

    Raises
    ------
    InputError
        For an undecided delimiter, a row with too many or too few fields, a quote that is not closed, and limits.
    """
    start = 1
    if directive := _DIRECTIVE.match(text):
        declared = declared or directive.group(1) or directive.group(2)
        text, start = text[directive.end() :], 2
    delimiter = declared or decide_delimiter(text, file)
    rows: list[list[str]] = []
    lines: list[int] = []
    seen: dict[str, str] = {}
    problems: list[Problem] = []
    for line, row in _records(text, delimiter, file, start):
        if not any(map(str.strip, row)):
            continue
        if rows and len(row) != len(rows[0]):
            problems.append(_ragged(file, line, len(row), len(rows[0])))
        rows.append([seen.setdefault(c, c) for c in row])
        lines.append(line)
        if len(rows) > MOST_ROWS + 1 or len(row) > MOST_COLUMNS:
            problem = f"The file has more than {MOST_ROWS:,} rows or {MOST_COLUMNS:,} columns."
            raise InputError(Problem(file, line, "", problem, "Is this the right file?", "VE-318"))
    if problems:
        raise InputError(problems)
    return rows, lines


def decide_delimiter(text: str, file: str) -> str:
    """Decide the delimiter by the field counts of the first records.

    Raises
    ------
    InputError
        If more than one delimiter fits.
    """
    counts = {d: found for d in DELIMITERS if (found := _counts(text, d)) and found[0] > 1}
    even = [d for d, found in counts.items() if len(set(found)) == 1]
    if not even and counts:
        most = max(found[0] for found in counts.values())
        even = [d for d, found in counts.items() if found[0] == most]
    if len(even) > 1:
        names = " or ".join(DELIMITERS[d] for d in even)
        problem = f"The delimiter is not clear: {names}."
        raise InputError(Problem(file, 1, "", problem, "Declare delimiter for this wave in project.toml.", "VE-317"))
    return even[0] if even else ","


def _counts(text: str, delimiter: str) -> list[int]:
    """Fields per record at the start of the text; empty if quotes do not fit the delimiter from the first record."""
    found: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if any(map(str.strip, row)):
                found.append(len(row))
            if len(found) >= _SAMPLE:
                break
    except csv.Error:
        return found[:1] if len(found) > 1 else []
    return found


def _records(text: str, delimiter: str, file: str, start: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = start
    try:
        for row in reader:
            yield line, row
            line = start + reader.line_num
    except csv.Error as error:
        raise InputError(_broken(str(error), file, line)) from None


def _broken(said: str, file: str, line: int) -> Problem:
    if "field larger" in said:
        problem = f"A field is longer than {MOST_FIELD:,} characters."
        return Problem(file, line, "", problem, "Shorten it, or look for a missing quotation mark.", "VE-318")
    if "unexpected end" in said:
        problem = "A quotation mark that opens in this row is never closed."
        return Problem(file, line, "", problem, "Close it, or export the file again.", "VE-315")
    problem = "A quotation mark in the record that begins in this row is followed by something else than a delimiter."
    return Problem(file, line, "", problem, "Close or double the quotation mark, or export again.", "VE-315")


def _ragged(file: str, line: int, found: int, wanted: int) -> Problem:
    many = "too many" if found > wanted else "too few"
    problem = f"The row has {many} fields: {found}, the header has {wanted}."
    hint = "Put answers that hold the delimiter (such as a decimal comma) in quotes, or export the file again."
    return Problem(file, line, "", problem, hint, "VE-316")
