"""Prepare the sheet of decisions: rulings made so far, then open questions with room for a ruling and a signature."""

import io
from collections.abc import Sequence

from vunki_eval.language import Localizer
from vunki_eval.publish.quality import wording
from vunki_eval.publish.quality.checked_event import CheckedEvent
from vunki_eval.survey.decisions import COLUMNS, MARK, RULINGS, OpenQuestion, read_rows, still_open

Rows = list[list[str]]
KEY = 5  # columns that tell questions apart; the ruling follows them
WIDTHS = (11, 14, 7, 14, 11, 16, 16, 12, 40, 44, 18, 11)


def prepared_sheet(checked: CheckedEvent, drafts: Sequence[Rows], say: Localizer) -> Rows:
    """List the rulings made so far and the open questions, with work on earlier sheets kept.

    Parameters
    ----------
    checked : CheckedEvent
    drafts : sequence of rows
        Sheets prepared earlier, in order of time. What was filled in for questions that are still open is kept.
    say : Localizer

    Returns
    -------
    list of rows
        `vunki_eval.survey.decisions.COLUMNS`, then ``noticed`` (what the question is about), ``choices`` (the possible
        rulings) and ``mark`` (a short digest of the rows' answers: a ruling is refused once the rows hold others).
    """
    filled_in = {_key(row): row for draft in drafts for row in draft[1:] if _has_ruling(row)}
    rulings = read_rows(checked.project.surveys / checked.event.id, f"surveys/{checked.event.id}")
    rows = [[*row[:-1], "", "", row[-1]] for row in rulings]
    settled = set(map(_key, rulings))
    for question in sorted(set(checked.questions)):
        row = [*question.entries()[:-1], say._(wording.NOTICED[question.noticed]), _choices(question), question.mark]
        draft = filled_in.get(_key(row), row)
        # A draft counts only for the answers it was made on; one without a mark is from a sheet that has none.
        if draft[len(COLUMNS) + 2 :] in ([question.mark], []):
            row[KEY : len(COLUMNS)] = draft[KEY : len(COLUMNS)]
        if _key(row) not in settled:
            rows.append(row)
    return [[*COLUMNS, "noticed", "choices", MARK], *rows]


def sheet_workbook(rows: Rows) -> bytes:
    """Return the sheet as a workbook in which rulings are chosen from lists."""
    import openpyxl
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append([int(c) if c.isdecimal() else c or None for c in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows[1:], 2):
        if choices := RULINGS[row[0]]:
            validation = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
            sheet.add_data_validation(validation)
            validation.add(f"F{number}")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _choices(question: OpenQuestion) -> str:
    return " / ".join(RULINGS[question.kind]) or f"{question.item}=..."


def _key(row: Sequence[str]) -> tuple[str, ...]:
    """Return what identifies a question: its kind, its places and, for edits, its item."""
    return (*row[:KEY], row[KEY].partition("=")[0] if row[0] == "edit" else "")


def _has_ruling(row: Sequence[str]) -> bool:
    entry = dict(zip(COLUMNS, row, strict=False))
    return len(row) >= len(COLUMNS) and not still_open(entry)
