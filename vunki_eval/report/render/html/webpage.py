"""A document as one HTML file: readable offline, on a phone, in the dark and on paper; no request.

Its one script lets tables be sorted on screen. The page allows it by its hash and nothing else, and is whole without.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from string import Template

from vunki_eval.language.text import escaped, plain
from vunki_eval.project.theme import THEME, Theme
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
from vunki_eval.report.render.html.webfonts import font_css
from vunki_eval.report.render.labels import labels_with_defaults
from vunki_eval.report.render.notebook import Document
from vunki_eval.results.blocks import Cover, PageOne, Section

_FOLDER = Path(__file__).parent


def document_html(document: Document, *, theme: Theme = THEME) -> str:
    """Give the document as an HTML page; the same content gives the same text."""
    cover = document.cover
    labels = labels_with_defaults(cover.labels)
    numbers = section_numbers(document.sections)
    frame = Frame(labels, prefix="", numbered=True, anchors=anchors(document.sections))
    ids = _ids(document.sections, frame)
    sections = [
        _section(section, number, key, frame)
        for section, number, key in zip(document.sections, numbers, ids, strict=True)
    ]
    entries = [
        _entry(_title(section), number, key)
        for section, number, key in zip(document.sections, numbers, ids, strict=True)
        if _title(section)
    ]
    return _template("report.html").substitute(
        _cover(cover, labels),
        style=_style(cover, theme),
        script=_script(),
        script_hash=_hash(_script()),
        skip=escaped(labels["skip"]),
        contents=escaped(labels["contents"]),
        symbols=_symbols(cover, theme, labels["symbols"]),
        facts=f'<div class="about">{cover_facts_html(cover)}</div>',
        entries="".join(entries),
        sections="\n".join(sections),
    )


@cache
def _template(name: str) -> Template:
    return Template((_FOLDER / name).read_text(encoding="utf-8"))


@cache
def _script() -> str:
    lines = (_FOLDER / "report.js").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _hash(script: str) -> str:
    """Give the name by which a page's policy allows a script: that of its bytes."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def _cover(cover: Cover, labels: dict[str, str]) -> dict[str, str]:
    return {
        "language": escaped(cover.language or "en"),
        "title": escaped(cover.title),
        "subtitle": escaped(cover.subtitle),
        "author": escaped(cover.author),
        "date": escaped(cover.date),
        "shown_date": escaped(shown_date(cover)),
        "running_head": escaped(cover.running_head),
        "banner": f'<p class="banner">{escaped(cover.banner)}</p>' if cover.banner else "",
        "draft": f'<p class="draft">{escaped(cover.draft)}</p>' if cover.draft else "",
        "mark": f'<p class="draft-mark">{escaped(labels["draft"])}</p>' if cover.draft else "",
        "signed": _signature(cover, ""),
        "signature": _signature(cover, labels["signature"]),
    }


def _symbols(cover: Cover, theme: Theme, place: str) -> str:
    """Show the project's logos, or the place that is kept for the funder's symbols."""
    kinds = {"svg": "image/svg+xml", "png": "image/png"}
    shown = "".join(
        f'<img src="data:{kinds[logo.kind]};base64,{base64.b64encode(logo.data).decode()}" '
        f'alt="{escaped(logo.words(cover.language))}">'
        for logo in theme.logos
    )
    return f'<p class="logos">{shown}</p>' if shown else f'<p class="symbols">{escaped(place)}</p>'


def _style(cover: Cover, theme: Theme) -> str:
    draft = labels_with_defaults(cover.labels)["draft"] if cover.draft else ""
    words = {
        "running_head_css": _css_string(cover.running_head),
        "banner_css": _css_string(cover.banner),
        "draft_css": _css_string(draft.upper()),
    }
    # The margins of printed pages know no custom properties.
    words |= {"muted_css": theme.muted, "warm_css": theme.warm, "sans_css": _css_string(theme.sans)}
    field = f"body.report{{--field:{theme.after}}}"
    page = re.sub(r"\n", "", _template("report.css").substitute(words))
    return font_css(theme) + theme_css(theme, ".vunki") + field + block_css() + page


def _signature(cover: Cover, title: str) -> str:
    """Give the block of who signed; nothing for a draft."""
    if not cover.signature:
        return ""
    lines = "".join(f"<dt>{escaped(label)}</dt><dd>{escaped(value)}</dd>" for label, value in cover.signature)
    if not title:
        return f'<dl class="signature">{lines}</dl>'
    return f'<section aria-label="{escaped(title)}"><dl class="signature">{lines}</dl></section>'


def _css_string(text: str) -> str:
    """Write text so that it stays inside a quoted CSS string, whatever it holds."""
    return "".join(c if c.isalnum() or c == " " else f"\\{ord(c):06x} " for c in plain(text))


def _title(section: Section) -> str:
    page_one = next((block for block in section.blocks if isinstance(block, PageOne)), None)
    return page_one.verdict if page_one else section.title


def _ids(sections: tuple[Section, ...], frame: Frame) -> list[str]:
    """Give each section its id; one whose key is taken gets a number instead."""
    taken: set[str] = set()
    ids = []
    for i, section in enumerate(sections, 1):
        known = frame.anchors[section.key]
        ids.append(f"part-{i}" if known in taken else known)
        taken.add(known)
    return ids


def _entry(title: str, number: str, key: str) -> str:
    return f'<li><a href="#{key}"><span class="number">{number}</span> <span>{escaped(title)}</span></a></li>'


def _section(section: Section, number: str, key: str, frame: Frame) -> str:
    designed = any(isinstance(block, PageOne) for block in section.blocks)
    named = "" if designed or not section.title else f' aria-labelledby="{key}-title"'
    shown = f'<span class="number">{number}</span> ' if number else ""
    head = f'<h2 id="{key}-title">{shown}<span>{escaped(section.title)}</span></h2>' if named else ""
    subtitle = f'<p class="subtitle">{escaped(section.subtitle)}</p>' if section.subtitle and not designed else ""
    body = blocks_html(section.blocks, frame)
    return f'<section id="{key}"{named}>{head}{subtitle}{body}{notes_html(frame)}</section>'
