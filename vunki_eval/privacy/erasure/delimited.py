"""Remove records from a delimited text and leave every other byte as it was."""

import csv
import io
from collections.abc import Collection

from vunki_eval.errors import InputError
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.delimited import decide_delimiter
from vunki_eval.readers.files.encoding import byte_order_mark, decode


def without_records(
    raw: bytes, lines: Collection[int], options: ReaderOptions, file: str = ""
) -> tuple[bytes, dict[int, int]] | None:
    """Remove records from a file.

    Parameters
    ----------
    raw : bytes
    lines : collection of int
        Physical lines on which the records begin.
    options : ReaderOptions
        Declared encoding and delimiter.
    file : str
        Name of the file for messages.

    Returns
    -------
    tuple or None
        The file without them, and for each removed record its line and the number of physical lines it filled. None if
        no record begins on one of the lines, or if the rest would not stay byte for byte the same.
    """
    mark, marked = byte_order_mark(raw)
    encoding = marked or options.encoding or "utf-8"
    try:
        text = decode(raw, file, options.encoding)
    except InputError:
        return None
    text_lines = list(io.StringIO(text, newline=""))
    skipped = 1 if text_lines and text_lines[0].lower().startswith("sep=") else 0
    declared = text_lines[0].strip()[4:5] if skipped else ""
    delimiter = options.delimiter or declared or decide_delimiter("".join(text_lines[skipped:]), file)
    spans = _spans(text_lines[skipped:], delimiter)
    if mark + text.encode(encoding) != raw or not set(lines) <= {skipped + start + 1 for start in spans}:
        return None
    removed = {line: spans[line - 1 - skipped] for line in sorted(lines)}
    dropped = {line - 1 + i for line, size in removed.items() for i in range(size)}
    return mark + "".join(p for i, p in enumerate(text_lines) if i not in dropped).encode(encoding), removed


def _spans(text_lines: list[str], delimiter: str) -> dict[int, int]:
    """Return the first line of every record, from 0, and the number of lines it fills."""
    reader = csv.reader(iter(text_lines), delimiter=delimiter, strict=True)
    spans, start = {}, 0
    for _ in reader:
        spans[start] = reader.line_num - start
        start = reader.line_num
    return spans
