"""Google Forms and Sheets: question texts as headers, grids as ``Question [row]``, ticked boxes joined in one cell."""

from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import RawTable
from vunki_eval.readers.tabulate import bracketed, tabulate
from vunki_eval.readers.wording import label_key

NAME = "google_forms"
_ROLES = {
    "timestamp": "submitted", "ajatempel": "submitted", "username": "record", "kasutajanimi": "record",
    "email address": "record", "e posti aadress": "record", "meiliaadress": "record", "score": "ignored",
}  # fmt: skip


def recognises(source: Source) -> bool:
    """Recognise the name that Google gives to the first column."""
    return label_key((source.header() or [""])[0]) in ("timestamp", "ajatempel")


def read(source: Source, options: ReaderOptions) -> RawTable:
    """Read a table with one header row."""
    columns = [bracketed(h, _ROLES) for h in source.header()]
    return tabulate(NAME, source, columns, header_rows=1)
