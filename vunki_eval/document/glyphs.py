"""Letters that can be printed: one that no font has would stop a PDF/A export, so its name stands in for it."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

from vunki_eval.theme import font_folder

_FACES = ("SourceSans3_400Regular.ttf", "SourceSerif4_400Regular.ttf", "NotoEmoji_400Regular.ttf")
_MOST_TRIED = 400
_LONG = re.compile(r"[^\s\u200b\u00ad]{41,}")
_PIECE = re.compile(r".{1,12}", re.DOTALL)


@cache
def fonts() -> Any:
    """Give the shipped typefaces and Typst's own; no font of the machine, so that every machine prints the same."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(font_folder())])


@cache
def _shipped() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    points: set[int] = set()
    for face in _FACES:
        with TTFont(font_folder() / face, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(points)


@cache
def _typst_draws(letter: str) -> bool:
    """Ask Typst itself about a letter that the shipped faces lack (its own fonts have Hebrew, Arabic, maths)."""
    import typst

    source = f'#set document(title: "x")\n#set text(lang: "en")\n#text(json(bytes("{_escape(letter)}")))'
    try:
        typst.Compiler(source.encode(), font_paths=fonts()).compile(format="pdf", pdf_standards=["a-3a"], timestamp=0)
    except typst.TypstError:
        return False
    return True


def _escape(letter: str) -> str:
    units = letter.encode("utf-16-be")
    hexes = "".join(f"\\\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
    return f'\\"{hexes}\\"'


def drawable(text: str, draws: Callable[[str], bool] = _typst_draws) -> str:
    """Replace letters that no font has by their name in brackets; marks that only modify a letter are left out."""
    if text.isascii():
        return text
    known = _shipped()
    missing = {c for c in set(text) if ord(c) not in known and not c.isspace()}
    tried = sorted(missing)[:_MOST_TRIED]
    lost = missing.difference(c for c in tried if draws(c))
    return "".join(_name(c) if c in lost else c for c in text) if lost else text


def _name(letter: str) -> str:
    if unicodedata.category(letter) in ("Cf", "Mn", "Me", "Cn", "Co"):
        return "" if unicodedata.category(letter) in ("Cf", "Mn", "Me") else f"[U+{ord(letter):04X}]"
    return f"[{unicodedata.name(letter, f'U+{ord(letter):04X}').lower()}]"


def breakable(text: str) -> str:
    """Let words of more than 40 letters break (a zero-width space each 12 letters), so that no line runs out."""
    if len(text) < 41:
        return text
    return _LONG.sub(lambda m: "\u200b".join(_PIECE.findall(m[0])), text)
