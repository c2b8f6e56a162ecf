"""A document as one HTML file that requests nothing: for screens large and small, dark mode and paper.

Its only script lets readers sort tables. The page's policy allows that script by its hash and no other, and the page is
complete without it.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from markupsafe import Markup

from vunki_eval.language.text import plain
from vunki_eval.project.theme import THEME, Logo, Theme
from vunki_eval.report.render.anchors import anchors, section_numbers
from vunki_eval.report.render.dates import shown_date
from vunki_eval.report.render.html.blocks import (
    Frame,
    block_css,
    blocks_html,
    cover_facts_html,
    notes_html,
    theme_css,
)
from vunki_eval.report.render.html.pages import style_sheet, template
from vunki_eval.report.render.html.webfonts import font_css
from vunki_eval.report.render.labels import labels_with_defaults
from vunki_eval.report.render.notebook import Document
from vunki_eval.results.blocks import Cover, PageOne, Section

_FOLDER = Path(__file__).parent
_PAGE = template("report/render/html/report.html")


def document_html(document: Document, *, theme: Theme = THEME) -> str:
    """Return the document as an HTML page; the same content always gives the same text."""
    cover = document.cover
    labels = labels_with_defaults(cover.labels)
    numbers = section_numbers(document.sections)
    frame = Frame(labels, prefix="", numbered=True, anchors=anchors(document.sections))
    sections = [
        _section(section, number, key, frame)
        for section, number, key in zip(document.sections, numbers, _ids(document.sections, frame), strict=True)
    ]
    page = _PAGE.render(
        language=cover.language or "en", title=cover.title, cover=cover, shown_date=shown_date(cover), labels=labels,
        style=_style(cover, theme), script=_script(), script_hash=_hash(_script()), facts=cover_facts_html(cover),
        sections=sections, logos=[_logo(logo, cover.language) for logo in theme.logos],
    )  # fmt: skip
    return page + "\n"


@cache
def _script() -> Markup:
    lines = (_FOLDER / "report.js").read_text(encoding="utf-8").splitlines()
    return Markup("\n".join(line for line in lines if line and not line.startswith("//")))


def _hash(script: str) -> str:
    """Return the hash by which the page's policy allows the script."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def _logo(logo: Logo, language: str) -> tuple[str, str]:
    """Return a logo as an address that holds it, and its alternative text."""
    kind = {"svg": "image/svg+xml", "png": "image/png"}[logo.kind]
    return f"data:{kind};base64,{base64.b64encode(logo.data).decode()}", logo.alt_text(language)


def _style(cover: Cover, theme: Theme) -> Markup:
    # Custom properties do not reach the margins of printed pages.
    draft = labels_with_defaults(cover.labels)["draft"].upper() if cover.draft else ""
    page = style_sheet(
        "report/render/html/report.css", running_head_css=_css_string(cover.running_head),
        banner_css=_css_string(cover.banner), draft_css=_css_string(draft), sans_css=_css_string(theme.sans),
        muted_css=theme.muted, warm_css=theme.warm,
    )  # fmt: skip
    field = f"body.report{{--field:{theme.after}}}"
    return Markup("".join([font_css(theme), theme_css(theme, ".vunki"), field, block_css(), page]))


def _css_string(text: str) -> Markup:
    """Escape text so that it cannot leave a quoted CSS string."""
    return Markup("").join(c if c.isalnum() or c == " " else f"\\{ord(c):06x} " for c in plain(text))


def _title(section: Section) -> str:
    page_one = next((block for block in section.blocks if isinstance(block, PageOne)), None)
    return page_one.verdict if page_one else section.title


def _ids(sections: tuple[Section, ...], frame: Frame) -> list[str]:
    """List the ids of the sections; one whose key is taken gets a numbered id."""
    taken: set[str] = set()
    ids = []
    for i, section in enumerate(sections, 1):
        anchor = frame.anchors[section.key]
        ids.append(f"part-{i}" if anchor in taken else anchor)
        taken.add(anchor)
    return ids


def _section(section: Section, number: str, key: str, frame: Frame) -> dict[str, str]:
    """Return the parts of a section; ``entry`` is its line in the contents. Page one has no heading of its own."""
    designed = any(isinstance(block, PageOne) for block in section.blocks)
    body = blocks_html(section.blocks, frame)
    return {
        "id": key, "number": number, "entry": _title(section), "title": "" if designed else section.title,
        "subtitle": "" if designed else section.subtitle, "body": body + notes_html(frame),
    }  # fmt: skip
