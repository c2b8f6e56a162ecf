"""Taking a person's responses out of the exports, and everything that was made from them out of the private folders."""

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vunki_eval.errors import Problem, UsageError
from vunki_eval.privacy.erasure import row_references
from vunki_eval.privacy.erasure.delimited import without_records
from vunki_eval.privacy.erasure.invited import SHOWN, without_invited
from vunki_eval.privacy.erasure.journal import DONE, entries, exchange, finish
from vunki_eval.privacy.erasure.person import Read
from vunki_eval.privacy.erasure.plan import Erasure
from vunki_eval.privacy.erasure.workbook import sheet_part, without_rows
from vunki_eval.project.project import Project
from vunki_eval.publish.store import open_store, unwritten
from vunki_eval.readers.files.opening import (
    open_source,
)

LEAST_LETTERS = 15
"""Shorter answers are not looked for in other files: many people write the same."""
TEXTS = (".md", ".csv", ".toml", ".txt", ".json", ".ipynb")


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done, and what is left for a person.

    ``changed``, ``removed``: files; ``stale``: reports that no longer follow from the data; ``left``: what the program
    could not do.
    """

    changed: tuple[str, ...]
    removed: tuple[str, ...]
    stale: tuple[str, ...]
    left: tuple[Problem, ...]


def erase(project: Project, plan: Erasure, *, today: dt.date | None = None) -> Erased:
    """Carry an erasure out; nothing else runs in the project meanwhile.

    Raises
    ------
    UsageError
        If a file cannot be written, or another run is at work; the exports are as they were, or all without the person.
    """
    with open_store(project.reports):
        finish(project.surveys)
        files: dict[Path, bytes] = {}
        left: list[Problem] = []
        rows: list[tuple[object, ...]] = []
        day = (today or dt.date.today()).isoformat()
        for event in sorted({r.event for r in plan.reads}):
            new, by_hand, gone = _event(project, event, plan)
            files |= new
            left += by_hand
            exports = {r.file: r.path for r in plan.reads if r.event == event}
            for file, erased in gone.items():
                done = "rows removed" if exports[file] in new else "to be removed by hand"
                rows.append((day, event, file, len(erased), done))
            followed = [p.name for p in new if p not in exports.values()]
            rows += [(day, event, name, "", "row numbers brought up to date") for name in followed]
            left += _mentions(project, event, plan, set(new))
        if plan.invited:
            files |= (table := without_invited(project, plan.invited))
            rows.append((day, "", SHOWN, len(plan.invited), "rows removed" if table else "to be removed by hand"))
        try:
            files[project.surveys / DONE] = entries(project.surveys, rows)
            exchange(project.surveys, files)
            events = [*sorted({r.event for r in plan.reads}), *(["project"] if plan.reads else [])]
            removed = [shown for e in events for shown in _cleared(project, e)]
        except OSError as error:
            raise UsageError(unwritten(error, "surveys/")) from None
    changed = tuple(p.relative_to(project.root).as_posix() for p in files if p.name != DONE)
    stale = tuple(f"reports/{e}" for e in events if (project.reports / e).is_dir())
    return Erased(changed, tuple(removed), stale, tuple(left))


def _event(project: Project, event: str, plan: Erasure) -> tuple[dict[Path, bytes], list[Problem], dict[str, set[int]]]:
    """Give the new contents of an event's files, what must be done by hand, and the rows erased by export."""
    files: dict[Path, bytes] = {}
    left: list[Problem] = []
    gone: dict[str, dict[int, int]] = {}
    erased = {r.file: plan.rows(r) for r in plan.reads if r.event == event}
    for read in (r for r in plan.reads if r.event == event):
        rows = erased[read.file]
        if read.file in gone:  # of a table that several waves share, all rows went with the first of them
            continue
        names = [read.file, *_in_its_table(project, read)]
        together = {row for name in names for row in erased.get(name, ())}
        if made := _rewritten(read, together, files.get(read.path) or read.path.read_bytes()):
            files[read.path] = made[0]
            gone |= dict.fromkeys(names, made[1])
            continue
        problem = f"Rows of this file must be deleted by hand: {', '.join(map(str, sorted(rows)))}."
        hint = "Delete them in the program that the file belongs to, and correct row numbers in decisions.csv."
        left.append(Problem(read.table.file, min(rows), "", problem, hint, "VE-725", "look"))
    folder = project.surveys / event
    exports = {e.file for wave in project.event(event).waves for e in project.event(event).exports(wave)}
    for path in row_references.followers(folder, exports):
        text = row_references.followed(path, gone, {file: erased.get(file, set()) for file in gone})
        if text is not None:
            files[path] = text.encode()
    for path in row_references.workbooks(folder, exports) if any(gone.values()) else ():
        problem = "The workbook may name rows of exports, which have other numbers now."
        hint = "Look through it: entries on the erased person go, the other row numbers are to be corrected."
        where = path.relative_to(project.root).as_posix()
        left.append(Problem(where, 0, "", problem, hint, "VE-726", "look"))
    return files, left, erased


def _in_its_table(project: Project, read: Read) -> list[str]:
    """Name the other exports that lie in the same table: events of a REDCap project, but no sheets of a workbook."""
    event = project.event(read.event)
    exports = [e for wave in event.waves for e in event.exports(wave) if e.file == read.export.file]
    return [] if read.table.sheet else [event.name_of(e) for e in exports if event.name_of(e) != read.file]


def _rewritten(read: Read, rows: set[int], raw: bytes) -> tuple[bytes, dict[int, int]] | None:
    """Give an export without rows, and the lines that went; None where only a person can do it."""
    source = open_source(read.path, read.table.file, read.export)
    if source.container == "csv":
        return without_records(raw, rows, read.export, read.table.file)
    if source.container == "xlsx" and (part := sheet_part(raw, read.table.sheet)):
        emptied = without_rows(raw, part, rows)
        return None if emptied is None else (emptied, {})
    return None


def _mentions(project: Project, event: str, plan: Erasure, rewritten: set[Path]) -> Iterator[Problem]:
    """Find the person's own sentences in other files of the event, such as quotes; a person decides on them."""
    said = set()
    for read in (r for r in plan.reads if r.event == event):
        at = {row: k for k, row in enumerate(read.table.lines)}
        chosen = [at[row] for row in plan.rows(read) if row in at]
        said |= {" ".join(c[k].split()).casefold() for c in read.table.cells for k in chosen}
        others = {" ".join(c[k].split()).casefold() for c in read.table.cells for k in at.values() if k not in chosen}
        said -= others
    sentences = {s for s in said if len(s) >= LEAST_LETTERS and " " in s}
    exports = {r.path for r in plan.reads} | rewritten
    folders = (project.surveys / event, project.root / "notebooks")
    for path in sorted(
        p for f in folders if f.is_dir() for p in f.rglob("*") if p.suffix in TEXTS and p not in exports
    ):
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            if any(s in " ".join(line.split()).casefold() for s in sentences):
                problem = "The line seems to hold words of this person."
                hint = "Take them out, if they are theirs."
                shown = path.relative_to(project.root).as_posix()
                yield Problem(shown, number, "", problem, hint, "VE-727", "look")


def _cleared(project: Project, event: str) -> Iterator[str]:
    """Remove what was made from the answers and is made again when it is wanted."""
    for folder in (project.checks / event, project.root / "notebooks" / ".ipynb_checkpoints"):
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
            yield folder.relative_to(project.root).as_posix()
