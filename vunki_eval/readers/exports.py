"""Read all exports of an event; report files that are missing, repeated or forgotten."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vunki_eval.errors import M_, InputError, Problem
from vunki_eval.project.file_names import composed, data_files, on_disk
from vunki_eval.project.project import Event, Export, Project
from vunki_eval.readers import RawTable, read_export
from vunki_eval.readers.column_mapping import ColumnMapping, map_columns

COMPANIONS = frozenset(("participants", "roster", "decisions", "quotes", "coding", "codebook", "truth"))  # no answers


@dataclass(frozen=True, slots=True)
class Input:
    """A file that was read, as the manifest lists it."""

    path: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class ReadExport:
    """An export with the items that its columns answer; ``name`` is used in messages and decisions."""

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
        With the problems of all exports.
    """
    exports: list[ReadExport] = []
    problems: list[Problem] = []
    opened: list[tuple[RawTable, Export, str]] = []
    for wave, export in ((w, e) for w in project.instrument.wave_keys for e in event.exports(w)):
        name, path = event.name_of(export), project.surveys / event.id / export.file
        try:
            table = read_export(path, f"surveys/{event.id}/{name}", export)
            problems += _duplicates(table, export, wave, opened)
            opened.append((table, export, wave))
            mapping = map_columns(table, project.instrument, wave, beside=path)
            exports.append(ReadExport(name, wave, export, table, mapping))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return exports


def without_absent(event: Event, folder: Path) -> tuple[Event, tuple[Problem, ...]]:
    """Leave out exports whose file is missing, and report them."""
    waves: dict[str, tuple[Export, ...]] = {}
    findings: list[Problem] = []
    for wave in event.waves:
        present = tuple(e for e in event.exports(wave) if on_disk(folder / e.file).is_file())
        waves |= {wave: present} if present else {}
        for export in event.exports(wave):
            if export not in present:
                file = f"surveys/{event.id}/{export.file}"
                problem, hint = M_("The file is missing; the report is made without it."), M_("Put the export there.")
                findings.append(Problem(file, 0, "", problem, hint, "VE-369"))
    return event.model_copy(update={"waves": waves}), tuple(findings)


def forgotten_files(project: Project, event: Event) -> tuple[Problem, ...]:
    """Find files in the event's folder that look like exports but that no wave names.

    These are files named after a wave that has no export, or any data file if no wave has one.
    """
    waves_without = {w for w in project.instrument.wave_keys if not event.exports(w)}
    used = {event.participants, event.claim.agenda, event.claim.signed_list}
    used |= {e.file for w in event.waves for e in event.exports(w)}
    files = data_files(project.surveys / event.id)
    unused = [p for p in files if composed(p.name) not in used and p.name.partition(".")[0] not in COMPANIONS]
    forgotten = [p for p in unused if p.stem in waves_without or (not event.waves and ".mapping" not in p.suffixes)]
    problem = M_("No wave of the event names this file; it is not read.")
    hint = M_("Name it under waves in project.toml, or remove it.")
    return tuple(Problem(f"surveys/{event.id}/{p.name}", 0, "", problem, hint, "VE-830", "look") for p in forgotten)


def inputs_of(project: Project, event: Event, reads: Sequence[ReadExport]) -> tuple[Input, ...]:
    """List every file once, with the number of responses in all of its sheets that were read."""
    rows, hashes = Counter[str](), dict[str, str]()
    for read in reads:
        path = (project.surveys / event.id / read.export.file).relative_to(project.root).as_posix()
        rows[path] += len(read.table)
        hashes[path] = read.table.sha256
    return tuple(Input(path, sha256, rows[path]) for path, sha256 in hashes.items())


def _duplicates(
    table: RawTable, export: Export, wave: str, others: Sequence[tuple[RawTable, Export, str]]
) -> list[Problem]:
    """Refuse an export that was already read, or whose every response another export of its wave holds."""
    for other, other_export, other_wave in others:
        if other.sha256 == table.sha256:
            if (other.sheet or other_export.sheet) == (table.sheet or export.sheet):
                problem = M_("The file is the same, byte for byte, as {file}.", file=other.file)
                return [Problem(table.file, 0, "", problem, M_("Put the right export in its place."), "VE-360")]
            continue
        smaller, larger = sorted((other, table), key=len)
        if wave == other_wave and smaller.columns == larger.columns and _contains(larger, smaller):
            problem = M_("Every response of the file is also in {file}, cell for cell.", file=larger.file)
            return [Problem(smaller.file, 0, "", problem, M_("Keep the newer export only."), "VE-360")]
    return []


def _contains(larger: RawTable, smaller: RawTable) -> bool:
    """Tell whether a table has every row of another with the same columns."""
    # Most pairs of tables already differ in the first row, so the costly comparison of all rows is rarely needed.
    candidates = list(range(len(larger)))
    for cells, smaller_cells in zip(larger.cells, smaller.cells, strict=True):
        candidates = [k for k in candidates if cells[k] == smaller_cells[0]]
    if not candidates or len(smaller) <= 1:
        return False
    return set(zip(*smaller.cells, strict=True)) <= set(zip(*larger.cells, strict=True))
