"""Make SVG figures safe for a page: only known drawing elements, unique ids, an accessible name."""

import hashlib
import re
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element, register_namespace, tostring

from vunki_eval.errors import M_, BuildError, Problem
from vunki_eval.language.text import plain

_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
_ELEMENTS = frozenset(
    (
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "marker",
        "pattern",
        "mask",
        "clipPath",
        "linearGradient",
        "radialGradient",
        "stop",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "image",
    )
)
_STYLE_ELEMENT = re.compile(r"\*\s*\{\s*stroke-linejoin:\s*(\w+);\s*stroke-linecap:\s*(\w+);?\s*\}")
_REFERENCE = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")
_EXTERNAL = re.compile(r"url\((?!\s*['\"]?#)|expression|@import|javascript:", re.IGNORECASE)
_RASTER = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]+")
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(pt|px|in|mm|cm|)\s*")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#09;"}
_POINTS = {"pt": 1.0, "px": 0.75, "": 0.75, "in": 72.0, "mm": 72 / 25.4, "cm": 72 / 2.54}

register_namespace("", _SVG)
register_namespace("xlink", "http://www.w3.org/1999/xlink")


def svg_size(svg: str) -> tuple[float, float]:
    """Return the width and height of a figure in points."""
    return _safe(svg)[1]


def safe_svg(svg: str, *, name: str = "") -> str:
    """Remove scripts, styles, handlers and external references from a figure, and make its ids unique.

    Parameters
    ----------
    svg : str
        The figure, as matplotlib writes it with ``svg.fonttype = "none"``.
    name : str
        Accessible name for a page (``role="img"``); "" for a file that gets its name elsewhere.
    """
    text = _safe(svg)[0]
    if not name:
        return text
    end = text.index(">")  # attribute values hold no ">"
    end -= 2 if text[end - 1] == "/" else 0
    return f'{text[:end]} role="img" aria-label="{_quoted(plain(name))}"{text[end:]}'


@lru_cache(64)
def _safe(svg: str) -> tuple[str, tuple[float, float]]:
    """Clean a figure once for all its uses; return it with its size."""
    root = _parse(svg)
    width, height = _size(root)
    _join_lines(root)
    _strip(root)
    prefix = f"v{hashlib.sha256(svg.encode('utf-8', 'replace')).hexdigest()[:8]}-"
    for element in root.iter():
        _rename(element, prefix)
    if not root.get("viewBox"):
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    root.set("width", f"{width:g}pt")
    root.set("height", f"{height:g}pt")
    return tostring(root, encoding="unicode"), (width, height)


def _quoted(text: str) -> str:
    """Write a text as the value of an attribute."""
    return "".join(_ESCAPES.get(letter, letter) for letter in text)


def _parse(svg: str) -> Element:
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(svg.encode("utf-8"))
    except (ValueError, SyntaxError):  # XML that is broken or declares entities
        root = Element("none")
    if root.tag != f"{{{_SVG}}}svg":
        raise BuildError(Problem("", 0, "", M_("A figure is not readable SVG."), M_("Draw it again."), "VE-411"))
    return root


def _size(root: Element) -> tuple[float, float]:
    box = (root.get("viewBox") or "").replace(",", " ").split()
    defaults = [float(v) * 0.75 for v in box[2:4]] if len(box) == 4 else [468.0, 234.0]
    lengths = (_LENGTH.fullmatch(root.get(key) or "") for key in ("width", "height"))
    width, height = (
        float(length[1]) * _POINTS[length[2]] if length else default
        for length, default in zip(lengths, defaults, strict=True)
    )
    return max(width, 1.0), max(height, 1.0)


def _join_lines(root: Element) -> None:
    """Turn matplotlib's only style rule into attributes: in a page a rule for ``*`` would apply to everything."""
    for style in root.iter(f"{{{_SVG}}}style"):
        rule = _STYLE_ELEMENT.search(style.text or "")
        if rule:
            root.set("stroke-linejoin", rule[1])
            root.set("stroke-linecap", rule[2])


def _strip(element: Element) -> None:
    for child in list(element):
        tag = str(child.tag)
        allowed = tag.startswith(f"{{{_SVG}}}") and tag.rpartition("}")[2] in _ELEMENTS
        if allowed and not (tag.endswith("}image") and not _raster(child)):
            _strip(child)
        else:
            element.remove(child)


def _raster(image: Element) -> bool:
    return bool(_RASTER.fullmatch(image.get("href") or image.get(_HREF) or ""))


def _rename(element: Element, prefix: str) -> None:
    image = str(element.tag).endswith("}image")
    for key, value in list(element.attrib.items()):
        safe_value = _attribute(key, value, prefix, image)
        if safe_value is None:
            del element.attrib[key]
        else:
            element.set(key, safe_value)
    element.text, element.tail = (t and plain(t) for t in (element.text, element.tail))


def _attribute(key: str, value: Any, prefix: str, image: bool) -> str | None:
    local = key.rpartition("}")[2].lower()
    if local.startswith("on") or local in ("base", "role", "tabindex", "class") or local.startswith("aria"):
        return None
    if local == "href":
        return f"#{prefix}{value[1:]}" if value.startswith("#") else value if image else None
    if _EXTERNAL.search(value):
        return None
    return f"{prefix}{value}" if local == "id" else _REFERENCE.sub(rf"url(#{prefix}\1)", value)
