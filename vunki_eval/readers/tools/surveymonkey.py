"""SurveyMonkey CSV and XLSX: questions in the first header row, options or rows of grids in the next one or two."""

from itertools import takewhile

from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import RawTable, SourceColumn
from vunki_eval.readers.tabulate import tabulate
from vunki_eval.readers.wording import label_key

NAME = "surveymonkey"
_ROLES = {
    "respondent id": "record", "collector id": "record", "collector": "ignored", "start date": "started",
    "end date": "submitted", "date created": "started", "date modified": "submitted", "ip address": "record",
    "email address": "record", "first name": "record", "last name": "record", "custom data 1": "ignored",
}  # fmt: skip
_PLAIN = {"response", "open ended response", "vastus", "vaba vastus", ""}


def recognises(source: Source) -> bool:
    """Recognise the metadata with which the first row begins."""
    header = [label_key(h) for h in source.header()[:8]]
    return header[:1] == ["respondent id"] and {"start date", "end date"} <= set(header)


def read(source: Source, options: ReaderOptions) -> RawTable:
    """Read a table with several header rows: those before the first row that names a respondent."""
    sub_rows = list(takewhile(lambda row: not row[0].strip()[:1].isdigit(), source.rows[1:4]))
    questions = _filled(source.header())
    subs = [
        " ".join(filter(None, parts))
        for parts in zip(*(source.header(k + 1) for k in range(len(sub_rows))), strict=True)
    ]
    columns = [_column(q, s) for q, s in zip(questions, subs or [""] * len(questions), strict=True)]
    return tabulate(NAME, source, columns, header_rows=1 + len(sub_rows), strict=False)


def _filled(header: list[str]) -> list[str]:
    """Repeat a question over all columns that belong to it."""
    filled: list[str] = []
    for cell in header:
        filled.append(cell or (filled[-1] if filled else ""))
    return filled


def _column(question: str, sub: str) -> SourceColumn:
    if role := _ROLES.get(label_key(question), ""):
        return SourceColumn(question, role=role)
    if label_key(sub) in _PLAIN or label_key(sub) == label_key(question):
        return SourceColumn(question)
    return SourceColumn(f"{question} [{sub}]", row=sub)
