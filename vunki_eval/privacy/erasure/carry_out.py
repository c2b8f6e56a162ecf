"""Remove a person's responses from the exports, and everything made from them from the private folders.

Files that name rows of an export (decisions, coding sheets) keep right references when rows go.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vunki_eval.errors import M_, Problem
from vunki_eval.privacy.erasure.delimited import without_records
from vunki_eval.privacy.erasure.invited import TABLE_NAME, without_invited
from vunki_eval.privacy.erasure.journal import DONE, entries, exchange, finish
from vunki_eval.privacy.erasure.person import ExportWithCodes
from vunki_eval.privacy.erasure.plan import Erasure
from vunki_eval.privacy.erasure.workbook import sheet_part, without_rows
from vunki_eval.project.file_names import composed, data_files, files_below
from vunki_eval.project.project import Project
from vunki_eval.publish.store import open_store
from vunki_eval.readers.files.delimited import join_rows
from vunki_eval.readers.files.opening import open_source

REFERENCE_COLUMNS = (("file", "row"), ("other_file", "other_row"))
RemovedLines = Mapping[str, Mapping[int, int]]
"""By export (as in the config): line of every record removed, and the number of physical lines it filled."""
LEAST_LETTERS = 15
"""Shorter answers are not searched for in other files: many people write the same."""
TEXTS = (".md", ".csv", ".toml", ".txt", ".json", ".ipynb")


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done, and what a person must still do.

    ``changed``, ``removed``: files; ``stale``: reports that no longer follow from the data; ``left``: what the program
    could not do.
    """

    changed: tuple[str, ...]
    removed: tuple[str, ...]
    stale: tuple[str, ...]
    left: tuple[Problem, ...]


def erase(project: Project, plan: Erasure, *, today: dt.date | None = None) -> Erased:
    """Carry out an erasure while nothing else runs in the project.

    Raises
    ------
    UsageError
        If a file cannot be written, or another run is at work. The exports are then either all as they were, or all
        without the person.
    """
    with open_store(project.reports):
        finish(project.surveys)
        files: dict[Path, bytes] = {}
        left: list[Problem] = []
        rows: list[tuple[object, ...]] = []
        day = (today or dt.date.today()).isoformat()
        for event in sorted({r.event for r in plan.reads}):
            contents, by_hand, erased_rows = _event(project, event, plan)
            files |= contents
            left += by_hand
            exports = {r.file: r.path for r in plan.reads if r.event == event}
            for file, erased in erased_rows.items():
                done = "rows removed" if exports[file] in contents else "to be removed by hand"
                rows.append((day, event, file, len(erased), done))
            renumbered = [p.name for p in contents if p not in exports.values()]
            rows += [(day, event, name, "", "row numbers brought up to date") for name in renumbered]
            left += _mentions(project, event, plan, set(contents))
        if plan.invited:
            files |= (table := without_invited(project, plan.invited))
            rows.append((day, "", TABLE_NAME, len(plan.invited), "rows removed" if table else "to be removed by hand"))
        files[project.surveys / DONE] = entries(project.surveys, rows)
        events = [*sorted({r.event for r in plan.reads}), *(["project"] if plan.reads else [])]
        folders = _derived(project, events)
        exchange(project.surveys, files, folders)
    changed = tuple(p.relative_to(project.root).as_posix() for p in files if p.name != DONE)
    stale = tuple(f"reports/{e}" for e in events if (project.reports / e).is_dir())
    removed = tuple(f.relative_to(project.root).as_posix() for f in folders)
    return Erased(changed, removed, stale, tuple(left))


def _event(project: Project, event: str, plan: Erasure) -> tuple[dict[Path, bytes], list[Problem], dict[str, set[int]]]:
    """Return the new contents of an event's files, what must be done by hand, and the erased rows by export."""
    files: dict[Path, bytes] = {}
    left: list[Problem] = []
    removed: dict[str, dict[int, int]] = {}
    erased = {r.file: plan.rows(r) for r in plan.reads if r.event == event}
    for read in (r for r in plan.reads if r.event == event):
        rows = erased[read.file]
        if read.file in removed:  # several waves share the table: all rows were removed with the first of them
            continue
        names = [read.file, *_exports_in_same_table(project, read)]
        all_rows = {row for name in names for row in erased.get(name, ())}
        if rewritten := _rewritten(read, all_rows, files.get(read.path) or read.path.read_bytes()):
            files[read.path] = rewritten[0]
            removed |= dict.fromkeys(names, rewritten[1])
            continue
        problem = M_("Rows of this file must be deleted by hand: {rows}.", rows=", ".join(map(str, sorted(rows))))
        hint = M_("Delete them in the program that the file belongs to, and correct the row numbers in decisions.csv.")
        left.append(Problem(read.table.file, min(rows), "", problem, hint, "VE-725", "look"))
    folder = project.surveys / event
    exports = {e.file for wave in project.event(event).waves for e in project.event(event).exports(wave)}
    for path in referring_tables(folder, exports):
        text = without_erased(path, removed, {file: erased.get(file, set()) for file in removed})
        if text is not None:
            files[path] = text.encode()
    for path in possibly_referring_workbooks(folder, exports) if any(removed.values()) else ():
        problem = M_("The workbook may name rows of exports, whose numbers have changed.")
        hint = M_("Look through it: delete the entries on the erased person and correct the other row numbers.")
        where = path.relative_to(project.root).as_posix()
        left.append(Problem(where, 0, "", problem, hint, "VE-726", "look"))
    return files, left, erased


