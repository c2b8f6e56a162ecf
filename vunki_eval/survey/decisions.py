"""Decisions: a person's rulings on duplicates, links, edits, exclusions and late answers, with who, when and why.

``surveys/<event>/decisions.csv`` (or ``.xlsx``) has the columns of `COLUMNS`; ``file`` is the export's name and ``row``
its physical line. Rulings: ``keep`` or ``drop`` (duplicate, exclude, late), ``link`` or ``apart`` (link, with
``other_file`` and ``other_row``), ``ITEM=answer`` (edit; nothing after the sign blanks the answer). A row without
ruling, who, when and why is a question that is still open; it is skipped. Prepared sheets have a further column
``mark`` with letters made from the row's answers, so that a ruling is never applied to another response.
"""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from vunki_eval.errors import M_, ConfigError, InputError, Message, Problem
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers import RawTable, open_source
from vunki_eval.readers.column_mapping import ColumnMapping as ColumnMapping
from vunki_eval.readers.files.delimited import join_rows
from vunki_eval.readers.wording import tidy

COLUMNS = ("kind", "file", "row", "other_file", "other_row", "ruling", "who", "when", "why")
MARK = "mark"
SIZE = 4
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels or digits: a spreadsheet cannot turn a mark into a date or a number
RULINGS = {
    "duplicate": ("keep", "drop"),
    "exclude": ("keep", "drop"),
    "late": ("keep", "drop"),
    "link": ("link", "apart"),
    "edit": (),
}


@dataclass(frozen=True, slots=True, order=True)
class OpenQuestion:
    """Something a person may rule on: a row, the other row if there is one, and what was noticed (no answer, no code).

    ``item`` is the item that an edit is about, ``mark`` the mark of the rows (see `RowMarks`).
    """

    kind: str
    file: str
    row: int
    other_file: str = ""
    other_row: int = 0
    noticed: str = ""
    item: str = ""
    mark: str = ""

    def entries(self) -> tuple[str, ...]:
        """Give the row of a prepared sheet, with who, when and why still blank."""
        ruling = f"{self.item}=" if self.kind == "edit" and self.item else ""
        other_row = str(self.other_row) if self.other_row else ""
        return self.kind, self.file, str(self.row), self.other_file, other_row, ruling, "", "", "", self.noticed


CORRECT = M_("Correct the row, or remove it.")


def question_sheet(questions: Iterable[OpenQuestion]) -> str:
    """Write questions as a prepared sheet of decisions (CSV), with ruling, who, when and why still blank."""
    return join_rows([[*COLUMNS, "noticed", MARK], *((*q.entries(), q.mark) for q in sorted(set(questions)))])


@dataclass(frozen=True, slots=True)
class Decision:
    """One ruling; ``line`` is its line in the file of decisions, ``mark`` the mark of its rows, or ""."""

    kind: str
    file: str
    row: int
    other_file: str
    other_row: int
    ruling: str
    line: int
    source: str
    mark: str = ""

    def refuse(self, problem: Message, hint: Message = CORRECT) -> Problem:
        """Turn the decision into a problem."""
        return Problem(self.source, self.line, self.kind, problem, hint, "VE-372")


