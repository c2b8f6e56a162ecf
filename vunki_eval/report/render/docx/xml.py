"""Small pieces of WordprocessingML that python-docx has no words for."""

from collections.abc import Iterator
from copy import copy
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from vunki_eval.language.text import plain

TWIPS = 20  # in a point


def make(tag: str, *kids: Any, **attributes: Any) -> Any:
    """Make an element with attributes of its own namespace: ``make("w:shd", fill="ffffff")``."""
    element = OxmlElement(tag)
    prefix = tag.partition(":")[0]
    for name, value in attributes.items():
        element.set(qn(f"{prefix}:{name}"), str(value))
    element.extend(kids)
    return element


def run(text: str, *properties: Any) -> Any:
    """Make a run of literal text."""
    written = make("w:t")
    written.text = plain(text)
    written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return make("w:r", make("w:rPr", *properties), written)


def field(code: str, shown: str, *properties: Any) -> Iterator[Any]:
    """Make the runs of a field: what it computes, and what it shows until it is computed."""

    def part(kid: Any) -> Any:
        return make("w:r", make("w:rPr", *(copy(p) for p in properties)), kid)

    told = make("w:instrText")
    told.text = f" {code} "
    told.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    yield part(make("w:fldChar", fldCharType="begin"))
    yield part(told)
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
