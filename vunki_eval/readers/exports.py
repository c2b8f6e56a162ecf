"""An event's exports as a whole: all are read and matched, none twice; a file that is missing or forgotten is named."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vunki_eval.errors import InputError, Problem
from vunki_eval.project.file_names import data_files
from vunki_eval.project.project import Event, Export, Project
from vunki_eval.readers import RawTable, read_export
from vunki_eval.readers.cells import rows_with
from vunki_eval.readers.column_mapping import ColumnMapping, map_columns

COMPANIONS = frozenset(("participants", "roster", "decisions", "quotes", "coding", "codebook", "truth"))  # no answers


@dataclass(frozen=True, slots=True)
class Input:
    """A file that was read, for the manifest."""

    path: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class ReadExport:
    """An export that was read, with the items that its columns hold; ``name`` as in messages and decisions."""

    name: str
    wave: str
    export: Export
    table: RawTable
    mapping: ColumnMapping


def read_exports(project: Project, event: Event) -> list[ReadExport]:
    """Read every export of an event and match its columns.

    Raises
    ------
    InputError
        With the faults of all.
    """
    found: list[ReadExport] = []
    problems: list[Problem] = []
    opened: list[tuple[RawTable, Export, str]] = []
    for wave, export in ((w, e) for w in project.instrument.wave_keys for e in event.exports(w)):
        name, path = event.name_of(export), project.surveys / event.id / export.file
        try:
            table = read_export(path, f"surveys/{event.id}/{name}", export)
            problems += _there_already(table, export, wave, opened)
            opened.append((table, export, wave))
            mapping = map_columns(table, project.instrument, wave, beside=path)
            found.append(ReadExport(name, wave, export, table, mapping))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def without_absent(event: Event, folder: Path) -> tuple[Event, tuple[Problem, ...]]:
    """Leave out exports whose file is missing, and say so."""
    waves: dict[str, tuple[Export, ...]] = {}
    findings: list[Problem] = []
    for wave in event.waves:
        there = tuple(e for e in event.exports(wave) if (folder / e.file).is_file())
        waves |= {wave: there} if there else {}
        for export in event.exports(wave):
            if export not in there:
                file = f"surveys/{event.id}/{export.file}"
                said, hint = "The file is missing; the report is made without it.", "Put the export there."
                findings.append(Problem(file, 0, "", said, hint, "VE-369"))
    return event.model_copy(update={"waves": waves}), tuple(findings)


def forgotten_files(project: Project, event: Event) -> tuple[Problem, ...]:
    """Find exports that lie there but belong to no wave: named after one, or anything where no wave has a file."""
    waves = {w for w in project.instrument.wave_keys if not event.exports(w)}
    used = {event.participants, event.claim.agenda, event.claim.signed_list}
    used |= {e.file for w in event.waves for e in event.exports(w)}
    there = data_files(project.surveys / event.id)
    alone = [p for p in there if p.name not in used and p.name.partition(".")[0] not in COMPANIONS]
    forgotten = [p for p in alone if p.stem in waves or (not event.waves and ".mapping" not in p.suffixes)]
    said = "No wave of the event names this file; it is not read."
    hint = "Name it under waves in project.toml, or take it away."
    return tuple(Problem(f"surveys/{event.id}/{p.name}", 0, "", said, hint, "VE-830", "look") for p in forgotten)


def inputs_of(project: Project, event: Event, reads: Sequence[ReadExport]) -> tuple[Input, ...]:
    """Name every file once, with the responses of all its sheets that were read."""
    rows, hashes = Counter[str](), dict[str, str]()
    for read in reads:
        path = (project.surveys / event.id / read.export.file).relative_to(project.root).as_posix()
        rows[path] += len(read.table)
        hashes[path] = read.table.sha256
    return tuple(Input(path, sha256, rows[path]) for path, sha256 in hashes.items())


def _there_already(
    table: RawTable, export: Export, wave: str, others: Sequence[tuple[RawTable, Export, str]]
) -> list[Problem]:
    """Refuse an export that was read already, or of which another one of its wave holds every response."""
    for other, theirs, when in others:
        if other.sha256 == table.sha256:
            if (other.sheet or theirs.sheet) == (table.sheet or export.sheet):
                problem = f"The file is the same, byte for byte, as {other.file}."
                return [Problem(table.file, 0, "", problem, "Put the right export in its place.", "VE-360")]
            continue
        less, more = sorted((other, table), key=len)
        if wave == when and less.columns == more.columns and _holds(more, less):
            problem = f"Every response of the file is also in {more.file}, cell for cell."
            return [Problem(less.file, 0, "", problem, "Keep the newer export only.", "VE-360")]
    return []


def _holds(more: RawTable, less: RawTable) -> bool:
    """Tell whether a table has every row of another with the same columns; most tables fail by the first row."""
    alike = [k for k, _ in rows_with(more.cells[0], {less.cells[0][0]})]
    for cells, wanted in zip(more.cells, less.cells, strict=True):
        alike = [k for k in alike if cells[k] == wanted[0]]
    return bool(alike) and len(less) > 1 and set(zip(*less.cells, strict=True)) <= set(zip(*more.cells, strict=True))