class RowMarks:
    """Mark responses by letters made from their answers, whatever the order of rows and columns.

    Four letters per row are enough to notice another response, and too few to reveal the answers.
    """

    def __init__(self, tables: Mapping[str, tuple[RawTable, ColumnMapping]]) -> None:
        self._tables = tables
        self._places: dict[str, dict[int, int]] = {}  # by file, then row; filled for files that are asked about

    def of(self, about: OpenQuestion | Decision) -> str:
        """Mark the row or the two rows that a question or a ruling is about; "" if they are not there."""
        rows = [(about.file, about.row), *([(about.other_file, about.other_row)] if about.other_row else [])]
        all_present = all(row in self._rows(file) for file, row in rows)
        return "".join(self._row(*place) for place in rows) if all_present else ""

    def now(self, ruling: Decision) -> list[int]:
        """Find the rows that now hold the answers a ruling was made on; empty if that is not certain."""
        files = [ruling.file, *([ruling.other_file] if ruling.other_row else [])]
        candidates = []
        for number, file in enumerate(files):
            mark = ruling.mark.upper()[number * SIZE : (number + 1) * SIZE]
            candidates.append([row for row in self._rows(file) if self._row(file, row) == mark])
        return [rows[0] for rows in candidates] if all(len(rows) == 1 for rows in candidates) else []

    def _rows(self, file: str) -> dict[int, int]:
        if file in self._tables and file not in self._places:
            self._places[file] = {row: place for place, row in enumerate(self._tables[file][0].lines)}
        return self._places.get(file, {})

    def _row(self, file: str, row: int) -> str:
        table, mapping = self._tables[file]
        place = self._places[file][row]
        answers = sorted((m.item, str(m.option), tidy(table.cells[m.column][place])) for m in mapping.matches)
        digest = hashlib.sha256(repr(answers).casefold().encode()).digest()
        return "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:SIZE])


def read_decisions(folder: Path, shown_folder: str) -> tuple[Decision, ...]:
    """Read an event's decisions; none without a file. Rows without a ruling are skipped.

    Parameters
    ----------
    folder : Path
        ``surveys/<event>``.
    shown_folder : str
        How messages name the folder.

    Raises
    ------
    ConfigError
        For unknown columns, kinds and rulings, and for entries without who, when or why.
    """
    decisions, problems = [], []
    for file, line, entry in _entries(folder, shown_folder):
        faults = list(_faults(entry))
        problems += [Problem(file, line, column, problem, hint, "VE-371") for column, problem, hint in faults]
        if not faults:
            numbers = (int(entry["row"]), int(entry["other_row"] or 0))
            decisions.append(
                Decision(
                    entry["kind"], entry["file"], numbers[0], entry["other_file"], numbers[1], entry["ruling"], line,
                    file, entry[MARK],
                )
            )  # fmt: skip
    if problems:
        raise ConfigError(dict.fromkeys(problems))
    return tuple(decisions)


def read_rows(folder: Path, shown_folder: str) -> list[list[str]]:
    """Give the rulings of an event as rows of `COLUMNS` and the mark, as they were written."""
    return [[entry[c] for c in (*COLUMNS, MARK)] for _, _, entry in _entries(folder, shown_folder)]


