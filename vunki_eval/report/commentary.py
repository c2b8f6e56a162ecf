"""What people wrote for a report: the evaluator's commentary and recommendations, quotes that were approved.

The files lie beside the answers (``surveys/<event>/``; for the end-of-project report ``surveys/``) and are only read:
``commentary.<language>.md`` by section (``## trust``), ``recommendations.toml``, ``quotes.csv``.
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

from vunki_eval.errors import ConfigError, Problem
from vunki_eval.language import localizer
from vunki_eval.project.config import MOST_BYTES, read_toml, shown, validate
from vunki_eval.project.instrument import Model, Texts
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
ALIASES = {"open_answers": "answers", "experience": "event", "co-creation": "cocreation"}
QUOTE_COLUMNS = ("text", "consent", "approved_by")
MORE_COLUMNS = ("language", "section", "approved_on", "checked")
YES = ("yes", "jah")
_HEADING = re.compile(r"^##[ \t]+(\S.*?)[ \t#]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Quote:
    """An approved quote and the section it stands in."""

    text: str
    section: str


@dataclass(frozen=True, slots=True)
class Commentary:
    """What people wrote for one report in one language; see `load_commentary`."""

    commentary: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)
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
    """Read what people wrote for a report; files that are not there are simply empty.

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
    Words

    Raises
    ------
    ConfigError
        With every fault of the files: file, line or key, what to do. Never a word of a quote.
    """
    found = project if isinstance(project, Project) else load_project(project)
    folder = found.surveys if event == WHOLE else found.surveys / found.event(event).id
    problems: list[Problem] = []
    commentary = _commentary(folder, language, problems)
    advice = _advice(folder / "recommendations.toml", language, problems)
    quotes = _quotes(folder / "quotes.csv", language, _listed(found, event), problems)
    if problems:
        raise ConfigError(problems)
    return Commentary(commentary, advice, quotes)


def _commentary(folder: Path, language: str, problems: list[Problem]) -> dict[str, tuple[Block, ...]]:
    names = [f"commentary.{code}.md" for code in ((language, "et") if language == "vro" else (language,))]
    path = next((folder / n for n in names if (folder / n).is_file()), None)
    if path is None:
        return {}
    text = _text(path, problems)
    parts = _HEADING.split(text)
    if parts[0].strip():
        problem = "There is text before the first section."
        problems.append(Problem(shown(path), 1, "", problem, 'Begin with a line such as "## trust".', "VE-611"))
    found: dict[str, tuple[Block, ...]] = {}
    row = parts[0].count("\n") + 1
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        anchor = _anchor(name, path, row, "", problems)
        if anchor:
            blocks = markdown_blocks(body.strip("\n"), f"commentary-{anchor}")
            found[anchor] = (*found.get(anchor, ()), *blocks)
        row += body.count("\n")
    return found


def _anchor(name: str, path: Path, row: int, column: str, problems: list[Problem]) -> str:
    anchor = ALIASES.get(name.strip().lower(), name.strip().lower())
    if anchor in ANCHORS:
        return anchor
    near = difflib.get_close_matches(anchor, ANCHORS, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Use one of: {', '.join(ANCHORS)}."
    problems.append(Problem(shown(path), row, column, "There is no section of that name.", hint, "VE-612"))
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


def _listed(project: Project, event: str) -> Names:
    """Give the names on the lists of an event, or of all."""
    names = NOBODY
    for chosen in project.events if event == WHOLE else (project.event(event),):
        names |= listed_names(project.surveys / chosen.id, chosen.participants)
    return names


def _quotes(path: Path, language: str, names: Names, problems: list[Problem]) -> tuple[Quote, ...]:
    """Keep the rows with consent and a name under "approved_by"; the others wait.

    A quote that seems to point to a person is refused, unless somebody looked and wrote "yes" under "checked"; e-mail,
    phone, personal code and account number are refused in any case.
    """
    if not path.is_file():
        return ()
    before = len(problems)
    text = _text(path, problems)
    if len(problems) > before:
        return ()
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error:
        problem = "The line is not CSV: a quotation mark is not closed."
        problems.append(Problem(shown(path), reader.line_num, "", problem, "Close it.", "VE-613"))
        return ()
    head = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    for column in QUOTE_COLUMNS:
        if column not in head:
            problems.append(Problem(shown(path), 1, column, "The column is missing.", "Add it.", "VE-614"))
    for column in head:
        if column not in (*QUOTE_COLUMNS, *MORE_COLUMNS):
            hint = f"Known: {', '.join((*QUOTE_COLUMNS, *MORE_COLUMNS))}."
            problems.append(Problem(shown(path), 1, column, "The column is unknown.", hint, "VE-614"))
    if len(problems) > before:
        return ()
    found = [_quote(path, line, head, row, problems, language, names) for line, row in rows[1:]]
    return tuple(q for q in found if q is not None)


def _quote(
    path: Path, line: int, head: list[str], row: list[str], problems: list[Problem], language: str, names: Names
) -> Quote | None:
    if len(row) != len(head):
        problem = f"The line has {len(row)} fields, the header has {len(head)}."
        problems.append(Problem(shown(path), line, "", problem, "Put texts with commas in quotation marks.", "VE-615"))
        return None
    cells: dict[str, Any] = {k: v.strip() for k, v in zip(head, row, strict=True)}
    allowed = cells["consent"].lower() in YES and cells["approved_by"] and cells["text"]
    if not allowed or cells.get("language") not in (None, "", language):
        return None
    section = _anchor(cells.get("section") or "event", path, line, "section", problems)
    seen = set(scan(cells["text"], names))
    seen = seen & ALWAYS if cells.get("checked", "").lower() in YES else seen
    if seen:
        problem = f"The quote seems to point to a person: {', '.join(sorted(seen))}."
        hint = 'Take that out; what points to nobody may stay with "yes" in a column "checked".'
        problems.append(Problem(shown(path), line, "text", problem, hint, "VE-720"))
    return Quote(cells["text"], section) if section else None


def _text(path: Path, problems: list[Problem]) -> str:
    """Read a UTF-8 text of reasonable size."""
    raw = path.read_bytes()
    if len(raw) > MOST_BYTES:
        problem = "The file is larger than 1 MB."
        problems.append(Problem(shown(path), 0, "", problem, "Is this the right file?", "VE-616"))
        return ""
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        problems.append(Problem(shown(path), row, "", "The file is not UTF-8.", "Save it as UTF-8.", "VE-616"))
        return ""
