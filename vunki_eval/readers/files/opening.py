"""Open an export: recognise the kind of file by its content, and read its cells as text with their physical rows."""

import difflib
import hashlib
import re
from dataclasses import replace
from pathlib import Path

from vunki_eval.errors import M_, InputError, Problem, joined
from vunki_eval.project.file_names import composed, is_leftover, on_disk
from vunki_eval.project.open_files import read_problem, read_whole
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files import delimited, encoding
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.wording import listed, tidy

MOST_BYTES = 300_000_000
_LINE_END = re.compile("\r\n|\r|\n")
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_TEXT_SUFFIXES = {"", ".csv", ".tsv", ".tab", ".txt", ".vv", ".dat"}
_DESCRIPTIONS = {
    "html": (M_("a web page (HTML), perhaps a login page"), M_("Log in and export the answers again.")),
    "xml": (M_("an XML file"), M_("Export the answers as CSV or XLSX.")),
    "pdf": (M_("a PDF"), M_("Export the answers as CSV or XLSX.")),
    "rtf": (M_("an RTF document"), M_("Export the answers as CSV or XLSX.")),
    "gzip": (M_("a compressed file (gzip)"), M_("Unpack it first.")),
    "image": (M_("a picture"), M_("Export the answers as CSV or XLSX.")),
    "zip": (M_("a ZIP archive or a workbook (XLSX)"), M_("Give it its own suffix (.xlsx), or unpack it.")),
    "ole": (
        M_("an old or protected Office file (XLS)"),
        M_("Save it as XLSX without a password, or export again as CSV."),
    ),
    "sav": (M_("an SPSS file"), M_("Give it the suffix .sav.")),
    "text": (M_("plain text"), M_("Give it the suffix .csv, or export a workbook.")),
}


def open_source(path: Path, file: str, options: ReaderOptions) -> Source:
    """Read the cells of a file as text.

    Parameters
    ----------
    path : Path
    file : str
        Its name for messages.
    options : ReaderOptions
        Declared encoding, delimiter, sheet and header row.

    Raises
    ------
    InputError
        If the file is missing, is not what its suffix says, or cannot be read without guessing.
    """
    path = on_disk(path)
    raw = read_bytes(path, file)
    kind, suffix = recognise(raw), path.suffix.casefold()
    if kind == "empty":
        raise InputError(Problem(file, 0, "", M_("The file is empty."), M_("Export the answers again."), "VE-311"))
    if kind in ("zip", "ole", "sav") and suffix not in _TEXT_SUFFIXES:
        from vunki_eval.readers.files import workbook  # imported late: text files need no child process

        source = workbook.open_workbook(path, file, options, kind)
    elif kind == "text" and suffix in _TEXT_SUFFIXES:
        source = _open_text(raw, file, options)
    else:
        description, hint = _DESCRIPTIONS[kind]
        raise InputError(Problem(file, 0, "", M_("This is {description}.", description=description), hint, "VE-313"))
    source = _from_header(source, options)
    if not source.rows:
        problem = M_("The file has no header and no answers.")
        raise InputError(Problem(file, 0, "", problem, M_("Export the answers again."), "VE-311"))
    return replace(source, sha256=hashlib.sha256(raw).hexdigest(), path=path)


def without_row_numbers(source: Source) -> Source:
    """Leave out the nameless first column in which R numbers the rows it writes."""
    header = source.rows[0]
    if tidy(header[0]) or len(header) == 1 or len(source.rows) == 1:
        return source
    body = source.rows[1:]
    if [row[0] for row in body] != [str(n) for n in range(1, len(body) + 1)]:
        return source
    return replace(source, rows=[row[1:] for row in source.rows])


def read_bytes(path: Path, file: str) -> bytes:
    """Read a whole file; refuse one that is missing, unreadable or far too large."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise InputError(Problem(file, 0, "", M_("This is not a file."), M_("Name the export's file."), "VE-310"))
        if size > MOST_BYTES:
            problem = M_("The file is larger than {most_bytes} MB.", most_bytes=MOST_BYTES // 1000000)
            raise InputError(Problem(file, 0, "", problem, M_("Is this the right file?"), "VE-318"))
        return read_whole(path)
    except FileNotFoundError:
        problem = M_("The file does not exist.")
        hint = M_("Put the export there, or correct its name in surveys/project.toml.")
        if near := _near(path):
            hint = joined(" ", (hint, M_("Beside it there is {near}.", near=near)))
        raise InputError(Problem(file, 0, "", problem, hint, "VE-310")) from None
    except OSError as error:
        raise InputError(read_problem(error, file, "VE-310")) from None


def _near(path: Path) -> str:
    """Name a file of the folder with a similar name, such as one in other letter case; "" if there is none."""
    files = (p for p in path.parent.glob("*") if p.is_file() and not is_leftover(p))
    names = {composed(p.name).casefold(): composed(p.name) for p in files}
    return next((names[n] for n in difflib.get_close_matches(path.name.casefold(), names, n=1, cutoff=0.85)), "")


def recognise(raw: bytes) -> str:
    """Name the kind of a file by its first bytes: ``text``, ``zip``, ``ole``, ``sav``, or a kind that is not read."""
    start = raw[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    lower = start.lower()
    for kind, marks in (
        ("zip", (_ZIP, b"PK\x05\x06")),
        ("ole", (_OLE,)),
        ("sav", (b"$FL2", b"$FL3")),
        ("pdf", (b"%PDF",)),
        ("rtf", (b"{\\rtf",)),
        ("gzip", (b"\x1f\x8b",)),
        ("image", (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")),
    ):
        if start.startswith(marks):
            return kind
    if lower.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")) or b"<html" in lower:
        return "html"
    if lower.startswith(b"<?xml"):
        return "xml"
    return "text" if start or raw.strip(b"\xef\xbb\xbf \t\r\n") else "empty"


def _open_text(raw: bytes, file: str, options: ReaderOptions) -> Source:
    text = _without_title(encoding.decode(raw, file, options.encoding), options.header_row or 1)
    rows, lines = delimited.split_rows(text, file, options.delimiter)
    findings: tuple[Problem, ...] = ()
    if garbled := encoding.mojibake(text):
        problem = M_("Some letters are garbled: decoded twice, or lost (lines {garbled}).", garbled=listed(garbled))
        findings = (Problem(file, 0, "", problem, M_("Export again as UTF-8, or correct the letters."), "VE-320"),)
    return Source(file, "", "csv", rows, lines, "", findings=findings)


def _without_title(text: str, header_row: int) -> str:
    """Blank the lines above a declared header row: a title need not have as many fields as the answers."""
    above = header_row - 1
    lines = _LINE_END.split(text, above) if above > 0 else [text]
    return "\n" * above + lines[-1] if len(lines) > above > 0 else text


def _from_header(source: Source, options: ReaderOptions) -> Source:
    """Drop the rows above a declared header row."""
    if options.header_row is None:
        return source
    if options.header_row not in source.lines:
        problem = M_("The header row that is declared for this file is blank or missing.")
        raise InputError(
            Problem(source.file, options.header_row, "", problem, M_("Correct header_row in project.toml."), "VE-319")
        )
    first = source.lines.index(options.header_row)
    return replace(source, rows=source.rows[first:], lines=source.lines[first:])
