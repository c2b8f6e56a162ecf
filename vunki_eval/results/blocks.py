"""What a report is made of, apart from how it looks: spans, blocks and sections.

Sections build these, and the PDF, HTML and DOCX exporters draw them. Everything is frozen, holds only plain text
(never parsed as markup) and travels through the notebook as JSON.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, ClassVar

SECTION_MIME = "application/vnd.vunki.section+json"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text. ``style``: "", strong, emphasis, code or muted; ``link``: https, mailto or "#key"."""

    text: str
    style: str = ""
    link: str = ""
    footnote: str = ""


Rich = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section; level 2 stands below the section's own title (level 1), level 3 below that."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 2
    key: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. ``style``: body, lead (larger, opens a section), subtitle (the statistical subtitle), note."""

    kind: ClassVar[str] = "paragraph"
    content: Rich
    style: str = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    kind: ClassVar[str] = "bullets"
    items: tuple[Rich, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``align``: left, right or decimal (on the decimal mark); ``wide``: takes the spare width."""

    title: str
    align: str = "left"
    unit: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption (its finding or its subject) and a note that names n and the method.

    Cells hold ready text in the report's language. ``row_header`` makes the cells of the first column header cells.
    """

    kind: ClassVar[str] = "table"
    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    row_header: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawn figure with everything that must stand beside it.

    ``svg`` keeps its letters as text (``svg.fonttype = none``). ``data`` holds the numbers drawn, header first.
    """

    kind: ClassVar[str] = "figure"
    name: str
    title: str
    subtitle: str
    alt: str
    svg: str
    base: str = ""
    source: str = ""
    data: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Callout:
    """A box. ``tone``: note, tip, warning."""

    kind: ClassVar[str] = "callout"
    title: str
    content: tuple[Rich, ...]
    tone: str = "note"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of the method annex: its name in ``report/render/formulas.toml``, and its alt text in words."""

    kind: ClassVar[str] = "formula"
    name: str
    alt: str


@dataclass(frozen=True, slots=True)
class Number:
    """One of the five numbers of page one; ``share`` of the target (0 or more) draws a bar, None draws none."""

    value: str
    unit: str
    label: str
    foot: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class ExpectedResultLine:
    """An expected result: its status as a mark and a word, the strength of evidence as 0-3 dots and a word."""

    result: str
    mark: str
    status: str
    dots: int
    strength: str


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation of the evaluator."""

    text: str
    owner: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class PageOne:
    """The designed first page: verdict, five numbers, expected results, one chart, limits, advice, base.

    ``labels`` are small headings in the report's language. Their keys: eyebrow, results (above the table), result (its
    first column), status, strength, change, limits, advice, no_advice.
    """

    kind: ClassVar[str] = "page_one"
    verdict: str
    lead: str
    numbers: tuple[Number, ...]
    expected_results: tuple[ExpectedResultLine, ...]
    chart: Figure | None
    chart_note: str
    limits: tuple[str, ...]
    advice: tuple[Advice, ...]
    base: str
    labels: dict[str, str]


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover, and what describes the document as a whole.

    ``facts`` are (value, label) pairs; ``lines`` are (label, value) pairs for the funder, applicant and partners.
    ``banner`` is the mark that every page carries for synthetic data ("" for real data). ``draft`` is the draft mark
    until someone signs; then ``signature`` holds the (label, value) lines for the cover and the last page. ``date`` is
    an ISO date. ``labels`` are the document's fixed words, by the keys of `vunki_eval.report.render.labels.LABELS`.
    """

    kind: ClassVar[str] = "cover"
    title: str
    subtitle: str
    language: str
    running_head: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str], ...]
    date: str
    author: str
    banner: str
    draft: str
    labels: dict[str, str]
    signature: tuple[tuple[str, str], ...] = ()


Block = Heading | Paragraph | Bullets | Table | Figure | Callout | Formula | PageOne | Cover
_KINDS: dict[str, type] = {
    c.kind: c for c in (Heading, Paragraph, Bullets, Table, Figure, Callout, Formula, PageOne, Cover)
}
_PARTS: dict[str, type] = {
    "numbers": Number,
    "expected_results": ExpectedResultLine,
    "advice": Advice,
    "columns": Column,
}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: it shows itself in a notebook and carries its blocks to the exporters.

    ``title`` is the finding ("" for a section without a heading, such as the cover); ``subtitle`` is the statistical
    subtitle. ``part`` is "annex" for a section of the annex. ``language`` and ``labels`` (as in `Cover`) serve the
    notebook, where a section stands alone. ``html`` draws the section there: blocks do not know how they look, so the
    report passes the function in. It is not part of the section's data; without it a notebook shows only the title.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    part: str = ""
    language: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    html: Callable[["Section"], str] | None = field(default=None, compare=False, repr=False)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle = {SECTION_MIME: to_json(self), "text/plain": self.title or self.key}
        return bundle | ({"text/html": self.html(self)} if self.html else {})


def rich(text: str, style: str = "", link: str = "", footnote: str = "") -> Rich:
    """Make running text of one span."""
    return (Span(text, style, link, footnote),)


def paragraph(text: str, style: str = "body") -> Paragraph:
    """Make a paragraph of plain text."""
    return Paragraph(rich(text), style)


def to_json(value: Any) -> Any:
    """Turn a section, a block or a part of one into JSON-ready data; a block carries its ``kind``."""
    if is_dataclass(value) and not isinstance(value, type):
        # A field that is not compared, such as a section's ``html``, is not data.
        out = {f.name: to_json(getattr(value, f.name)) for f in fields(value) if f.compare}
        kind = getattr(value, "kind", "")
        return {"kind": kind, **out} if kind else out
    if isinstance(value, list | tuple):
        return [to_json(v) for v in value]
    if isinstance(value, dict):
        return {str(k): to_json(v) for k, v in value.items()}
    return value


def section_from_json(data: dict[str, Any]) -> Section:
    """Restore the section that `to_json` wrote."""
    blocks = tuple(block_from_json(b) for b in data["blocks"])
    options = {name: data[name] for name in ("subtitle", "part", "language", "labels") if name in data}
    return Section(data["key"], data["title"], blocks, **options)


def block_from_json(data: dict[str, Any]) -> Block:
    """Restore the block that `to_json` wrote."""
    block: Block = _KINDS[data["kind"]](**{k: _part(k, v) for k, v in data.items() if k != "kind"})
    return block


def _part(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return block_from_json(value) if "kind" in value else value
    if not isinstance(value, list):
        return value
    if name in _PARTS:
        return tuple(_PARTS[name](**v) for v in value)
    return tuple(Span(**v) if isinstance(v, dict) else _part("", v) for v in value)
