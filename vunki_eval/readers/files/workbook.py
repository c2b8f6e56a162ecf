"""Read workbooks and SPSS files: check them first, then parse them in a child process.

The archive is checked before anything parses it: size, number and kind of parts, distant cells, entities. The child
has limits on memory and time, so that a bad file cannot crash the program.
"""

import json
import lzma
import os
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vunki_eval.errors import M_, MN_, InputError, Message, Problem
from vunki_eval.language.text import letters
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import SourceColumn
from vunki_eval.readers.wording import tidy

MOST_SECONDS = 60
MOST_MEMORY = 1_500_000_000
MOST_PARTS, MOST_BYTES, MOST_RATIO, MOST_ROWS, MOST_COLUMNS = 200, 50_000_000, 200, 20_000, 500
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, NotImplementedError, RuntimeError,
)  # fmt: skip
_PLACE = re.compile(rb"""<(?:\w+:)?(?:c|row)\b[^<>]*?\br\s*=\s*["']([A-Za-z]{0,7})(\d{1,12})["']""")
_ENTITIES = tuple(
    mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\b[^<>]*?\bref\s*=\s*["']([A-Z]+)(\d+):[A-Z]+(\d+)["']""")
_HIDDEN = re.compile(rb"""<(?:\w+:)?row\b[^<>]*?\bhidden\s*=\s*["'](?:1|true)["']""")

AS_CSV = M_("Export the answers as CSV.")
_REFUSALS: Mapping[str, tuple[Message, Message, str]] = {
    "password": (M_("The workbook is protected by a password."), M_("Save it without a password."), "VE-322"),
    "unreadable": (M_("The workbook cannot be read."), M_("Export it again, or as CSV."), "VE-322"),
    "xls_unreadable": (M_("The workbook cannot be read."), M_("Save it as XLSX, or export as CSV."), "VE-322"),
    "xls_errors": (M_("The workbook holds spreadsheet errors."), M_("Correct them, and save it as XLSX."), "VE-324"),
    "undecodable": (M_("The texts of the workbook cannot be decoded."), M_("Save it as XLSX."), "VE-322"),
    "no_sheet": (M_("The workbook has no sheet of the declared name."), M_("Its sheets are: {sheets}."), "VE-323"),
    "too_large": (
        M_("The workbook has cells beyond row {rows} or column {columns}."),
        AS_CSV,
        "VE-318",
    ),
    "too_many_cells": (M_("The workbook has too many cells."), AS_CSV, "VE-318"),
    "error_cell": (M_("The cell holds a spreadsheet error."), M_("Correct the cell."), "VE-324"),
    "no_result": (M_("The cell holds a formula without a stored result."), M_("Save the workbook in Excel."), "VE-324"),
    "sav_unreadable": (
        M_("The SPSS file cannot be read: it is damaged, or in another encoding."),
        M_("Export it again."),
        "VE-322",
    ),
    "sav_too_large": (M_("The file has more than {cases} cases or {variables} variables."), M_("Split it."), "VE-318"),
    "no_defusedxml": (
        M_("The package defusedxml is missing; workbooks are not read without it."),
        M_("Install vunki-eval again."),
        "VE-321",
    ),
}
"""What the parsers in the child process refuse, by the key they answer with."""


def open_workbook(path: Path, file: str, options: ReaderOptions, kind: str) -> Source:
    """Read a sheet of a workbook, or an SPSS file, as text.

    Parameters
    ----------
    path : Path
    file : str
        Its name for messages.
    options : ReaderOptions
        Declared sheet and encoding.
    kind : str
        ``zip`` (XLSX, ODS), ``ole`` (XLS, protected workbooks) or ``sav``.

    Raises
    ------
    InputError
        If the file is unsafe, protected or damaged, has cells without a value, or several sheets of which none is
        declared.
    """
    job = {"path": str(path), "sheet": options.sheet, "encoding": options.encoding}
    if kind == "sav":
        return _spss(run_isolated("_parse_sav.py", job, file), file)
    container, parts = _container(path, file, kind)
    answer = run_isolated(f"_parse_{container}.py", job, file)
    name, sheet = _only_sheet(answer["sheets"], file)
    if sheet["problems"]:
        raise InputError([_refused(file, row, letters(column), why, {}) for row, column, why in sheet["problems"]])
    rows, lines = _rectangle(sheet["rows"])
    findings = _check_layout(parts.get(sheet["part"], b""), lines, file, answer["hidden_sheets"])
    return Source(file, name, container, rows, lines, "", findings=findings)


def _container(path: Path, file: str, kind: str) -> tuple[str, dict[str, bytes]]:
    if kind == "ole":
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise refusal(
                file, M_("The workbook is protected by a password."), M_("Save it without a password."), "VE-322"
            )
        return "xls", {}
    parts = scan(path, file)
    if "content.xml" in parts and "META-INF/manifest.xml" in parts:
        return "ods", parts
    if not any(name.startswith("xl/") for name in parts):
        raise refusal(
            file, M_("This is a ZIP archive, but not a workbook."), M_("Unpack it, and name the file inside."), "VE-313"
        )
    if b"purl.oclc.org/ooxml" in parts.get("xl/workbook.xml", b""):
        raise refusal(file, M_("This is a Strict Open XML workbook."), M_("Save it as an ordinary XLSX."), "VE-322")
    return "xlsx", parts


def _only_sheet(sheets: dict[str, Any], file: str) -> tuple[str, dict[str, Any]]:
    """Return the only sheet that has cells; where there are several, the project must declare one."""
    full = {name: s for name, s in sheets.items() if any(any(map(str.strip, row)) for row in s["rows"])}
    if not full:
        problem = M_("The workbook has no cells.")
        raise InputError(Problem(file, 0, "", problem, M_("Export the answers again."), "VE-311"))
    if len(full) > 1:
        problem = M_("The workbook has {n} sheets with cells: {full}.", n=len(full), full=", ".join(full))
        hint = M_("Declare sheet for this wave in surveys/project.toml.")
        raise InputError(Problem(file, 0, "", problem, hint, "VE-323"))
    return next(iter(full.items()))


def _rectangle(cells: list[list[str]]) -> tuple[list[list[str]], list[int]]:
    """Drop blank rows and columns and pad rows to one length; return rows and their lines."""
    numbered = [(line, row) for line, row in enumerate(cells, 1) if any(map(str.strip, row))]
    width = max(len(row) for _, row in numbered)
    padded = [row + [""] * (width - len(row)) for _, row in numbered]
    used = [j for j in range(width) if any(row[j].strip() for row in padded)]
    return [[row[j] for j in used] for row in padded], [line for line, _ in numbered]


def _check_layout(xml: bytes, lines: list[int], file: str, hidden_sheets: int) -> tuple[Problem, ...]:
    """Refuse merged cells among the answers; report hidden rows and sheets."""
    merged = [
        Problem(
            file, int(top), left.decode(), M_("Answers are in merged cells."), M_("Unmerge and fill them."), "VE-325"
        )
        for left, top, bottom in _MERGED.findall(xml)
        if int(bottom) > lines[min(3, len(lines)) - 1]  # tools merge cells in up to three header rows
    ]
    if merged:
        raise InputError(merged)
    hidden_rows = len(_HIDDEN.findall(xml))
    findings = []
    if hidden_rows:
        problem = MN_(
            "There is {n} hidden row; it is read too.", "There are {n} hidden rows; they are read too.", hidden_rows
        )
        findings.append((problem, M_("Unhide hidden rows, and delete those that hold no answers.")))
    if hidden_sheets:
        problem = MN_(
            "There is {n} hidden sheet; it is not read.",
            "There are {n} hidden sheets; they are not read.",
            hidden_sheets,
        )
        findings.append((problem, M_("Declare sheet if the answers are there.")))
    return tuple(Problem(file, 0, "", problem, hint, "VE-325") for problem, hint in findings)


def _spss(answer: dict[str, Any], file: str) -> Source:
    """Turn an SPSS file into rows: first the names of its variables, then its cases."""
    variables = tuple(
        SourceColumn(tidy(v["label"]) or v["name"], code=v["name"], labels=tuple((a, b) for a, b in v["labels"]))
        for v in answer["variables"]
    )
    names = [v["name"] for v in answer["variables"]]
    cases = [(number, row) for number, row in enumerate(answer["rows"], 1) if any(map(str.strip, row))]
    rows, lines = [names, *(row for _, row in cases)], [0, *(number for number, _ in cases)]
    return Source(file, "", "sav", rows, lines, "", variables=variables)


def _refused(file: str, row: int, column: str, why: str, values: Mapping[str, object]) -> Problem:
    """Say in words why a parser in the child process refuses a file or a cell."""
    problem, hint, code = _REFUSALS[why]
    return Problem(file, row, column, problem.filled(**values), hint.filled(**values), code)


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
        raise refusal(file, M_("The workbook is cut short or damaged."), M_("Export it again."), "VE-322") from None


def refusal(file: str, problem: Message, hint: Message = AS_CSV, code: str = "VE-321") -> InputError:
    """Make the error for a workbook that is refused."""
    return InputError(Problem(file, 0, "", problem, hint, code))


def _parts(archive: zipfile.ZipFile, file: str) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_PARTS:
        raise refusal(file, M_("The workbook holds more than {most_parts} parts.", most_parts=MOST_PARTS))
    if any(e.filename.lower().endswith("vbaproject.bin") for e in entries):
        raise refusal(file, M_("The workbook holds macros."), M_("Save it as XLSX without macros."))
    if any(e.flag_bits & 1 for e in entries):
        raise refusal(file, M_("The workbook is protected by a password."), M_("Save it without a password."), "VE-322")
    bytes_left, parts = MOST_BYTES, {}
    for entry in entries:
        with archive.open(entry) as stream:
            content = stream.read(bytes_left + 1)  # the sizes that the archive claims may be false
        bytes_left -= len(content)
        if bytes_left < 0:
            raise refusal(
                file, M_("The workbook is larger than {most_bytes} MB when unpacked.", most_bytes=MOST_BYTES // 1000000)
            )
        if len(content) > 100_000 and len(content) > MOST_RATIO * max(entry.compress_size, 1):
            raise refusal(file, M_("A part of the workbook has a suspiciously high compression ratio."))
        if entry.filename.lower().endswith((".xml", ".rels")):
            _check_part(content, file)
            parts[entry.filename.lstrip("/")] = content
    return parts


def _check_part(content: bytes, file: str) -> None:
    if any(mark in content for mark in _ENTITIES):
        raise refusal(file, M_("The workbook holds a document type declaration."))
    for place in _PLACE.finditer(content):
        letters = place.group(1).decode()
        if int(place.group(2)) > MOST_ROWS or len(letters) > 3 or column_number(letters) > MOST_COLUMNS:
            raise refusal(
                file,
                M_(
                    "The workbook has cells beyond row {most_rows} or column {most_columns}.",
                    most_rows=f"{MOST_ROWS:,}",
                    most_columns=MOST_COLUMNS,
                ),
                code="VE-318",
            )


def column_number(letters: str) -> int:
    """Turn the letters of a column into its number (A is 1)."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def run_isolated(parser: str, job: dict[str, Any], file: str) -> dict[str, Any]:
    """Run one of the parsers beside this file in a child process.

    Parameters
    ----------
    parser : str
        File name of the parser. Its ``parse(job, cell_text)`` returns what can be written as JSON, or
        ``{"refused": [why, values]}`` for a file it does not read: a key of the messages here, and what fills them.
    job : dict
        Input of the parser; must be writable as JSON.
    file : str
        Name of the export for messages.

    Raises
    ------
    InputError
        If the parser refuses the file, takes too long or dies.
    """
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    request = json.dumps(job | {"parser": parser, "memory": MOST_MEMORY, "seconds": int(MOST_SECONDS) + 1}).encode()
    command = [sys.executable, "-P", str(Path(__file__).with_name("_child.py"))]
    try:
        process = subprocess.run(command, input=request, capture_output=True, timeout=MOST_SECONDS, env=environment)
    except subprocess.TimeoutExpired:
        problem = M_(
            "Reading the file took more than {most_seconds} seconds and was stopped.", most_seconds=MOST_SECONDS
        )
        raise InputError(Problem(file, 0, "", problem, AS_CSV, "VE-326")) from None
    try:
        answer: dict[str, Any] = json.loads(process.stdout)
    except ValueError:
        problem = M_("Reading the file failed: it is damaged, or needs more memory than is allowed.")
        raise InputError(Problem(file, 0, "", problem, M_("Export the answers again, as CSV."), "VE-326")) from None
    if "refused" in answer:
        raise InputError(_refused(file, 0, "", *answer["refused"]))
    return answer
