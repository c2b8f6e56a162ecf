"""Report how an event's exports were understood, and propose mapping files: for `check`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vunki_eval.errors import Problem, VunkiError
from vunki_eval.project.project import Project
from vunki_eval.readers import read_export
from vunki_eval.readers.column_mapping import ColumnMapping, Proposal, find_columns
from vunki_eval.readers.files.delimited import join_rows
from vunki_eval.readers.table import RawTable


@dataclass(frozen=True, slots=True)
class Recognised:
    """How one export and its columns were understood: headers and codes only, no answers.

    Parameters
    ----------
    file, wave : str
        The export as the config names it, and its wave.
    reader, sheet : str
        Reader and sheet; "" if no reader could read the file.
    rows : int
        Number of responses.
    own : tuple of str
        Headers of the tool's own columns (times, language, record number).
    matched : tuple of (header, item, option, how)
        ``how`` is ``mapping``, ``code`` or ``wording``.
    unmatched : tuple of str
        Headers that match no item.
    missing : tuple of str
        Items of the wave that have no column.
    proposals : tuple of Proposal
        Near matches; a person must confirm them.
    problems : tuple of Problem
        Why the file cannot be read.
    """

    file: str
    wave: str
    reader: str = ""
    sheet: str = ""
    rows: int = 0
    own: tuple[str, ...] = ()
    matched: tuple[tuple[str, str, str, str], ...] = ()
    unmatched: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    problems: tuple[Problem, ...] = ()


def recognise_exports(project: Project, event_id: str) -> tuple[Recognised, ...]:
    """Describe every export of an event, also those that cannot be read.

    Raises
    ------
    UsageError
        If there is no such event.
    """
    event = project.event(event_id)
    exports = []
    for wave in project.instrument.wave_keys:
        for export in event.exports(wave):
            path = project.surveys / event.id / export.file
            try:
                table = read_export(path, f"surveys/{event.id}/{event.name_of(export)}", export)
                mapping = find_columns(table, project.instrument, wave, beside=path)
            except VunkiError as error:
                exports.append(Recognised(export.file, wave, problems=error.problems))
                continue
            exports.append(recognised(export.file, wave, table, mapping))
    return tuple(exports)


def recognised(file: str, wave: str, table: RawTable, mapping: ColumnMapping) -> Recognised:
    """Describe how an export was understood."""
    headers = [column.header for column in table.columns]
    has_header = bool(mapping.matches)  # a file without a header shows answers in its place
    matched = tuple(
        (headers[m.column], m.item, "" if m.option is None else str(m.option), m.how) for m in mapping.matches
    )
    unmatched = tuple(headers[place] for place in mapping.unmatched) if has_header else ()
    matched_columns = {m.column for m in mapping.matches}
    own = (
        tuple(c.header for place, c in enumerate(table.columns) if c.role and place not in matched_columns)
        if has_header
        else ()
    )
    proposals = mapping.proposals if has_header else ()
    return Recognised(
        file, wave, table.reader, table.sheet, len(table), own if has_header else (), matched, unmatched,
        mapping.missing, proposals,
    )  # fmt: skip


def propose_mapping(exports: Iterable[Recognised]) -> dict[str, str]:
    """Draft mapping files for exports with columns that match no item.

    Returns
    -------
    dict
        File name (``pre.mapping.csv``) to CSV text: header, item, option, and the sheet where several sheets of one
        workbook are read. The item is the near match, else blank. A person completes the file and puts it beside
        the export. A row whose item stays blank leaves its column out.
    """
    by_file: dict[str, list[Recognised]] = {}
    for export in exports:
        by_file.setdefault(export.file, []).append(export)
    sheets = {}
    for file, parts in by_file.items():
        if not any(export.unmatched for export in parts):
            continue
        several = len({export.sheet for export in parts if export.sheet}) > 1
        header = ("header", "item", "option", *(["sheet"] if several else []))
        rows = [(*row, *([export.sheet] if several else [])) for export in parts for row in _proposed(export)]
        sheets[file.rpartition(".")[0] + ".mapping.csv"] = join_rows([header, *dict.fromkeys(rows)])
    return sheets


def _proposed(export: Recognised) -> Iterator[tuple[str, str, str]]:
    """List the rows of the present mapping file, then the columns that match no item."""
    near = {p.header: p.item for p in export.proposals}
    yield from ((header, item, option) for header, item, option, how in export.matched if how == "mapping")
    yield from ((header, near.get(header, ""), "") for header in export.unmatched)
