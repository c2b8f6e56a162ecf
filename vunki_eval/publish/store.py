"""Publishing whole or not at all: a lock, a work folder beside the target, a journal and two renames.

A visible ``reports/<name>/`` is always one complete build, the old one or the new one, whatever moment the run was
stopped at. Names beginning with a dot are work in progress; the next run that succeeds leaves none.
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
    """A folder of published reports, held by this run; see `open_store`.

    Attributes
    ----------
    folder : Path
        The reports folder.
    work : Path
        Private folder (0700) of this run, on the same file system; its name is no other run's, so that a process
        left over from a killed run cannot write into it.
    """

    folder: Path
    work: Path

    def publish(self, name: str) -> None:
        """Exchange ``reports/<name>`` for the finished build in the work folder.

        Raises
        ------
        BuildError
            If the file system does not let it; the old report is left, or put back.
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
            raise BuildError(unwritten(error, f"{self.folder.name}/{name}")) from None
        _step("committed")
        for done in (old, self.folder / f"{name}{NEW}"):
            shutil.rmtree(done, ignore_errors=True)
        _step("cleared")


def _exchange(target: Path, new: Path, old: Path) -> None:
    """Do the two renames; the first is taken back if the second fails."""
    try:
        if target.exists():
            target.rename(old)
    except PermissionError:  # on Windows: somebody has a file of it open
        aside = target.with_name(f"{target.name}{NEW}")
        shutil.rmtree(aside, ignore_errors=True)
        new.rename(aside)
        (target.parent / JOURNAL).unlink(missing_ok=True)
        problem = "A file of the old report is open in another program or may not be moved."
        hint = f"The new report is in reports/{aside.name}/; close the file and run again."
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
    """Hold a reports folder for this run: one run at a time, leftovers of a broken run cleared.

    Raises
    ------
    UsageError
        If the folder cannot be written, is a link, or another run holds it.
    """
    refuse_link(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not folder.stat().st_mode & 0o222:
            raise PermissionError(13, "no one may write there")
        handle = _held(folder)
    except OSError as error:
        raise UsageError(unwritten(error, f"{folder.name}/")) from None
    with handle:
        try:
            recover(folder)
            store = Store(folder, folder / f"{WORK}{os.getpid()}-{secrets.token_hex(4)}")
            store.work.mkdir(mode=0o700)
        except OSError as error:
            (folder / LOCK).unlink(missing_ok=True)
            raise UsageError(unwritten(error, f"{folder.name}/")) from None
        try:
            yield store
        finally:
            shutil.rmtree(store.work, ignore_errors=True)
            (folder / LOCK).unlink(missing_ok=True)


def unwritten(error: OSError, place: str) -> Problem:
    """Say that a place cannot be written, and why, in words."""
    full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
    reason = "the disk is full" if full else (error.strerror or type(error).__name__)
    kind = "folder" if place.endswith("/") else "report"
    problem = f"The {kind} {place} cannot be written: {reason}."
    hint = "Free some space and run again." if full else "Allow writing there, or free the name."
    return Problem(place, 0, "", problem, hint, "VE-106")


def recover(folder: Path) -> None:
    """Bring a pair of renames that was interrupted to its end, and clear what a broken run of ours left."""
    journal = folder / JOURNAL
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads(journal.read_text("utf-8"))
        name, work = Path(told["name"]).name, Path(told["work"]).name
        target, new, old = folder / name, folder / work / name, folder / f"{OLD}{name}"
        if not target.exists() and (new / "manifest.json").is_file():
            new.rename(target)
        elif not target.exists() and old.exists():
            old.rename(target)
        sync(folder)
    journal.unlink(missing_ok=True)
    for left in folder.iterdir():
        if left.name.startswith((WORK, OLD)) or (left.name.startswith(".") and left.name.endswith(".part")):
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def refuse_link(path: Path) -> None:
    """Refuse to write through a symbolic link."""
    if path.is_symlink():
        problem = "This is a symbolic link; reports are not written through links."
        raise UsageError(Problem(f"{path.name}/", 0, "", problem, "Put a real folder there.", "VE-107"))


def write_whole(path: Path, text: str | bytes, *, private: bool = False) -> None:
    """Write a file so that it is there whole or not at all; ``private``: readable by its owner only."""
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
    """Bring a folder's files to the disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("r+b") as file:  # Windows syncs only what is open for writing
                os.fsync(file.fileno())
        elif path.is_dir():
            sync(path)
    sync(folder)


def sync(folder: Path) -> None:
    """Bring a folder's entries to the disk, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _held(folder: Path) -> IO[str]:
    """Open and lock the lock file; the one that ended a moment ago may have deleted what we opened: then again."""
    while True:
        handle = (folder / LOCK).open("a+", encoding="utf-8")
        try:
            _hold(handle, folder)
            if os.name == "nt" or (folder / LOCK).stat().st_ino == os.fstat(handle.fileno()).st_ino:
                return handle
        except FileNotFoundError:
            pass
        except BaseException:
            handle.close()
            raise
        handle.close()


def _hold(handle: IO[str], folder: Path) -> None:
    """Lock the file; the system frees it when the process ends, however it ends."""
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
            raise  # a file system without locks: said as such
        handle.seek(0)
        owner = handle.read().strip() or "unknown"
        problem = f"There is another run (process {owner}) working on {folder.name}/."
        raise UsageError(Problem(f"{folder.name}/", 0, "", problem, "Wait until it has ended.", "VE-108")) from None
    handle.seek(0)
    handle.truncate()
    handle.write(str(os.getpid()))
    handle.flush()


def _step(name: str) -> None:
    """Let a test kill the process here."""
    if os.environ.get(STOP_AT) == name:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
