"""Plain tables: one header row with item codes or question texts."""

from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import RawTable
from vunki_eval.readers.tabulate import bracketed, tabulate

NAME = "plain"
_ROLES = {
    "submitted": "submitted", "timestamp": "submitted", "ajatempel": "submitted", "submitdate": "submitted",
    "started": "started", "startdate": "started", "language": "language", "keel": "language", "id": "record",
    "status": "status",
}  # fmt: skip


def recognises(source: Source) -> bool:
    """Accept every file: no other reader recognised it."""
    return True


def read(source: Source, options: ReaderOptions) -> RawTable:
    """Read a table with one header row."""
    return tabulate(NAME, source, [bracketed(h, _ROLES) for h in source.header()], header_rows=1)
