"""The one place that writes, replaces and removes files in a user's folders.

Windows refuses to replace or remove a file that another program has open: Excel keeps a workbook as long as it is
shown, OneDrive and virus scanners keep any file for a moment. So each step is tried again for a while; then the message
says what to close. A file is whole at every moment: the old one or the new one.

Every function raises `UsageError` when the file system refuses.
"""

import contextlib
import errno
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from vunki_eval.errors import M_, Problem, UsageError, reason
from vunki_eval.project.open_files import PATIENCE, PAUSE, is_held, open_problem

_ON_FAULT = "onexc" if sys.version_info >= (3, 12) else "onerror"
_T = TypeVar("_T")


def write_whole(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Write a file atomically; with ``private``, only its owner may read it."""
    part = path.with_name(f"{path.name}.part" if path.name.startswith(".") else f".{path.name}.part")
    data = content if isinstance(content, bytes) else content.encode("utf-8")
    remove(part)
    try:
        _patiently(partial(_write, part, data, 0o600 if private else 0o666), path, new=True)
        replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def write_all(contents: Mapping[Path, str | bytes | None], *, private: bool = False) -> None:
    """Write several files (None removes one), or none of them while one is open in another program."""
    require_closed(contents)
    for path, content in contents.items():
        if content is None:
            remove(path)
        else:
            write_whole(path, content, private=private)


def read(path: Path) -> bytes:
    """Read a file of our own that must not be taken for damaged because another program has it for a moment."""
    return _patiently(path.read_bytes, path)


def replace(source: Path, target: Path) -> None:
    """Give a file or a folder another name; a file of that name is replaced, even a read-only one."""
    _patiently(partial(_with_mark_removed, partial(os.replace, source, target), target), target, source)


def remove(path: Path) -> None:
    """Remove a file or a link, if it is there, even a read-only one."""
    if os.path.lexists(path):
        _patiently(partial(_with_mark_removed, partial(path.unlink, missing_ok=True), path), path)


def remove_tree(folder: Path) -> None:
    """Remove a folder with everything in it, read-only files too; of a link only the link."""
    if folder.is_symlink():
        remove(folder)
    elif folder.exists():
        _patiently(partial(_remove_tree, folder), folder)


def clear(path: Path) -> None:
    """Remove a leftover of our own; one that cannot go stays until the next run, and stops nothing."""
    with contextlib.suppress(UsageError):
        (remove_tree if path.is_dir() else remove)(path)


def make_folder(path: Path, *, private: bool = False) -> None:
    """Make a folder, and those above it; with ``private``, only its owner may open it."""

    def make() -> None:
        path.mkdir(0o700 if private else 0o777, parents=True, exist_ok=True)
        if private:
            path.chmod(0o700)  # a folder that was already there may be open to others

    _patiently(make, path, new=True, folder=True)


def make_private(folder: Path) -> None:
    """Let only its owner read a folder that we filled, and everything in it."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)


@contextlib.contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Give a folder to fill; its contents become ``target``, new or empty, when all is done, or nothing does.

    Raises
    ------
    UsageError
        If the target is not an empty folder, or cannot be written.
    """
    require_empty(target)
    target = target.absolute()
    work = target.with_name(f".{target.name}.part")
    remove_tree(work)
    make_folder(work)
    moved: list[Path] = []
    try:
        yield work
        if target.exists():  # it stays what it is: somebody may stand in it
            for path in sorted(work.iterdir()):
                moved.append(target / path.name)
                replace(path, moved[-1])
        else:
            replace(work, target)
    except BaseException as error:
        for path in moved:
            clear(path)
        if isinstance(error, OSError):
            raise UsageError(write_problem(error, shown(target, folder=True))) from None
        raise
    finally:
        clear(work)


def require_empty(folder: Path) -> None:
    """Refuse a folder with something in it, since nothing is overwritten."""
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        problem = M_("The folder is not empty.")
        raise UsageError(Problem(folder.name, 0, "", problem, M_("Name a new folder."), "VE-104"))


def require_closed(paths: Iterable[Path]) -> None:
    """Refuse if other programs have files open, and name them all."""
    pending, end = list(paths), time.monotonic() + PATIENCE
    while (pending := open_elsewhere(pending)) and time.monotonic() < end:
        time.sleep(PAUSE)
    if pending:
        raise UsageError(open_problem(shown(p)) for p in pending)


def open_elsewhere(paths: Iterable[Path]) -> list[Path]:
    """Pick the files that another program has open, so that they can be neither written nor replaced."""
    return [p for p in paths if _is_open(p)]


def refuse_link(path: Path) -> None:
    """Refuse to write through a symbolic link."""
    if path.is_symlink():
        problem = M_("This is a symbolic link; reports are not written through links.")
        raise UsageError(Problem(f"{path.name}/", 0, "", problem, M_("Put a real folder there."), "VE-107"))


def sync_tree(folder: Path) -> None:
    """Flush all files and folders below a folder to the disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            _patiently(partial(_sync_file, path), path)
        elif path.is_dir():
            sync(path)
    sync(folder)


def sync(folder: Path) -> None:
    """Flush a folder's entries to the disk, where the system can do that."""
    if os.name == "nt":
        return

    def flush() -> None:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    _patiently(flush, folder)


def write_problem(error: OSError, place: str) -> Problem:
    """Describe a place that cannot be written to, and the reason; the name of a folder ends with a slash."""
    full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
    problem = (
        M_("The folder cannot be written: {reason}.")
        if place.endswith("/")
        else M_("The file cannot be written: {reason}.")
    ).filled(reason=reason(error))
    hint = (
        M_("Free some space and run again.")
        if full
        else M_("Allow writing there, or remove what already has this name.")
    )
    return Problem(place, 0, "", problem, hint, "VE-106")


def shown(path: Path, *, folder: bool = False) -> str:
    """Name a file as the user knows it: from its project's folder on, else its name; a folder ends with a slash."""
    roots = [p for p in path.absolute().parents if (p / "surveys" / "project.toml").is_file()]
    name = path.absolute().relative_to(roots[0]).as_posix() if roots else path.name
    return f"{name}/" if folder or path.is_dir() else name


def _patiently(
    step: Callable[[], _T], path: Path, source: Path | None = None, *, new: bool = False, folder: bool = False
) -> _T:
    """Do a step; try again for a while if another program is in the way.

    ``source`` is the file that takes the path's place; with ``new`` the step makes something that nobody can have open.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return step()
        except OSError as error:
            if not is_held(error) or (new and time.monotonic() >= end):
                raise UsageError(write_problem(error, shown(path, folder=folder))) from None
            if time.monotonic() >= end:
                there = path if source is None or os.path.lexists(path) else source
                inside = open_elsewhere(there.rglob("*")) if there.is_dir() else []
                raise UsageError(open_problem(shown(p)) for p in inside or [there]) from None
            time.sleep(PAUSE)


def _write(path: Path, data: bytes, mode: int) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:  # noqa: PTH123
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)  # Windows syncs only files that are open for writing
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_open(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        if path.stat().st_mode & stat.S_IWRITE:
            os.close(os.open(path, os.O_RDWR))
        os.replace(path, path)  # noqa: PTH105 - changes nothing, and needs what a real one needs
    except OSError as error:
        return is_held(error)
    return False


def _with_mark_removed(step: Callable[[], object], path: Path) -> None:
    """Do a step; if a read-only mark is in the way, remove it and do the step again."""
    try:
        step()
    except PermissionError:
        if path.is_symlink() or not path.is_file() or path.stat().st_mode & stat.S_IWRITE:
            raise
        path.chmod(path.stat().st_mode | stat.S_IWRITE)
        step()


def _remove_tree(folder: Path) -> None:
    """Remove what can be removed, then raise the first fault."""
    faults: list[OSError] = []

    def fault(function: Callable[..., Any], name: str, _: object) -> None:
        error = sys.exc_info()[1]
        try:
            if function not in (os.unlink, os.rmdir) or not isinstance(error, PermissionError):
                raise
            for path in (Path(name).parent, Path(name)):
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode | stat.S_IWRITE)
            function(name)
        except FileNotFoundError:
            pass
        except OSError as error_left:
            faults.append(error_left)

    handler: dict[str, Any] = {_ON_FAULT: fault}
    shutil.rmtree(folder, **handler)
    if faults:
        raise faults[0]
