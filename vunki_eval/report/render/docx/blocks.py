"""Blocks of the document model as paragraphs, tables, pictures and formulas of a Word file."""

from collections import Counter
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, fromstring

from docx.oxml.ns import qn

from vunki_eval.language.text import plain, safe_link
from vunki_eval.project.theme import Theme
from vunki_eval.report.render.docx import xml
from vunki_eval.report.render.docx.pictures import add_picture
from vunki_eval.report.render.docx.tables import write_table
from vunki_eval.report.render.docx.xml import make
from vunki_eval.report.render.formulas import formula
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

_MATHS: dict[str, tuple[str, ...]] = {
    "msub": ("m:sSub", "m:e", "m:sub"),
    "msup": ("m:sSup", "m:e", "m:sup"),
    "mfrac": ("m:f", "m:num", "m:den"),
}
_MATHS |= {"munder": ("m:limLow", "m:e", "m:lim"), "msubsup": ("m:sSubSup", "m:e", "m:sub", "m:sup")}
_STYLES = {"lead": "Lead", "subtitle": "Statistical Subtitle", "note": "Note", "code": "Callout", "body": "Normal"}
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


@dataclass(slots=True)
class WordWriter:
    """What writing needs: the document of python-docx, labels, theme, targets of links; counts and notes so far."""

    document: Any
    labels: dict[str, str]
    theme: Theme
    places: dict[str, str]
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def next(self, kind: str) -> int:
        """Count one more of a kind, and return its number."""
        self.counts[kind] += 1
        return self.counts[kind]

    def paragraph(self, text: str = "", style: str = "Normal") -> Any:
        """Add a paragraph of literal text."""
        return self.document.add_paragraph(plain(text), style=style)

    def anchor(self, paragraph: Any, key: str) -> None:
        """Make a paragraph the target of links to a key, unless an earlier one is."""
        name = self.places.get(key, "")
        if name and not self.counts[f"place {name}"]:
            self.counts[f"place {name}"] += 1
            xml.bookmark(paragraph._p, place_name(name), self.next("bookmark"))


def place_name(place: str) -> str:
    """Return the name of a bookmark: Word allows letters, digits and _, forty at most."""
    name = "v_" + "".join(c if c.isascii() and c.isalnum() else "_" for c in place)
    return name if len(name) <= 40 else f"{name[:30]}_{sum(map(ord, place)):x}"


def write_blocks(blocks: tuple[Block, ...], writer: WordWriter) -> None:
    """Write blocks in order; cover and page one are left out, as `front` writes them."""
    for block in blocks:
        if block.kind in _WRITERS:
            _WRITERS[block.kind](block, writer)


def write_rich(paragraph: Any, content: Rich, writer: WordWriter) -> Any:
    """Write running text into a paragraph, with its styles, safe links and footnote marks."""
    for span in content:
        _span(paragraph._p, span, writer)
    return paragraph


def _span(parent: Any, span: Span, writer: WordWriter) -> None:
    link = span.link if not span.link.startswith("#") else f"#{writer.places.get(span.link[1:], '')}"
    link = safe_link(link)
    run = xml.run(span.text, *_properties(span, writer, bool(link)))
    parent.append(_linked(link, run, writer) if link else run)
    if span.footnote:
        writer.notes.append(span.footnote)
        mark = xml.make("w:footnoteReference", id=len(writer.notes))
        raised = xml.make("w:rPr", xml.make("w:vertAlign", val="superscript"))
        parent.append(xml.make("w:r", raised, mark))


def _properties(span: Span, writer: WordWriter, link: bool) -> list[Any]:
    """Return the properties of a run, in the order that the format requires."""
    colour = writer.theme.after if link else writer.theme.muted if span.style == "muted" else ""
    face = writer.theme.sans
    properties = [xml.make("w:rFonts", ascii=face, hAnsi=face, cs=face)] if span.style == "code" else []
    properties += [xml.make("w:b")] if span.style == "strong" else []
    properties += [xml.make("w:i")] if span.style == "emphasis" else []
    properties += [xml.make("w:color", val=colour.lstrip("#"))] if colour else []
    return properties + ([xml.make("w:u", val="single")] if link else [])


def _linked(link: str, run: Any, writer: WordWriter) -> Any:
    if link.startswith("#"):
        return xml.make("w:hyperlink", run, anchor=place_name(link[1:]))
    element = xml.make("w:hyperlink", run)
    element.set(qn("r:id"), writer.document.part.relate_to(link, _HYPERLINK, is_external=True))
    return element


def _heading(block: Heading, writer: WordWriter) -> None:
    paragraph = writer.paragraph(block.text, f"Heading {min(max(block.level, 1), 3)}")
    if block.key:
        writer.anchor(paragraph, block.key)


def _paragraph(block: Paragraph, writer: WordWriter) -> None:
    write_rich(writer.paragraph("", _STYLES.get(block.style, "Normal")), block.content, writer)


def _bullets(block: Bullets, writer: WordWriter) -> None:
    if not block.ordered:
        for item in block.items:
            write_rich(writer.paragraph("", "List Bullet"), item, writer)
        return
    number = numbered_list(writer)
    for item in block.items:
        in_list(write_rich(writer.paragraph("", "List Number"), item, writer), number)


