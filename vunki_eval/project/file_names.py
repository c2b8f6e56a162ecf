"""The file names of a project: which are allowed, which files are nobody's, and how names in texts meet the disk."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from vunki_eval.errors import M_, Message

SUFFIXES = frozenset((".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xls", ".ods", ".sav"))
LEFTOVERS = frozenset(("desktop.ini", "thumbs.db", "ehthumbs.db", ".ds_store", ".localized", "icon\r"))
LEFTOVER_STARTS = ("~$", ".~lock.", "._")  # owner files of Office and of LibreOffice, Apple's doubles


def plain_name(file: str) -> bool:
    """Tell whether a file name stays inside its folder on every system."""
    return (
        bool(file) and not any(c in file for c in "\\:\0") and not file.startswith("/") and ".." not in file.split("/")
    )


def named_twice(exports: Iterable[tuple[str, str]]) -> Iterator[Message]:
    """Find exports (file, sheet) that are named twice; a workbook may be named once for each of its sheets."""
    files: dict[str, list[str]] = {}
    for file, sheet in exports:
        files.setdefault(file, []).append(sheet)
    for file, sheets in files.items():
        if len(sheets) > 1 and not all(sheets):
            yield M_("The same file is named twice: {file}. For a workbook, name a sheet for each wave.", file=file)
        elif len(set(sheets)) < len(sheets):
            yield M_("The same sheet of a file is named twice: {file}.", file=file)


def is_leftover(path: Path) -> bool:
    """Tell whether an office program or an operating system left a file for itself: it is nobody's input or output."""
    name = path.name.casefold()
    return name in LEFTOVERS or name.startswith(LEFTOVER_STARTS) or (name.startswith("~") and name.endswith(".tmp"))


def files_below(folder: Path) -> list[Path]:
    """List the files of a folder and its subfolders, without leftovers, sorted; none if there is no folder."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and not is_leftover(p)) if folder.is_dir() else []


def composed(name: str) -> str:
    """Write letters with their marks as one character (NFC), as keyboards do; a Mac may store them apart (NFD).

    Names that look the same are then the same.
    """
    return unicodedata.normalize("NFC", name)


def on_disk(path: Path) -> Path:
    """Find a path whose letters may be written decomposed on the disk; the path itself if there is none."""
    with suppress(OSError, ValueError):  # what cannot be looked at is reported by whoever opens it
        if not path.exists() and path != path.parent and not str(path).isascii():
            folder = on_disk(path.parent)
            return next((p for p in sorted(folder.iterdir()) if composed(p.name) == composed(path.name)), path)
    return path


def data_files(folder: Path, suffixes: Collection[str] = SUFFIXES) -> list[Path]:
    """List the files of a folder that have the suffix of an export, sorted by name."""
    files = (p for p in folder.glob("[!.]*") if p.suffix.casefold() in suffixes and p.is_file())
    return sorted(p for p in files if not is_leftover(p))


def files_named_after(folder: Path, waves: Sequence[str]) -> dict[str, str]:
    """Find the file named after each wave; where two have the same name (``pre.csv``, ``pre.xlsx``), take neither."""
    files: dict[str, list[str]] = {}
    for path in data_files(folder):
        files.setdefault(composed(path.stem), []).append(composed(path.name))
    return {w: files[w][0] for w in waves if len(files.get(w, ())) == 1}
