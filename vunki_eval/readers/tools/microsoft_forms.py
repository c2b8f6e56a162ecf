"""Microsoft Forms workbooks: its own columns first, then question texts with no-break spaces; times without a zone."""

from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import RawTable
from vunki_eval.readers.tabulate import bracketed, tabulate
from vunki_eval.readers.wording import label_key

NAME = "microsoft_forms"
_ROLES = {
    "id": "record", "start time": "started", "completion time": "submitted", "email": "record", "name": "record",
    "last modified time": "ignored", "language": "language",
    "algusaeg": "started", "lõpuaeg": "submitted", "lõpetamise aeg": "submitted", "lõpetamisaeg": "submitted",
    "e post": "record", "e posti aadress": "record", "meiliaadress": "record", "nimi": "record",
    "viimati muudetud": "ignored", "viimase muutmise aeg": "ignored", "keel": "language",
    "total points": "ignored", "quiz feedback": "ignored",
}  # fmt: skip


def recognises(source: Source) -> bool:
    """Recognise start and completion time among the first columns."""
    roles = [_ROLES.get(label_key(h), "") for h in source.header()[:6]]
    return source.container != "csv" and roles[:1] == ["record"] and {"started", "submitted"} <= set(roles)


def read(source: Source, options: ReaderOptions) -> RawTable:
    """Read a table with one header row; a question may be called "Name", so only the first columns can have a role."""
    header = source.header()
    columns = [bracketed(h, _ROLES if place < 7 else {}) for place, h in enumerate(header)]
    return tabulate(NAME, source, columns, header_rows=1)