def numbered_list(writer: WordWriter) -> int:
    """Start a new numbered list, counted from 1, and return its number."""
    numbering = writer.document.part.numbering_part.element
    style = writer.document.styles["List Number"].element
    styled = style.find(qn("w:pPr")).find(qn("w:numPr")).find(qn("w:numId")).get(qn("w:val"))
    definition = next(n for n in numbering.findall(qn("w:num")) if n.get(qn("w:numId")) == styled)
    number = 1 + max(int(n.get(qn("w:numId"))) for n in numbering.findall(qn("w:num")))
    restart = xml.make("w:lvlOverride", xml.make("w:startOverride", val=1), ilvl=0)
    shape = xml.make("w:abstractNumId", val=definition.find(qn("w:abstractNumId")).get(qn("w:val")))
    numbering.append(xml.make("w:num", shape, restart, numId=number))
    return number


def in_list(paragraph: Any, number: int) -> None:
    """Make a paragraph an entry of a numbered list."""
    properties = paragraph._p.get_or_add_pPr()
    properties._add_numPr()
    entry = properties.numPr
    entry.append(xml.make("w:ilvl", val=0))
    entry.append(xml.make("w:numId", val=number))


def _callout(block: Callout, writer: WordWriter) -> None:
    if block.title:
        paragraph = writer.paragraph("", "Callout")
        paragraph.paragraph_format.keep_with_next = True
        write_rich(paragraph, (Span(block.title, "strong"),), writer)
    for part in block.content:
        write_rich(writer.paragraph("", "Callout"), part, writer)


def _formula(block: Formula, writer: WordWriter) -> None:
    paragraph = writer.paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph._p.append(formula_maths(block.name))
    writer.paragraph(block.alt, "Note")


def _caption(kind: str, title: str, key: str, writer: WordWriter) -> None:
    """Write a caption such as "Table 3  ..."; Word counts the number itself."""
    paragraph = writer.paragraph("", "Caption")
    number = writer.next(kind)
    label = writer.labels[kind]
    colour = xml.make("w:color", val=writer.theme.after.lstrip("#"))
    paragraph._p.append(xml.run(f"{label}\u00a0", copy(colour)))  # an element stands in one place only
    paragraph._p.extend(list(xml.field(f"SEQ {label} \\* ARABIC", str(number), colour)))
    paragraph._p.append(xml.run(f"\u2002{title}" if title else ""))
    writer.anchor(paragraph, key)


def _table(block: Table, writer: WordWriter) -> None:
    _caption("table", block.caption, block.name, writer)
    write_table(writer.document, block, writer.theme)
    writer.paragraph(with_label(writer.labels["note"], block.note), "Note")


def _figure(block: Figure, writer: WordWriter) -> None:
    _caption("figure", block.title, block.name, writer)
    if block.subtitle:
        writer.paragraph(block.subtitle, "Statistical Subtitle")
    paragraph = writer.paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_after = 0
    add_picture(paragraph, block, writer.theme.text_width * 72, writer.next("picture"))
    writer.paragraph(figure_foot(block.base, block.source, writer.labels), "Note")


_WRITERS: dict[str, Callable[[Any, WordWriter], None]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "bullets": _bullets,
    "table": _table,
    "figure": _figure,
    "callout": _callout,
    "formula": _formula,
}


def formula_maths(name: str) -> Any:
    """Return a formula of ``report/render/formulas.toml`` as an element of a paragraph."""
    return make("m:oMath", *_formula_row(fromstring(f"<mrow>{formula(name).mathml}</mrow>")))


def _formula_row(parents: Iterable[Element]) -> list[Any]:
    return [element for child in parents for element in _formula_node(child)]


def _formula_node(node: Element) -> list[Any]:
    children = list(node)
    if node.tag in ("mi", "mn", "mo", "mtext", "mspace"):
        return [_formula_letters(node)]
    if node.tag == "mrow":
        return _formula_row(children)
    if node.tag == "msqrt":
        hidden = make("m:radPr", make("m:degHide", val=1))
        return [make("m:rad", hidden, make("m:deg"), make("m:e", *_formula_row(children)))]
    if node.tag == "mover":
        mark = {"‾": "\u0305", "^": "\u0302"}[children[1].text or ""]
        return [make("m:acc", make("m:accPr", make("m:chr", val=mark)), make("m:e", *_formula_node(children[0])))]
    if node.tag == "munderover":
        lower = make("m:limLow", make("m:e", *_formula_node(children[0])), make("m:lim", *_formula_node(children[1])))
        return [make("m:limUpp", make("m:e", lower), make("m:lim", *_formula_node(children[2])))]
    tag, *parts = _MATHS[node.tag]
    return [make(tag, *(make(part, *_formula_part(child)) for part, child in zip(parts, children, strict=True)))]


def _formula_part(child: Element) -> list[Any]:
    """Convert a part of a formula; a plus or equals sign alone in a part is a name, not an operation."""
    alone = child.tag == "mo" and child.text in ("+", "=")
    return (
        [make("m:r", make("m:rPr", make("m:nor")), _formula_text(child.text or ""))] if alone else _formula_node(child)
    )


def _formula_letters(node: Element) -> Any:
    text = "\u2003" if node.tag == "mspace" else node.text or ""
    upright = node.tag == "mtext" or node.get("mathvariant") == "normal" or len(text) > 1
    style = [make("m:rPr", make("m:sty", val="p"))] if upright else []
    return make("m:r", *style, _formula_text(text))


def _formula_text(text: str) -> Any:
    element = make("m:t")
    element.text = text
    return element
