"""Fill the texts of the privacy documents from project and instrument."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from vunki_eval.language import Localizer, localizer
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.project import Organisation, Project
from vunki_eval.survey.followup import asks_stage

BLANK = "_" * 24
BULLET = "- "
_TEXTS = Path(__file__).parent / "documents.toml"


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A heading and its paragraphs; bullets begin with `BULLET`."""

    head: str
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrivacyDocument:
    """A document in one language; its marks are printed on every page."""

    key: str
    language: str
    title: str
    project: str
    marks: tuple[str, ...]
    parts: tuple[DocumentPart, ...]


@cache
def _texts() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_TEXTS.read_text("utf-8"))


def privacy_documents(project: Project, language: str) -> list[PrivacyDocument]:
    """Fill the documents in a language; Võro falls back to Estonian, other languages to English."""
    texts = _texts()
    of_language = texts.get(language) or texts["et" if language == "vro" else "en"]
    gaps = _gaps(project, of_language, language)
    marks = (of_language["draft"], *((of_language["synthetic"],) if project.synthetic() else ()))
    return [
        PrivacyDocument(
            entry["key"], language, entry["title"], gaps["title"], marks,
            tuple(DocumentPart(part["head"], tuple(t.format(**gaps) for t in part["text"])) for part in entry["part"]),
        )
        for entry in of_language["paper"]
    ]  # fmt: skip


def _gaps(project: Project, texts: dict[str, Any], language: str) -> dict[str, str]:
    say = localizer(language if language in ("et", "en", "vro") else "en")
    about, instrument = project.about, project.instrument
    until = project.config.retention.retain_until
    export = project.config.export
    return {
        "blank": BLANK,
        "title": say.pick(about.title),
        "period": f"{say.date(about.start)} – {say.date(about.end)}",
        "funder": say.pick(about.funder),
        "applicant": about.applicant.name,
        "registry": f" ({about.applicant.registry_code})" if about.applicant.registry_code else "",
        "partners": ", ".join(p.name for p in about.partners) or "–",
        "evaluator": _name(about.evaluator),
        "events": "; ".join(say.pick(e.title) for e in project.events) or BLANK,
        "waves": ", ".join(say.pick(w.title) for w in instrument.waves),
        "topics": ", ".join(map(_inside, _topics(instrument, say))) or BLANK,
        "profile": ", ".join(map(_inside, _profile(instrument, language))) or texts["no_extra"],
        "code": texts[_code(instrument)],
        "threshold": say.count(project.method.suppression_threshold),
        "k": say.count(export.k),
        "stage": texts["stage"] if asks_stage(instrument) else "",
        "until": say.date(until) if until else texts["no_date"].format(blank=BLANK),
    }


def _inside(title: str) -> str:
    """Write a title as it stands inside a sentence."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _name(organisation: Organisation | None) -> str:
    return organisation.name if organisation else BLANK


def _topics(instrument: Instrument, say: Localizer) -> Iterable[str]:
    """Name the scales; items without a scale are left to the form, as only their number could be given here."""
    return dict.fromkeys(say.pick(s.title) for s in instrument.scales)


def _profile(instrument: Instrument, language: str) -> Iterable[str]:
    return (i.label(language) for i in instrument.items if i.role == "profile" and i.kind == "single")


def _code(instrument: Instrument) -> str:
    kinds = {i.kind for i in instrument.items if i.role == "link"}
    return "code_token" if "token" in kinds else "code_own" if kinds else "code_none"
