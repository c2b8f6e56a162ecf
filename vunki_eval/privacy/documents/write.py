"""Writing the papers: PDF to print, Word or Markdown to change."""

import importlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from vunki_eval.errors import BuildError, Problem, UsageError
from vunki_eval.privacy.documents.text import BULLET, PrivacyDocument, papers
from vunki_eval.project.project import Project
from vunki_eval.publish.store import unwritten
from vunki_eval.questionnaire.printed import REGIONS
from vunki_eval.report.render.pdf.glyphs import breakable, drawable, fonts

_TEMPLATE = Path(__file__).parent / "typst" / "paper.typ"


def write_documents(
    project: Project, folder: Path, *, languages: Sequence[str] = (), formats: Sequence[str] = ()
) -> list[Path]:
    """Write every paper; files of the same name are replaced.

    Parameters
    ----------
    project : Project
    folder : Path
    languages, formats : sequence of str
        All of the project, PDF and Markdown when empty.

    Raises
    ------
    UsageError
        For an unknown language or format, and when the folder cannot be written.
    """
    spoken = _known(languages, project.about.languages, "language")
    made = _known(formats, tuple(FORMATS), "format") if formats else ["pdf", "md"]
    files = {
        folder / f"{paper.key}.{paper.language}.{name}": FORMATS[name](paper)
        for language in spoken
        for paper in papers(project, language)
        for name in made
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            part = path.with_name(f".{path.name}.part")
            part.write_bytes(content)
            part.replace(path)
    except OSError as error:
        raise UsageError(unwritten(error, f"{folder.name}/")) from None
    return list(files)


def _known(chosen: Sequence[str], known: Sequence[str], what: str) -> list[str]:
    for name in chosen:
        if name not in known:
            problem = f"There is no {what} {name!r}."
            raise UsageError(Problem("", 0, f"--{what}", problem, f"Choose of: {', '.join(known)}.", "VE-103"))
    return list(dict.fromkeys(chosen or known))


def paper_markdown(paper: PrivacyDocument) -> bytes:
    """Give a paper as Markdown."""
    lines = [f"> {mark}" for mark in paper.marks]
    lines += ["", f"# {paper.title}", "", paper.project]
    for part in paper.parts:
        lines += ["", f"## {part.head}"]
        for text in part.text:
            lines += [text] if text.startswith(BULLET) and lines[-1].startswith(BULLET) else ["", text]
    return ("\n".join(lines) + "\n").encode()


def paper_docx(paper: PrivacyDocument) -> bytes:
    """Give a paper as a Word document; needs the extra ``docx``."""
    try:
        docx = importlib.import_module("docx")
    except ImportError:
        problem = "Word documents need the package python-docx."
        hint = 'Install it with: pip install "vunki-eval[docx]", or choose --format md.'
        raise UsageError(Problem("", 0, "--format", problem, hint, "VE-121")) from None
    page = docx.Document()
    page.core_properties.title, page.core_properties.language = paper.title, paper.language
    page.core_properties.author = ""
    page.sections[0].header.paragraphs[0].text = "  ".join(paper.marks)
    page.add_heading(paper.title, 0)
    page.add_paragraph(paper.project)
    for part in paper.parts:
        page.add_heading(part.head, 1)
        for text in part.text:
            bullet = text.startswith(BULLET)
            page.add_paragraph(text.removeprefix(BULLET), style="List Bullet" if bullet else None)
    out = io.BytesIO()
    page.save(out)
    return out.getvalue()


def paper_pdf(paper: PrivacyDocument) -> bytes:
    """Give a paper as a tagged PDF; the same paper gives the same bytes."""
    import typst

    data = {
        "title": paper.title,
        "foot": paper.project,
        "marks": list(paper.marks),
        "lang": paper.language.split("-")[0],
        "region": REGIONS.get(paper.language),
        "parts": [{"head": part.head, "pieces": list(_pieces(part.text))} for part in paper.parts],
    }
    with tempfile.TemporaryDirectory(prefix="vunki-") as folder:
        root = Path(folder)
        (root / "paper.json").write_text(json.dumps(_printable(data), ensure_ascii=False), encoding="utf-8")
        (root / _TEMPLATE.name).write_bytes(_TEMPLATE.read_bytes())
        compiler = typst.Compiler(str(root / _TEMPLATE.name), root=str(root), font_paths=fonts())
        try:
            made: Any = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
        except typst.TypstError as error:
            said = str(getattr(error, "message", error)).replace(folder, "").rstrip(".")
            problem = f"Typst could not set the paper: {said}."
            raise BuildError(Problem("", 0, paper.key, problem, "Choose --format md.", "VE-732")) from None
    return bytes(made)


def _pieces(texts: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Put neighbouring bullets together."""
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


FORMATS: dict[str, Callable[[PrivacyDocument], bytes]] = {"pdf": paper_pdf, "md": paper_markdown, "docx": paper_docx}
