"""Formulas in Word's own maths, from their MathML."""

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
    """Give a formula of ``content/formulas.toml`` as an element that stands in a paragraph."""
    return make("m:oMath", *_row(fromstring(f"<mrow>{formula(name).mathml}</mrow>")))


def _row(parents: Iterable[Element]) -> list[Any]:
    return [made for child in parents for made in _one(child)]


def _one(node: Element) -> list[Any]:
    kids = list(node)
    if node.tag in ("mi", "mn", "mo", "mtext", "mspace"):
        return [_letters(node)]
    if node.tag == "mrow":
        return _row(kids)
    if node.tag == "msqrt":
        hidden = make("m:radPr", make("m:degHide", val=1))
        return [make("m:rad", hidden, make("m:deg"), make("m:e", *_row(kids)))]
    if node.tag == "mover":
        mark = {"‾": "\u0305", "^": "\u0302"}[kids[1].text or ""]
        return [make("m:acc", make("m:accPr", make("m:chr", val=mark)), make("m:e", *_one(kids[0])))]
    if node.tag == "munderover":
        lower = make("m:limLow", make("m:e", *_one(kids[0])), make("m:lim", *_one(kids[1])))
        return [make("m:limUpp", make("m:e", lower), make("m:lim", *_one(kids[2])))]
    tag, *parts = _NAMES[node.tag]
    return [make(tag, *(make(part, *_part(kid)) for part, kid in zip(parts, kids, strict=True)))]


def _part(kid: Element) -> list[Any]:
    """Give a part of a formula; a sign that stands there alone is a name, not an operation."""
    alone = kid.tag == "mo" and kid.text in ("+", "=")
    return [make("m:r", make("m:rPr", make("m:nor")), _text(kid.text or ""))] if alone else _one(kid)


def _letters(node: Element) -> Any:
    shown = "\u2003" if node.tag == "mspace" else node.text or ""
    upright = node.tag == "mtext" or node.get("mathvariant") == "normal" or len(shown) > 1
    style = [make("m:rPr", make("m:sty", val="p"))] if upright else []
    return make("m:r", *style, _text(shown))


def _text(shown: str) -> Any:
    written = make("m:t")
    written.text = shown
    return written
