"""Check the file names of a project, and find exports that are named after a wave."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

SUFFIXES = frozenset((".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xls", ".ods", ".sav"))


def plain_name(file: str) -> bool:
    """Tell whether a file name stays inside its folder on every system."""
    return (
        bool(file) and not any(c in file for c in "\\:\0") and not file.startswith("/") and ".." not in file.split("/")
    )


def named_twice(exports: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Find exports (file, sheet) that are named twice; a workbook may be named once for each of its sheets."""
    files: dict[str, list[str]] = {}
    for file, sheet in exports:
        files.setdefault(file, []).append(sheet)
    for file, sheets in files.items():
        if len(sheets) > 1 and not all(sheets):
            yield f"The same file is named twice: {file}. For a workbook, name a sheet for each wave."
        elif len(set(sheets)) < len(sheets):
            yield f"The same sheet of a file is named twice: {file}."


def data_files(folder: Path) -> list[Path]:
    """List the files of a folder that have the suffix of an export, sorted by name."""
    return sorted(p for p in folder.glob("[!.]*") if p.suffix.casefold() in SUFFIXES and p.is_file())


def files_named_after(folder: Path, waves: Sequence[str]) -> dict[str, str]:
    """Find the file named after each wave; where two have the same name (``pre.csv``, ``pre.xlsx``), take neither."""
    files: dict[str, list[str]] = {}
    for path in data_files(folder):
        files.setdefault(path.stem, []).append(path.name)
    return {w: files[w][0] for w in waves if len(files.get(w, ())) == 1}
