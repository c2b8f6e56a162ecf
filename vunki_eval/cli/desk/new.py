"""Start a new project: commented configuration, questionnaire, folders, notebooks, README."""

import datetime as dt
import json
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from vunki_eval.cli.desk.shipped_files import copy_notebooks
from vunki_eval.errors import M_, Problem, UsageError, chosen
from vunki_eval.project.instrument import Instrument, Item, Scale, load_instrument
from vunki_eval.project.locate import shipped
from vunki_eval.project.project import load_project
from vunki_eval.publish.files import make_folder, whole_folder, write_whole
from vunki_eval.questionnaire.instrument_toml import instrument_toml
from vunki_eval.questionnaire.invitations import with_tokens

HERE = Path(__file__).parent
LANGUAGES = ("et", "en")
LINKING = ("code", "invitation")
EVENT = {"et": "Üritus", "en": "Event"}
NOTE = {
    "et": "Küsimustik: mida küsitakse, millal ja mis sõnadega, kuidas vastused kodeeritakse ja skaalad arvutatakse.\n"
    "Muutke siin sõnastust, lisage või eemaldage küsimusi; kõik muu järgib seda faili.\n"
    "translation = \"draft\" tähendab: emakeelne toimetaja ja katseküsitlus on veel ees.",
    "en": "The questionnaire: what is asked, when and in which words, how answers are coded and scales are scored.\n"
    "Change words here, add or remove questions; everything else follows this file.\n"
    "translation = \"draft\" means: a native editor and a pilot are still to come.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProjectOptions:
    """What a new project should be.

    Attributes
    ----------
    title, applicant, funder : str
    languages : tuple of str
        Languages of the reports; README and comments are in the first.
    events : tuple of str
        Ids such as ``2026-antsla``; a plain name is turned into one.
    constructs : tuple of str
        What the questionnaire asks about; see `known_constructs`.
    start, end : date
    linking : str
        ``code`` (a self-made code) or ``invitation`` (a code given to each person).
    """

    title: str
    languages: tuple[str, ...] = ("et", "en")
    events: tuple[str, ...] = ()
    constructs: tuple[str, ...] = ()
    applicant: str = ""
    funder: str = ""
    start: dt.date = field(default_factory=lambda: dt.date(dt.date.today().year, 1, 1))
    end: dt.date = field(default_factory=lambda: dt.date(dt.date.today().year, 12, 31))
    linking: str = LINKING[0]


def new_project(target: Path, options: ProjectOptions) -> Path:
    """Write a project into a new or empty folder, whole or not at all.

    Returns
    -------
    Path
        The project's folder.

    Raises
    ------
    UsageError
        If the folder is not empty or cannot be written, or an option has an unknown value.
    ConfigError
        If an option does not fit the configuration (a date, an id).
    """
    _check(options)
    with whole_folder(target) as root:
        _write(root, options)
        load_project(root)
    return target.resolve()


def known_constructs() -> tuple[str, ...]:
    """Name the constructs that a new project can ask about."""
    return tuple(_wording()["constructs"])


def identifier(name: str) -> str:
    """Turn a name into an id of at most 40 small letters without marks, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")


@cache
def _wording() -> dict[str, Any]:
    return tomllib.loads((HERE / "wording.toml").read_text(encoding="utf-8"))


def _check(options: ProjectOptions) -> None:
    for what, names, allowed in (
        ("language", options.languages, LANGUAGES),
        ("construct", options.constructs, known_constructs()),
        ("linking", (options.linking,), LINKING),
    ):
        chosen(names, allowed, f"--{what}")
    for name in (options.title, *options.events):
        if not identifier(name):
            problem = M_("A title or an event's name has no letter or digit.")
            raise UsageError(Problem("", 0, "", problem, M_("Use at least one letter or digit."), "VE-122"))


def _write(root: Path, options: ProjectOptions) -> None:
    language = options.languages[0]
    instrument = chosen_instrument(options)
    texts = _values(options, instrument)
    for event in _event_ids(options):
        make_folder(root / "surveys" / event)
    files = {
        "README.md": _filled(f"README.{language}.md", {"title": options.title}),
        ".gitignore": _filled("gitignore.txt", {}),
        "surveys/project.toml": _filled(f"project.{language}.toml", texts),
        "surveys/instrument.toml": instrument_toml(instrument, comment=NOTE[language]),
    }
    for name, text in files.items():
        write_whole(root / name, text)
    copy_notebooks(root / "notebooks", event=_event_ids(options)[0], language=language)


def _filled(name: str, values: dict[str, str]) -> str:
    return Template((HERE / "templates" / name).read_text(encoding="utf-8")).substitute(values)


def _event_ids(options: ProjectOptions) -> list[str]:
    names = options.events or (f"{options.start.year}-1",)
    return list(dict.fromkeys(identifier(e) for e in names))


def _values(options: ProjectOptions, instrument: Instrument) -> dict[str, str]:
    language = options.languages[0]
    primary = [s for s in instrument.scales if s.primary]
    names = dict(zip(map(identifier, options.events), options.events, strict=True))
    events = [
        {"id": _text(e), "plain": e, "title": _per_language(options, names.get(e, e), EVENT)}
        for e in _event_ids(options)
    ]
    unknown = {"et": "(kirjutage siia)", "en": "(write it here)"}[language]
    return {
        "id": _text(identifier(options.title)),
        "title": _per_language(options, options.title),
        "start": options.start.isoformat(),
        "end": options.end.isoformat(),
        "funder": _per_language(options, options.funder or unknown),
        "applicant": _text(options.applicant or unknown),
        "languages": f"[{', '.join(map(_text, options.languages))}]",
        "primary": f"[{', '.join(_text(s.key) for s in primary)}]",
        "smallest": ", ".join(f"{s.key} {s.smallest_change:g}" for s in primary if s.smallest_change) or "-",
        "events": "".join(_filled(f"event.{language}.toml", e) for e in events),
    }


def _per_language(options: ProjectOptions, text: str, prefixes: dict[str, str] | None = None) -> str:
    """Write one text for every language of the reports as TOML; a bare id gets a word before it."""
    is_id = bool(prefixes) and text == identifier(text)
    texts = {k: f"{prefixes[k]} {text}" if prefixes and is_id else text for k in options.languages}
    return "{ " + ", ".join(f"{k} = {_text(v)}" for k, v in texts.items()) + " }"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "")


def chosen_instrument(options: ProjectOptions) -> Instrument:
    """Take what the options ask about from the shipped instrument, in words that fit any place."""
    wording = _wording()
    shipped_instrument = load_instrument(shipped("surveys") / "instrument.toml")
    constructs = options.constructs or known_constructs()
    dimensions = {d for c in constructs for d in wording["constructs"][c]} | set(wording["always"])
    items = [
        _reworded(i, wording["items"].get(i.code, {}))
        for i in shipped_instrument.items
        if i.dimension in dimensions and i.code not in wording["without"]["items"]
    ]
    codes = {i.code for i in items}
    scales = [s for s in shipped_instrument.scales if set(s.items) <= codes]
    used = {i.response_set for i in items}
    data = shipped_instrument.model_dump(by_alias=True)
    instrument = Instrument.model_validate(
        data
        | {
            "id": identifier(options.title),
            "title": dict.fromkeys(shipped_instrument.languages, options.title),
            "source": "",
            "section": _sections(shipped_instrument, {i.dimension for i in items}),
            "stable": [c for c in shipped_instrument.stable if c in codes],
            "response_set": [r.model_dump() for r in shipped_instrument.response_sets if r.key in used],
            "item": [_without_absent(i, codes) for i in items],
            "scale": [s.model_dump() for s in _with_a_primary(scales)],
        }
    )
    return with_tokens(instrument) if options.linking == "invitation" else instrument


def _sections(instrument: Instrument, dimensions: set[str]) -> list[dict[str, Any]]:
    """Take the sections that have something to show, each with the dimensions that are asked about."""
    sections = [(s, [d for d in s.dimensions if d in dimensions]) for s in instrument.sections]
    return [s.model_dump() | {"dimensions": kept} for s, kept in sections if kept]


def _reworded(item: Item, wording: dict[str, Any]) -> Item:
    return item.model_copy(update={**wording, "also": (), "translation": "draft"}) if wording else item


def _without_absent(item: Item, codes: set[str]) -> dict[str, Any]:
    """Drop references to items that are not asked."""
    data = item.model_dump()
    for name in ("retrospective_of", "at_most"):
        data[name] = data[name] if data[name] in codes else None
    data["excluded_by"] = data["excluded_by"] if item.excluded_by and item.excluded_by.item in codes else None
    return data


def _with_a_primary(scales: Sequence[Scale]) -> list[Scale]:
    """Make the first scale primary if none is: a report needs a primary outcome."""
    if any(s.primary for s in scales):
        return list(scales)
    return [s.model_copy(update={"primary": n == 0}) for n, s in enumerate(scales)]
