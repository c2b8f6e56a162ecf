"""Blocks of the document model as paragraphs, tables and pictures of a Word file."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from vunki_eval.language.text import plain, safe_link
from vunki_eval.project.theme import Theme
from vunki_eval.report.render.docx import xml
from vunki_eval.report.render.docx.maths import formula_maths
from vunki_eval.report.render.docx.pictures import add_picture
from vunki_eval.report.render.docx.tables import write_table
from vunki_eval.report.render.labels import figure_foot, with_label
from vunki_eval.results.blocks import (
    Block,
    Bullets,
    Callout,
    Figure,
    Formula,
    Heading,
    Paragraph,
    Rich,
    Span,
    Table,
)

_STYLES = {"lead": "Lead", "subtitle": "Statistical Subtitle", "note": "Note", "code": "Callout", "body": "Normal"}
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


@dataclass(slots=True)
class WordWriter:
    """What writing needs: the document, its words and look, where links lead; counts and notes gather here."""

    page: Any
    labels: dict[str, str]
    theme: Theme
    places: dict[str, str]
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def next(self, kind: str) -> int:
        """Count one more of a kind."""
        self.counts[kind] += 1
        return self.counts[kind]

    def paragraph(self, text: str = "", style: str = "Normal") -> Any:
        """Add a paragraph of literal text."""
        return self.page.add_paragraph(plain(text), style=style)

    def anchor(self, paragraph: Any, key: str) -> None:
        """Let links to a key lead to a paragraph; a key leads to the first that has it."""
        name = self.places.get(key, "")
        if name and not self.counts[f"place {name}"]:
            self.counts[f"place {name}"] += 1
            xml.bookmark(paragraph._p, place_name(name), self.next("bookmark"))


def place_name(place: str) -> str:
    """Give a bookmark's name: Word knows letters, digits and _ and forty of them."""
    name = "v_" + "".join(c if c.isascii() and c.isalnum() else "_" for c in place)
    return name if len(name) <= 40 else f"{name[:30]}_{sum(map(ord, place)):x}"


def write_blocks(blocks: tuple[Block, ...], desk: WordWriter) -> None:
    """Write blocks one after the other; cover and page one are laid out elsewhere."""
    for block in blocks:
        if block.kind in _WRITERS:
            _WRITERS[block.kind](block, desk)


def write_rich(paragraph: Any, content: Rich, desk: WordWriter) -> Any:
    """Write running text into a paragraph: styles, safe links, footnote marks."""
    for span in content:
        _span(paragraph._p, span, desk)
    return paragraph


def _span(parent: Any, span: Span, desk: WordWriter) -> None:
    link = span.link if not span.link.startswith("#") else f"#{desk.places.get(span.link[1:], '')}"
    link = safe_link(link)
    made = xml.run(span.text, *_look(span, desk, bool(link)))
    if link:
        made = _linked(link, made, desk)
    parent.append(made)
    if span.footnote:
        desk.notes.append(span.footnote)
        mark = xml.make("w:footnoteReference", id=len(desk.notes))
        raised = xml.make("w:rPr", xml.make("w:vertAlign", val="superscript"))
        parent.append(xml.make("w:r", raised, mark))


def _look(span: Span, desk: WordWriter, link: bool) -> list[Any]:
    """Give a run's properties in the order that the format asks for."""
    colour = desk.theme.after if link else desk.theme.muted if span.style == "muted" else ""
    face = desk.theme.sans
    found = [xml.make("w:rFonts", ascii=face, hAnsi=face, cs=face)] if span.style == "code" else []
    found += [xml.make("w:b")] if span.style == "strong" else []
    found += [xml.make("w:i")] if span.style == "emphasis" else []
    found += [xml.make("w:color", val=colour.lstrip("#"))] if colour else []
    return found + ([xml.make("w:u", val="single")] if link else [])


def _linked(link: str, made: Any, desk: WordWriter) -> Any:
    if link.startswith("#"):
        return xml.make("w:hyperlink", made, anchor=place_name(link[1:]))
    element = xml.make("w:hyperlink", made)
    element.set(qn("r:id"), desk.page.part.relate_to(link, _HYPERLINK, is_external=True))
    return element


