"""Put a Word document together from its parts."""

import importlib.util
from typing import Any

from vunki_eval.errors import M_, Problem, UsageError
from vunki_eval.language.text import plain
from vunki_eval.project.theme import THEME, Theme
from vunki_eval.report.render.anchors import anchors, section_numbers
from vunki_eval.report.render.dates import report_date, shown_date
from vunki_eval.report.render.labels import labels_with_defaults
from vunki_eval.report.render.notebook import Document
from vunki_eval.results.blocks import PageOne, Section


def require_word() -> None:
    """Raise an error before any work is done if python-docx is not installed.

    Raises
    ------
    UsageError
        If python-docx is not installed.
    """
    if importlib.util.find_spec("docx") is None:
        problem = M_("Word documents need the package python-docx.")
        hint = M_('Install it with: pip install "vunki-eval[docx]", or leave docx out.')
        raise UsageError(Problem("", 0, "--format docx", problem, hint, "VE-121"))


def document_docx(document: Document, *, theme: Theme = THEME) -> bytes:
    """Return the document as a Word file; the same content always gives the same bytes.

    Raises
    ------
    UsageError
        If python-docx is not installed.
    """
    require_word()
    import docx

    from vunki_eval.report.render.docx import front, look, package
    from vunki_eval.report.render.docx.blocks import WordWriter

    word: Any = docx.Document()
    cover, day = document.cover, report_date(document.cover)
    writer = WordWriter(word, labels_with_defaults(cover.labels), theme, anchors(document.sections))
    look.set_up(word, cover, theme)
    front.write_cover(cover, shown_date(cover), writer)
    numbers = section_numbers(document.sections)
    front_pages = [s for s in document.sections if page_one_of(s)]
    for section in front_pages:
        _page_one(section, writer)
    titled = [
        (s, n, s.title) for s, n in zip(document.sections, numbers, strict=True) if s.title and s not in front_pages
    ]
    front.write_contents(titled, writer)
    for section, number in zip(document.sections, numbers, strict=True):
        if section not in front_pages:
            _section(section, number, writer)
    if cover.signature:
        writer.paragraph(writer.labels.get("signature", "").upper(), "Eyebrow")
        front.write_signature(cover, writer)
    package.add_footnotes(word, writer.notes)
    package.embed_faces(word, theme)
    package.describe(word, cover, day)
    return package.saved(word, day)


def page_one_of(section: Section) -> PageOne | None:
    """Return the designed first page of the report, if this section holds it."""
    return next((block for block in section.blocks if isinstance(block, PageOne)), None)


def _page_one(section: Section, writer: Any) -> None:
    from vunki_eval.report.render.docx.blocks import write_blocks
    from vunki_eval.report.render.docx.front import write_page_one

    block = page_one_of(section)
    if block:
        write_page_one(block, section.key, writer)
    write_blocks(section.blocks, writer)


def _section(section: Section, number: str, writer: Any) -> None:
    from vunki_eval.report.render.docx.blocks import write_blocks

    if section.title:
        heading = writer.paragraph("", "Heading 1")
        if number:
            mark = heading.add_run(f"{number}\u2002")
            mark.bold = False
            mark.font.color.rgb = _colour(writer.theme.warm)
        heading.add_run(plain(section.title))
        heading.paragraph_format.page_break_before = writer.next("section") == 1
        writer.anchor(heading, section.key)
    if section.subtitle:
        writer.paragraph(section.subtitle, "Statistical Subtitle")
    write_blocks(section.blocks, writer)


def _colour(colour: str) -> Any:
    from docx.shared import RGBColor

    return RGBColor.from_string(colour.lstrip("#").upper())
