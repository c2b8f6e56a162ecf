"""KoboToolbox and ODK: XML names as headers, groups separated by ``/`` (or ``-``).

Several answers come both joined in one cell and in a column per option. ``start`` and ``end`` carry a time zone;
``_submission_time`` is in UTC without saying so.
"""

import re
from dataclasses import replace

from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import RawTable, SourceColumn
from vunki_eval.readers.tabulate import in_zone, tabulate

NAME = "kobo"
_ROLES = {
    "start": "started", "end": "submitted", "_submission_time": "submitted", "SubmissionDate": "submitted",
    "_status": "ignored", "_id": "record", "_uuid": "record", "KEY": "record", "instanceID": "record",
    "instanceName": "record", "deviceid": "record", "subscriberid": "record", "phonenumber": "record",
    "username": "record", "SubmitterID": "record", "SubmitterName": "record", "_submitted_by": "record",
    "DeviceID": "record",
}  # fmt: skip
_IGNORED = re.compile(
    r"_(?:index|tags|notes|validation_status|xform_id_string|geolocation.*|_version__.*)|today|Status|ReviewState"
    r"|Attachments(?:Present|Expected)|Edits|FormVersion"
)
_SUBMISSION_TIMES = ("_submission_time", "SubmissionDate")
_NAME = re.compile(r"[A-Za-z_][\w.\-]*(?:/[\w.\-]+)*")


def recognises(source: Source) -> bool:
    """Recognise the columns that every submission has."""
    names = {_unmangled(h) for h in source.header()}
    return bool({"_uuid", "_submission_time"} <= names or {"KEY", "SubmissionDate"} <= names)


def read(source: Source, options: ReaderOptions) -> RawTable:
    """Read a table with one header row."""
    header = [_unmangled(h) for h in source.header()]
    separator = "-" if "SubmissionDate" in header else "/"
    names = set(header)
    columns = [_column(h, names, separator) for h in header]
    if "end" in header:
        columns = [SourceColumn(c.header, role="ignored") if c.header in _SUBMISSION_TIMES else c for c in columns]
    table = tabulate(NAME, source, columns, header_rows=1, strict=False)
    cells = [
        in_zone(cells, "UTC") if column.header == "_submission_time" else cells
        for column, cells in zip(table.columns, table.cells, strict=True)
    ]
    return replace(table, cells=tuple(cells))


def _unmangled(header: str) -> str:
    """Restore names that R mangled because they begin with an underscore or a byte order mark."""
    return re.sub(r"^X(?=_)|^X\.U\.FEFF\.", "", header)


def _column(header: str, names: set[str], separator: str) -> SourceColumn:
    """Drop the group from a name; a name below the name of another column is an option of it."""
    last = re.split(f"[/{separator}]", header)[-1]
    if role := _ROLES.get(last, "ignored" if _IGNORED.fullmatch(last) else ""):
        return SourceColumn(header, role=role)
    for sign in ("/", "."):
        parent, separated, option = header.rpartition(sign)
        if separated and parent in names:
            return SourceColumn(header, code=re.split(f"[/{separator}]", parent)[-1], row=option)
    return SourceColumn(header, code=last if _NAME.fullmatch(header) else "")
