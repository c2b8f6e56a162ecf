"""Turn rows into a table of named columns: shared by all readers."""

import re
from collections.abc import Mapping, Sequence

from vunki_eval.errors import M_, InputError, Problem
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import RawTable, SourceColumn
from vunki_eval.readers.wording import label_key, tidy

_BRACKETS = re.compile(r".*?\[([^\[\]]*)\](?:\.\d+)?")


def bracketed(header: str, roles: Mapping[str, str], key: str | None = None) -> SourceColumn:
    """Make a column from a header: with its role, or with the row of a grid if it ends in ``[row]``."""
    if role := roles.get(label_key(header) if key is None else key, ""):
        return SourceColumn(header, role=role)
    brackets = _BRACKETS.fullmatch(header)
    return SourceColumn(header, row=tidy(brackets[1])) if brackets else SourceColumn(header)


def tabulate(
    reader: str,
    source: Source,
    columns: Sequence[SourceColumn],
    *,
    header_rows: int,
    strict: bool = True,
    blanks: frozenset[str] = frozenset(),
) -> RawTable:
    """Make a table from the rows of a file.

    Parameters
    ----------
    reader : str
        Name of the reader.
    source : Source
    columns : sequence of SourceColumn
        One for each field of a row.
    header_rows : int
        Rows above the answers.
    strict : bool
        Refuse blank and repeated headers. False for tools that write such headers themselves.
    blanks : frozenset of str
        What the tool writes for a question that was not shown.

    Raises
    ------
    InputError
        For blank or repeated headers, and when there are no answers.
    """
    body, lines = source.rows[header_rows:], source.lines[header_rows:]
    cells = _columns(body)
    if strict and (problems := _header_faults(source, columns, cells)):
        raise InputError(problems)
    if not body:
        problem = M_("The file has a header but no answers.")
        raise InputError(Problem(source.file, 0, "", problem, M_("Export the answers again."), "VE-311"))
    cells = tuple(_labelled(c, column.labels) for c, column in zip(cells, columns, strict=True))
    used = [j for j, column in enumerate(columns) if column.header or any(map(str.strip, cells[j]))]
    return RawTable(
        reader, source.file, source.sheet, tuple(columns[j] for j in used), tuple(cells[j] for j in used), lines,
        blanks, source.sha256, source.findings, source.lines[0],
    )  # fmt: skip


def _columns(body: Sequence[list[str]]) -> tuple[Sequence[str], ...]:
    return tuple(list(c) for c in zip(*body, strict=True)) if body else ()


def _labelled(cells: Sequence[str], labels: Sequence[tuple[str, str]]) -> Sequence[str]:
    """Replace codes by their labels: the codes of a file need not be those of the instrument."""
    label_of = {tidy(code): label for code, label in labels}
    return [label_of.get(tidy(c), c) for c in cells] if label_of else cells


def in_zone(cells: Sequence[str], zone: str) -> list[str]:
    """Append the time zone to times that are written without one."""
    return [f"{tidy(c)} {zone}" if tidy(c) else "" for c in cells]


def _header_faults(source: Source, columns: Sequence[SourceColumn], cells: Sequence[Sequence[str]]) -> list[Problem]:
    """Find blank and repeated headers.

    Problems name columns by number: in a file without a header the first row holds answers.
    """
    row = source.lines[0]
    headers = source.header()
    if headers.count("") > max(1, len(headers) // 2):
        hint = M_("Is the header in another row? Declare header_row for this wave in surveys/project.toml.")
        return [Problem(source.file, row, "", M_("Most cells of the header row are blank."), hint, "VE-319")]
    problems, seen = [], dict[str, int]()
    last = max((j for j, c in enumerate(columns) if c.header or (cells and any(map(str.strip, cells[j])))), default=0)
    for place, header in enumerate(headers[: last + 1], 1):
        key = header.casefold()
        if not key:
            hint = M_(
                "Write the question or the item's code into the header, or declare header_row if it is another row."
            )
            problems.append(
                Problem(source.file, row, M_("column {n}", n=place), M_("The header is blank."), hint, "VE-319")
            )
        elif key in seen:
            problem = M_("The header is the same as that of column {seen}.", seen=seen[key])
            problems.append(
                Problem(
                    source.file,
                    row,
                    M_("column {n}", n=place),
                    problem,
                    M_("Give each column its own header."),
                    "VE-319",
                )
            )
        seen.setdefault(key, place)
    return problems
