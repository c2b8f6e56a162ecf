"""Formulas in Word's own format for maths, made from their MathML."""

from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element, fromstring

from vunki_eval.report.render.docx.xml import make
from vunki_eval.report.render.formulas import formula

_NAMES: dict[str, tuple[str, ...]] = {
    "msub": ("m:sSub", "m:e", "m:sub"),
    "msup": ("m:sSup", "m:e", "m:sup"),
    "mfrac": ("m:f", "m:num", "m:den"),
}
_NAMES |= {"munder": ("m:limLow", "m:e", "m:lim"), "msubsup": ("m:sSubSup", "m:e", "m:sub", "m:sup")}


def formula_maths(name: str) -> Any:
    """Return a formula of ``report/render/formulas.toml`` as an element of a paragraph."""
    return make("m:oMath", *_row(fromstring(f"<mrow>{formula(name).mathml}</mrow>")))


def _row(parents: Iterable[Element]) -> list[Any]:
    return [element for child in parents for element in _converted(child)]


def _converted(node: Element) -> list[Any]:
    children = list(node)
    if node.tag in ("mi", "mn", "mo", "mtext", "mspace"):
        return [_letters(node)]
    if node.tag == "mrow":
        return _row(children)
    if node.tag == "msqrt":
        hidden = make("m:radPr", make("m:degHide", val=1))
        return [make("m:rad", hidden, make("m:deg"), make("m:e", *_row(children)))]
    if node.tag == "mover":
        mark = {"‾": "\u0305", "^": "\u0302"}[children[1].text or ""]
        return [make("m:acc", make("m:accPr", make("m:chr", val=mark)), make("m:e", *_converted(children[0])))]
    if node.tag == "munderover":
        lower = make("m:limLow", make("m:e", *_converted(children[0])), make("m:lim", *_converted(children[1])))
        return [make("m:limUpp", make("m:e", lower), make("m:lim", *_converted(children[2])))]
    tag, *parts = _NAMES[node.tag]
    return [make(tag, *(make(part, *_part(child)) for part, child in zip(parts, children, strict=True)))]


def _part(child: Element) -> list[Any]:
    """Convert a part of a formula; a plus or equals sign alone in a part is a name, not an operation."""
    alone = child.tag == "mo" and child.text in ("+", "=")
    return [make("m:r", make("m:rPr", make("m:nor")), _text(child.text or ""))] if alone else _converted(child)


def _letters(node: Element) -> Any:
    text = "\u2003" if node.tag == "mspace" else node.text or ""
    upright = node.tag == "mtext" or node.get("mathvariant") == "normal" or len(text) > 1
    style = [make("m:rPr", make("m:sty", val="p"))] if upright else []
    return make("m:r", *style, _text(text))


def _text(text: str) -> Any:
    element = make("m:t")
    element.text = text
    return element
