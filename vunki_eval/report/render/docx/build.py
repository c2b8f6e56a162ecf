"""Put a Word document together."""

import importlib.util
from typing import Any

from vunki_eval.errors import Problem, UsageError
from vunki_eval.language.text import plain
from vunki_eval.project.theme import THEME, Theme
from vunki_eval.report.render.anchors import anchors, section_numbers
from vunki_eval.report.render.dates import report_date, shown_date
from vunki_eval.report.render.labels import labels_with_defaults
from vunki_eval.report.render.notebook import Document
from vunki_eval.results.blocks import PageOne, Section


def require_word() -> None:
    """Refuse before any work is done when python-docx is not installed.

    Raises
    ------
    UsageError
    """
    if importlib.util.find_spec("docx") is None:
        problem = "Word documents need the package python-docx."
        hint = 'Install it with: pip install "vunki-eval[docx]", or leave docx out.'
        raise UsageError(Problem("", 0, "--format docx", problem, hint, "VE-121"))


def document_docx(document: Document, *, theme: Theme = THEME) -> bytes:
    """Give the document as a Word file; the same content gives the same bytes.

    Raises
    ------
    UsageError
        If python-docx is not installed.
    """
    require_word()
    import docx

    from vunki_eval.report.render.docx import front, look, package
    from vunki_eval.report.render.docx.blocks import WordWriter

    page: Any = docx.Document()
    cover, day = document.cover, report_date(document.cover)
    desk = WordWriter(page, labels_with_defaults(cover.labels), theme, anchors(document.sections))
    look.set_up(page, cover, theme)
    front.write_cover(cover, shown_date(cover), desk)
    numbers = section_numbers(document.sections)
    first = [s for s in document.sections if page_one_of(s)]
    for section in first:
        _page_one(section, desk)
    named = [(s, n, s.title) for s, n in zip(document.sections, numbers, strict=True) if s.title and s not in first]
    front.write_contents(named, desk)
    for section, number in zip(document.sections, numbers, strict=True):
        if section not in first:
            _section(section, number, desk)
    if cover.signature:
        desk.paragraph(desk.labels.get("signature", "").upper(), "Eyebrow")
        front.write_signature(cover, desk)
    package.add_footnotes(page, desk.notes)
    package.embed_faces(page, theme)
    package.describe(page, cover, day)
    return package.saved(page, day)


def page_one_of(section: Section) -> PageOne | None:
    """Give a section's designed first page, if it is one."""
    return next((block for block in section.blocks if isinstance(block, PageOne)), None)


def _page_one(section: Section, desk: Any) -> None:
    from vunki_eval.report.render.docx.blocks import write_blocks
    from vunki_eval.report.render.docx.front import write_page_one

    block = page_one_of(section)
    if block:
        write_page_one(block, section.key, desk)
    write_blocks(section.blocks, desk)


def _section(section: Section, number: str, desk: Any) -> None:
    from vunki_eval.report.render.docx.blocks import write_blocks

    if section.title:
        heading = desk.paragraph("", "Heading 1")
        if number:
            mark = heading.add_run(f"{number}\u2002")
            mark.bold = False
            mark.font.color.rgb = _colour(desk.theme.warm)
        heading.add_run(plain(section.title))
        heading.paragraph_format.page_break_before = desk.next("section") == 1
        desk.anchor(heading, section.key)
    if section.subtitle:
        desk.paragraph(section.subtitle, "Statistical Subtitle")
    write_blocks(section.blocks, desk)


def _colour(colour: str) -> Any:
    from docx.shared import RGBColor

    return RGBColor.from_string(colour.lstrip("#").upper())
