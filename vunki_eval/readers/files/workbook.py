"""Workbooks and SPSS files: checked before they are parsed, parsed in a child process, nothing guessed."""

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
    """Read the cells of a workbook's sheet, or of an SPSS file, as text.

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
        If it is unsafe, protected, damaged, has several sheets and none declared, or cells without a value.
    """
    job = {"path": str(path), "sheet": options.sheet, "encoding": options.encoding}
    if kind == "sav":
        return _spss(run_isolated("_parse_sav.py", job, file), file)
    container, parts = _container(path, file, kind)
    answer = run_isolated(f"_parse_{container}.py", job, file)
    name, sheet = _chosen(answer["sheets"], file)
    if sheet["problems"]:
        raise InputError([Problem(file, *said) for said in sheet["problems"]])
    rows, lines = _filled(sheet["rows"])
    findings = _layout(parts.get(sheet["part"], b""), lines, file, answer["hidden_sheets"])
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
        raise refusal(file, "This is a ZIP archive, but no workbook.", "Unpack it, and name the file inside.", "VE-313")
    if b"purl.oclc.org/ooxml" in parts.get("xl/workbook.xml", b""):
        raise refusal(file, "This is a Strict Open XML workbook.", "Save it as an ordinary XLSX.", "VE-322")
    return "xlsx", parts


def _chosen(sheets: dict[str, Any], file: str) -> tuple[str, dict[str, Any]]:
    """Give the one sheet with cells; several need a choice."""
    full = {name: s for name, s in sheets.items() if any(any(map(str.strip, row)) for row in s["rows"])}
    if not full:
        problem = "The workbook has no cells."
        raise InputError(Problem(file, 0, "", problem, "Export the answers again.", "VE-311"))
    if len(full) > 1:
        problem = f"The workbook has {len(full)} sheets with cells: {', '.join(full)}."
        hint = "Declare sheet for this wave in surveys/project.toml."
        raise InputError(Problem(file, 0, "", problem, hint, "VE-323"))
    return next(iter(full.items()))


def _filled(given: list[list[str]]) -> tuple[list[list[str]], list[int]]:
    """Rows that are not blank, without columns that are blank throughout, all of one length."""
    kept = [(line, row) for line, row in enumerate(given, 1) if any(map(str.strip, row))]
    width = max(len(row) for _, row in kept)
    square = [row + [""] * (width - len(row)) for _, row in kept]
    used = [j for j in range(width) if any(row[j].strip() for row in square)]
    return [[row[j] for j in used] for row in square], [line for line, _ in kept]


def _layout(xml: bytes, lines: list[int], file: str, hidden_sheets: int) -> tuple[Problem, ...]:
    """Refuse merged cells among the answers; point to hidden rows and sheets."""
    merged = [
        Problem(file, int(top), left.decode(), "Answers lie in merged cells.", "Unmerge and fill each cell.", "VE-325")
        for left, top, bottom in _MERGED.findall(xml)
        if int(bottom) > lines[min(3, len(lines)) - 1]
    ]
    if merged:
        raise InputError(merged)
    said = [
        (len(_HIDDEN.findall(xml)), "hidden rows; they are read too", "Unhide them, or delete what is no answer."),
        (hidden_sheets, "hidden sheets; they are not read", "Declare sheet if the answers are there."),
    ]
    return tuple(Problem(file, 0, "", f"There are {n} {what}.", hint, "VE-325") for n, what, hint in said if n)


def _spss(answer: dict[str, Any], file: str) -> Source:
    """Cases of an SPSS file; the first row holds the names of its variables."""
    variables = tuple(
        SourceColumn(tidy(v["label"]) or v["name"], code=v["name"], labels=tuple((a, b) for a, b in v["labels"]))
        for v in answer["variables"]
    )
    names = [v["name"] for v in answer["variables"]]
    kept = [(number, row) for number, row in enumerate(answer["rows"], 1) if any(map(str.strip, row))]
    rows, lines = [names, *(row for _, row in kept)], [0, *(number for number, _ in kept)]
    return Source(file, "", "sav", rows, lines, "", variables=variables)
