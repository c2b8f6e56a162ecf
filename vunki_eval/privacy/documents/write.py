"""Fill the privacy documents from project and instrument, and write them: PDF to print, Word or Markdown to change."""

import importlib
import io
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from vunki_eval.errors import M_, Problem, UsageError, chosen
from vunki_eval.language import Localizer, localizer
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.project import Organisation, Project
from vunki_eval.publish.files import make_folder, write_all
from vunki_eval.report.render.pdf.forms import form_pdf
from vunki_eval.survey.followup import asks_stage


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


BLANK = "_" * 24
BULLET = "- "
_TEXTS = Path(__file__).parent / "documents.toml"
_TEMPLATE = Path(__file__).parent / "typst" / "paper.typ"


def write_documents(
    project: Project, folder: Path, *, languages: Sequence[str] = (), formats: Sequence[str] = ()
) -> list[Path]:
    """Write every document; files of the same name are replaced.

    Parameters
    ----------
    project : Project
    folder : Path
    languages, formats : sequence of str
        All languages of the project, and PDF and Markdown, when empty.

    Raises
    ------
    UsageError
        For an unknown language or format, and when the folder cannot be written.
    """
    chosen_languages = chosen(languages, project.about.languages, "--language")
    chosen_formats = chosen(formats, tuple(FORMATS), "--format") if formats else ["pdf", "md"]
    files = {
        folder / f"{document.key}.{document.language}.{name}": FORMATS[name](document)
        for language in chosen_languages
        for document in privacy_documents(project, language)
        for name in chosen_formats
    }
    make_folder(folder)
    write_all(files)
    return list(files)


def document_markdown(document: PrivacyDocument) -> bytes:
    """Return a document as Markdown."""
    lines = [f"> {mark}" for mark in document.marks]
    lines += ["", f"# {document.title}", "", document.project]
    for part in document.parts:
        lines += ["", f"## {part.head}"]
        for text in part.text:
            lines += [text] if text.startswith(BULLET) and lines[-1].startswith(BULLET) else ["", text]
    return ("\n".join(lines) + "\n").encode()


def document_docx(document: PrivacyDocument) -> bytes:
    """Return a document as a Word file; needs the extra ``docx``."""
    try:
        docx = importlib.import_module("docx")
    except ImportError:
        problem = M_("Word documents need the package python-docx.")
        hint = M_('Install it with: pip install "vunki-eval[docx]", or choose --format md.')
        raise UsageError(Problem("", 0, "--format", problem, hint, "VE-121")) from None
    page = docx.Document()
    page.core_properties.title, page.core_properties.language = document.title, document.language
    page.core_properties.author = ""
    page.sections[0].header.paragraphs[0].text = "  ".join(document.marks)
    page.add_heading(document.title, 0)
    page.add_paragraph(document.project)
    for part in document.parts:
        page.add_heading(part.head, 1)
        for text in part.text:
            bullet = text.startswith(BULLET)
            page.add_paragraph(text.removeprefix(BULLET), style="List Bullet" if bullet else None)
    out = io.BytesIO()
    page.save(out)
    return out.getvalue()


def document_pdf(document: PrivacyDocument) -> bytes:
    """Return a document as a tagged PDF; the same document gives the same bytes."""
    form = {
        "title": document.title,
        "foot": document.project,
        "marks": list(document.marks),
        "parts": [{"head": part.head, "pieces": list(_pieces(part.text))} for part in document.parts],
    }

    def fault(reason: str) -> Problem:
        problem = M_("Typst could not typeset the document: {reason}.", reason=reason)
        return Problem("", 0, document.key, problem, M_("Choose --format md."), "VE-732")

    return form_pdf(_TEMPLATE, form, document.language, fault)


def _pieces(texts: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Group neighbouring bullets into lists."""
    bullets: list[str] = []
    for text in texts:
        if text.startswith(BULLET):
            bullets.append(text.removeprefix(BULLET))
            continue
        if bullets:
            yield {"text": "", "bullets": bullets}
            bullets = []
        yield {"text": text, "bullets": []}
    if bullets:
        yield {"text": "", "bullets": bullets}


FORMATS: dict[str, Callable[[PrivacyDocument], bytes]] = {
    "pdf": document_pdf,
    "md": document_markdown,
    "docx": document_docx,
}


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
