"""Markdown that people wrote (commentary, cells added by hand) as blocks: a safe subset, without HTML or files."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from vunki_eval.language.text import plain, safe_link
from vunki_eval.results.blocks import (
    Block,
    Bullets,
    Callout,
    Column,
    Heading,
    Paragraph,
    Rich,
    Span,
    Table,
    rich,
)

_STYLES = {"strong": "strong", "emphasis": "emphasis", "codespan": "code"}
_Token = dict[str, Any]


def markdown_blocks(source: str, name: str = "markdown") -> tuple[Block, ...]:
    """Turn Markdown into blocks.

    Headings, paragraphs, lists, quotes, tables, code (as literal text), footnotes and safe links (https, mailto or
    internal) are kept. Raw HTML is dropped, and an image is replaced by its alt text. The names of tables begin with
    ``name``.
    """
    import mistune

    tokens: Any = mistune.create_markdown(renderer=None, plugins=["table", "footnotes"])(source)
    notes = _footnotes(tokens)
    blocks = [block for token in tokens for block in _blocks(token, notes)]
    return tuple(_named(block, f"{name}-{i}") for i, block in enumerate(blocks, 1))


def _named(block: Block, name: str) -> Block:
    return replace(block, name=name) if isinstance(block, Table) else block


def _footnotes(tokens: Iterable[_Token]) -> dict[int, str]:
    lists = (token["children"] for token in tokens if token["type"] == "footnotes")
    return {int(note["attrs"]["index"]): _text(note) for notes in lists for note in notes}


def _blocks(token: _Token, notes: dict[int, str]) -> Iterator[Block]:
    kind = token["type"]
    if kind in ("paragraph", "block_text"):
        content = _rich(token, notes)
        if any(span.text.strip() for span in content):
            yield Paragraph(content)
    elif kind == "heading":
        yield Heading(plain(_text(token)), token["attrs"]["level"])
    elif kind == "list":
        yield Bullets(tuple(_items(token, notes)), bool(token["attrs"]["ordered"]))
    elif kind == "block_quote":
        parts = [block for child in token["children"] for block in _blocks(child, notes)]
        yield Callout("", tuple(content for block in parts for content in _contents(block)))
    elif kind == "block_code":
        yield from (Paragraph(rich(line), "code") for line in token["raw"].splitlines() if line.strip())
    elif kind == "table":
        yield _table(token)


def _contents(block: Block) -> tuple[Rich, ...]:
    if isinstance(block, Paragraph):
        return (block.content,)
    return block.items if isinstance(block, Bullets) else ()


def _items(token: _Token, notes: dict[int, str]) -> Iterator[Rich]:
    """Yield the items of a list; items of a nested list follow their parent on the same level."""
    for item in token["children"]:
        yield tuple(s for part in item["children"] if part["type"] != "list" for s in _rich(part, notes))
        for part in item["children"]:
            if part["type"] == "list":
                yield from _items(part, notes)


def _rich(token: _Token, notes: dict[int, str], style: str = "", link: str = "") -> Rich:
    spans: list[Span] = []
    for child in token.get("children", []):
        kind = child["type"]
        if kind == "footnote_ref":
            spans.append(Span("", footnote=notes.get(int(child["attrs"]["index"]), "")))
        elif kind == "link":
            spans.extend(_rich(child, notes, style, safe_link(child["attrs"]["url"])))
        elif kind in ("strong", "emphasis"):
            spans.extend(_rich(child, notes, style or _STYLES[kind], link))
        elif text := _text(child):
            spans.append(Span(text, style or _STYLES.get(kind, ""), link))
    return tuple(spans)


def _text(token: _Token) -> str:
    kind = token["type"]
    if kind in ("inline_html", "block_html", "footnote_ref"):
        return ""
    if kind in ("softbreak", "linebreak"):
        return " "
    return str(token["raw"]) if "raw" in token else "".join(_text(child) for child in token.get("children", []))


def _table(token: _Token) -> Table:
    header, *bodies = token["children"]
    aligned = [("right" if cell["attrs"]["align"] == "right" else "left", _text(cell)) for cell in header["children"]]
    columns = tuple(Column(title, align) for align, title in aligned)
    rows = tuple(tuple(_text(cell) for cell in row["children"]) for body in bodies for row in body["children"])
    return Table("", "", columns, rows, row_header=False)
