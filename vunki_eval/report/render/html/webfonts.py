"""The typefaces of the HTML report: Latin letters only, embedded in the file.

The subsets in ``fonts/web/`` are made once and shipped, because making them takes seconds and a report should not.
Other letters fall back to the reader's own fonts. After a change of the fonts or of `LETTERS`, make the subsets again
with ``python -m vunki_eval.report.render.html.webfonts``.
"""

import base64
import re
from functools import cache
from pathlib import Path

from vunki_eval.project.theme import THEME, Theme, font_folder

#: file, family (sans or serif), weight, style
FACES = (
    ("SourceSans3_400Regular", "sans", 400, "normal"),
    ("SourceSans3_600SemiBold", "sans", 600, "normal"),
    ("SourceSans3_700Bold", "sans", 700, "normal"),
    ("SourceSerif4_400Regular", "serif", 400, "normal"),
    ("SourceSerif4_400Regular_Italic", "serif", 400, "italic"),
    ("SourceSerif4_600SemiBold", "serif", 600, "normal"),
)
LETTERS = (*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, "ŠšŽžẞ–—‐‑‒‘’‚“”„†‡•…‰′″‹›⁄€№™←↑→↓↔−∙√∞≈≠≤≥▲▼◆◊●○■□✓✗"))
_FORMATS = {"woff": "woff", "ttf": "truetype", "otf": "opentype"}
_FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "lnum", "tnum"]


def web_folder() -> Path:
    """Return the folder that holds the subsets."""
    return font_folder() / "web"


@cache
def font_css(theme: Theme = THEME) -> str:
    """Return the @font-face rules, with the subsets (and a project's own font files, whole) embedded in them."""
    names = {"sans": theme.sans, "serif": theme.serif}
    shipped = {"sans": THEME.sans, "serif": THEME.serif}
    rules = [
        _rule(names[family], str(weight), style, "woff", web_folder() / f"{file}.woff")
        for file, family, weight, style in FACES
        if names[family] == shipped[family]
    ]
    return "".join([*rules, *(_own(Path(face)) for face in theme.faces)])


def _rule(family: str, weight: str, style: str, kind: str, file: Path) -> str:
    data = base64.b64encode(file.read_bytes()).decode()
    return (
        f"@font-face{{font-family:'{family}';font-weight:{weight};font-style:{style};font-display:swap;"
        f"src:url(data:font/{kind};base64,{data}) format('{_FORMATS[kind]}')}}"
    )


def _own(file: Path) -> str:
    """Make the rule for a project's font file from what the file says of itself."""
    from fontTools.ttLib import TTFont

    with TTFont(file, lazy=True) as font:
        family = re.sub(r"[^\w .-]", "", str(font["name"].getBestFamilyName()))
        weight = "1 1000" if "fvar" in font else str(font["OS/2"].usWeightClass)
        style = "italic" if font["OS/2"].fsSelection & 1 else "normal"
    return _rule(family, weight, style, file.suffix[1:].lower(), file)


def make_subsets(folder: Path) -> None:
    """Write the subsets of all faces; the same fonts give the same files."""
    from fontTools import subset

    folder.mkdir(parents=True, exist_ok=True)
    for file, *_ in FACES:
        options = subset.Options(flavor="woff", layout_features=_FEATURES, hinting=False, recalc_timestamp=False)
        options.name_IDs = [1, 2, 13, 14]  # the names and the licence
        font = subset.load_font(str(font_folder() / f"{file}.ttf"), options)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=LETTERS)
        cutter.subset(font)
        subset.save_font(font, str(folder / f"{file}.woff"), options)
        font.close()


if __name__ == "__main__":
    make_subsets(web_folder())
