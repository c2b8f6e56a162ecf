"""Find and remove a person's lines in the table of invitations, which says whose code is whose."""

from collections.abc import Collection
from pathlib import Path

from vunki_eval.errors import Problem, VunkiError
from vunki_eval.privacy.erasure.delimited import without_records
from vunki_eval.privacy.erasure.person import ExportWithCodes, ResponseRow
from vunki_eval.project.project import Project, ReaderOptions
from vunki_eval.project.tokens import normal_token
from vunki_eval.questionnaire.invitations import FOLDER, TABLE, read_invitations
from vunki_eval.readers import open_source
from vunki_eval.survey.clean import code_elements

OPTIONS = ReaderOptions(delimiter=",")
TABLE_NAME = f"{FOLDER}/{TABLE}"


def invited_lines(
    project: Project, typed: tuple[str, ...], reads: Collection[ExportWithCodes], places: Collection[ResponseRow]
) -> tuple[tuple[int, ...], list[Problem]]:
    """Find the lines of a person's invitations.

    Parameters
    ----------
    project : Project
    typed : tuple of str
        The code as it was typed; empty when rows are named instead.
    reads, places : collection
        The exports, and the person's rows in them. The codes of these rows count too, unless somebody else's row has
        the same code.
    """
    kinds = [project.instrument.item(name).kind for name in code_elements(project.instrument)]
    tokens = [i for i, kind in enumerate(kinds) if kind == "token"]
    table = table_of(project)
    if not tokens or not table.is_file():
        return (), []
    named = {(p.event, p.file, p.row) for p in places}
    rows = [((r.event, r.file, row) in named, elements) for r in reads for row, elements in r.codes.items()]
    others = {elements[i] for is_theirs, elements in rows if not is_theirs for i in tokens}
    wanted = {elements[i] for is_theirs, elements in rows if is_theirs for i in tokens} - others
    wanted |= {typed[i] for i in tokens if typed}
    try:
        codes = read_invitations(table).codes
        lines = open_source(table, TABLE_NAME, OPTIONS).lines[1:]
    except VunkiError as error:
        return (), list(error.problems)
    return tuple(n for n, code in zip(lines, codes, strict=True) if normal_token(code) in wanted), []


def without_invited(project: Project, lines: Collection[int]) -> dict[Path, bytes]:
    """Return the new content of the table by its path; empty when there are no lines to remove."""
    table = table_of(project)
    rewritten = without_records(table.read_bytes(), lines, OPTIONS, TABLE_NAME) if lines else None
    return {table: rewritten[0]} if rewritten else {}


def table_of(project: Project) -> Path:
    """Return the path where the program keeps the table."""
    return project.root / FOLDER / TABLE
