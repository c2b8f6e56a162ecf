"""Paper forms that were typed in twice: compare both entries of each form; write a template for typing.

The columns are ``form``, ``entry`` (1, 2) and item codes. A column that the second typist left blank throughout (free
text) is not compared. Forms of the template that nobody filled in are skipped.
"""

from collections.abc import Sequence
from dataclasses import replace

from vunki_eval.errors import M_, InputError, Problem
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.delimited import join_rows
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import RawTable, SourceColumn
from vunki_eval.readers.tabulate import bracketed, tabulate
from vunki_eval.readers.wording import label_key, number_text, tidy

NAME = "paper"
_FORM, _ENTRY = {"form", "vorm", "ankeet"}, {"entry", "sisestus"}
_ROLES = {"submitted": "submitted", "date": "submitted", "kuupäev": "submitted"}


def recognises(source: Source) -> bool:
    """Recognise the first two columns."""
    header = [label_key(h) for h in source.header()[:2]]
    return len(header) == 2 and header[0] in _FORM and header[1] in _ENTRY


def read(source: Source, options: ReaderOptions) -> RawTable:
    """Compare the two entries of every form and keep the first.

    Raises
    ------
    InputError
        If entries differ, or a form was not typed twice; it names rows and columns.
    """
    own = [SourceColumn(h, role="record") for h in source.header()[:2]]
    table = tabulate(NAME, source, [*own, *(bracketed(h, _ROLES) for h in source.header()[2:])], header_rows=1)
    entries: dict[str, list[int]] = {}
    for k, form in enumerate(table.cells[0]):
        entries.setdefault(tidy(form), []).append(k)
    answers = table.cells[2:]
    entries = {f: rows for f, rows in entries.items() if any(cells[k].strip() for cells in answers for k in rows)}
    if not entries:
        problem = M_("The file has a header but no answers.")
        raise InputError(Problem(source.file, 0, "", problem, M_("Type the forms in."), "VE-311"))
    problems = [p for rows in entries.values() for p in _disagreements(table, rows)]
    if problems:
        raise InputError(sorted(problems))
    firsts = sorted(rows[0] for rows in entries.values())
    cells = tuple([column[k] for k in firsts] for column in table.cells)
    return replace(table, cells=cells, lines=[table.lines[k] for k in firsts])


def paper_template(instrument: Instrument, wave: str, *, forms: int = 50) -> str:
    """Write an empty CSV sheet into which the paper forms of a wave are typed."""
    codes = [c for item in instrument.in_wave(wave) for c in _codes(instrument, item.code)]
    blank = [[form, entry] + [""] * (1 + len(codes)) for form in range(1, forms + 1) for entry in (1, 2)]
    return join_rows([["form", "entry", "submitted", *codes], *blank])


def _codes(instrument: Instrument, code: str) -> list[str]:
    options = instrument.response_set(code)
    return [f"{code}.{v}" for v in options.values] if instrument.item(code).kind == "multiple" and options else [code]


def _disagreements(table: RawTable, rows: Sequence[int]) -> list[Problem]:
    line = table.lines[rows[0]]
    numbers = sorted(tidy(table.cells[1][k]) for k in rows)
    if numbers != ["1", "2"]:
        problem = M_("The form must be typed in twice, as entry 1 and entry 2.")
        return [Problem(table.file, line, table.columns[1].header, problem, M_("Type it in a second time."), "VE-347")]
    problems = []
    for column, cells in list(zip(table.columns, table.cells, strict=True))[2:]:
        second_blank = not any(c.strip() for c, n in zip(cells, table.cells[1], strict=True) if tidy(n) == "2")
        if not second_blank and not _same(*(cells[k] for k in rows)):
            problem = M_(
                "The two entries of the form differ (rows {line} and {lines}).", line=line, lines=table.lines[rows[1]]
            )
            problems.append(Problem(table.file, line, column.header, problem, M_("Look at the paper form."), "VE-347"))
    return problems


def _same(first: str, second: str) -> bool:
    """Tell whether two entries agree: case and punctuation do not matter, but the sign of a number does."""
    signs = [(number_text(cell) or "")[:1] == "-" for cell in (first, second)]
    return label_key(first) == label_key(second) and signs[0] == signs[1]
