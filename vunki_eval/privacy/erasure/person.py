"""Find a person's rows: compare the code they type with the codes in every export, all in one plain form."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vunki_eval.errors import M_, Problem, UsageError, VunkiError
from vunki_eval.project.file_names import on_disk
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.project import Event, Export, Project
from vunki_eval.readers import RawTable, open_source, read_export
from vunki_eval.readers.column_mapping import find_columns
from vunki_eval.readers.table import SourceColumn
from vunki_eval.readers.wording import tidy
from vunki_eval.survey.clean import code_elements, plain_elements
from vunki_eval.survey.decisions import Decision
from vunki_eval.survey.participants import LISTS, header_row

_SEPARATORS = re.compile(r"[\s,;/|]+")
_ELEMENTS = re.compile(r"\d+|[^\W\d_]|[-?]")


@dataclass(frozen=True, slots=True, order=True)
class ResponseRow:
    """A response: event, name of the export as in decisions, physical row; ``how`` says why it is the person's."""

    event: str
    file: str
    row: int
    how: str = "code"

    @property
    def shown(self) -> str:
        """Name it for messages."""
        return f"surveys/{self.event}/{self.file}:{self.row}"


@dataclass(frozen=True, slots=True)
class ExportWithCodes:
    """An export with the codes of its rows, or a list of participants (no wave, no codes); in memory only.

    ``file`` is its name in messages and decisions.
    """

    event: str
    file: str
    wave: str
    export: Export
    path: Path
    table: RawTable
    codes: dict[int, tuple[str, ...]]

    def __repr__(self) -> str:
        """Say how many, never whose."""
        return f"<codes of {len(self.codes)} rows, not shown>"


def typed_code(text: str, instrument: Instrument) -> tuple[str, ...]:
    """Read a code as it is typed: its elements in order, separated or written together.

    Raises
    ------
    UsageError
        If it has not as many elements as the questionnaire's code, or too few that are known.
    """
    names = code_elements(instrument)
    attempts = [_SEPARATORS.split(text.strip()), _ELEMENTS.findall(text)]
    if len(names) == 1:
        attempts.insert(0, [text])
    for elements in attempts:
        if names and len(elements) == len(names):
            code = tuple(
                plain_elements([element], name, instrument)[element]
                for name, element in zip(names, elements, strict=True)
            )
            if sum(map(bool, code)) >= max(1, len(names) - 1):
                return code
    problem = M_("This is not a code of {n} elements with at most one of them unknown.", n=len(names))
    listed = ", ".join(f"{i}. {name}" for i, name in enumerate(names, 1))
    hint = M_(
        "Write the answers in this order, with spaces between them and X for an unknown one: {listed}.", listed=listed
    )
    raise UsageError(Problem("", 0, "CODE", problem, hint, "VE-721"))


def read_codes(project: Project, events: Sequence[Event]) -> tuple[list[ExportWithCodes], list[Problem]]:
    """Read every export of some events; report those that cannot be read, since the person may be in them."""
    reads: list[ExportWithCodes] = []
    problems: list[Problem] = []
    for event in events:
        for wave in event.waves:
            for export in event.exports(wave):
                path = on_disk(project.surveys / event.id / export.file)
                try:
                    reads.append(_read(project, event, wave, export, path))
                except VunkiError as error:
                    problems += error.problems
    return reads, problems


def _read(project: Project, event: Event, wave: str, export: Export, path: Path) -> ExportWithCodes:
    table = read_export(path, f"surveys/{event.id}/{event.name_of(export)}", export)
    mapping = find_columns(table, project.instrument, wave, beside=path)
    columns = []
    for element in code_elements(project.instrument):
        cells = [""] * len(table)
        for match in (m for m in mapping.matches if m.item == element):
            answers = table.cells[match.column]
            plain = plain_elements(answers, element, project.instrument, blanks=table.blanks)
            cells = [plain[c] for c in answers]
        columns.append(cells)
    codes = dict(zip(table.lines, zip(*columns, strict=True), strict=True)) if columns else {}
    return ExportWithCodes(event.id, event.name_of(export), wave, export, path, table, codes)


def lists_beside(project: Project, event: Event) -> tuple[str, ...]:
    """Name the lists of people in an event's folder: the declared one and those with the usual names."""
    names = dict.fromkeys(n for n in (event.participants, *LISTS) if n)
    return tuple(n for n in names if on_disk(project.surveys / event.id / n).is_file())


def read_lists(project: Project, events: Sequence[Event]) -> tuple[list[ExportWithCodes], list[Problem]]:
    """Open the participant lists of some events: their lines can be named, but never found by a code."""
    reads: list[ExportWithCodes] = []
    problems: list[Problem] = []
    for event, name in ((e, name) for e in events for name in lists_beside(project, e)):
        path, file, export = on_disk(project.surveys / event.id / name), f"surveys/{event.id}/{name}", Export(file=name)
        try:
            source = open_source(path, file, export)
            header_line = header_row(source.rows, file)
        except VunkiError as error:
            problems += error.problems
            continue
        columns, people = tuple(map(SourceColumn, source.header(header_line))), source.rows[header_line + 1 :]
        cells = tuple([row[j] for row in people] for j in range(len(columns)))
        table = RawTable("list", file, source.sheet, columns, cells, list(source.lines[header_line + 1 :]))
        reads.append(ExportWithCodes(event.id, name, "", export, path, table, {}))
    return reads, problems


def same_code(read: ExportWithCodes, code: tuple[str, ...]) -> Iterator[ResponseRow]:
    """Find the rows of an export with exactly this code."""
    for row, row_code in read.codes.items():
        if row_code == code:
            yield ResponseRow(read.event, read.file, row)


def similar_codes(read: ExportWithCodes, code: tuple[str, ...]) -> Iterator[ResponseRow]:
    """Find rows whose code differs in just one element, perhaps by a slip."""
    for row, row_code in read.codes.items():
        if len(code) > 3 and sum(a != b for a, b in zip(row_code, code, strict=True)) == 1:
            yield ResponseRow(read.event, read.file, row, "similar")


def typed_twice(read: ExportWithCodes, rows: set[int]) -> set[int]:
    """Return the physical rows of responses: a paper form typed in twice has two."""
    if read.table.reader != "paper":
        return rows
    source = open_source(read.path, read.table.file, read.export)
    forms = {tidy(row[0]) for line, row in zip(source.lines, source.rows, strict=True) if line in rows}
    return {line for line, row in zip(source.lines[1:], source.rows[1:], strict=True) if tidy(row[0]) in forms}


def one_person(rows: set[int], file: str, decisions: Sequence[Decision]) -> bool:
    """Tell whether decisions say that rows of a file with the same code are one person's."""
    return rows <= {d.row for d in decisions if d.kind == "duplicate" and d.file == file}
