"""What people wrote for a report: the evaluator's commentary and recommendations, and approved quotes.

The files lie beside the survey exports: in ``surveys/<event>/`` or, for the end-of-project report, in ``surveys/``.
They are only read: ``commentary.<language>.md`` by section (``## trust``), ``recommendations.toml``, ``quotes.csv``.
"""

import csv
import datetime as dt
import difflib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from vunki_eval.errors import M_, ConfigError, Problem
from vunki_eval.language import localizer
from vunki_eval.project.config import MOST_BYTES, read_toml, shown, validate
from vunki_eval.project.instrument import Model, Texts
from vunki_eval.project.open_files import read_problem, read_whole
from vunki_eval.project.project import Project, load_project
from vunki_eval.results.blocks import Advice, Block
from vunki_eval.results.markdown import markdown_blocks
from vunki_eval.survey.participants import listed_names
from vunki_eval.survey.scan import ALWAYS, NOBODY, Names, scan

WHOLE = "project"
ANCHORS = (
    "summary",
    "participants",
    "trust",
    "networking",
    "cocreation",
    "event",
    "answers",
    "next",
    "ideas",
    "groups",
    "sensitivity",
    "other",
    "indicators",
    "money",
    "initiatives",
    "theory",
    "events",
    "decision",
    "method",
)
# Headings that people are likely to write: names of section functions, and another spelling.
ALIASES = {"open_answers": "answers", "experience": "event", "co-creation": "cocreation"}
QUOTE_COLUMNS = ("text", "consent", "approved_by")
OPTIONAL_COLUMNS = ("language", "section", "approved_on", "checked")
YES = ("yes", "jah")
_HEADING = re.compile(r"^##[ \t]+(\S.*?)[ \t#]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Quote:
    """An approved quote and the section it belongs to."""

    text: str
    section: str


@dataclass(frozen=True, slots=True)
class Commentary:
    """What people wrote for one report in one language; see `load_commentary`."""

    comments: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)
    advice: tuple[Advice, ...] = ()
    quotes: tuple[Quote, ...] = ()


class Recommendation(Model):
    """A ``[[recommendation]]``."""

    text: Texts
    owner: str | Texts = ""
    date: dt.date | str | None = None


class _File(Model):
    schema_: Annotated[int, Field(alias="schema")] = 1
    recommendation: tuple[Recommendation, ...] = ()


def load_commentary(
    project: Project | Path | str | None = None, event: str = WHOLE, language: str = "et"
) -> Commentary:
    """Read what people wrote for a report; a missing file counts as empty.

    Parameters
    ----------
    project : Project, Path or str, optional
        The project or a folder inside it; found from the current folder if left out.
    event : str
        Event id, or ``project`` for the end-of-project report.
    language : str
        Commentary is taken in this language only (Võro falls back to Estonian).

    Returns
    -------
    Commentary

    Raises
    ------
    ConfigError
        If the files have faults. It lists all of them, each with its file, its line or key, and what to do. It never
        repeats a quote.
    """
    project = project if isinstance(project, Project) else load_project(project)
    folder = project.surveys if event == WHOLE else project.surveys / project.event(event).id
    problems: list[Problem] = []
    comments = _comments(folder, language, problems)
    advice = _advice(folder / "recommendations.toml", language, problems)
    quotes = _quotes(folder / "quotes.csv", language, _listed_names(project, event), problems)
    if problems:
        raise ConfigError(problems)
    return Commentary(comments, advice, quotes)


def _comments(folder: Path, language: str, problems: list[Problem]) -> dict[str, tuple[Block, ...]]:
    names = [f"commentary.{code}.md" for code in ((language, "et") if language == "vro" else (language,))]
    path = next((folder / n for n in names if (folder / n).is_file()), None)
    if path is None:
        return {}
    text = _text(path, problems)
    parts = _HEADING.split(text)
    if parts[0].strip():
        problem = M_("There is text before the first section.")
        problems.append(Problem(shown(path), 1, "", problem, M_('Begin with a line such as "## trust".'), "VE-611"))
    comments: dict[str, tuple[Block, ...]] = {}
    row = parts[0].count("\n") + 1
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        anchor = _anchor(name, path, row, "", problems)
        if anchor:
            blocks = markdown_blocks(body.strip("\n"), f"commentary-{anchor}")
            comments[anchor] = (*comments.get(anchor, ()), *blocks)
        row += body.count("\n")
    return comments


