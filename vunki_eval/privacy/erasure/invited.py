"""The line of a person in the table of invitations: it says whose code is whose."""

from collections.abc import Collection
from pathlib import Path

from vunki_eval.errors import Problem, VunkiError
from vunki_eval.privacy.erasure.delimited import without_records
from vunki_eval.privacy.erasure.person import Read, ResponseRow
from vunki_eval.project.project import Project, ReaderOptions
from vunki_eval.project.tokens import normal_token
from vunki_eval.questionnaire.invitations import FOLDER, TABLE, read_invitations
from vunki_eval.readers import open_source
from vunki_eval.survey.clean import code_elements

OPTIONS = ReaderOptions(delimiter=",")
SHOWN = f"{FOLDER}/{TABLE}"


def invited_lines(
    project: Project, typed: tuple[str, ...], reads: Collection[Read], places: Collection[ResponseRow]
) -> tuple[tuple[int, ...], list[Problem]]:
    """Find the lines of a person's invitations.

    Parameters
    ----------
    project : Project
    typed : tuple of str
        The code as it was typed; empty when rows are named.
    reads, places : collection
        The exports, and the person's rows in them: their codes count too, unless somebody else's row has the same.
    """
    kinds = [project.instrument.item(name).kind for name in code_elements(project.instrument)]
    tokens = [i for i, kind in enumerate(kinds) if kind == "token"]
    table = table_of(project)
    if not tokens or not table.is_file():
        return (), []
    named = {(p.event, p.file, p.row) for p in places}
    rows = [((r.event, r.file, row) in named, found) for r in reads for row, found in r.codes.items()]
    others = {found[i] for theirs, found in rows if not theirs for i in tokens}
    wanted = {found[i] for theirs, found in rows if theirs for i in tokens} - others
    wanted |= {typed[i] for i in tokens if typed}
    try:
        codes = read_invitations(table).codes
        lines = open_source(table, SHOWN, OPTIONS).lines[1:]
    except VunkiError as error:
        return (), list(error.problems)
    return tuple(n for n, code in zip(lines, codes, strict=True) if normal_token(code) in wanted), []


def without_invited(project: Project, lines: Collection[int]) -> dict[Path, bytes]:
    """Give the table without lines; nothing where there is none of them."""
    table = table_of(project)
    made = without_records(table.read_bytes(), lines, OPTIONS, SHOWN) if lines else None
    return {table: made[0]} if made else {}


def table_of(project: Project) -> Path:
    """Say where the program keeps the table."""
    return project.root / FOLDER / TABLE