def _exports_in_same_table(project: Project, read: ExportWithCodes) -> list[str]:
    """Name the other exports in the same table, such as events of a REDCap project; sheets are separate tables."""
    event = project.event(read.event)
    exports = [e for wave in event.waves for e in event.exports(wave) if e.file == read.export.file]
    return [] if read.table.sheet else [event.name_of(e) for e in exports if event.name_of(e) != read.file]


def _rewritten(read: ExportWithCodes, rows: set[int], raw: bytes) -> tuple[bytes, dict[int, int]] | None:
    """Return an export without the rows, and the lines removed; None if only a person can do it."""
    source = open_source(read.path, read.table.file, read.export)
    if source.container == "csv":
        return without_records(raw, rows, read.export, read.table.file)
    if source.container == "xlsx" and (part := sheet_part(raw, read.table.sheet)):
        emptied = without_rows(raw, part, rows)
        return None if emptied is None else (emptied, {})
    return None


def _mentions(project: Project, event: str, plan: Erasure, rewritten: set[Path]) -> Iterator[Problem]:
    """Find the person's own sentences in other files of the event, such as quotes, for a human to decide on."""
    answers = set()
    for read in (r for r in plan.reads if r.event == event):
        positions = {row: k for k, row in enumerate(read.table.lines)}
        own_rows = [positions[row] for row in plan.rows(read) if row in positions]
        answers |= {" ".join(c[k].split()).casefold() for c in read.table.cells for k in own_rows}
        other_answers = {
            " ".join(c[k].split()).casefold() for c in read.table.cells for k in positions.values() if k not in own_rows
        }
        answers -= other_answers
    sentences = {s for s in answers if len(s) >= LEAST_LETTERS and " " in s}
    exports = {r.path for r in plan.reads} | rewritten
    folders = (project.surveys / event, project.root / "notebooks")
    for path in (p for f in folders for p in files_below(f) if p.suffix in TEXTS and p not in exports):
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            if any(s in " ".join(line.split()).casefold() for s in sentences):
                problem = M_("The line seems to quote this person.")
                hint = M_("Delete the quotation if the words are theirs.")
                shown = path.relative_to(project.root).as_posix()
                yield Problem(shown, number, "", problem, hint, "VE-727", "look")


def _derived(project: Project, events: Sequence[str]) -> list[Path]:
    """List the folders of what was made from the answers and can be made again."""
    folders = [*(project.checks / e for e in events), project.root / "notebooks" / ".ipynb_checkpoints"]
    return [f for f in folders if events and f.is_dir() and not f.is_symlink()]


def referring_tables(folder: Path, exports: set[str]) -> list[Path]:
    """List the tables in an event's folder that name rows of exports, without the exports themselves."""
    tables = []
    for path in data_files(folder, {".csv"}):
        rows = _rows(path) if composed(path.name) not in exports else []
        if rows and set(REFERENCE_COLUMNS[0]) <= set(_header(rows[0])):
            tables.append(path)
    return tables


def possibly_referring_workbooks(folder: Path, exports: set[str]) -> list[Path]:
    """List the workbooks in an event's folder that may name rows; a person must look through them."""
    return [p for p in data_files(folder, {".xlsx"}) if composed(p.name) not in exports]


def without_erased(path: Path, removed: RemovedLines, erased: Mapping[str, set[int]]) -> str | None:
    """Return a table without the entries on erased rows; other entries get the new numbers of their rows.

    Returns
    -------
    str or None
        None if nothing changes.
    """
    rows = _rows(path)
    header = _header(rows[0])
    places = [(header.index(f), header.index(r)) for f, r in REFERENCE_COLUMNS if f in header and r in header]
    rows_left = [rows[0]]
    for row in rows[1:]:
        named = [(row[f].strip(), row[r].strip(), r) for f, r in places if max(f, r) < len(row)]
        numbers = [(_export_name(file, removed), int(n), at) for file, n, at in named if n.isdecimal()]
        if any(n in erased.get(file, set()) for file, n, _ in numbers):
            continue
        renumbered = list(row)
        for file, number, at in numbers:
            renumbered[at] = str(number - sum(size for line, size in removed.get(file, {}).items() if line < number))
        rows_left.append(renumbered)
    if rows_left == rows:
        return None
    text = path.read_bytes().decode("utf-8-sig")
    ending = "\r\n" if "\r\n" in text else "\n"
    mark = "\ufeff" if path.read_bytes().startswith(b"\xef\xbb\xbf") else ""
    return mark + join_rows(rows_left, _delimiter(text), ending)


def _export_name(file: str, removed: RemovedLines) -> str:
    """Name an export as the config does; coding sheets may name it with its folder."""
    file = composed(file)
    return file if file in removed else file.rpartition("/")[2]


def _header(row: list[str]) -> list[str]:
    return [c.strip().lower() for c in row]


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else "\t" if "\t" in first else ","


def _rows(path: Path) -> list[list[str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return [r for r in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)) if any(r)]
    except (UnicodeDecodeError, csv.Error):
        return []
