"""Records taken out of a delimited text; every other byte stays what and where it was."""

import codecs
import csv
import io
from collections.abc import Collection

from vunki_eval.errors import InputError
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.delimited import decide_delimiter
from vunki_eval.readers.files.encoding import decode

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def without_records(
    raw: bytes, lines: Collection[int], options: ReaderOptions, file: str = ""
) -> tuple[bytes, dict[int, int]] | None:
    """Take records out of a file.

    Parameters
    ----------
    raw : bytes
    lines : collection of int
        Physical line that each record begins on.
    options : ReaderOptions
        Declared encoding and delimiter.
    file : str
        Its name for messages.

    Returns
    -------
    tuple or None
        The file without them, and for every record taken out its line and the number of physical lines it filled.
        None if a record does not begin there, or the rest would not be byte for byte what it was.
    """
    mark, name = next(((m, n) for m, n in _MARKS if raw.startswith(m)), (b"", options.encoding or "utf-8"))
    try:
        text = decode(raw, file, options.encoding)
    except InputError:
        return None
    pieces = list(io.StringIO(text, newline=""))
    first = 1 if pieces and pieces[0].lower().startswith("sep=") else 0
    declared = pieces[0].strip()[4:5] if first else ""
    delimiter = options.delimiter or declared or decide_delimiter("".join(pieces[first:]), file)
    spans = _spans(pieces[first:], delimiter)
    if mark + text.encode(name) != raw or not set(lines) <= {first + start + 1 for start in spans}:
        return None
    gone = {line: spans[line - 1 - first] for line in sorted(lines)}
    out = {line - 1 + i for line, size in gone.items() for i in range(size)}
    return mark + "".join(p for i, p in enumerate(pieces) if i not in out).encode(name), gone


def _spans(pieces: list[str], delimiter: str) -> dict[int, int]:
    """Give the place of every record's first line, from 0, and how many lines it fills."""
    reader = csv.reader(iter(pieces), delimiter=delimiter, strict=True)
    found, start = {}, 0
    for _ in reader:
        found[start] = reader.line_num - start
        start = reader.line_num
    return found
