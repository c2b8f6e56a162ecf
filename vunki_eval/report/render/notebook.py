"""Read a document from an executed notebook: its sections in order, and what people added between them."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from vunki_eval.errors import M_, BuildError, Message, Problem
from vunki_eval.language.text import plain
from vunki_eval.results.blocks import (
    SECTION_MIME,
    Block,
    Column,
    Cover,
    Figure,
    Heading,
    PageOne,
    Paragraph,
    Section,
    Table,
    rich,
    section_from_json,
)
from vunki_eval.results.markdown import markdown_blocks

#: A cell with one of these tags is for readers of the notebook and stays out of the report.
LEFT_OUT = frozenset({"remove-cell", "remove_cell", "notebook-only"})
_PNG = "data:image/png;base64,"


@dataclass(frozen=True, slots=True)
class Document:
    """The content of a report: its cover and its sections in order."""

    cover: Cover
    sections: tuple[Section, ...]


def read_notebook(notebook: Mapping[str, Any]) -> Document:
    """Read the document from an executed notebook.

    Sections come from outputs of `Section`. Markdown cells, pictures, tables and Markdown outputs that an evaluator
    added are kept where they stand. Code, printed text and warnings are left out, and so is everything before the
    cover and every cell tagged ``remove-cell`` or ``notebook-only``: that is for readers of the notebook.

    Raises
    ------
    BuildError
        If a cell failed, a picture has no alt text, or there is nothing to show.
    """
    cells = list(enumerate(notebook.get("cells", []), 1))
    _refuse_failures(cells)
    parts = [part for i, cell in cells for part in _parts(cell, i)]
    covers = [i for i, part in enumerate(parts) if isinstance(part, Section) and _cover(part)]
    sections = _joined(parts[covers[0] :] if covers else parts)
    if not sections:
        raise BuildError(
            Problem(
                "", 0, "", M_("The notebook shows no section of a report."), M_("Run all its cells first."), "VE-403"
            )
        )
    cover = next(filter(None, map(_cover, sections)), None) or _plain_cover(sections)
    return Document(cover, tuple(s for s in sections if not _cover(s)))


def _refuse_failures(cells: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    problems = [
        _problem(
            i,
            M_("A cell failed ({output}).", output=_kind(output)),
            M_("Correct it and run the notebook again."),
            "VE-401",
        )
        for i, cell in cells
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
    ]
    if problems:
        raise BuildError(problems)


def _problem(number: int, problem: Message, hint: Message, code: str) -> Problem:
    return Problem("notebook", 0, M_("cell {n}", n=number), problem, hint, code)


def _kind(output: Mapping[str, Any]) -> str:
    """Name the class of an error; its message is left out because it may hold an answer."""
    return re.sub(r"\W", "", str(output.get("ename", "")))[:60] or "error"


def _cover(section: Section) -> Cover | None:
    return next((block for block in section.blocks if isinstance(block, Cover)), None)


def _plain_cover(sections: Iterable[Section]) -> Cover:
    title = next((s.title for s in sections if s.title), "Report")
    return Cover(title, "", "en", title, (), (), "", "", "", "", {})


# ------------------------------------------------------------------------------------------------ cells


def _parts(cell: Mapping[str, Any], number: int) -> Iterator[Section | Block]:
    if LEFT_OUT & set(cell.get("metadata", {}).get("tags", [])):
        return
    if cell["cell_type"] == "markdown":
        yield from markdown_blocks("".join(cell["source"]), f"cell-{number}")
    for output in cell.get("outputs", []):
        if output["output_type"] in ("display_data", "execute_result"):
            yield from _shown(output, cell, number)


def _shown(output: Mapping[str, Any], cell: Mapping[str, Any], number: int) -> Iterator[Section | Block]:
    data = output["data"]
    if SECTION_MIME in data:
        yield _section(data[SECTION_MIME], number)
    elif mime := next((m for m in ("image/svg+xml", "image/png") if m in data), ""):
        metadata = {**cell.get("metadata", {}), **output.get("metadata", {})}
        yield _picture(mime, "".join(data[mime]), {**metadata, **metadata.get(mime, {})}, number)
    elif "text/markdown" in data:
        yield from markdown_blocks("".join(data["text/markdown"]), f"cell-{number}")
    elif "text/plain" in data:
        yield from _printed("".join(data["text/plain"]), number)


def _section(data: Any, number: int) -> Section:
    try:
        return section_from_json(data)
    except (KeyError, TypeError, ValueError, AttributeError):
        problem = _problem(
            number, M_("The section that this cell shows is incomplete."), M_("Run the notebook again."), "VE-404"
        )
        raise BuildError(problem) from None


def _picture(mime: str, content: str, metadata: Mapping[str, Any], number: int) -> Figure:
    alt = plain(str(metadata.get("alt") or "")).strip()
    if not alt:
        hint = M_('Describe the picture in the cell\'s metadata: "alt": "...".')
        raise BuildError(_problem(number, M_("The picture of this cell has no alt text."), hint, "VE-402"))
    svg = content if mime == "image/svg+xml" else _framed(content, number)
    title, subtitle, base, source = (str(metadata.get(key) or "") for key in ("title", "subtitle", "base", "source"))
    return Figure(f"cell-{number}", title or alt, subtitle, alt, svg, base, source)


def _framed(png: str, number: int) -> str:
    """Wrap a PNG in an SVG, so that all figures are of one kind."""
    try:
        raw = base64.b64decode(png)
    except ValueError:
        raw = b""
    if raw[:8] != b"\x89PNG\r\n\x1a\n" or len(raw) < 24:
        raise BuildError(_problem(number, M_("The picture of this cell is not a PNG."), M_("Draw it again."), "VE-405"))
    width, height = (int.from_bytes(raw[i : i + 4]) for i in (16, 20))  # as the header of a PNG states them
    inches = min(width / 150, 6.5)  # 150 pixels an inch, but no wider than the text
    size = f'width="{inches:.4f}in" height="{inches * height / max(width, 1):.4f}in" viewBox="0 0 {width} {height}"'
    image = f'<image width="{width}" height="{height}" href="{_PNG}{base64.b64encode(raw).decode()}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{image}</svg>'


def _printed(text: str, number: int) -> Iterator[Block]:
    """Turn a printed table into a table, and other printed values into literal text."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or (lines[0].startswith("<") and lines[-1].endswith(">")):
        return  # nothing, or the name of an object such as <Axes: >
    rows = [re.split(r"\s{2,}", line) for line in lines]
    width = max(len(row) for row in rows)
    if width > 1 and len(rows) > 1 and len(rows[0]) in (width, width - 1) and {len(r) for r in rows[1:]} == {width}:
        titles = [""] * (width - len(rows[0])) + rows[0]  # pandas prints no title above its index
        columns = tuple(Column(title, "left" if i == 0 else "right") for i, title in enumerate(titles))
        yield Table(f"cell-{number}", "", columns, tuple(tuple(row) for row in rows[1:]))
    else:
        yield from (Paragraph(rich(line), "code") for line in lines)


# ------------------------------------------------------------------------------------------------ joining


def _joined(parts: Iterable[Section | Block]) -> list[Section]:
    """Put loose blocks into the section before them, or under their own first-level heading."""
    sections: list[Section] = []
    for part in parts:
        if isinstance(part, Section):
            sections.append(part)
        elif isinstance(part, Heading) and part.level == 1:
            sections.append(Section(part.key or f"added-{len(sections)}", part.text, ()))
        elif sections and not _designed(sections[-1]):
            sections[-1] = replace(sections[-1], blocks=(*sections[-1].blocks, part))
        else:
            sections.append(Section(f"added-{len(sections)}", "", (part,)))
    return sections


def _designed(section: Section) -> bool:
    return any(isinstance(block, Cover | PageOne) for block in section.blocks)
