"""Data tables: a repeated header row, unbroken rows, columns as wide as their text, aligned numbers."""

import re
from collections.abc import Sequence
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from vunki_eval.language.text import decimal_tails, plain
from vunki_eval.project.theme import Theme
from vunki_eval.report.render.docx.xml import TWIPS, edge, make
from vunki_eval.report.render.labels import SYMBOLS
from vunki_eval.report.render.row_groups import grouped
from vunki_eval.results.blocks import Table

DIGIT, MARK, LETTER = 4.7, 2.4, 4.9  # widths in points, at the size of text in cells
PAD = 11.0  # points around the text of a cell
COLUMN_GAP = 16.0  # points between the columns of a narrow table
NARROW = 0.9  # of the page: a table below that keeps to the width of its text
INDENT = 9.0  # points, of rows under the heading of their group
SHORT_TABLE = 14  # rows: up to so many stay on one page
_COUNT = re.compile(r"\bn = (?=\d)")  # stays on one line


def widths(table: Table, room: float) -> list[float]:
    """Divide the width of the page (``room``, in points) among the columns by what they hold."""
    natural, least = [], []
    for i, column in enumerate(table.columns):
        cells = [row[i] for row in table.rows]
        header = f"{column.title} {column.unit}".split()
        longest = max((len(word) for cell in [*cells, *header] for word in plain(cell).split()), default=1)
        whole = max((len(plain(cell)) for cell in cells), default=1)
        least.append(min(longest, 22) * LETTER + PAD)
        natural.append(
            max(whole * LETTER + PAD, least[-1]) if column.align == "left" else _number_width(cells, least[-1])
        )
    last = len(natural) - 1
    if sum(natural) + COLUMN_GAP * last < NARROW * room:  # so that eyes need not travel across an empty page
        return [n + COLUMN_GAP * (i < last) for i, n in enumerate(natural)]
    if sum(natural) <= room:
        wide = [i for i, c in enumerate(table.columns) if c.wide] or [0]
        return [n + (room - sum(natural)) / len(wide) * (i in wide) for i, n in enumerate(natural)]
    return _squeezed(natural, least, room)


def _number_width(cells: Sequence[str], least: float) -> float:
    return max(least, max((len(c) for c in cells), default=1) * LETTER + PAD)


def _squeezed(natural: list[float], least: list[float], room: float) -> list[float]:
    """Give short columns what they need; long ones share the rest by the square root of their length."""
    result, open_ = list(least), set(range(len(natural)))
    while open_:
        left = room - sum(result[i] for i in range(len(natural)) if i not in open_)
        weights = {i: natural[i] ** 0.5 for i in open_}
        shares = {i: left * weights[i] / sum(weights.values()) for i in open_}
        settled = {i for i in open_ if natural[i] <= shares[i] or least[i] >= shares[i]}
        for i in open_:
            result[i] = max(min(natural[i], shares[i]), least[i])
        if not settled:
            break
        open_ -= settled
    factor = min(1.0, room / sum(result))
    return [width * factor for width in result]


def write_table(document: Any, block: Table, theme: Theme) -> Any:
    """Write a table, and return python-docx's object for it."""
    groups = grouped(block)
    block, headings = groups.table, groups.heading_of
    columns = widths(block, theme.text_width * 72)
    table = document.add_table(rows=0, cols=len(block.columns))
    frame(table, columns, theme, described=block.caption)
    _header(table, block, groups.column, theme)
    tails = [
        decimal_tails([row[i] for row in block.rows]) if column.align == "decimal" else [(0, False)] * len(block.rows)
        for i, column in enumerate(block.columns)
    ]
    for r, row in enumerate(block.rows):
        if r in headings:
            _group(table, headings[r])
        cells = new_row(table)
        for i, value in enumerate(row):
            paragraph = cells[i].paragraphs[0]
            _put(paragraph, value, block.columns[i].align)
            if headings and i == 0:
                paragraph.paragraph_format.left_indent = Pt(INDENT)
            if headings:
                _unlined(cells[i], bottom=r + 1 < len(block.rows) and r + 1 not in headings)
                paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
            digits, mark = tails[i][r]
            if digits or mark:
                paragraph.paragraph_format.right_indent = Pt(digits * DIGIT + mark * MARK)
            paragraph.paragraph_format.keep_with_next = len(block.rows) <= SHORT_TABLE and r < len(block.rows) - 1
    return table


