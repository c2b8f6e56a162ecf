"""Files that a project's settings name: inside their folder, and no two waves from one table."""

from collections.abc import Iterable, Iterator


def plain_name(file: str) -> bool:
    """Tell whether a file name stays inside its folder on every system."""
    return (
        bool(file) and not any(c in file for c in "\\:\0") and not file.startswith("/") and ".." not in file.split("/")
    )


def named_twice(exports: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Find exports (file, sheet) named twice; a workbook may be, once for each of its sheets."""
    files: dict[str, list[str]] = {}
    for file, sheet in exports:
        files.setdefault(file, []).append(sheet)
    for file, sheets in files.items():
        if len(sheets) > 1 and not all(sheets):
            yield f"The same file is named twice: {file}. Of a workbook, name a sheet for each wave."
        elif len(set(sheets)) < len(sheets):
            yield f"The same sheet of a file is named twice: {file}."
