"""Exports that are found by their names: ``pre.csv``, ``post.xlsx``, as the instrument calls its waves."""

from collections.abc import Sequence
from pathlib import Path

SUFFIXES = frozenset((".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xls", ".ods", ".sav"))


def data_files(folder: Path) -> list[Path]:
    """List the files of a folder, in the order of their names, whose suffix is that of an export."""
    return sorted(p for p in folder.glob("[!.]*") if p.suffix.casefold() in SUFFIXES and p.is_file())


def named_after(folder: Path, waves: Sequence[str]) -> dict[str, str]:
    """Give the file that is named after each wave; of two with the same name (``pre.csv``, ``pre.xlsx``) neither."""
    found: dict[str, list[str]] = {}
    for path in data_files(folder):
        found.setdefault(path.stem, []).append(path.name)
    return {w: found[w][0] for w in waves if len(found.get(w, ())) == 1}
