"""Publishing whole or not at all: a lock, a work folder beside the target, a journal and two renames.

A visible ``reports/<name>/`` is always one complete build, the old one or the new one, whatever moment the run was
stopped at. Names beginning with a dot are work in progress; the next run that succeeds leaves none.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from vunki_eval.errors import Problem, UsageError

LOCK = ".lock"
JOURNAL = ".journal.json"
WORK = ".work"
OLD = ".old-"


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of published reports, held by this run; see `open_store`."""

    folder: Path

    @property
    def work(self) -> Path:
        """Private folder (0700) of this run, on the same file system as the target."""
        return self.folder / WORK

    def publish(self, name: str) -> None:
        """Exchange ``reports/<name>`` for the finished build in the work folder."""
        target, new, old = self.folder / name, self.work / name, self.folder / f"{OLD}{name}"
        refuse_link(target)
        sync_tree(new)
        write_whole(self.folder / JOURNAL, json.dumps({"name": name}))
        if target.exists():
            target.rename(old)
        new.rename(target)
        sync(self.folder)
        (self.folder / JOURNAL).unlink()
        shutil.rmtree(old, ignore_errors=True)


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
        handle = (folder / LOCK).open("a+", encoding="utf-8")
    except OSError as error:
        problem = f"The folder {folder.name}/ cannot be written: {error.strerror}."
        cure = "Allow writing there, or free the name."
        raise UsageError(Problem(f"{folder.name}/", 0, "", problem, cure, "VE-106")) from None
    with handle:
        _hold(handle, folder)
        store = Store(folder)
        recover(folder)
        store.work.mkdir(mode=0o700)
        try:
            yield store
        finally:
            shutil.rmtree(store.work, ignore_errors=True)
            (folder / LOCK).unlink(missing_ok=True)


def recover(folder: Path) -> None:
    """Bring a pair of renames that was interrupted to its end, and clear what a broken run left."""
    journal = folder / JOURNAL
    with contextlib.suppress(OSError, ValueError, KeyError):
        name = json.loads(journal.read_text("utf-8"))["name"]
        target, new, old = folder / name, folder / WORK / name, folder / f"{OLD}{name}"
        if not target.exists() and (new / "manifest.json").is_file():
            new.rename(target)
        elif not target.exists() and old.exists():
            old.rename(target)
        sync(folder)
    journal.unlink(missing_ok=True)
    for left in [p for p in folder.iterdir() if p.name.startswith(".") and p.name != LOCK]:
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        elif left.name.startswith((WORK, OLD)):
            left.unlink(missing_ok=True)


def refuse_link(path: Path) -> None:
    """Refuse to write through a symbolic link."""
    if path.is_symlink():
        problem = "This is a symbolic link; reports are not written through links."
        raise UsageError(Problem(f"{path.name}/", 0, "", problem, "Put a real folder there.", "VE-107"))


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    part = path.with_name(f"{path.name}.part" if path.name.startswith(".") else f".{path.name}.part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def sync_tree(folder: Path) -> None:
    """Bring a folder's files to the disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
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
    except OSError:
        handle.seek(0)
        owner = handle.read().strip() or "unknown"
        problem = f"There is another run (process {owner}) working on {folder.name}/."
        raise UsageError(Problem(f"{folder.name}/", 0, "", problem, "Wait until it has ended.", "VE-108")) from None
    handle.seek(0)
    handle.truncate()
    handle.write(str(os.getpid()))
    handle.flush()
