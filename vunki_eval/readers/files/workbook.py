"""Read workbooks and SPSS files: check them first, then parse them in a child process."""

import re
from pathlib import Path
from typing import Any

from vunki_eval.errors import InputError, Problem
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.archive import refusal, scan
from vunki_eval.readers.files.isolate import run_isolated
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import SourceColumn
from vunki_eval.readers.wording import tidy

_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\b[^<>]*?\bref\s*=\s*["']([A-Z]+)(\d+):[A-Z]+(\d+)["']""")
_HIDDEN = re.compile(rb"""<(?:\w+:)?row\b[^<>]*?\bhidden\s*=\s*["'](?:1|true)["']""")


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
        raise InputError([Problem(file, *problem) for problem in sheet["problems"]])
    rows, lines = _rectangle(sheet["rows"])
    findings = _check_layout(parts.get(sheet["part"], b""), lines, file, answer["hidden_sheets"])
    return Source(file, name, container, rows, lines, "", findings=findings)


def _container(path: Path, file: str, kind: str) -> tuple[str, dict[str, bytes]]:
    if kind == "ole":
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise refusal(file, "The workbook is protected by a password.", "Save it without a password.", "VE-322")
        return "xls", {}
    parts = scan(path, file)
    if "content.xml" in parts and "META-INF/manifest.xml" in parts:
        return "ods", parts
    if not any(name.startswith("xl/") for name in parts):
        raise refusal(
            file, "This is a ZIP archive, but not a workbook.", "Unpack it, and name the file inside.", "VE-313"
        )
    if b"purl.oclc.org/ooxml" in parts.get("xl/workbook.xml", b""):
        raise refusal(file, "This is a Strict Open XML workbook.", "Save it as an ordinary XLSX.", "VE-322")
    return "xlsx", parts


def _only_sheet(sheets: dict[str, Any], file: str) -> tuple[str, dict[str, Any]]:
    """Return the only sheet that has cells; where there are several, the project must declare one."""
    full = {name: s for name, s in sheets.items() if any(any(map(str.strip, row)) for row in s["rows"])}
    if not full:
        problem = "The workbook has no cells."
        raise InputError(Problem(file, 0, "", problem, "Export the answers again.", "VE-311"))
    if len(full) > 1:
        problem = f"The workbook has {len(full)} sheets with cells: {', '.join(full)}."
        hint = "Declare sheet for this wave in surveys/project.toml."
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
        Problem(file, int(top), left.decode(), "Answers are in merged cells.", "Unmerge and fill them.", "VE-325")
        for left, top, bottom in _MERGED.findall(xml)
        if int(bottom) > lines[min(3, len(lines)) - 1]  # tools merge cells in up to three header rows
    ]
    if merged:
        raise InputError(merged)
    hidden_rows = len(_HIDDEN.findall(xml))
    findings = []
    if hidden_rows:
        what = "hidden row; it is read too" if hidden_rows == 1 else "hidden rows; they are read too"
        findings.append((_count(hidden_rows, what), "Unhide hidden rows, and delete those that hold no answers."))
    if hidden_sheets:
        what = "hidden sheet; it is not read" if hidden_sheets == 1 else "hidden sheets; they are not read"
        findings.append((_count(hidden_sheets, what), "Declare sheet if the answers are there."))
    return tuple(Problem(file, 0, "", problem, hint, "VE-325") for problem, hint in findings)


def _count(number: int, what: str) -> str:
    return f"There is {number} {what}." if number == 1 else f"There are {number} {what}."


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
