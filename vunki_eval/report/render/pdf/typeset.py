"""A document as PDF/A-3a and PDF/UA-1, set by Typst in this process.

The content is written as JSON and figure files to a temporary folder, where the fixed templates of
``report/render/pdf/typst/`` read it. Nothing that came from a survey or a person is ever parsed as Typst.
"""

import datetime
import json
import shutil
import tempfile
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vunki_eval.errors import M_, BuildError, Problem
from vunki_eval.language.text import bracketed, decimal_tails, plain, safe_link
from vunki_eval.project.svg import safe_svg, svg_size
from vunki_eval.project.theme import THEME, Logo, Theme
from vunki_eval.report.render.anchors import anchors, section_numbers
from vunki_eval.report.render.dates import report_date, shown_date
from vunki_eval.report.render.formulas import formula
from vunki_eval.report.render.labels import figure_foot, labels_with_defaults, with_label
from vunki_eval.report.render.notebook import Document
from vunki_eval.report.render.pdf.glyphs import breakable, drawable, drawable_svg, fonts
from vunki_eval.report.render.pdf.pagination import LayoutMarks, read_marks, settle
from vunki_eval.report.render.row_groups import grouped
from vunki_eval.results.blocks import Block, Figure, Formula, Heading, PageOne, Section, Table, to_json

if TYPE_CHECKING:
    from typst import Compiler, PDFStandard

STANDARDS: "list[PDFStandard]" = ["a-3a", "ua-1"]
TEMPLATES = Path(__file__).parent / "typst"
_NOT_TEXT = frozenset({"anchor", "file", "kind", "link", "maths"})  # no text for readers: left as it is


def document_pdf(document: Document, *, results: bytes | None = None, theme: Theme = THEME) -> bytes:
    """Return the document as PDF; the same content always gives the same bytes.

    Parameters
    ----------
    document : Document
        The document, as `vunki_eval.report.render.notebook.read_notebook` returns it.
    results : bytes, optional
        Content of ``results.json``, attached so that the PDF carries its own numbers.
    theme : Theme
        Colours and typefaces.
    """
    with tempfile.TemporaryDirectory(prefix="vunki-") as folder:
        root = Path(folder)
        shutil.copytree(TEMPLATES, root, dirs_exist_ok=True)
        content = _content(document, theme, root)
        content["logos"] = logo_files(theme, document.cover.language, root)
        if results is not None:
            (root / "results.json").write_bytes(results)
        content["attached"] = results is not None
        compiler = _compiler(root, "report.typ", theme)
        settle(content, partial(_measure, root, compiler))
        _write(root, content)
        return _compile(compiler, root, _timestamp(document))


def _write(root: Path, content: dict[str, Any]) -> None:
    (root / "document.json").write_text(json.dumps(content, ensure_ascii=False, sort_keys=True), encoding="utf-8")


def _compiler(root: Path, template: str, theme: Theme) -> "Compiler":
    import typst

    return typst.Compiler(str(root / template), root=str(root), font_paths=fonts(theme.faces))


def _measure(root: Path, compiler: "Compiler", content: dict[str, Any]) -> LayoutMarks:
    """Lay the content out and read the marks that the template leaves (see `LayoutMarks`)."""
    import typst

    _write(root, content)
    try:
        return read_marks(str(compiler.query("<mark>", field="value")))
    except typst.TypstError as error:
        raise _error(str(error), str(root)) from None


def compiled(root: Path, template: str, timestamp: int, theme: Theme = THEME) -> bytes:
    """Set a template in a folder that holds its content; the same content always gives the same bytes."""
    return _compile(_compiler(root, template, theme), root, timestamp)


def _compile(compiler: "Compiler", root: Path, timestamp: int) -> bytes:
    import typst

    try:
        pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=STANDARDS, timestamp=timestamp)
    except typst.TypstError as error:
        raise _error(str(error), str(root)) from None
    # Typst only warns when a layout does not settle, but its page numbers would be wrong.
    if unsettled := next((w.message for w in warnings if "converge" in w.message), ""):
        raise _error(unsettled, str(root))
    if not isinstance(pdf, bytes):
        raise _error("no PDF came back", str(root))
    return pdf


def _error(reason: str, folder: str) -> BuildError:
    """Pass Typst's reason on, without the path of the temporary folder."""
    reason = plain(reason).replace(folder, "").rstrip(".")
    hint = M_("Please report this together with the notebook.")
    return BuildError(
        Problem("", 0, "", M_("Typst could not set the report: {reason}.", reason=reason), hint, "VE-421")
    )


def _timestamp(document: Document) -> int:
    midnight = datetime.datetime.combine(report_date(document.cover), datetime.time(), datetime.UTC)
    return int(midnight.timestamp())


@dataclass(frozen=True, slots=True)
class _Job:
    """What blocks need on their way to Typst; ``free`` holds the ids that no block has taken yet."""

    labels: dict[str, str]
    places: dict[str, str]
    free: dict[str, str]
    root: Path


