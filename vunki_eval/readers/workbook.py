"""Workbooks: checked before they are parsed, parsed in a child process, one sheet chosen, nothing guessed."""

import zipfile
from pathlib import Path
from typing import Any

from vunki_eval.errors import InputError, Problem
from vunki_eval.project import ReaderOptions
from vunki_eval.readers.isolate import run_isolated
from vunki_eval.readers.source import Source


def open_workbook(path: Path, file: str, options: ReaderOptions, kind: str) -> Source:
    """Read the cells of a workbook's sheet as text.

    Parameters
    ----------
    path : Path
    file : str
        Its name for messages.
    options : ReaderOptions
        Declared sheet.
    kind : str
        ``zip`` (XLSX, ODS) or ``ole`` (XLS, protected workbooks).

    Raises
    ------
    InputError
        If it is unsafe, protected, damaged, has several sheets and none declared, or cells without a value.
    """
    container = _container(path, file, kind)
    answer = run_isolated("_child_xlsx.py", {"path": str(path), "sheet": options.sheet}, file)
    name, sheet = _chosen(answer["sheets"], file)
    if sheet["problems"]:
        raise InputError([Problem(file, *said) for said in sheet["problems"]])
    rows, lines = _filled(sheet["rows"])
    findings = _layout(sheet, lines, file, answer["hidden_sheets"])
    return Source(file, name, container, rows, lines, "", findings=findings)


def _container(path: Path, file: str, kind: str) -> str:
    if kind == "ole":
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            problem, cure = "The workbook is protected by a password.", "Save it without a password."
        else:
            problem, cure = "This is an old Excel workbook (XLS).", "Save it as XLSX, or export as CSV."
        raise InputError(Problem(file, 0, "", problem, cure, "VE-322"))
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:1000])
    except (zipfile.BadZipFile, OSError, ValueError):
        problem = "The workbook is cut short or damaged."
        raise InputError(Problem(file, 0, "", problem, "Export it again.", "VE-322")) from None
    if not any(n.lstrip("/").startswith("xl/") for n in names):
        problem = "This is a ZIP archive, but no workbook."
        raise InputError(Problem(file, 0, "", problem, "Unpack it, and name the file inside.", "VE-313"))
    return "xlsx"


def _chosen(sheets: dict[str, Any], file: str) -> tuple[str, dict[str, Any]]:
    if not sheets:
        problem = "The workbook has no cells."
        raise InputError(Problem(file, 0, "", problem, "Export the answers again.", "VE-311"))
    if len(sheets) > 1:
        problem = f"The workbook has {len(sheets)} sheets with cells: {', '.join(sheets)}."
        cure = "Declare sheet for this wave in surveys/project.toml."
        raise InputError(Problem(file, 0, "", problem, cure, "VE-323"))
    return next(iter(sheets.items()))


def _filled(given: list[list[str]]) -> tuple[list[list[str]], list[int]]:
    """Rows that are not blank, without columns that are blank throughout, all of one length."""
    kept = [(line, row) for line, row in enumerate(given, 1) if any(map(str.strip, row))]
    width = max(len(row) for _, row in kept)
    square = [row + [""] * (width - len(row)) for _, row in kept]
    used = [j for j in range(width) if any(row[j].strip() for row in square)]
    return [[row[j] for j in used] for row in square], [line for line, _ in kept]


def _layout(sheet: dict[str, Any], lines: list[int], file: str, hidden_sheets: int) -> tuple[Problem, ...]:
    """Refuse merged cells among the answers; point to hidden rows and sheets."""
    merged = [
        Problem(file, top, left, "Answers lie in merged cells.", "Unmerge them and fill each cell.", "VE-325")
        for top, left, bottom, _ in sheet["merged"]
        if bottom > lines[min(3, len(lines)) - 1]
    ]
    if merged:
        raise InputError(merged)
    said = [
        (sheet["hidden_rows"], "hidden rows; they are read too", "Unhide them, or delete what is no answer."),
        (hidden_sheets, "hidden sheets; they are not read", "Declare sheet if the answers are there."),
    ]
    return tuple(Problem(file, 0, "", f"There are {n} {what}.", cure, "VE-325") for n, what, cure in said if n)
