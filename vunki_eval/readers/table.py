"""The table that every reader returns: named columns of text, and the line of each response in the file."""

from collections.abc import Sequence
from dataclasses import dataclass

from vunki_eval.errors import Problem

ROLES = ("submitted", "started", "language", "status", "duration", "record", "ignored")


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column of an export.

    Parameters
    ----------
    header : str
        As in the file, with white space tidied.
    code : str
        Question code, if the tool exports one besides the text.
    row : str
        Sub-question or answer option in brackets (``Question [row]``).
    role : str
        What the column tells about the response itself (one of `ROLES`); "" for questions.
    labels : tuple of (str, str)
        Codes and their labels, if the file carries them (SPSS, REDCap); the cells then hold labels.
    choice : bool
        Whether the header is an answer option without its question (Typeform).
    """

    header: str
    code: str = ""
    row: str = ""
    role: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    choice: bool = False


@dataclass(frozen=True, slots=True)
class RawTable:
    """An export as text.

    Parameters
    ----------
    reader : str
        Name of the reader.
    file, sheet : str
        Where it was read from.
    columns : tuple of SourceColumn
    cells : tuple of sequence of str
        One sequence per column; "" is blank.
    lines : list of int
        Physical line or sheet row of every response.
    blanks : frozenset of str
        What the tool writes for a question that was not shown, case-folded.
    sha256 : str
        Hash of the whole file.
    findings : tuple of Problem
    header_line : int
        Physical line or sheet row of the (first) header.
    """

    reader: str
    file: str
    sheet: str
    columns: tuple[SourceColumn, ...]
    cells: tuple[Sequence[str], ...]
    lines: list[int]
    blanks: frozenset[str] = frozenset()
    sha256: str = ""
    findings: tuple[Problem, ...] = ()
    header_line: int = 1

    def __len__(self) -> int:
        """Count responses."""
        return len(self.lines)

    def __repr__(self) -> str:
        """Show counts only: cells are personal data and must not reach a log or a traceback."""
        return f"<{self.reader} table of {self.file}: {len(self.lines)} rows, {len(self.columns)} columns, not shown>"

    def meta(self, role: str) -> Sequence[str] | None:
        """Return the cells of the first column with a role, or None."""
        return next((c for column, c in zip(self.columns, self.cells, strict=True) if column.role == role), None)
