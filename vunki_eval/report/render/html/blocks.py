"""Blocks as HTML: the same fragments in JupyterLab and in the HTML report.

Every text is escaped and every figure is rebuilt from known drawing elements; no script or handler is written.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from vunki_eval.language.text import bracketed, decimal_tails, safe_link, slug
from vunki_eval.language.text import escaped as text
from vunki_eval.project.svg import safe_svg, svg_size
from vunki_eval.project.theme import THEME, Theme
from vunki_eval.report.render.formulas import formula
from vunki_eval.report.render.html.pages import template
from vunki_eval.report.render.labels import SYMBOLS, figure_foot, labels_with_defaults, with_label
from vunki_eval.report.render.row_groups import GroupedTable, grouped
from vunki_eval.results.blocks import (
    Block,
    Bullets,
    Callout,
    Cover,
    Figure,
    Formula,
    Heading,
    PageOne,
    Paragraph,
    Rich,
    Section,
    Span,
    Table,
)

_SCREEN_SCALE = 1.18  # size on screen to size on paper: 9 points are read as 14 pixels
_Cell = tuple[str, Markup]  # content and attributes
_BLOCKS: Any = template("report/render/html/blocks.html").module
_PAGE_ONE: Any = template("report/render/html/page_one.html").module
_TAGS = {"strong": "strong", "emphasis": "em", "code": "code"}


@dataclass(slots=True)
class Frame:
    """What blocks need to know of the page they are written to; figures, tables and footnotes are counted here.

    ``anchors`` maps the keys of "#key" links to ids; a link to any other key is dropped. ``prefix`` keeps the ids of
    sections distinct in a notebook. ``numbered`` gives figures and tables a name ("Figure 3").
    """

    labels: dict[str, str]
    prefix: str = ""
    level: int = 2
    numbered: bool = False
    anchors: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def section_html(section: Section, theme: Theme = THEME) -> str:
    """Return a section as a fragment with its own small style, for the output of a notebook."""
    frame = Frame(labels_with_defaults(section.labels), prefix=f"{slug(section.key)}-")
    style = Markup(theme_css(theme, ".vunki") + block_css())
    body = blocks_html(section.blocks, frame)
    return str(_BLOCKS.section(section, style, body, notes_html(frame)))


def blocks_html(blocks: Iterable[Block], frame: Frame) -> Markup:
    """Return blocks as HTML; their footnotes are collected in ``frame.notes``."""
    return Markup("\n").join(_WRITERS[block.kind](block, frame) for block in blocks)


def notes_html(frame: Frame) -> Markup:
    """Return the footnotes collected so far as a list, and clear them."""
    first = frame.counts["note"] - len(frame.notes) + 1
    notes = Markup(_BLOCKS.notes(list(enumerate(frame.notes, first)), frame.prefix, frame.labels["back"]))
    frame.notes.clear()
    return notes


def rich_html(content: Rich, frame: Frame) -> Markup:
    """Return running text with its styles, safe links and footnote marks."""
    return Markup("".join(_span(span, frame) for span in content))


def _span(span: Span, frame: Frame) -> str:
    out = text(span.text)
    if tag := _TAGS.get(span.style):
        out = f"<{tag}>{out}</{tag}>"
    elif span.style == "muted":
        out = f'<span class="muted">{out}</span>'
    if link := _target(span.link, frame):
        out = f'<a href="{text(link)}">{out}</a>'
    if span.footnote:
        frame.counts["note"] += 1
        frame.notes.append(span.footnote)
        i, label = frame.counts["note"], text(frame.labels["footnote"])
        out += f'<sup><a id="{frame.prefix}fnref{i}" href="#{frame.prefix}fn{i}" aria-label="{label} {i}">{i}</a></sup>'
    return out


def _target(link: str, frame: Frame) -> str:
    if not link.startswith("#"):
        return safe_link(link)
    anchor = frame.anchors.get(link[1:])
    return f"#{anchor}" if anchor else ""


def _heading(block: Heading, frame: Frame) -> Markup:
    anchor = frame.anchors.get(block.key, "")
    frame.counts[anchor] += 1
    # An id must be unique: the first heading of a key has it.
    identity = anchor if frame.counts[anchor] == 1 else ""
    return Markup(_BLOCKS.heading(block, min(frame.level + block.level - 1, 6), identity))


def _paragraph(block: Paragraph, frame: Frame) -> Markup:
    return Markup(_BLOCKS.paragraph(block, rich_html(block.content, frame)))


def _bullets(block: Bullets, frame: Frame) -> Markup:
    return Markup(_BLOCKS.bullets("ol" if block.ordered else "ul", [rich_html(item, frame) for item in block.items]))


def _callout(block: Callout, frame: Frame) -> Markup:
    return Markup(_BLOCKS.callout(block, [rich_html(part, frame) for part in block.content]))


def _formula(block: Formula, frame: Frame) -> Markup:
    return Markup(_BLOCKS.formula(block, Markup(formula(block.name).mathml)))


def _number(kind: str, frame: Frame) -> tuple[str, str]:
    """Count a figure or table; return its id and, in a numbered document, its name ("Figure 3")."""
    frame.counts[kind] += 1
    name = f"{frame.labels[kind]} {frame.counts[kind]}" if frame.numbered else ""
    return f"{frame.prefix}{kind}-{frame.counts[kind]}", name


def _table(block: Table, frame: Frame) -> Markup:
    key, number = _number("table", frame)
    groups = grouped(block)
    note = with_label(frame.labels["note"], block.note) if block.note else ""
    bodies = _bodies(groups)
    return Markup(_BLOCKS.table(key, number, frame.labels["table"], block, groups, bodies, SYMBOLS, note))


def _bodies(groups: GroupedTable) -> list[tuple[str | None, list[tuple[bool, list[_Cell]]]]]:
    """Part the rows into groups, each with its heading (None without one), and mark rows that repeat a first cell."""
    block, headings = groups.table, groups.heading_of
    columns = [_column(column.align, [row[i] for row in block.rows]) for i, column in enumerate(block.columns)]
    repeating = block.columns[0].align == "left" and not headings
    bodies: list[tuple[str | None, list[tuple[bool, list[_Cell]]]]] = []
    for r, row in enumerate(block.rows):
        if not bodies or r in headings:
            bodies.append((headings.get(r), []))
        again = bool(repeating and r and row[0] == block.rows[r - 1][0])
        bodies[-1][1].append((again, [column[r] for column in columns]))
    return bodies


def _column(align: str, cells: Sequence[str]) -> list[_Cell]:
    """Return the content and the attributes of each cell of a column."""
    attributes = Markup(f' class="{slug(align)}"')
    parts = bracketed(cells) if align == "right" else []
    if parts:
        width = max(_digit_widths(rest) for _, rest in parts)
        tails = decimal_tails([lead for lead, _ in parts])
        marked = zip(parts, tails, strict=True)
        return [(_with_bracket(lead, rest, width, tail), attributes) for (lead, rest), tail in marked]
    if align != "decimal":
        return [(cell, attributes) for cell in cells]
    # Padding as wide as the digits (and the mark) that a number lacks aligns all numbers on the decimal mark.
    style = ' style="padding-right:calc(.5em + {})"'
    padding = [Markup(style.format(_missing_width(tail)) if any(tail) else "") for tail in decimal_tails(cells)]
    return [(cell, attributes + missing) for cell, missing in zip(cells, padding, strict=True)]


def _with_bracket(lead: str, rest: str, width: float, tail: tuple[int, bool]) -> Markup:
    """Write a number and the bracket behind it, which starts where those of other rows start."""
    margin = f";margin-left:calc({_missing_width(tail)})" if any(tail) else ""
    return Markup(f'{text(lead)} <span class="rest" style="min-width:{width:.1f}ch{margin}">{text(rest)}</span>')


def _missing_width(tail: tuple[int, bool]) -> str:
    digits, mark = tail
    return f"{digits}ch{' + .25em' if mark else ''}"


def _digit_widths(bracket: str) -> float:
    """Guess the width of a bracket in digits; marks and spaces are narrower."""
    return sum(1.0 if letter.isalnum() or letter in "+−–×<>" else 0.6 for letter in bracket)


def _figure(block: Figure, frame: Frame) -> Markup:
    key, number = _number("figure", frame)
    base = figure_foot(block.base, block.source, frame.labels)
    return Markup(_BLOCKS.figure(key, number, block, _drawing(block, f"{key}-caption"), base, frame.labels))


def _drawing(block: Figure, caption: str) -> Markup:
    """Return a drawing on its white card; it scrolls sideways on a screen too narrow for legible letters."""
    width = svg_size(block.svg)[0]
    style = f"max-width:{_SCREEN_SCALE * width:.0f}pt;min-width:{min(width, 0.7 * width + 60):.0f}pt"
    return Markup(_BLOCKS.drawing(caption, style, Markup(safe_svg(block.svg, name=block.alt))))


def _page_one(block: PageOne, frame: Frame) -> Markup:
    chart = _drawing(block.chart, f"{frame.prefix}chart") if block.chart else ""
    return Markup(_PAGE_ONE.page_one(block, chart, frame.level, frame.prefix))


def _cover(block: Cover, frame: Frame) -> Markup:
    return Markup(_BLOCKS.cover(block, frame.level))


def cover_facts_html(cover: Cover) -> Markup:
    """Return the cover's facts and the lines on who paid, applied and took part."""
    return Markup(_BLOCKS.cover_facts(cover))


_WRITERS: dict[str, Callable[[Any, Frame], Markup]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "bullets": _bullets,
    "table": _table,
    "figure": _figure,
    "callout": _callout,
    "formula": _formula,
    "page_one": _page_one,
    "cover": _cover,
}


@cache
def block_css() -> str:
    """Return the style of the blocks; all of its rules apply below ``.vunki`` only."""
    lines = (line.strip() for line in Path(__file__).with_name("blocks.css").read_text(encoding="utf-8").splitlines())
    return "".join(line for line in lines if line and not line.startswith("/*"))


def theme_css(theme: Theme, selector: str) -> str:
    """Return the theme's colours and typefaces as custom properties."""
    colours = ("ink", "muted", "hair", "before", "after", "warm", "tint")
    values = "".join(f"--{name}:{getattr(theme, name)};" for name in colours)
    faces = f"--sans:'{theme.sans}',system-ui,sans-serif;--serif:'{theme.serif}',Georgia,serif;"
    return f"{selector}{{{values}{faces}--paper:#fff;--card:#fff}}"
