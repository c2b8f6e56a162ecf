"""SPSS ``.sav``: names, variable labels and value labels; cells are read as their labels.

The codes of a file need not be those of the instrument (Estonian data often number answers downwards), so a labelled
value is matched by its label. Values without a label, and user-missing values, stay as they are.
"""

from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import RawTable, SourceColumn
from vunki_eval.readers.tabulate import bracketed, tabulate
from vunki_eval.readers.wording import label_key

NAME = "spss"
_ROLES = {
    "submitted": "submitted", "enddate": "submitted", "timestamp": "submitted", "started": "started",
    "startdate": "started", "language": "language", "id": "record", "respondent": "record", "responseid": "record",
}  # fmt: skip


def recognises(source: Source) -> bool:
    """Recognise the file format."""
    return source.container == "sav"


def read(source: Source, options: ReaderOptions) -> RawTable:
    """Read variables and cases."""
    columns = []
    for variable in source.variables:
        row = bracketed(variable.header, {}).row
        role = _ROLES.get(label_key(variable.code), "")
        columns.append(SourceColumn(variable.header, code=variable.code, row=row, role=role, labels=variable.labels))
    return tabulate(NAME, source, columns, header_rows=1, strict=False)
