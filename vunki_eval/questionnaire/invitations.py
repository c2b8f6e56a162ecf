"""Personal invitations: an instrument that links by their codes, and the table of who was given which code.

The table is the organiser's: it lies in a folder of its own that no version control sees, readable by its owner alone,
and never in ``reports/`` or among the forms. No code that was given out is ever lost or changed by a later call.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vunki_eval.errors import InputError, Problem, UsageError
from vunki_eval.project.instrument import Instrument, Item
from vunki_eval.project.project import Project, ReaderOptions
from vunki_eval.project.tokens import new_tokens
from vunki_eval.questionnaire.form import word
from vunki_eval.readers.files.opening import (
    open_source,
)
from vunki_eval.survey.coding.prepared_sheets import FORMULA, spreadsheet_safe

ITEM, COLUMN, MOST = "TK", "code", 5_000
FOLDER, TABLE = "invitations", "invitations.csv"
ALSO = ("token", "Access code", "Invitation code", "Kutse kood")
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Invitations:
    """Who is invited.

    Attributes
    ----------
    columns : tuple of str
        Of the participants' list, as it has them.
    rows : tuple of dict
        One per invitation: ``number``, ``code``, one ``link_<wave>`` where an address was given, and those columns.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in the order of the table."""
        return tuple(row[COLUMN] for row in self.rows)


def has_tokens(instrument: Instrument) -> bool:
    """Tell whether the instrument links by the codes of invitations."""
    return any(i.kind == "token" for i in instrument.items)


def with_tokens(instrument: Instrument) -> Instrument:
    """Ask for the code of the invitation instead of a self-made one; an instrument that does so stays as it is."""
    if has_tokens(instrument):
        return instrument
    code = next(c for c in (ITEM, *(f"{ITEM}{n}" for n in range(1, 99))) if not _used(instrument, c))
    text = {k: word(k, "token_text") for k in instrument.languages}
    asked = Item(code=code, kind="token", role="link", text=text, also=ALSO, waves=instrument.wave_keys,
                 source="own")  # fmt: skip
    gone = {i.code for i in instrument.items if i.role == "link"}
    place = next((n for n, i in enumerate(instrument.items) if i.role in ("link", "consent")), 0)
    place += instrument.items[place].role == "consent"
    kept = [i for i in instrument.items if i.code not in gone]
    before = sum(i.code not in gone for i in instrument.items[:place])
    data = instrument.model_dump(by_alias=True)
    items = [i.model_dump() for i in (*kept[:before], asked, *kept[before:])]
    stable = [c for c in instrument.stable if c not in gone]
    return Instrument.model_validate(data | {"item": items, "link": [code], "stable": stable})


def _used(instrument: Instrument, code: str) -> bool:
    return code in {i.code for i in instrument.items} | {s.key for s in instrument.scales}


def table_path(project: Project, given: Path | None) -> Path:
    """Give the place of the table: ``invitations/invitations.csv`` of the project unless another is named.

    Raises
    ------
    UsageError
        If it would lie in ``reports/`` or in ``questionnaires/``, whose files are given away.
    """
    path = given or project.root / FOLDER / TABLE
    resolved = path.resolve()
    for folder in (project.reports, project.root / "questionnaires"):
        if resolved.is_relative_to(folder.resolve()):
            problem = f"The table of invitations would lie in {folder.name}/, whose files are given away."
            raise UsageError(Problem(path.name, 0, "--table", problem, "Name a private folder.", "VE-821"))
    return path


def invite(
    table: Path, count: int, participants: Path | None, links: Mapping[str, str], waves: Sequence[str]
) -> Invitations:
    """Give every person of a list, or a number of unnamed ones, a code; write the table and give it back.

    Parameters
    ----------
    table : Path
        It may exist: codes in it stay, and only who is new gets a new one.
    count : int
        How many invitations there shall be, when there is no list.
    participants : Path, optional
        A list (CSV, XLSX) with a header, such as ``name,email``.
    links : mapping of str to str
        Per wave, the form's address with ``{code}`` in it.
    waves : sequence of str
        That exist.

    Raises
    ------
    UsageError
        For an address without ``{code}``, an unknown wave, too many invitations, or a table that is not ours.
    InputError
        If the list cannot be read.
    """
    _check_links(links, waves)
    known = read_invitations(table) if table.exists() else Invitations((), ())
    listed = _participants(participants) if participants else Invitations((), ())
    columns = tuple(dict.fromkeys([*known.columns, *listed.columns]))
    people = {tuple(row.get(c, "") for c in columns) for row in known.rows}
    new = [row for row in listed.rows if tuple(row.get(c, "") for c in columns) not in people]
    new += [{}] * max(0, count - len(known.rows) - len(new))
    if len(known.rows) + len(new) > MOST:
        problem = f"More than {MOST} invitations."
        raise UsageError(Problem("", 0, "--tokens", problem, "Is the number right?", "VE-822"))
    codes = new_tokens(len(new), known.codes)
    rows = [*known.rows, *({**row, COLUMN: code} for row, code in zip(new, codes, strict=True))]
    made = Invitations(columns, tuple(
        {"number": str(n), COLUMN: row[COLUMN], **_linked(row, links), **{c: row.get(c, "") for c in columns}}
        for n, row in enumerate(rows, 1)
    ))  # fmt: skip
    _write(table, made)
    return made


def read_invitations(table: Path) -> Invitations:
    """Read a table that `invite` wrote.

    Raises
    ------
    UsageError
        If it is another file.
    """
    source = open_source(table, table.name, ReaderOptions(delimiter=","))
    header = source.header()
    if header[:2] != ["number", COLUMN]:
        hint = f"Its first columns must be number,{COLUMN}; name another file with --table."
        raise UsageError(Problem(table.name, 1, "", "This is no table of invitations.", hint, "VE-823"))
    rows = tuple(dict(zip(header, map(_bare, row), strict=False)) for row in source.rows[1:])
    own = tuple(c for c in header[2:] if not c.startswith("link_"))
    return Invitations(own, rows)


def _participants(path: Path) -> Invitations:
    source = open_source(path, path.name, ReaderOptions())
    header = source.header()
    taken = [c for c in header if not c or c in ("number", COLUMN) or c.startswith("link_") or header.count(c) > 1]
    if taken or len(source.rows) < 2:
        problem = "The list needs a header with different names (such as name,email) and a row per person."
        hint = f"Do not call a column number, {COLUMN} or link_...; the program makes these."
        raise InputError(Problem(path.name, 1, "", problem, hint, "VE-824"))
    rows = [dict(zip(header, (c.strip() for c in row), strict=False)) for row in source.rows[1:] if any(row)]
    again = {tuple(r.items()): r for r in rows}
    return Invitations(tuple(header), tuple(again.values()))


def _check_links(links: Mapping[str, str], waves: Sequence[str]) -> None:
    for wave, address in links.items():
        if wave not in waves or "{code}" not in address or not address.startswith(("https://", "http://")):
            problem = "A link is written WAVE=ADDRESS, with {code} where the code goes."
            hint = f"Waves: {', '.join(waves)}. Such as pre=https://example.org/form?TK={{code}}."
            raise UsageError(Problem("", 0, "--link", problem, hint, "VE-825"))


def _linked(row: Row, links: Mapping[str, str]) -> Row:
    """Give the addresses of a row: new ones where given, else those it has."""
    old = {k: v for k, v in row.items() if k.startswith("link_")}
    return old | {f"link_{wave}": address.replace("{code}", row[COLUMN]) for wave, address in links.items()}


def _write(table: Path, made: Invitations) -> None:
    from vunki_eval.publish.store import write_whole

    heads = list(dict.fromkeys(k for row in made.rows for k in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, heads, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: spreadsheet_safe(v) for k, v in row.items()} for row in made.rows)
    try:
        if not table.parent.is_dir():
            table.parent.mkdir(mode=0o700, parents=True)
            (table.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        write_whole(table, out.getvalue(), private=True)
    except OSError as error:
        problem = f"The table of invitations cannot be written: {error.strerror}."
        raise UsageError(Problem(table.name, 0, "", problem, "Name another file with --table.", "VE-106")) from None


def _bare(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA else text
