"""Figures as pictures: drawn by Typst with the shipped typefaces, sharp enough for print."""

import io
from typing import Any

from docx.shared import Pt

from vunki_eval.content.model import Figure
from vunki_eval.content.svg import safe_svg, svg_size
from vunki_eval.content.text import plain
from vunki_eval.document.glyphs import drawable_svg, fonts

SHARPNESS = 200  # pixels in an inch


def picture(svg: str) -> bytes:
    """Give a figure as PNG; the same figure gives the same bytes."""
    import typst

    width, height = svg_size(svg)
    page = f"#set page(width: {width:.3f}pt, height: {height:.3f}pt, margin: 0pt, fill: white)"
    quoted = drawable_svg(safe_svg(svg)).replace("\\", "\\\\").replace('"', '\\"')
    source = f'{page}\n#image(bytes("{quoted}"), width: 100%)'
    made: Any = typst.Compiler(source.encode(), font_paths=fonts()).compile(format="png", ppi=SHARPNESS)
    return bytes(made)


def add_picture(paragraph: Any, figure: Figure, room: float, number: int) -> None:
    """Put a figure into a paragraph with its message in words; ``room`` is the most width in points."""
    width = min(svg_size(figure.svg)[0], room)
    shape = paragraph.add_run().add_picture(io.BytesIO(picture(figure.svg)), width=Pt(width))
    told = shape._inline.docPr
    told.set("id", str(number))
    told.set("name", plain(figure.name))
    told.set("descr", plain(figure.alt))
    if figure.title:
        told.set("title", plain(figure.title))
