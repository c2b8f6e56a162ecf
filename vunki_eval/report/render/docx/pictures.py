"""Figures as pictures, drawn by Typst with the shipped typefaces and sharp enough for print."""

import io
from typing import Any

from docx.shared import Mm, Pt

from vunki_eval.language.text import plain
from vunki_eval.project.svg import safe_svg, svg_size
from vunki_eval.project.theme import Logo
from vunki_eval.report.render.pdf.glyphs import drawable_svg, fonts
from vunki_eval.results.blocks import Figure

RESOLUTION = 200  # pixels an inch


def picture(svg: str) -> bytes:
    """Return a figure as PNG; the same figure always gives the same bytes."""
    width, height = svg_size(svg)
    return _drawn(drawable_svg(safe_svg(svg)), width, height)


def _drawn(svg: str, width: float, height: float) -> bytes:
    import typst

    page = f"#set page(width: {width:.3f}pt, height: {height:.3f}pt, margin: 0pt, fill: white)"
    quoted = svg.replace("\\", "\\\\").replace('"', '\\"')
    source = f'{page}\n#image(bytes("{quoted}"), width: 100%)'
    png: Any = typst.Compiler(source.encode(), font_paths=fonts()).compile(format="png", ppi=RESOLUTION)
    return bytes(png)


def add_picture(paragraph: Any, figure: Figure, room: float, number: int) -> None:
    """Put a figure into a paragraph, with its alt text; ``room`` is the greatest width in points."""
    width = min(svg_size(figure.svg)[0], room)
    shape = paragraph.add_run().add_picture(io.BytesIO(picture(figure.svg)), width=Pt(width))
    properties = shape._inline.docPr
    properties.set("id", str(number))
    properties.set("name", plain(figure.name))
    properties.set("descr", plain(figure.alt))
    if figure.title:
        properties.set("title", plain(figure.title))


def add_logo(paragraph: Any, logo: Logo, language: str, number: int) -> None:
    """Put a project's logo into a paragraph, 18 mm high."""
    data = logo.data
    if logo.kind == "svg":
        svg = data.decode("utf-8")
        width, height = svg_size(svg)
        data = _drawn(svg, 120 * width / height, 120)
    shape = paragraph.add_run().add_picture(io.BytesIO(data), height=Mm(18))
    properties = shape._inline.docPr
    properties.set("id", str(number))
    properties.set("name", f"logo {number}")
    properties.set("descr", plain(logo.alt_text(language)))
