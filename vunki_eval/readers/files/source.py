"""The cells of a file as text, whatever kind of file it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vunki_eval.errors import Problem
from vunki_eval.readers.table import SourceColumn
from vunki_eval.readers.wording import tidy


@dataclass(frozen=True, slots=True)
class Source:
    """The cells of a file as text, before a reader interprets them.

    Parameters
    ----------
    file : str
        Name for messages.
    sheet : str
        Sheet of a workbook; "" for text.
    container : str
        ``csv``, ``xlsx``, ``xls``, ``ods`` or ``sav``.
    rows : sequence of list of str
        Rows that are not blank, header rows included; all of the same length.
    lines : list of int
        Physical line or sheet row of each.
    sha256 : str
        Hash of the whole file.
    variables : tuple of SourceColumn
        The columns as the file itself describes them (SPSS); else empty.
    findings : tuple of Problem
    path : Path, optional
        Its path, to find files that belong to it (a dictionary, a syntax file).
    """

    file: str
    sheet: str
    container: str
    rows: Sequence[list[str]]
    lines: list[int]
    sha256: str
    variables: tuple[SourceColumn, ...] = ()
    findings: tuple[Problem, ...] = ()
    path: Path | None = None

    def __repr__(self) -> str:
        """Show counts only: cells are personal data."""
        return f"<{self.container} {self.file}: {len(self.rows)} rows, not shown>"

    def header(self, row: int = 0) -> list[str]:
        """Return the tidied cells of a header row."""
        return [tidy(c) for c in self.rows[row]] if len(self.rows) > row else []