def _anchor(name: str, path: Path, row: int, column: str, problems: list[Problem]) -> str:
    anchor = ALIASES.get(name.strip().lower(), name.strip().lower())
    if anchor in ANCHORS:
        return anchor
    similar = difflib.get_close_matches(anchor, ANCHORS, n=1)
    hint = (
        M_("Did you mean {similar}?", similar=repr(similar[0]))
        if similar
        else M_("Use one of: {anchors}.", anchors=", ".join(ANCHORS))
    )
    problems.append(Problem(shown(path), row, column, M_("There is no section of that name."), hint, "VE-612"))
    return ""


def _advice(path: Path, language: str, problems: list[Problem]) -> tuple[Advice, ...]:
    if not path.is_file():
        return ()
    try:
        file = validate(_File, read_toml(path), path)
    except ConfigError as error:
        problems.extend(error.problems)
        return ()
    say = localizer(language)

    def when(date: dt.date | str | None) -> str:
        return say.month(date) if isinstance(date, dt.date) else date or ""

    def who(owner: str | dict[str, str]) -> str:
        return owner if isinstance(owner, str) else say.pick(owner)

    return tuple(Advice(say.pick(r.text), who(r.owner), when(r.date)) for r in file.recommendation)


def _listed_names(project: Project, event_id: str) -> Names:
    """Read the names on the participants' lists of an event, or of all events."""
    names = NOBODY
    for event in project.events if event_id == WHOLE else (project.event(event_id),):
        names |= listed_names(project.surveys / event.id, event.participants)
    return names


def _quotes(path: Path, language: str, names: Names, problems: list[Problem]) -> tuple[Quote, ...]:
    """Read the quotes that have consent and a name under "approved_by"; other rows are skipped unchecked.

    A quote that seems to point to a person is refused, unless somebody has looked at it and written "yes" under
    "checked". An e-mail address, phone number, personal code or account number is always refused.
    """
    if not path.is_file():
        return ()
    problems_before = len(problems)
    text = _text(path, problems)
    if len(problems) > problems_before:
        return ()
    top = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if top.count(";") > top.count(",") else ",", strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error:
        problem = M_("The line is not CSV: a quotation mark is not closed.")
        problems.append(Problem(shown(path), reader.line_num, "", problem, M_("Close it."), "VE-613"))
        return ()
    header = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    for column in QUOTE_COLUMNS:
        if column not in header:
            problems.append(Problem(shown(path), 1, column, M_("The column is missing."), M_("Add it."), "VE-614"))
    for column in header:
        if column not in (*QUOTE_COLUMNS, *OPTIONAL_COLUMNS):
            hint = M_("Known: {value}.", value=", ".join((*QUOTE_COLUMNS, *OPTIONAL_COLUMNS)))
            problems.append(Problem(shown(path), 1, column, M_("The column is unknown."), hint, "VE-614"))
    if len(problems) > problems_before:
        return ()
    quotes = [_quote(path, line, header, row, problems, language, names) for line, row in rows[1:]]
    return tuple(quote for quote in quotes if quote is not None)


def _quote(
    path: Path, line: int, header: list[str], row: list[str], problems: list[Problem], language: str, names: Names
) -> Quote | None:
    if len(row) != len(header):
        problem = M_("Fields: {n} in the line, {n2} in the header.", n=len(row), n2=len(header))
        problems.append(
            Problem(shown(path), line, "", problem, M_("Put texts with commas in quotation marks."), "VE-615")
        )
        return None
    cells: dict[str, Any] = {k: v.strip() for k, v in zip(header, row, strict=True)}
    allowed = cells["consent"].lower() in YES and cells["approved_by"] and cells["text"]
    if not allowed or cells.get("language") not in (None, "", language):
        return None
    section = _anchor(cells.get("section") or "event", path, line, "section", problems)
    identifiers = set(scan(cells["text"], names))
    identifiers = identifiers & ALWAYS if cells.get("checked", "").lower() in YES else identifiers
    if identifiers:
        problem = M_("The quote seems to point to a person: {identifiers}.", identifiers=", ".join(sorted(identifiers)))
        hint = M_('Take it out. A word that points to nobody may stay: write "yes" in a column "checked".')
        problems.append(Problem(shown(path), line, "text", problem, hint, "VE-720"))
    return Quote(cells["text"], section) if section else None


def _text(path: Path, problems: list[Problem]) -> str:
    """Read a UTF-8 file of at most 1 MB; on a problem, note it and return an empty text."""
    try:
        raw = read_whole(path)
    except OSError as error:
        problems.append(read_problem(error, shown(path), "VE-616"))
        return ""
    if len(raw) > MOST_BYTES:
        problem = M_("The file is larger than 1 MB.")
        problems.append(Problem(shown(path), 0, "", problem, M_("Is this the right file?"), "VE-616"))
        return ""
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        problems.append(Problem(shown(path), row, "", M_("The file is not UTF-8."), M_("Save it as UTF-8."), "VE-616"))
        return ""
