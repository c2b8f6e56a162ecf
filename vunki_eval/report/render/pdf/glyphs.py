"""Letters that can be printed: one that no font has would stop a PDF/A export, so its name replaces it."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from vunki_eval.project.theme import font_folder

_FACES = ("SourceSans3_400Regular.ttf", "SourceSerif4_400Regular.ttf", "NotoEmoji_400Regular.ttf")
# The typefaces that the template asks for, in its order.
_CHAINS = '(("Source Sans 3", "Noto Emoji"), ("Source Serif 4", "Source Sans 3", "Noto Emoji"))'
_MOST_TRIED = 400  # letters: each costs a run of Typst
_LONG = re.compile(r"[^\s\u200b\u00ad/-]{41,}")  # a line may break after / and - anyway
_MARKS = (
    "".join(chr(c) for c in range(0x300, 0x1F400) if unicodedata.category(chr(c))[0] == "M")
    + "\ufe0f\U0001f3fb-\U0001f3ff"
)
_TONES = re.compile("[\U0001f3fb-\U0001f3ff\U0001f1e6-\U0001f1ff]")  # tones of skin, and letters that join into flags
# A letter with what joins it (combining marks, joiners and the emoji they join), or a flag.
_CLUSTER = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|.(?:\u200d.|[{_MARKS}])*", re.DOTALL)
_PIECE = re.compile(r".{1,12}", re.DOTALL)


@cache
def fonts(faces: tuple[str, ...] = ()) -> Any:
    """Collect the shipped typefaces, Typst's own and a project's files, but no font of the machine.

    That way every machine prints the same.
    """
    import typst

    folders = dict.fromkeys([str(font_folder()), *(str(Path(face).parent) for face in faces)])
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(folders))


@cache
def _shipped() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    points: set[int] = set()
    for face in _FACES:
        with TTFont(font_folder() / face, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(points)


@cache
def _typst_draws(text: str) -> bool:
    """Tell whether Typst can draw letters that the shipped faces lack (its own fonts have Hebrew, Arabic, maths)."""
    escaped = "".join(f"\\u{{{ord(c):x}}}" for c in text)
    return _compiles(f'#for face in {_CHAINS} {{ text(font: face, "{escaped}") }}')


def _compiles(body: str) -> bool:
    import typst

    source = f'#set document(title: "x")\n#set text(lang: "en")\n{body}'
    try:
        typst.Compiler(source.encode(), font_paths=fonts()).compile(format="pdf", pdf_standards=["a-3a"], timestamp=0)
    except typst.TypstError:
        return False
    return True


def drawable(text: str) -> str:
    """Replace letters that no font has by their name in brackets, and drop marks that only modify a letter.

    Whether a letter can be drawn depends on its neighbours. So the whole text is tried first, then its letters one by
    one; if the outcome still cannot be drawn, every letter that the shipped faces lack is replaced.
    """
    if text.isascii():
        return text
    shipped = _shipped()
    if all(ord(c) in shipped and not _joins(c) for c in set(text)) or _typst_draws(text):
        return text
    clusters = _CLUSTER.findall(text)
    doubtful = {c for c in clusters if len(c) > 1 or ord(c) not in shipped}
    tried = sorted(doubtful)[:_MOST_TRIED]
    lost = doubtful.difference(c for c in tried if _typst_draws(c))
    replaced = "".join(_named(c) if c in lost else c for c in clusters)
    return replaced if _typst_draws(replaced) else "".join(_named(c) if c in doubtful else c for c in clusters)


def _named(cluster: str) -> str:
    """Strip a letter of the shipped faces of its marks; replace any other by its name."""
    return cluster[0] if ord(cluster[0]) in _shipped() and not _joins(cluster[0]) else _name(cluster[0])


def drawable_svg(svg: str) -> str:
    """Do the same for a figure, whose fonts Typst picks in another way: try it as it is, then with single letters."""
    shipped = _shipped() if not svg.isascii() else frozenset()
    if all(ord(c) < 0x300 or (c < "\U00010000" and ord(c) in shipped and not _joins(c)) for c in set(svg)):
        return svg
    single = _TONES.sub("", "".join(c for c in svg if ord(c) < 0x300 or not _joins(c)))
    for candidate in (svg, single):
        quoted = candidate.replace("\\", "\\\\").replace('"', '\\"')
        if _compiles(f'#image(bytes("{quoted}"), alt: "x")'):
            return candidate
    return "".join(c if ord(c) < 0x300 else _named(c) for c in single)


def _joins(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "MC"


def _name(letter: str) -> str:
    if unicodedata.category(letter) in ("Cf", "Mn", "Me", "Cn", "Co"):
        return "" if unicodedata.category(letter) in ("Cf", "Mn", "Me") else f"[U+{ord(letter):04X}]"
    return f"[{unicodedata.name(letter, f'U+{ord(letter):04X}').lower()}]"


def breakable(text: str) -> str:
    """Let words of more than 40 letters break (a zero-width space every 12 letters), so that no line is too long."""
    if len(text) < 41:
        return text
    return _LONG.sub(lambda m: "\u200b".join(_PIECE.findall(m[0])), text)
