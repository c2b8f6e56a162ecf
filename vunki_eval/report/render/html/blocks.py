"""Blocks as HTML: the same fragments in JupyterLab and in the HTML report.

Every text is escaped and every figure is rebuilt from known drawing elements; no script or handler is written.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from vunki_eval.language.text import bracketed, decimal_tails, safe_link, slug
from vunki_eval.language.text import escaped as text
from vunki_eval.project.svg import safe_svg, svg_size
from vunki_eval.project.theme import THEME, Theme
from vunki_eval.report.render.formulas import formula
from vunki_eval.report.render.html.page_one import page_one_html
from vunki_eval.report.render.labels import SYMBOLS, figure_foot, labels_with_defaults, with_label
from vunki_eval.report.render.row_groups import GroupedTable, grouped
from vunki_eval.results.blocks import (
    Block,
    Bullets,
    Callout,
    Column,
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
    language = f' lang="{text(section.language)}"' if section.language else ""
    head = f"<h2>{text(section.title)}</h2>" if section.title else ""
    subtitle = f'<p class="subtitle">{text(section.subtitle)}</p>' if section.subtitle else ""
    body = blocks_html(section.blocks, frame)
    style = f"<style>{theme_css(theme, '.vunki')}{block_css()}</style>"
    return f'<div class="vunki"{language}>{style}{head}{subtitle}{body}{notes_html(frame)}</div>'


def blocks_html(blocks: Iterable[Block], frame: Frame) -> str:
    """Return blocks as HTML; their footnotes are collected in ``frame.notes``."""
    return "\n".join(_WRITERS[block.kind](block, frame) for block in blocks)


def notes_html(frame: Frame) -> str:
    """Return the footnotes collected so far as a list, and clear them."""
    first = frame.counts["note"] - len(frame.notes) + 1
    rows = [
        f'<li id="{frame.prefix}fn{i}" value="{i}">{note} <a href="#{frame.prefix}fnref{i}" '
        f'aria-label="{text(frame.labels["back"])} {i}">↩</a></li>'
        for i, note in enumerate(frame.notes, first)
    ]
    frame.notes.clear()
    return f'<ol class="notes">{"".join(rows)}</ol>' if rows else ""


def rich_html(content: Rich, frame: Frame) -> str:
    """Return running text with its styles, safe links and footnote marks."""
    return "".join(_span(span, frame) for span in content)


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
        frame.notes.append(text(span.footnote))
        i, label = frame.counts["note"], text(frame.labels["footnote"])
        out += f'<sup><a id="{frame.prefix}fnref{i}" href="#{frame.prefix}fn{i}" aria-label="{label} {i}">{i}</a></sup>'
    return out


def _target(link: str, frame: Frame) -> str:
    if not link.startswith("#"):
        return safe_link(link)
    anchor = frame.anchors.get(link[1:])
    return f"#{anchor}" if anchor else ""


def _heading(block: Heading, frame: Frame) -> str:
    level = min(frame.level + block.level - 1, 6)
    anchor = frame.anchors.get(block.key, "")
    frame.counts[anchor] += 1
    # An id must be unique: the first heading of a key has it.
    identity = f' id="{anchor}"' if anchor and frame.counts[anchor] == 1 else ""
    return f"<h{level}{identity}>{text(block.text)}</h{level}>"


def _paragraph(block: Paragraph, frame: Frame) -> str:
    style = f' class="{slug(block.style)}"' if block.style != "body" else ""
    return f"<p{style}>{rich_html(block.content, frame)}</p>"


def _bullets(block: Bullets, frame: Frame) -> str:
    tag = "ol" if block.ordered else "ul"
    return f"<{tag}>{''.join(f'<li>{rich_html(item, frame)}</li>' for item in block.items)}</{tag}>"


def _callout(block: Callout, frame: Frame) -> str:
    title = f'<p class="callout-title">{text(block.title)}</p>' if block.title else ""
    body = "".join(f"<p>{rich_html(part, frame)}</p>" for part in block.content)
    return f'<div class="callout {slug(block.tone)}" role="note">{title}{body}</div>'


def _formula(block: Formula, frame: Frame) -> str:
    body = formula(block.name).mathml
    label = f'role="group" tabindex="0" aria-label="{text(block.alt)}"'
    maths = f'<div {label}><math display="block" alttext="{text(block.alt)}">{body}</math></div>'
    return f'<div class="formula">{maths}<p class="note">{text(block.alt)}</p></div>'


def _number(kind: str, frame: Frame) -> tuple[str, str]:
    """Count a figure or table; return its id and, in a numbered document, its name ("Figure 3")."""
    frame.counts[kind] += 1
    name = f"{frame.labels[kind]} {frame.counts[kind]}" if frame.numbered else ""
    return f"{frame.prefix}{kind}-{frame.counts[kind]}", name


def _table(block: Table, frame: Frame) -> str:
    key, number = _number("table", frame)
    groups = grouped(block)
    title = f'<span class="said">{_numbered(number)}{text(block.caption)}</span>'
    caption = f'<caption id="{key}-caption">{title}</caption>' if block.caption else ""
    label = f'aria-labelledby="{key}-caption"' if caption else f'aria-label="{text(number or frame.labels["table"])}"'
    note = f'<p class="note">{text(with_label(frame.labels["note"], block.note))}</p>' if block.note else ""
    return (
        f'<div class="table" id="{key}"><div class="scroll" role="region" tabindex="0" {label}>'
        f"<table>{caption}{_header(groups.table.columns, groups.column)}{_rows(groups)}</table></div>{note}</div>"
    )


def _numbered(number: str) -> str:
    return f'<span class="number">{text(number)}</span> ' if number else ""


def _header(columns: Sequence[Column], group_column: str) -> str:
    cells = []
    for i, column in enumerate(columns):
        unit = f' <span class="unit">{text(column.unit)}</span>' if column.unit else ""
        tag = 'th scope="col"' if column.title or column.unit else "td"
        title = f"<i>{text(column.title)}</i>" if column.title in SYMBOLS else text(column.title)
        title = f'{text(group_column)}<span class="under">{title}</span>' if group_column and not i else title
        cells.append(f'<{tag} class="{slug(column.align)}">{title}{unit}</{tag[:2]}>')
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def _rows(groups: GroupedTable) -> str:
    block, headings = groups.table, groups.heading_of
    columns = [_column(column.align, [row[i] for row in block.rows]) for i, column in enumerate(block.columns)]
    bodies = [""]
    for r, row in enumerate(block.rows):
        cells = [_cell(block, i, *column[r]) for i, column in enumerate(columns)]
        repeats = block.columns[0].align == "left" and not headings and r and row[0] == block.rows[r - 1][0]
        if r in headings:
            bodies.append(f'<tr><th scope="rowgroup" colspan="{len(block.columns)}">{text(headings[r])}</th></tr>')
        bodies[-1] += f'<tr class="again">{"".join(cells)}</tr>' if repeats else f"<tr>{''.join(cells)}</tr>"
    kind = ' class="group"' if headings else ""
    return "".join(f"<tbody{kind}>{body}</tbody>" for body in bodies if body) or "<tbody></tbody>"


def _cell(block: Table, i: int, content: str, style: str) -> str:
    tag = "th" if i == 0 and block.row_header else "td"
    scope = ' scope="row"' if tag == "th" else ""
    return f'<{tag}{scope} class="{slug(block.columns[i].align)}"{style}>{content}</{tag}>'


def _column(align: str, cells: Sequence[str]) -> list[tuple[str, str]]:
    """Return the content and the style of each cell of a column."""
    parts = bracketed(cells) if align == "right" else []
    if parts:
        width = max(_digit_widths(rest) for _, rest in parts)
        tails = decimal_tails([lead for lead, _ in parts])
        return [(_with_bracket(lead, rest, width, tail), "") for (lead, rest), tail in zip(parts, tails, strict=True)]
    tails = decimal_tails(cells) if align == "decimal" else [(0, False)] * len(cells)
    # Padding as wide as the digits (and the mark) that a number lacks aligns all numbers on the decimal mark.
    styles = [f' style="padding-right:calc(.5em + {_missing_width(tail)})"' if any(tail) else "" for tail in tails]
    return [(text(cell), style) for cell, style in zip(cells, styles, strict=True)]


def _with_bracket(lead: str, rest: str, width: float, tail: tuple[int, bool]) -> str:
    """Write a number and the bracket behind it, which starts where those of other rows start."""
    margin = f";margin-left:calc({_missing_width(tail)})" if any(tail) else ""
    return f'{text(lead)} <span class="rest" style="min-width:{width:.1f}ch{margin}">{text(rest)}</span>'


def _missing_width(tail: tuple[int, bool]) -> str:
    digits, mark = tail
    return f"{digits}ch{' + .25em' if mark else ''}"


def _digit_widths(bracket: str) -> float:
    """Guess the width of a bracket in digits; marks and spaces are narrower."""
    return sum(1.0 if letter.isalnum() or letter in "+−–×<>" else 0.6 for letter in bracket)


def _figure(block: Figure, frame: Frame) -> str:
    key, number = _number("figure", frame)
    subtitle = f'<span class="subtitle">{text(block.subtitle)}</span>' if block.subtitle else ""
    base = text(figure_foot(block.base, block.source, frame.labels))
    foot = f'<p class="base">{base}</p>' if base else ""
    return (
        f'<figure id="{key}"><figcaption id="{key}-caption">{_numbered(number)}<strong>{text(block.title)}</strong>'
        f"{subtitle}</figcaption>{drawing_html(block, f'{key}-caption')}{foot}{_data(block, frame)}</figure>"
    )


def drawing_html(block: Figure, caption: str) -> str:
    """Return a drawing on its white card; it scrolls sideways on a screen too narrow for legible letters."""
    width = svg_size(block.svg)[0]
    style = f"max-width:{_SCREEN_SCALE * width:.0f}pt;min-width:{min(width, 0.7 * width + 60):.0f}pt"
    return (
        f'<div class="art scroll" role="region" tabindex="0" aria-labelledby="{caption}">'
        f'<div style="{style}">{safe_svg(block.svg, name=block.alt)}</div></div>'
    )


def _data(block: Figure, frame: Frame) -> str:
    if len(block.data) < 2:
        return ""
    head = "".join(f'<th scope="col">{text(cell)}</th>' if cell else "<td></td>" for cell in block.data[0])
    rows = "".join("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in block.data[1:])
    name = f"{frame.labels['data']}: {block.title or block.name}"
    label = f'role="region" tabindex="0" aria-label="{text(name)}"'
    return (
        f'<details><summary>{text(frame.labels["data"])}</summary><div class="scroll" {label}>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _page_one(block: PageOne, frame: Frame) -> str:
    chart = drawing_html(block.chart, f"{frame.prefix}chart") if block.chart else ""
    return page_one_html(block, chart, level=frame.level, prefix=frame.prefix)


def _cover(block: Cover, frame: Frame) -> str:
    marks = "".join(f'<p class="mark">{text(m)}</p>' for m in (block.banner, block.draft) if m)
    return (
        f'<div class="cover">{marks}<h{frame.level} class="title">{text(block.title)}</h{frame.level}>'
        f'<p class="lead">{text(block.subtitle)}</p>{cover_facts_html(block)}</div>'
    )


def cover_facts_html(cover: Cover) -> str:
    """Return the cover's facts and the lines on who paid, applied and took part."""
    facts = "".join(f"<div><dt>{text(label)}</dt><dd>{text(value)}</dd></div>" for value, label in cover.facts)
    lines = "".join(f"<div><dt>{text(label)}</dt><dd>{text(value)}</dd></div>" for label, value in cover.lines)
    lists = (("facts", facts), ("lines", lines))
    return "".join(f'<dl class="{name}">{rows}</dl>' for name, rows in lists if rows)


_WRITERS: dict[str, Callable[[Any, Frame], str]] = {
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
