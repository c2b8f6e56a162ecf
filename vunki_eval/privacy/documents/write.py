"""Write the privacy documents: PDF to print, Word or Markdown to change."""

import importlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from vunki_eval.errors import BuildError, Problem, UsageError
from vunki_eval.privacy.documents.text import BULLET, PrivacyDocument, privacy_documents
from vunki_eval.project.project import Project
from vunki_eval.publish.files import make_folder, write_all
from vunki_eval.questionnaire.printed import REGIONS
from vunki_eval.report.render.pdf.glyphs import breakable, drawable, fonts

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
    chosen_languages = _validated(languages, project.about.languages, "language")
    chosen_formats = _validated(formats, tuple(FORMATS), "format") if formats else ["pdf", "md"]
    files = {
        folder / f"{document.key}.{document.language}.{name}": FORMATS[name](document)
        for language in chosen_languages
        for document in privacy_documents(project, language)
        for name in chosen_formats
    }
    make_folder(folder)
    write_all(files)
    return list(files)


def _validated(names: Sequence[str], allowed: Sequence[str], what: str) -> list[str]:
    """Check names against those allowed; empty means all."""
    for name in names:
        if name not in allowed:
            problem = f"There is no {what} {name!r}."
            raise UsageError(Problem("", 0, f"--{what}", problem, f"Choose one of: {', '.join(allowed)}.", "VE-103"))
    return list(dict.fromkeys(names or allowed))


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
        problem = "Word documents need the package python-docx."
        hint = 'Install it with: pip install "vunki-eval[docx]", or choose --format md.'
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
    import typst

    data = {
        "title": document.title,
        "foot": document.project,
        "marks": list(document.marks),
        "lang": document.language.split("-")[0],
        "region": REGIONS.get(document.language),
        "parts": [{"head": part.head, "pieces": list(_pieces(part.text))} for part in document.parts],
    }
    with tempfile.TemporaryDirectory(prefix="vunki-") as folder:
        root = Path(folder)
        (root / "paper.json").write_text(json.dumps(_printable(data), ensure_ascii=False), encoding="utf-8")
        (root / _TEMPLATE.name).write_bytes(_TEMPLATE.read_bytes())
        compiler = typst.Compiler(str(root / _TEMPLATE.name), root=str(root), font_paths=fonts())
        try:
            pdf: Any = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
        except typst.TypstError as error:
            reason = str(getattr(error, "message", error)).replace(folder, "").rstrip(".")
            problem = f"Typst could not typeset the document: {reason}."
            raise BuildError(Problem("", 0, document.key, problem, "Choose --format md.", "VE-732")) from None
    return bytes(pdf)


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


def _printable(data: Any) -> Any:
    if isinstance(data, str):
        return breakable(drawable(data))
    if isinstance(data, list):
        return [_printable(part) for part in data]
    return {k: _printable(v) for k, v in data.items()} if isinstance(data, dict) else data


FORMATS: dict[str, Callable[[PrivacyDocument], bytes]] = {
    "pdf": document_pdf,
    "md": document_markdown,
    "docx": document_docx,
}
