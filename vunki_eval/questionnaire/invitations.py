"""Personal invitations: an instrument that links responses by invitation code, and the table of who has which code.

The table belongs to the organiser. It lies in a folder of its own, ignored by version control and readable by its owner
alone, never in ``reports/`` or among the forms. A later call never loses or changes a code that was given out.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vunki_eval.errors import M_, InputError, Problem, UsageError
from vunki_eval.project.instrument import Instrument, Item
from vunki_eval.project.project import Project, ReaderOptions
from vunki_eval.project.tokens import new_tokens
from vunki_eval.publish.files import make_folder, write_whole
from vunki_eval.questionnaire.form import form_text
from vunki_eval.readers.files.opening import open_source
from vunki_eval.survey.coding.prepared_sheets import FORMULA, spreadsheet_safe

ITEM, COLUMN, MOST = "TK", "code", 5_000
FOLDER, TABLE = "invitations", "invitations.csv"
ALSO = ("token", "Access code", "Invitation code", "Kutse kood")
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Invitations:
    """The table of invitations.

    Attributes
    ----------
    columns : tuple of str
        Columns of the participants' list, in its order.
    rows : tuple of dict
        One per invitation: ``number``, ``code``, ``link_<wave>`` for each address that was given, and those columns.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Return all codes in the order of the table."""
        return tuple(row[COLUMN] for row in self.rows)


def has_tokens(instrument: Instrument) -> bool:
    """Tell whether the instrument links responses by invitation codes."""
    return any(i.kind == "token" for i in instrument.items)


def with_tokens(instrument: Instrument) -> Instrument:
    """Ask for the invitation code instead of a self-made code; an instrument that already does so is returned as is."""
    if has_tokens(instrument):
        return instrument
    code = next(c for c in (ITEM, *(f"{ITEM}{n}" for n in range(1, 99))) if not _used(instrument, c))
    text = {k: form_text(k, "token_text") for k in instrument.languages}
    token_item = Item(code=code, kind="token", role="link", text=text, also=ALSO, waves=instrument.wave_keys,
                 source="own")  # fmt: skip
    replaced = {i.code for i in instrument.items if i.role == "link"}
    position = next((n for n, i in enumerate(instrument.items) if i.role in ("link", "consent")), 0)
    position += instrument.items[position].role == "consent"
    other_items = [i for i in instrument.items if i.code not in replaced]
    before = sum(i.code not in replaced for i in instrument.items[:position])
    data = instrument.model_dump(by_alias=True)
    items = [i.model_dump() for i in (*other_items[:before], token_item, *other_items[before:])]
    stable = [c for c in instrument.stable if c not in replaced]
    return Instrument.model_validate(data | {"item": items, "link": [code], "stable": stable})


def _used(instrument: Instrument, code: str) -> bool:
    return code in {i.code for i in instrument.items} | {s.key for s in instrument.scales}


def table_path(project: Project, table: Path | None) -> Path:
    """Return the path of the table: ``invitations/invitations.csv`` of the project, unless another is named.

    Raises
    ------
    UsageError
        If it would lie in ``reports/`` or ``questionnaires/``, whose files are handed out.
    """
    path = table or project.root / FOLDER / TABLE
    resolved = path.resolve()
    for folder in (project.reports, project.root / "questionnaires"):
        if resolved.is_relative_to(folder.resolve()):
            problem = M_("The table of invitations would lie in {name}/, whose files are handed out.", name=folder.name)
            raise UsageError(Problem(path.name, 0, "--table", problem, M_("Name a private folder."), "VE-821"))
    return path


def invite(
    table: Path, count: int, participants: Path | None, links: Mapping[str, str], waves: Sequence[str]
) -> Invitations:
    """Give a code to every person on a list, or to a number of unnamed people; write the table and return it.

    Parameters
    ----------
    table : Path
        May exist already: its codes stay, and only new people get new codes.
    count : int
        Number of invitations there should be, for people who are on no list.
    participants : Path, optional
        A list (CSV, XLSX) with a header, such as ``name,email``.
    links : mapping of str to str
        Address of the form, with ``{code}`` in it, by wave.
    waves : sequence of str
        Keys of the instrument's waves.

    Raises
    ------
    UsageError
        For an address without ``{code}``, an unknown wave, too many invitations, or a table that is not ours.
    InputError
        If the list cannot be read.
    """
    _check_links(links, waves)
    existing = read_invitations(table) if table.exists() else Invitations((), ())
    listed = _participants(participants) if participants else Invitations((), ())
    columns = tuple(dict.fromkeys([*existing.columns, *listed.columns]))
    people = {tuple(row.get(c, "") for c in columns) for row in existing.rows}
    new = [row for row in listed.rows if tuple(row.get(c, "") for c in columns) not in people]
    new += [{}] * max(0, count - len(existing.rows) - len(new))
    if len(existing.rows) + len(new) > MOST:
        problem = M_("There would be more than {most} invitations.", most=MOST)
        raise UsageError(Problem("", 0, "--tokens", problem, M_("Check the number."), "VE-822"))
    codes = new_tokens(len(new), existing.codes)
    rows = [*existing.rows, *({**row, COLUMN: code} for row, code in zip(new, codes, strict=True))]
    invitations = Invitations(columns, tuple(
        {"number": str(n), COLUMN: row[COLUMN], **_addresses(row, links), **{c: row.get(c, "") for c in columns}}
        for n, row in enumerate(rows, 1)
    ))  # fmt: skip
    _write(table, invitations)
    return invitations


def read_invitations(table: Path) -> Invitations:
    """Read a table that `invite` wrote.

    Raises
    ------
    UsageError
        If the file is not such a table.
    """
    source = open_source(table, table.name, ReaderOptions(delimiter=","))
    header = source.header()
    if header[:2] != ["number", COLUMN]:
        hint = M_("Its first columns must be number,{column}; name another file with --table.", column=COLUMN)
        raise UsageError(Problem(table.name, 1, "", M_("This is not a table of invitations."), hint, "VE-823"))
    rows = tuple(dict(zip(header, map(_bare, row), strict=False)) for row in source.rows[1:])
    list_columns = tuple(c for c in header[2:] if not c.startswith("link_"))
    return Invitations(list_columns, rows)


def _participants(path: Path) -> Invitations:
    source = open_source(path, path.name, ReaderOptions())
    header = source.header()
    unusable = [c for c in header if not c or c in ("number", COLUMN) or c.startswith("link_") or header.count(c) > 1]
    if unusable or len(source.rows) < 2:
        problem = M_("The list needs a header with distinct names (such as name,email) and a row per person.")
        hint = M_("Do not name a column number, {column} or link_...; the program adds these.", column=COLUMN)
        raise InputError(Problem(path.name, 1, "", problem, hint, "VE-824"))
    rows = [dict(zip(header, (c.strip() for c in row), strict=False)) for row in source.rows[1:] if any(row)]
    unique = {tuple(r.items()): r for r in rows}
    return Invitations(tuple(header), tuple(unique.values()))


def _check_links(links: Mapping[str, str], waves: Sequence[str]) -> None:
    for wave, address in links.items():
        if wave not in waves or "{code}" not in address or not address.startswith(("https://", "http://")):
            problem = M_("A link is written WAVE=ADDRESS, with {code} where the code goes.")
            hint = M_("Waves: {waves}. Example: pre=https://example.org/form?TK={{code}}.", waves=", ".join(waves))
            raise UsageError(Problem("", 0, "--link", problem, hint, "VE-825"))


def _addresses(row: Row, links: Mapping[str, str]) -> Row:
    """Return the addresses of a row: new ones where they are given, else those it has."""
    old = {k: v for k, v in row.items() if k.startswith("link_")}
    return old | {f"link_{wave}": address.replace("{code}", row[COLUMN]) for wave, address in links.items()}


def _write(table: Path, invitations: Invitations) -> None:
    columns = list(dict.fromkeys(k for row in invitations.rows for k in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: spreadsheet_safe(v) for k, v in row.items()} for row in invitations.rows)
    if not table.parent.is_dir():
        make_folder(table.parent, private=True)
        write_whole(table.parent / ".gitignore", "*\n")
    write_whole(table, out.getvalue(), private=True)


def _bare(text: str) -> str:
    """Undo `spreadsheet_safe`: drop the apostrophe before a text that looks like a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA else text
