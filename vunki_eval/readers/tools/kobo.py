"""KoboToolbox and ODK: XML names as headers, groups with ``/`` (or ``-``), several answers joined and as columns.

``start`` and ``end`` carry a zone; ``_submission_time`` is in UTC without saying so.
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
_SENT = ("_submission_time", "SubmissionDate")
_NAME = re.compile(r"[A-Za-z_][\w.\-]*(?:/[\w.\-]+)*")


def recognises(source: Source) -> bool:
    """Tell by the columns that every submission carries."""
    names = {_unmangled(h) for h in source.header()}
    return bool({"_uuid", "_submission_time"} <= names or {"KEY", "SubmissionDate"} <= names)


def read(source: Source, options: ReaderOptions) -> RawTable:
    """Read the one header row."""
    header = [_unmangled(h) for h in source.header()]
    mark = "-" if "SubmissionDate" in header else "/"
    names = set(header)
    columns = [_column(h, names, mark) for h in header]
    if "end" in header:
        columns = [SourceColumn(c.header, role="ignored") if c.header in _SENT else c for c in columns]
    table = tabulate(NAME, source, columns, header_rows=1, strict=False)
    cells = [
        in_zone(given, "UTC") if column.header == "_submission_time" else given
        for column, given in zip(table.columns, table.cells, strict=True)
    ]
    return replace(table, cells=tuple(cells))


def _unmangled(header: str) -> str:
    """Undo what R makes of names that begin with an underscore or a byte order mark."""
    return re.sub(r"^X(?=_)|^X\.U\.FEFF\.", "", header)


def _column(header: str, names: set[str], mark: str) -> SourceColumn:
    """Leave groups out; a name below another column's name is one of its options."""
    last = re.split(f"[/{mark}]", header)[-1]
    if role := _ROLES.get(last, "ignored" if _IGNORED.fullmatch(last) else ""):
        return SourceColumn(header, role=role)
    for sign in ("/", "."):
        parent, found, option = header.rpartition(sign)
        if found and parent in names:
            return SourceColumn(header, code=re.split(f"[/{mark}]", parent)[-1], row=option)
    return SourceColumn(header, code=last if _NAME.fullmatch(header) else "")
