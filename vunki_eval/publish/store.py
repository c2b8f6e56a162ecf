"""Publish reports atomically, with a lock, a work folder beside the target, a journal and two renames.

A visible ``reports/<name>/`` is always one complete build, either the old or the new one, at whatever moment a run is
killed. Names that begin with a dot are work in progress; the next successful run clears them.
"""

import contextlib
import errno
import json
import os
import secrets
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

from vunki_eval.errors import M_, BuildError, Problem, UsageError
from vunki_eval.project.open_files import open_problem
from vunki_eval.publish import files

LOCK = ".lock"
OWNER = ".lock-owner"  # a file of its own: Windows lets nobody read what another process has locked
JOURNAL = ".journal.json"
WORK = ".work-"
OLD = ".old-"
NEW = ".new"
# For the tests of recovery only: the process kills itself at the step of `Store.publish` that this variable names.
STOP_AT = "VUNKI_STOP_AT"
STEPS = ("written", "synced", "journal", "moved-old", "moved-new", "committed", "cleared")


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of published reports that this run has locked; see `open_store`.

    Attributes
    ----------
    folder : Path
        The reports folder.
    work : Path
        Private folder (0700) of this run, on the same file system. Its name is unique, so that a process left over
        from a killed run cannot write into it.
    """

    folder: Path
    work: Path

    def publish(self, name: str) -> None:
        """Replace ``reports/<name>`` by the finished build in the work folder.

        Raises
        ------
        BuildError
            If the file system refuses; the old report then stays, or is put back.
        """
        target, new = self.folder / name, self.work / name
        old = self.folder / f"{OLD}{name}-{secrets.token_hex(4)}"  # one that could not be cleared may have the name
        files.refuse_link(target)
        _step("written")
        try:
            files.sync_tree(new)
            _step("synced")
            entry = {"name": name, "work": self.work.name, "old": old.name}
            files.write_whole(self.folder / JOURNAL, json.dumps(entry))
            _step("journal")
            _exchange(target, new, old)
            files.sync(self.folder)
        except UsageError as error:
            raise BuildError(error.problems) from None
        files.clear(self.folder / JOURNAL)
        _step("committed")
        for leftover in (old, *self.folder.glob(f"{name}{NEW}*")):
            files.clear(leftover)
        _step("cleared")


def _exchange(target: Path, new: Path, old: Path) -> None:
    """Do the two renames; undo the first if the second fails."""
    try:
        if target.exists():
            files.replace(target, old)
    except UsageError:  # on Windows, if a program has one of its files open
        raise BuildError(_put_beside(target, new)) from None
    _step("moved-old")
    try:
        files.replace(new, target)
    except UsageError:
        if old.exists():
            files.replace(old, target)
        raise
    _step("moved-new")


def _put_beside(target: Path, new: Path) -> list[Problem]:
    """Keep a report whose place is taken beside the old one, and say what to close."""
    for number in count(1):
        beside = target.with_name(f"{target.name}{NEW}{'' if number == 1 else f'-{number}'}")
        files.clear(beside)
        if not beside.exists():
            break
    files.replace(new, beside)
    files.clear(target.parent / JOURNAL)
    problem = M_("A file of the old report is open in another program or may not be moved.")
    folder = target.parent.name
    hint = M_("The new report is in {folder}/{name}/; close the file and run again.", folder=folder, name=beside.name)
    open_files = files.open_elsewhere(target.rglob("*"))
    return [
        *(open_problem(files.shown(p)) for p in open_files),
        Problem(f"{folder}/{target.name}", 0, "", problem, hint, "VE-116"),
    ]


@contextlib.contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """Lock a reports folder for this run, and clear the leftovers of a run that was killed.

    Raises
    ------
    UsageError
        If the folder cannot be written to, is a link, or is locked by another run.
    """
    files.refuse_link(folder)
    files.make_folder(folder)
    # The superuser could write there none the less; on Windows the mark does not stand for a right.
    if os.name != "nt" and not folder.stat().st_mode & 0o222:
        raise UsageError(
            files.write_problem(PermissionError(errno.EACCES, "no one may write there"), f"{folder.name}/")
        )
    with _locked(folder):
        recover(folder)
        store = Store(folder, folder / f"{WORK}{os.getpid()}-{secrets.token_hex(4)}")
        files.make_folder(store.work, private=True)
        try:
            yield store
        finally:
            files.clear(store.work)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system frees it when the process ends, however that happens."""
    lock = FileLock(folder / LOCK, blocking=False)
    try:
        lock.acquire()
    except Timeout:
        owner = ""
        with contextlib.suppress(OSError):
            owner = (folder / OWNER).read_text("utf-8")
        problem = M_(
            "Another run (process {owner}) is working on {name}/.", owner=owner or M_("unknown"), name=folder.name
        )
        raise UsageError(Problem(f"{folder.name}/", 0, "", problem, M_("Wait until it has ended."), "VE-108")) from None
    except OSError as error:
        raise UsageError(files.write_problem(error, f"{folder.name}/")) from None
    try:
        files.write_whole(folder / OWNER, str(os.getpid()))
        yield
    finally:  # whatever goes wrong here must not hide how the run ended
        files.clear(folder / OWNER)
        with contextlib.suppress(OSError):
            if os.name != "nt":  # Windows deletes no open file: there the lock goes with its release
                (folder / LOCK).unlink()
        with contextlib.suppress(OSError):
            lock.release()


def recover(folder: Path) -> None:
    """Finish the two renames if a run was killed between them, and clear what such a run of ours left."""
    journal = folder / JOURNAL
    if journal.is_file():
        with contextlib.suppress(ValueError, KeyError, TypeError):
            entry = json.loads(files.read(journal))
            # Only the last part of a path: a damaged journal must not move anything outside this folder.
            name, work, old = (Path(entry[key]).name for key in ("name", "work", "old"))
            target, new = folder / name, folder / work / name
            if not target.exists() and (new / "manifest.json").is_file():
                files.replace(new, target)
            elif not target.exists() and (folder / old).exists():
                files.replace(folder / old, target)
            files.sync(folder)
        files.remove(journal)
    for path in folder.iterdir():
        if path.name.startswith((WORK, OLD)) or (path.name.startswith(".") and path.name.endswith(".part")):
            files.clear(path)


def _step(name: str) -> None:
    """Let a test kill the process here."""
    if os.environ.get(STOP_AT) == name:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
