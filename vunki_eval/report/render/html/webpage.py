"""A document as one HTML file that requests nothing: for screens large and small, dark mode and paper.

Its only script lets readers sort tables. The page's policy allows that script by its hash and no other, and the page is
complete without it.
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
    """Return the document as an HTML page; the same content always gives the same text."""
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
    """Return the hash by which the page's policy allows the script."""
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
    """Show the project's logos, or the place reserved for the funder's symbols."""
    kinds = {"svg": "image/svg+xml", "png": "image/png"}
    images = "".join(
        f'<img src="data:{kinds[logo.kind]};base64,{base64.b64encode(logo.data).decode()}" '
        f'alt="{escaped(logo.alt_text(cover.language))}">'
        for logo in theme.logos
    )
    return f'<p class="logos">{images}</p>' if images else f'<p class="symbols">{escaped(place)}</p>'


def _style(cover: Cover, theme: Theme) -> str:
    draft = labels_with_defaults(cover.labels)["draft"] if cover.draft else ""
    values = {
        "running_head_css": _css_string(cover.running_head),
        "banner_css": _css_string(cover.banner),
        "draft_css": _css_string(draft.upper()),
    }
    # Custom properties do not reach the margins of printed pages.
    values |= {"muted_css": theme.muted, "warm_css": theme.warm, "sans_css": _css_string(theme.sans)}
    field = f"body.report{{--field:{theme.after}}}"
    page = re.sub(r"\n", "", _template("report.css").substitute(values))
    return font_css(theme) + theme_css(theme, ".vunki") + field + block_css() + page


def _signature(cover: Cover, title: str) -> str:
    """Return the block that says who signed; "" for a draft."""
    if not cover.signature:
        return ""
    lines = "".join(f"<dt>{escaped(label)}</dt><dd>{escaped(value)}</dd>" for label, value in cover.signature)
    if not title:
        return f'<dl class="signature">{lines}</dl>'
    return f'<section aria-label="{escaped(title)}"><dl class="signature">{lines}</dl></section>'


def _css_string(text: str) -> str:
    """Escape text so that it cannot leave a quoted CSS string."""
    return "".join(c if c.isalnum() or c == " " else f"\\{ord(c):06x} " for c in plain(text))


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


def _entry(title: str, number: str, key: str) -> str:
    return f'<li><a href="#{key}"><span class="number">{number}</span> <span>{escaped(title)}</span></a></li>'


def _section(section: Section, number: str, key: str, frame: Frame) -> str:
    designed = any(isinstance(block, PageOne) for block in section.blocks)
    label = "" if designed or not section.title else f' aria-labelledby="{key}-title"'
    mark = f'<span class="number">{number}</span> ' if number else ""
    heading = f'<h2 id="{key}-title">{mark}<span>{escaped(section.title)}</span></h2>' if label else ""
    subtitle = f'<p class="subtitle">{escaped(section.subtitle)}</p>' if section.subtitle and not designed else ""
    body = blocks_html(section.blocks, frame)
    return f'<section id="{key}"{label}>{heading}{subtitle}{body}{notes_html(frame)}</section>'