def _content(document: Document, theme: Theme, root: Path) -> dict[str, Any]:
    places = anchors(document.sections)
    job = _Job(labels_with_defaults(document.cover.labels), places, dict(places), root)
    numbers = section_numbers(document.sections)
    sections = [_section(s, number, job) for s, number in zip(document.sections, numbers, strict=True)]
    for k, table in enumerate(b for s in sections for b in s["blocks"] if b["kind"] == "table"):
        table["file"] = f"table-{k}"
    cover = document.cover
    day = report_date(cover)
    return {
        "theme": theme_data(theme),
        "labels": printable(job.labels),
        "cover": printable(to_json(cover)),
        "lists": bool(cover.labels.get("figures")) or cover.language.startswith("en"),
        "date": [day.year, day.month, day.day],
        "shown_date": shown_date(cover),
        "sections": sections,
        "tight": False,
        "snug": False,
    }


def theme_data(theme: Theme) -> dict[str, Any]:
    """Return a theme as the templates read it."""
    return {**asdict(theme.replace(logos=(), faces=())), "shipped": [THEME.sans, THEME.serif]}


def logo_files(theme: Theme, language: str, root: Path) -> list[dict[str, str]]:
    """Write each logo of a theme to a file, and return the files with their alt texts."""
    return [_logo(logo, i, language, root) for i, logo in enumerate(theme.logos, 1)]


def _logo(logo: Logo, number: int, language: str, root: Path) -> dict[str, str]:
    name = f"logo-{number}.{logo.kind}"
    (root / name).write_bytes(logo.data)
    return {"file": name, "alt": plain(logo.alt_text(language))}


def _section(section: Section, number: str, job: _Job) -> dict[str, Any]:
    texts = printable({"title": section.title, "subtitle": section.subtitle, "part": section.part})
    anchor = job.free.pop(section.key, "")
    return {**texts, "anchor": anchor, "number": number, "blocks": [_block(b, job) for b in section.blocks]}


def _block(block: Block, job: _Job) -> Any:
    groups = grouped(block) if isinstance(block, Table) else None
    block = groups.table if groups else block
    data = to_json(block)
    if isinstance(block, Figure | Table):
        data["anchor"] = job.free.pop(block.name, "")
    elif isinstance(block, Heading):
        data["anchor"] = job.free.pop(block.key, "") if block.key else ""
    elif isinstance(block, Formula):
        data["maths"] = formula(block.name).typst
    elif isinstance(block, PageOne) and block.chart:
        _draw(data["chart"], job)
    if isinstance(block, Table):
        data["note"] = with_label(job.labels["note"], block.note)
        data["over"] = groups.column if groups else ""
        data["heads"] = [[str(row), heading] for row, heading in groups.headings] if groups else []
        data["parts"] = [_parts(block, i) for i in range(len(block.columns))]
        data["tails"] = [_tails(block, i) for i in range(len(block.columns))]
    elif isinstance(block, Figure):
        _draw(data, job)
    _resolve(data, job.places)
    return printable(data)


def _tails(table: Table, i: int) -> list[tuple[int, bool]]:
    if parts := _parts(table, i):
        return decimal_tails([lead for lead, _ in parts])
    return decimal_tails([row[i] for row in table.rows]) if table.columns[i].align == "decimal" else []


def _parts(table: Table, i: int) -> list[tuple[str, str]]:
    return bracketed([row[i] for row in table.rows]) if table.columns[i].align == "right" else []


def _draw(data: dict[str, Any], job: _Job) -> None:
    """Move a figure's drawing to a file, and put the name and size of the file in its place."""
    svg = data.pop("svg")
    data["width"], data["height"] = svg_size(svg)
    data["file"] = f"figure-{len(list(job.root.glob('figure-*.svg'))) + 1}.svg"
    (job.root / data["file"]).write_text(drawable_svg(safe_svg(svg)), encoding="utf-8")
    data["foot"] = figure_foot(data["base"], data["source"], job.labels)
    del data["data"]


def _resolve(data: Any, places: dict[str, str]) -> None:
    """Drop links that are not safe, and turn internal ones into the id they lead to."""
    if isinstance(data, list):
        for part in data:
            _resolve(part, places)
    elif isinstance(data, dict):
        if link := data.get("link", ""):
            target = places.get(link[1:])
            data["link"] = safe_link(link) if link[0] != "#" else f"#{target}" if target else ""
        for part in data.values():
            _resolve(part, places)


def printable(data: Any) -> Any:
    """Change every text of the content into one that the typefaces can draw and a line can hold."""
    if isinstance(data, str):
        return breakable(drawable(plain(data)))
    if isinstance(data, list | tuple):
        return [printable(part) for part in data]
    if isinstance(data, dict):
        return {key: part if key in _NOT_TEXT else printable(part) for key, part in data.items()}
    return data
