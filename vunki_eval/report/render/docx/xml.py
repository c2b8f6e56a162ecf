"""Small pieces of WordprocessingML that python-docx cannot make."""

from collections.abc import Iterator
from copy import copy
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from vunki_eval.language.text import plain

TWIPS = 20  # in a point


def make(tag: str, *children: Any, **attributes: Any) -> Any:
    """Make an element whose attributes are in its own namespace: ``make("w:shd", fill="ffffff")``."""
    element = OxmlElement(tag)
    prefix = tag.partition(":")[0]
    for name, value in attributes.items():
        element.set(qn(f"{prefix}:{name}"), str(value))
    element.extend(children)
    return element


def run(text: str, *properties: Any) -> Any:
    """Make a run of literal text."""
    element = make("w:t")
    element.text = plain(text)
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return make("w:r", make("w:rPr", *properties), element)


def field(code: str, shown: str, *properties: Any) -> Iterator[Any]:
    """Make the runs of a field: the code that it computes, and what it shows until then."""

    def part(child: Any) -> Any:
        return make("w:r", make("w:rPr", *(copy(p) for p in properties)), child)

    instruction = make("w:instrText")
    instruction.text = f" {code} "
    instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    yield part(make("w:fldChar", fldCharType="begin"))
    yield part(instruction)
    yield part(make("w:fldChar", fldCharType="separate"))
    yield run(shown, *(copy(p) for p in properties))
    yield part(make("w:fldChar", fldCharType="end"))


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Make a paragraph the target of links to a name."""
    begin, end = make("w:bookmarkStart", id=number, name=name), make("w:bookmarkEnd", id=number)
    properties = paragraph.find(qn("w:pPr"))
    paragraph.insert(0 if properties is None else 1, begin)
    paragraph.append(end)


def letters(family: str, size: float, colour: str, *, bold: bool = False) -> tuple[Any, ...]:
    """Make the properties of a run: typeface, size in points, colour."""
    fonts = make("w:rFonts", ascii=family, hAnsi=family, cs=family)
    weight = (make("w:b"),) if bold else ()
    return (fonts, *weight, make("w:color", val=colour.lstrip("#")), make("w:sz", val=round(size * 2)))


def shade(fill: str) -> Any:
    """Make a filled background."""
    return make("w:shd", val="clear", color="auto", fill=fill.lstrip("#"))


def edge(side: str, colour: str, width: float, space: int = 0) -> Any:
    """Make a border line; its width is in points."""
    return make(f"w:{side}", val="single", sz=round(width * 8), space=space, color=colour.lstrip("#"))


def no_edges(tag: str) -> Any:
    """Make the borders of a table that has none."""
    return make(tag, *(make(f"w:{s}", val="nil") for s in ("top", "left", "bottom", "right", "insideH", "insideV")))
