"""LimeSurvey's export for R: data without a header, and a syntax file that names columns and labels.

``survey_<n>_R_data_file.csv`` lies beside ``survey_<n>_R_syntax_file.R`` (or ``<stem>.R``).
"""

import re
from pathlib import Path

from vunki_eval.errors import M_, InputError, Problem
from vunki_eval.project.file_names import on_disk
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.encoding import decode
from vunki_eval.readers.files.opening import read_bytes
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import RawTable, SourceColumn
from vunki_eval.readers.tabulate import tabulate
from vunki_eval.readers.tools import limesurvey
from vunki_eval.readers.wording import label_key, tidy

NAME = "limesurvey_r"
_TEXT = r'"((?:[^"\\]|\\.)*)"'
_NAMES = re.compile(rf"names\(data\)\[(\d+)\]\s*<-\s*{_TEXT}")
_LABELS = re.compile(rf"variable\.labels\[(\d+)\]\s*<-\s*{_TEXT}")
_FACTORS = re.compile(r"data\[,\s*(\d+)\]\s*<-\s*factor\(data\[,\s*\d+\],\s*levels=c\((.*?)\),\s*labels=c\((.*)\)\)")
_ENTRY = re.compile(rf"{_TEXT}|([^,\s]+)")


def recognises(source: Source) -> bool:
    """Recognise the syntax file beside the export, and a first row that is not a header."""
    return _syntax(source.path) is not None and not limesurvey.recognises(source)


def read(source: Source, options: ReaderOptions) -> RawTable:
    """Read cells from the data file, names and labels from the syntax file."""
    path = _syntax(source.path)
    if path is None:
        problem = M_("The syntax file of this export is missing.")
        raise InputError(Problem(source.file, 0, "", problem, M_("Put the .R file beside it."), "VE-329"))
    name = f"{source.file.rpartition('/')[0]}/{path.name}".lstrip("/")
    syntax = decode(read_bytes(path, name), name)
    names, labels = (dict(_entries(pattern, syntax)) for pattern in (_NAMES, _LABELS))
    factors = {int(n): _pairs(levels, texts) for n, levels, texts in _FACTORS.findall(syntax)}
    width = len(source.rows[0])
    if set(names) != set(range(1, width + 1)):
        problem = M_("The syntax file names {n} columns, the data have {width}.", n=len(names), width=width)
        raise InputError(Problem(name, 0, "", problem, M_("Export both files again."), "VE-329"))
    columns = [_column(names[k], labels.get(k, ""), factors.get(k, ())) for k in range(1, width + 1)]
    return tabulate(NAME, source, columns, header_rows=0, strict=False, blanks=frozenset({"n/a"}))


def _syntax(path: Path | None) -> Path | None:
    if path is None:
        return None
    names = (path.name.replace("_R_data_file.csv", "_R_syntax_file.R"), f"{path.stem}.R")
    return next((p for n in names if n != path.name and (p := on_disk(path.with_name(n))).is_file()), None)


def _entries(pattern: re.Pattern[str], syntax: str) -> list[tuple[int, str]]:
    return [(int(number), tidy(re.sub(r"\\(.)", r"\1", text))) for number, text in pattern.findall(syntax)]


def _pairs(levels: str, labels: str) -> tuple[tuple[str, str], ...]:
    """Pair levels with labels; both are R vectors."""
    codes, texts = ([re.sub(r"\\(.)", r"\1", a or b) for a, b in _ENTRY.findall(part)] for part in (levels, labels))
    return tuple(zip(codes, texts, strict=False))


def _column(name: str, label: str, labels: tuple[tuple[str, str], ...]) -> SourceColumn:
    """Make a column; LimeSurvey codes hold no underscore, so ``TS_TS1`` is question and sub-question."""
    code, _, sub = name.partition("_")
    row, question = re.fullmatch(r"(?:\[(.*?)\]\s*)?(.*)", label).groups()  # type: ignore[union-attr]
    header = f"{question} [{row}]" if row else question or name
    role = limesurvey.ROLES.get(label_key(name), "")
    return SourceColumn(header, code=code, row=sub or row or "", role=role, labels=() if role else labels)
