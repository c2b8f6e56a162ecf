"""Publish reports atomically, with a lock, a work folder beside the target, a journal and two renames.

A visible ``reports/<name>/`` is always one complete build, either the old or the new one, at whatever moment a run is
killed. Names that begin with a dot are work in progress; the next successful run clears them.
"""

import contextlib
import errno
import json
import os
import secrets
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from vunki_eval.errors import BuildError, Problem, UsageError

LOCK = ".lock"
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
        target, new, old = self.folder / name, self.work / name, self.folder / f"{OLD}{name}"
        refuse_link(target)
        _step("written")
        try:
            sync_tree(new)
            _step("synced")
            write_whole(self.folder / JOURNAL, json.dumps({"name": name, "work": self.work.name}))
            _step("journal")
            _exchange(target, new, old)
            sync(self.folder)
            (self.folder / JOURNAL).unlink()
        except OSError as error:
            raise BuildError(write_problem(error, f"{self.folder.name}/{name}")) from None
        _step("committed")
        for leftover in (old, self.folder / f"{name}{NEW}"):
            shutil.rmtree(leftover, ignore_errors=True)
        _step("cleared")


def _exchange(target: Path, new: Path, old: Path) -> None:
    """Do the two renames; undo the first if the second fails."""
    try:
        if target.exists():
            target.rename(old)
    except PermissionError:  # on Windows, if a program has one of its files open
        beside = target.with_name(f"{target.name}{NEW}")
        shutil.rmtree(beside, ignore_errors=True)
        new.rename(beside)
        (target.parent / JOURNAL).unlink(missing_ok=True)
        problem = "A file of the old report is open in another program or may not be moved."
        hint = f"The new report is in reports/{beside.name}/; close the file and run again."
        raise BuildError(Problem(f"reports/{target.name}", 0, "", problem, hint, "VE-116")) from None
    _step("moved-old")
    try:
        new.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    _step("moved-new")


@contextlib.contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """Lock a reports folder for this run, and clear the leftovers of a run that was killed.

    Raises
    ------
    UsageError
        If the folder cannot be written to, is a link, or is locked by another run.
    """
    refuse_link(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not folder.stat().st_mode & 0o222:  # the superuser could write there none the less
            raise PermissionError(13, "no one may write there")
        handle = _open_locked(folder)
    except OSError as error:
        raise UsageError(write_problem(error, f"{folder.name}/")) from None
    with handle:
        try:
            recover(folder)
            store = Store(folder, folder / f"{WORK}{os.getpid()}-{secrets.token_hex(4)}")
            store.work.mkdir(mode=0o700)
        except OSError as error:
            (folder / LOCK).unlink(missing_ok=True)
            raise UsageError(write_problem(error, f"{folder.name}/")) from None
        try:
            yield store
        finally:
            shutil.rmtree(store.work, ignore_errors=True)
            (folder / LOCK).unlink(missing_ok=True)


def write_problem(error: OSError, place: str) -> Problem:
    """Describe a place that cannot be written to, and the reason."""
    full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
    reason = "the disk is full" if full else (error.strerror or type(error).__name__)
    kind = "folder" if place.endswith("/") else "report"
    problem = f"The {kind} {place} cannot be written: {reason}."
    hint = "Free some space and run again." if full else "Allow writing there, or remove what already has this name."
    return Problem(place, 0, "", problem, hint, "VE-106")


def recover(folder: Path) -> None:
    """Finish the two renames if a run was killed between them, and clear what such a run of ours left."""
    journal = folder / JOURNAL
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        entry = json.loads(journal.read_text("utf-8"))
        # Only the last part of a path: a damaged journal must not move anything outside this folder.
        name, work = Path(entry["name"]).name, Path(entry["work"]).name
        target, new, old = folder / name, folder / work / name, folder / f"{OLD}{name}"
        if not target.exists() and (new / "manifest.json").is_file():
            new.rename(target)
        elif not target.exists() and old.exists():
            old.rename(target)
        sync(folder)
    journal.unlink(missing_ok=True)
    for path in folder.iterdir():
        if path.name.startswith((WORK, OLD)) or (path.name.startswith(".") and path.name.endswith(".part")):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def refuse_link(path: Path) -> None:
    """Refuse to write through a symbolic link."""
    if path.is_symlink():
        problem = "This is a symbolic link; reports are not written through links."
        raise UsageError(Problem(f"{path.name}/", 0, "", problem, "Put a real folder there.", "VE-107"))


def write_whole(path: Path, text: str | bytes, *, private: bool = False) -> None:
    """Write a file atomically; with ``private``, only its owner may read it."""
    part = path.with_name(f"{path.name}.part" if path.name.startswith(".") else f".{path.name}.part")
    part.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with open(os.open(part, flags, 0o600 if private else 0o666), "wb") as file:  # noqa: PTH123
            file.write(text if isinstance(text, bytes) else text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def sync_tree(folder: Path) -> None:
    """Flush all files and folders below a folder to the disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("r+b") as file:  # Windows syncs only files that are open for writing
                os.fsync(file.fileno())
        elif path.is_dir():
            sync(path)
    sync(folder)


def sync(folder: Path) -> None:
    """Flush a folder's entries to the disk, where the system can do that."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _open_locked(folder: Path) -> IO[str]:
    """Open and lock the lock file; try again if a run that just ended has deleted the file that we opened."""
    while True:
        handle = (folder / LOCK).open("a+", encoding="utf-8")
        try:
            _lock(handle, folder)
            if os.name == "nt" or (folder / LOCK).stat().st_ino == os.fstat(handle.fileno()).st_ino:
                return handle
        except FileNotFoundError:
            pass
        except BaseException:
            handle.close()
            raise
        handle.close()


def _lock(handle: IO[str], folder: Path) -> None:
    """Lock the file; the system unlocks it when the process ends, however that happens."""
    try:
        if os.name == "nt":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
            raise  # for instance a file system without locks
        handle.seek(0)
        owner = handle.read().strip() or "unknown"
        problem = f"Another run (process {owner}) is working on {folder.name}/."
        raise UsageError(Problem(f"{folder.name}/", 0, "", problem, "Wait until it has ended.", "VE-108")) from None
    handle.seek(0)
    handle.truncate()
    handle.write(str(os.getpid()))
    handle.flush()


def _step(name: str) -> None:
    """Let a test kill the process here."""
    if os.environ.get(STOP_AT) == name:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