def frame(table: Any, columns: Sequence[float], theme: Theme, *, described: str = "", lined: bool = True) -> None:
    """Set the width, columns and lines of a table, and its name for screen readers."""
    table.autofit = False
    properties = table._tbl.tblPr
    for child in list(properties):
        properties.remove(child)
    properties.append(make("w:tblW", w=round(sum(columns) * TWIPS), type="dxa"))
    if lined:
        lines = (edge("bottom", theme.ink, 0.9), edge("insideH", theme.hair, 0.4))
        properties.append(make("w:tblBorders", *lines))
    properties.append(make("w:tblLayout", type="fixed"))
    margins = (make(f"w:{side}", w=width, type="dxa") for side, width in (("left", 0), ("right", 110)))
    properties.append(make("w:tblCellMar", *margins))
    look = {
        "firstRow": int(lined),
        "firstColumn": int(lined),
        "lastRow": 0,
        "lastColumn": 0,
        "noHBand": 1,
        "noVBand": 1,
    }
    properties.append(make("w:tblLook", val="06A0" if lined else "0600", **look))
    if described:
        properties.append(make("w:tblCaption", val=plain(described)))
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, columns, strict=True):
        column.w = Pt(width)


def new_row(table: Any) -> Sequence[Any]:
    """Add a row that no page break divides, and return its cells."""
    row = table.add_row()
    row._tr.get_or_add_trPr().append(make("w:cantSplit"))
    cells: Sequence[Any] = row.cells
    for cell in cells:
        cell.paragraphs[0].style = "Cell"
    return cells


def header_row(table: Any, theme: Theme, titles: Sequence[tuple[str, str, str]]) -> None:
    """Add the header row, repeated on every page; ``titles`` holds (title, unit, align) of each column."""
    cells = new_row(table)
    table.rows[-1]._tr.get_or_add_trPr().append(make("w:tblHeader"))
    for cell, (title, unit, align) in zip(cells, titles, strict=True):
        paragraph = cell.paragraphs[0]
        _put(paragraph, title, align, bold=True, colour=theme.after, italic=title in SYMBOLS)
        if unit:
            _put(paragraph, f" {unit}", align, colour=theme.muted)
        paragraph.paragraph_format.keep_with_next = True
        cell._tc.get_or_add_tcPr().append(make("w:tcBorders", edge("bottom", theme.after, 0.9)))
        cell._tc.tcPr.append(make("w:vAlign", val="bottom"))


def _header(table: Any, block: Table, group_column: str, theme: Theme) -> None:
    titles = [(c.title, c.unit, c.align) for c in block.columns]
    if group_column:
        titles[0] = (group_column, f"/ {block.columns[0].title}", titles[0][2])
    header_row(table, theme, titles)


def _group(table: Any, heading: str) -> None:
    """Add the heading of a group: a row across the table, on the same page as the first row of the group."""
    cells = new_row(table)
    cell = cells[0].merge(cells[-1])
    for extra in cell.paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    paragraph = cell.paragraphs[0]
    _put(paragraph, heading, "left", bold=True)
    paragraph.paragraph_format.keep_with_next = True
    _unlined(cell, top=False)


def _unlined(cell: Any, *, top: bool = True, bottom: bool = True) -> None:
    """Remove the lines above and below a cell."""
    sides = [make(f"w:{side}", val="nil") for side, remove in (("top", top), ("bottom", bottom)) if remove]
    cell._tc.get_or_add_tcPr().append(make("w:tcBorders", *sides))


def _put(paragraph: Any, text: str, align: str, *, bold: bool = False, italic: bool = False, colour: str = "") -> None:
    from docx.shared import RGBColor

    run = paragraph.add_run(_COUNT.sub("n\u00a0=\u00a0", plain(text)))
    run.bold, run.italic = bold or None, italic or None
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if align == "left" else WD_ALIGN_PARAGRAPH.RIGHT