def _heading(block: Heading, desk: WordWriter) -> None:
    paragraph = desk.paragraph(block.text, f"Heading {min(max(block.level, 1), 3)}")
    if block.key:
        desk.anchor(paragraph, block.key)


def _paragraph(block: Paragraph, desk: WordWriter) -> None:
    write_rich(desk.paragraph("", _STYLES.get(block.style, "Normal")), block.content, desk)


def _bullets(block: Bullets, desk: WordWriter) -> None:
    if not block.ordered:
        for item in block.items:
            write_rich(desk.paragraph("", "List Bullet"), item, desk)
        return
    number = numbered_list(desk)
    for item in block.items:
        in_list(write_rich(desk.paragraph("", "List Number"), item, desk), number)


def numbered_list(desk: WordWriter) -> int:
    """Begin a numbered list of its own, counted from 1."""
    numbering = desk.page.part.numbering_part.element
    style = desk.page.styles["List Number"].element
    known = style.find(qn("w:pPr")).find(qn("w:numPr")).find(qn("w:numId")).get(qn("w:val"))
    kept = next(n for n in numbering.findall(qn("w:num")) if n.get(qn("w:numId")) == known)
    number = 1 + max(int(n.get(qn("w:numId"))) for n in numbering.findall(qn("w:num")))
    again = xml.make("w:lvlOverride", xml.make("w:startOverride", val=1), ilvl=0)
    shape = xml.make("w:abstractNumId", val=kept.find(qn("w:abstractNumId")).get(qn("w:val")))
    numbering.append(xml.make("w:num", shape, again, numId=number))
    return number


def in_list(paragraph: Any, number: int) -> None:
    """Make a paragraph an entry of a list."""
    properties = paragraph._p.get_or_add_pPr()
    properties._add_numPr()
    entry = properties.numPr
    entry.append(xml.make("w:ilvl", val=0))
    entry.append(xml.make("w:numId", val=number))


def _callout(block: Callout, desk: WordWriter) -> None:
    if block.title:
        paragraph = desk.paragraph("", "Callout")
        paragraph.paragraph_format.keep_with_next = True
        write_rich(paragraph, (Span(block.title, "strong"),), desk)
    for part in block.content:
        write_rich(desk.paragraph("", "Callout"), part, desk)


def _formula(block: Formula, desk: WordWriter) -> None:
    paragraph = desk.paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph._p.append(formula_maths(block.name))
    desk.paragraph(block.alt, "Note")


def _caption(kind: str, title: str, key: str, desk: WordWriter) -> None:
    """Write "Table 3  ..." with a number that Word counts itself."""
    paragraph = desk.paragraph("", "Caption")
    number = desk.next(kind)
    label = desk.labels[kind]
    look = xml.make("w:color", val=desk.theme.after.lstrip("#"))
    paragraph._p.append(xml.run(f"{label}\u00a0", xml.make("w:color", val=desk.theme.after.lstrip("#"))))
    paragraph._p.extend(list(xml.field(f"SEQ {label} \\* ARABIC", str(number), look)))
    paragraph._p.append(xml.run(f"\u2002{title}" if title else ""))
    desk.anchor(paragraph, key)


def _table(block: Table, desk: WordWriter) -> None:
    _caption("table", block.caption, block.name, desk)
    write_table(desk.page, block, desk.theme)
    desk.paragraph(with_label(desk.labels["note"], block.note), "Note")


def _figure(block: Figure, desk: WordWriter) -> None:
    _caption("figure", block.title, block.name, desk)
    if block.subtitle:
        desk.paragraph(block.subtitle, "Statistical Subtitle")
    paragraph = desk.paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_after = 0
    add_picture(paragraph, block, desk.theme.text_width * 72, desk.next("picture"))
    desk.paragraph(figure_foot(block.base, block.source, desk.labels), "Note")


_WRITERS: dict[str, Callable[[Any, WordWriter], None]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "bullets": _bullets,
    "table": _table,
    "figure": _figure,
    "callout": _callout,
    "formula": _formula,
}
