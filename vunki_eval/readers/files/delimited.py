"""Split delimited text strictly: every row must have as many fields as the header.

The delimiter is found by counting fields. Rows carry the number of the physical line on which they start, since a
quoted field may hold line breaks.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from vunki_eval.errors import M_, InputError, Problem, joined

MOST_ROWS, MOST_COLUMNS, MOST_FIELD = 200_000, 1_000, 131_072
DELIMITERS = {",": M_("comma"), ";": M_("semicolon"), "\t": M_("tab"), "|": M_("vertical bar")}
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
        Rows that are not blank, header first, and the physical line on which each starts.

    Raises
    ------
    InputError
        If the delimiter is unclear, a row has too many or too few fields, a quote is not closed, or the file is
        too large.
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
            problem = M_(
                "The file has more than {most_rows} rows or {most_columns} columns.",
                most_rows=f"{MOST_ROWS:,}",
                most_columns=f"{MOST_COLUMNS:,}",
            )
            raise InputError(Problem(file, line, "", problem, M_("Is this the right file?"), "VE-318"))
    if problems:
        raise InputError(problems)
    return rows, lines


def join_rows(rows: Iterable[Iterable[object]], delimiter: str = ",", end: str = "\n") -> str:
    """Write rows as delimited text, fields in quotes where they need them."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def decide_delimiter(text: str, file: str) -> str:
    """Decide the delimiter by the number of fields in the first records.

    Raises
    ------
    InputError
        If more than one delimiter fits.
    """
    counts = {d: fields for d in DELIMITERS if (fields := _counts(text, d)) and fields[0] > 1}
    candidates = [d for d, fields in counts.items() if len(set(fields)) == 1]
    if not candidates and counts:
        # Some rows are ragged: take the delimiter that splits the header most, so that the message names those rows.
        most = max(fields[0] for fields in counts.values())
        candidates = [d for d, fields in counts.items() if fields[0] == most]
    if len(candidates) > 1:
        names = joined(", ", (DELIMITERS[d] for d in candidates))
        problem = M_("The delimiter is not clear: {names}.", names=names)
        raise InputError(
            Problem(file, 1, "", problem, M_("Declare delimiter for this wave in project.toml."), "VE-317")
        )
    return candidates[0] if candidates else ","


def _counts(text: str, delimiter: str) -> list[int]:
    """Count fields per record at the start of the text; empty if quotes contradict the delimiter at once."""
    counts: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if any(map(str.strip, row)):
                counts.append(len(row))
            if len(counts) >= _SAMPLE:
                break
    except csv.Error:
        return counts[:1] if len(counts) > 1 else []
    return counts


def _records(text: str, delimiter: str, file: str, start: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = start
    try:
        for row in reader:
            yield line, row
            line = start + reader.line_num
    except csv.Error as error:
        raise InputError(_broken(str(error), file, line)) from None


def _broken(reason: str, file: str, line: int) -> Problem:
    if "field larger" in reason:
        problem = M_("A field is longer than {most_field} characters.", most_field=f"{MOST_FIELD:,}")
        return Problem(file, line, "", problem, M_("Shorten it, or look for a missing quotation mark."), "VE-318")
    if "unexpected end" in reason:
        problem = M_("A quotation mark that opens in this row is never closed.")
        return Problem(file, line, "", problem, M_("Close it, or export the file again."), "VE-315")
    problem = M_(
        "A quotation mark in the record that begins in this row is followed by something other than a delimiter."
    )
    return Problem(file, line, "", problem, M_("Close or double the quotation mark, or export again."), "VE-315")


def _ragged(file: str, line: int, fields: int, header_fields: int) -> Problem:
    template = (
        M_("The row has too many fields: {fields}, the header has {header_fields}.")
        if fields > header_fields
        else M_("The row has too few fields: {fields}, the header has {header_fields}.")
    )
    problem = template.filled(fields=fields, header_fields=header_fields)
    hint = M_("Put answers that hold the delimiter (such as a decimal comma) in quotes, or export the file again.")
    return Problem(file, line, "", problem, hint, "VE-316")
