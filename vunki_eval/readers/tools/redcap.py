"""REDCap CSV (raw): field names as headers, ``field___code`` for ticked boxes, labels from the data dictionary.

The dictionary is expected beside the export as ``<stem>.dictionary.csv`` or ``dictionary.csv``. For an export of
several events ``sheet`` must name the event. Rows of repeating instruments are left out and counted.
"""

from dataclasses import replace
from pathlib import Path

from vunki_eval.errors import M_, InputError, Problem
from vunki_eval.project.file_names import on_disk
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.delimited import split_rows
from vunki_eval.readers.files.encoding import decode
from vunki_eval.readers.files.opening import read_bytes
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import RawTable, SourceColumn
from vunki_eval.readers.tabulate import tabulate
from vunki_eval.readers.wording import tidy

NAME = "redcap"
_OWN = {
    "redcap_event_name": "ignored", "redcap_repeat_instrument": "ignored", "redcap_repeat_instance": "ignored",
    "redcap_survey_identifier": "record", "redcap_data_access_group": "ignored",
}  # fmt: skip
_NAME, _LABEL, _CHOICES = "Variable / Field Name", "Field Label", "Choices, Calculations, OR Slider Labels"
Dictionary = dict[str, tuple[str, tuple[tuple[str, str], ...]]]


def recognises(source: Source) -> bool:
    """Recognise REDCap's own columns, or a record id and the state of a form."""
    header = source.header()
    forms = any(h.endswith("_complete") for h in header)
    return bool(set(_OWN) & set(header)) or (forms and bool(header) and header[0].endswith("_id"))


def read(source: Source, options: ReaderOptions) -> RawTable:
    """Read a table with one header row, and labels if there is a dictionary."""
    source, findings = _one_event(source, options.sheet)
    dictionary = read_dictionary(source.path, source.file)
    header = source.header()
    times = [h for h in header if h.endswith("_timestamp")]
    columns = [_column(h, dictionary, place == 0, times[-1:]) for place, h in enumerate(header)]
    table = tabulate(NAME, source, columns, header_rows=1)
    cells = [
        ["" if column.role == "submitted" and c.startswith("[") else c for c in cells]
        for column, cells in zip(table.columns, table.cells, strict=True)
    ]
    return replace(table, cells=tuple(cells), findings=(*table.findings, *findings))


def read_dictionary(export: Path | None, file: str) -> Dictionary:
    """Read labels and choices of every field from the dictionary beside an export; empty without one."""
    if export is None:
        return {}
    places = (on_disk(export.with_name(f"{export.stem}.dictionary.csv")), export.with_name("dictionary.csv"))
    path = next((p for p in places if p.is_file()), None)
    if path is None:
        return {}
    name = f"{file.rpartition('/')[0]}/{path.name}".lstrip("/")
    rows, _ = split_rows(decode(read_bytes(path, name), name), name, ",")
    header = [tidy(c) for c in rows[0]]
    if not {_NAME, _LABEL, _CHOICES} <= set(header):
        problem = M_("This is not a REDCap data dictionary: columns are missing.")
        raise InputError(Problem(name, 1, "", problem, M_("Download the dictionary again."), "VE-329"))
    dictionary: Dictionary = {}
    for row in rows[1:]:
        field = dict(zip(header, row, strict=True))
        dictionary[field[_NAME].strip()] = (tidy(field[_LABEL]), _choices(field[_CHOICES]))
    return dictionary


def _choices(text: str) -> tuple[tuple[str, str], ...]:
    """Split ``1, jah | 0, ei`` into codes and labels; a calculation has none."""
    pairs = [part.partition(",") for part in text.split("|")]
    return tuple((tidy(code), tidy(label)) for code, sign, label in pairs if sign and tidy(label))


def _column(header: str, dictionary: Dictionary, first: bool, times: list[str]) -> SourceColumn:
    role = _OWN.get(header) or ("record" if first else "submitted" if header in times else "")
    if role or header.endswith(("_complete", "_timestamp")):
        return SourceColumn(header, role=role or "ignored")
    code, ticked, option = header.partition("___")
    label, choices = dictionary.get(code, ("", ()))
    if ticked:
        return SourceColumn(header, code=code, row=dict(choices).get(option, option))
    return SourceColumn(label or header, code=code, labels=choices)


def _one_event(source: Source, wanted: str) -> tuple[Source, tuple[Problem, ...]]:
    """Keep the header and the rows of one event, without repeating instruments."""
    header = source.header()
    keep = list(range(1, len(source.rows)))
    findings: tuple[Problem, ...] = ()
    if "redcap_repeat_instrument" in header:
        place = header.index("redcap_repeat_instrument")
        repeated = [k for k in keep if source.rows[k][place].strip()]
        keep = [k for k in keep if k not in set(repeated)]
        if repeated:
            problem = M_("Rows of repeating instruments are not read: {n}.", n=len(repeated))
            findings = (
                Problem(source.file, 0, "", problem, M_("Export them on their own if they are answers."), "VE-328"),
            )
    if "redcap_event_name" in header:
        place = header.index("redcap_event_name")
        events = list(dict.fromkeys(source.rows[k][place].strip() for k in keep))
        if len(events) > 1 and wanted not in events:
            problem = M_("The export has several events: {events}.", events=", ".join(events))
            hint = M_("Name one as sheet for this wave in surveys/project.toml.")
            raise InputError(Problem(source.file, 0, "redcap_event_name", problem, hint, "VE-323"))
        keep = [k for k in keep if not wanted or source.rows[k][place].strip() == wanted]
    with_header = [0, *keep]
    rows, lines = [source.rows[k] for k in with_header], [source.lines[k] for k in with_header]
    return replace(source, rows=rows, lines=lines), findings
