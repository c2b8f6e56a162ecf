"""Qualtrics CSV: names, question texts and, in newer exports, ``{"ImportId": ...}`` as three (or two) header rows."""

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import RawTable, SourceColumn
from vunki_eval.readers.tabulate import in_zone, tabulate
from vunki_eval.readers.wording import label_key, tidy

NAME = "qualtrics"
_ROLES = {
    "startdate": "started", "enddate": "submitted", "recordeddate": "ignored", "status": "status",
    "duration in seconds": "duration", "userlanguage": "language", "ipaddress": "record", "responseid": "record",
    "responseset": "ignored", "name": "record", "externaldatareference": "record", "externalreference": "record",
    "emailaddress": "record", "recipientlastname": "record", "recipientfirstname": "record",
    "recipientemail": "record", "locationlatitude": "record", "locationlongitude": "record",
    "locationaccuracy": "record", "distributionchannel": "ignored", "progress": "ignored", "finished": "ignored",
}  # fmt: skip
_STATUS = {"1": "Survey Preview", "2": "Survey Test"}


def recognises(source: Source) -> bool:
    """Recognise the import ids of the third row, or the names of the metadata."""
    if len(source.rows) > 2 and any(c.startswith('{"ImportId"') for c in map(str.strip, source.rows[2])):
        return True
    names = {label_key(h) for row in (0, 1) for h in source.header(row)}
    return {"startdate", "enddate", "responseid", "finished"} <= names


def read(source: Source, options: ReaderOptions) -> RawTable:
    """Read the header rows: names, question texts and import ids."""
    has_import_ids = len(source.rows) > 2 and any("ImportId" in c for c in source.rows[2])
    names, texts = source.header(0), source.header(1) if len(source.rows) > 1 else []
    columns = [_column(name, text) for name, text in zip(names, texts, strict=False)]
    table = tabulate(NAME, source, columns, header_rows=3 if has_import_ids else 2, strict=False)
    zones = dict(zip((c.header for c in columns), map(_zone, source.rows[2]), strict=True)) if has_import_ids else {}
    cells = [
        _plain(column, cells, zones.get(column.header, ""))
        for column, cells in zip(table.columns, table.cells, strict=True)
    ]
    return replace(table, cells=tuple(cells))


def _column(name: str, text: str) -> SourceColumn:
    """Take the role from the name (newer exports) or from the text (legacy exports, with names V1, V2 ...)."""
    role = _ROLES.get(label_key(name), "")
    if not role and re.fullmatch(r"V\d+|Location\w+", name):
        role = _ROLES.get(label_key(text), "ignored")
    return SourceColumn(text or name, code=name, role=role)


def _zone(import_id: str) -> str:
    try:
        field = json.loads(import_id)
    except ValueError:
        return ""
    return str(field.get("timeZone", "")) if isinstance(field, dict) else ""


def _plain(column: SourceColumn, cells: Sequence[str], zone: str) -> Sequence[str]:
    """Add the zone to times, and replace the numbers of the status by its names."""
    if column.role == "status":
        return [_STATUS.get(tidy(c), c) for c in cells]
    if column.role not in ("started", "submitted") or not zone:
        return cells
    if zone in ("Z", "UTC"):
        return in_zone(cells, "UTC")
    try:
        place = ZoneInfo(zone)
        return [dt.datetime.fromisoformat(tidy(c)).replace(tzinfo=place).isoformat() if tidy(c) else "" for c in cells]
    except (ZoneInfoNotFoundError, ValueError):
        return cells