def _entries(folder: Path, shown_folder: str) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Yield the rows of the file of decisions that have a ruling: file, line, entries by column."""
    paths = [p for p in (folder / "decisions.csv", folder / "decisions.xlsx") if p.exists()]
    if not paths:
        return
    file = f"{shown_folder}/{paths[0].name}"
    if len(paths) > 1:
        raise ConfigError(
            Problem(file, 0, "", M_("There are two files of decisions."), M_("Keep one of them."), "VE-371")
        )
    if paths[0].stat().st_size == 0:
        return
    try:
        source = open_source(paths[0], file, ReaderOptions())
    except InputError as error:
        raise ConfigError(error.problems) from None
    if tuple(source.header())[: len(COLUMNS)] != COLUMNS:
        problem = M_("The columns must be: {columns}.", columns=",".join(COLUMNS))
        raise ConfigError(Problem(file, source.lines[0], "", problem, M_("Correct the first row."), "VE-371"))
    for line, row in zip(source.lines[1:], source.rows[1:], strict=True):
        cells = dict(zip(source.header(), map(tidy, row), strict=True))
        entry = {c: cells[c] for c in COLUMNS} | {MARK: cells.get(MARK, "")}
        if not still_open(entry):
            yield file, line, entry


def still_open(entry: Mapping[str, str]) -> bool:
    """Tell whether nobody has ruled on a row of a prepared sheet."""
    ruled = entry["ruling"] and not (entry["kind"] == "edit" and entry["ruling"].endswith("="))
    return not (ruled or entry["who"] or entry["when"] or entry["why"])


def _faults(entry: Mapping[str, str]) -> Iterator[tuple[str, Message, Message]]:
    kind, ruling = entry["kind"], entry["ruling"]
    if kind not in RULINGS:
        yield "kind", M_("The kind is unknown."), M_("Known: {rulings}.", rulings=", ".join(RULINGS))
    elif kind == "edit" and not ruling.partition("=")[1]:
        yield "ruling", M_("An edit is written as ITEM=answer."), M_("Correct the ruling.")
    elif kind != "edit" and ruling not in RULINGS[kind]:
        yield "ruling", M_("The ruling is unknown."), M_("Write one of: {rulings}.", rulings=", ".join(RULINGS[kind]))
    for column in ("who", "why"):
        if not entry[column]:
            yield column, M_("The entry is blank."), M_("A ruling needs who, when and why.")
    try:
        dt.date.fromisoformat(entry["when"])
    except ValueError:
        yield "when", M_("A date is wanted."), M_("Write it as 2020-08-19.")
    for column in ("row", "other_row"):
        needed = column == "row" or kind == "link"
        if (entry[column] or needed) and not entry[column].isdecimal():
            yield column, M_("A row number is needed."), M_("Write the line of the answer in its file.")
    if not entry["file"] or (kind == "link" and not entry["other_file"]):
        yield "file", M_("The name of the export is missing."), M_("Write it as in project.toml.")


def check_rows(
    decisions: Iterable[Decision], rows: Mapping[str, Collection[int]], marks: RowMarks | None = None
) -> None:
    """Refuse decisions on rows that do not exist (any more) or whose answers have changed since they were marked.

    ``rows`` maps an export's name, as in the config, to its physical rows.

    Raises
    ------
    ConfigError
    """
    problems = []
    for decision in decisions:
        places = [(decision.file, decision.row)]
        places += [(decision.other_file, decision.other_row)] if decision.other_row else []
        for file, row in places:
            if file not in rows:
                problems.append(decision.refuse(M_("The event has no export of that name.")))
            elif row not in rows[file]:
                problems.append(decision.refuse(M_("The export has no response in that row (any more).")))
        if marks and decision.mark and marks.of(decision) not in ("", decision.mark.upper()):
            problem = M_(
                "The answers in the row have changed since the question was asked; it may be another response."
            )
            hint = M_("Look at the export: write the row it has now and leave the mark blank, or remove the ruling.")
            if now := marks.now(decision):
                hint = M_("Those answers are now in row {row}: correct the row number.", row=now[0])
                if len(now) > 1:
                    hint = M_(
                        "Those answers are now in rows {row} and {other}: correct the row numbers.",
                        row=now[0],
                        other=now[1],
                    )
            problems.append(decision.refuse(problem, hint))
    if problems:
        raise ConfigError(dict.fromkeys(problems))


def apply_edits(
    table: RawTable, mapping: ColumnMapping, instrument: Instrument, edits: Collection[Decision]
) -> tuple[RawTable, list[tuple[int, str, str, str, str]]]:
    """Write edited answers into a table; return log entries too (without the answer if it is a text).

    Raises
    ------
    ConfigError
        If an edit names an item without a column of its own, or the answer that is already there.
    """
    if not edits:
        return table, []
    cells = [list(c) for c in table.cells]
    log, problems = [], []
    codes = {i.code for i in instrument.items if i.role != "link"}
    closed = {i.code for i in instrument.items if i.kind in ("single", "multiple", "number")}
    for edit in edits:
        code, _, answer = edit.ruling.partition("=")
        places = [m.column for m in mapping.matches if m.item == code.strip() and m.option is None]
        if code.strip() not in codes or len(places) != 1:
            problems.append(edit.refuse(M_("The export has no column for that item that could be edited.")))
            continue
        line = table.lines.index(edit.row)
        if tidy(cells[places[0]][line]) == answer.strip():
            problems.append(edit.refuse(M_("The edit changes nothing: the data have changed since it was written.")))
            continue
        before_and_after = (cells[places[0]][line], answer.strip()) if code.strip() in closed else ("", "")
        cells[places[0]][line] = answer.strip()
        log.append((edit.row, code.strip(), "edited_by_decision", *before_and_after))
    if problems:
        raise ConfigError(dict.fromkeys(problems))
    return replace(table, cells=tuple(cells)), log
