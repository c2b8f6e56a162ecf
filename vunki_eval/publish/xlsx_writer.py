"""Write XLSX files with a few fixed styles: the same cells give the same bytes, and text is never run as a formula."""

import io
import math
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from vunki_eval.language.text import letters

Cell = str | int | float | bool | None
PLAIN, HEAD, COUNT, NUMBER, SHARE, P_VALUE, EUROS, TITLE, MARK = range(9)
_CLOCK = (1980, 1, 1, 0, 0, 0)  # a fixed time, so that the bytes do not depend on when a file is written
_LONGEST_TEXT = 32_000  # Excel allows 32,767 characters in a cell
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: rows of cells with their styles.

    Attributes
    ----------
    name : str
        At most 31 characters; no square brackets, colon, asterisk, question mark or slash.
    rows : sequence of sequence of cell
    styles : sequence of sequence of int
        The style of every cell (`PLAIN`, `HEAD` and so on), in the shape of ``rows``.
    widths : sequence of float
        Width of each column, in characters.
    header : int
        Number of rows that stay in sight when scrolling. The last of them gets a filter, if there are rows below.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    styles: Sequence[Sequence[int]]
    widths: Sequence[float]
    header: int = 1


def workbook_bytes(sheets: Sequence[Sheet], title: str) -> bytes:
    """Write a workbook with fixed times and order, so that the same cells give the same bytes."""
    parts = {
        "[Content_Types].xml": _types(len(sheets)),
        "_rels/.rels": _links([(f"{_RELATED}/officeDocument", "xl/workbook.xml"),
                               (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml")]),
        "docProps/core.xml": _core(title),
        "xl/workbook.xml": _workbook(sheets),
        "xl/_rels/workbook.xml.rels": _links(
            [(f"{_RELATED}/worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(sheets) + 1)]
            + [(f"{_RELATED}/styles", "styles.xml")]
        ),
        "xl/styles.xml": _STYLES,
        **{f"xl/worksheets/sheet{i}.xml": _sheet(s, i == 1) for i, s in enumerate(sheets, 1)},
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _CLOCK)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            archive.writestr(entry, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)
    return out.getvalue()


def _sheet(sheet: Sheet, first: bool) -> str:
    width = max((len(r) for r in sheet.rows), default=1)
    pane = ""
    if sheet.header:
        below = f"A{sheet.header + 1}"
        pane = f'<pane ySplit="{sheet.header}" topLeftCell="{below}" activePane="bottomLeft" state="frozen"/>'
    columns = "".join(
        f'<col min="{i}" max="{i}" width="{w:.1f}" customWidth="1"/>' for i, w in enumerate(sheet.widths, 1)
    )
    rows = "".join(
        f'<row r="{i}">{"".join(_cell(c, s, i, j) for j, (c, s) in enumerate(zip(row, styles, strict=True)))}</row>'
        for i, (row, styles) in enumerate(zip(sheet.rows, sheet.styles, strict=True), 1)
    )
    selected = ' tabSelected="1"' if first else ""
    has_filter = f'<autoFilter ref="{_filter_range(sheet, width)}"/>' if _filter_range(sheet, width) else ""
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews>'
        f'<sheetView{selected} workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>{rows}</sheetData>{has_filter}'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def _filter_range(sheet: Sheet, width: int) -> str:
    """Return the range of cells that a filter covers; "" if there is nothing to filter."""
    if not sheet.header or len(sheet.rows) <= sheet.header:
        return ""
    return f"A{sheet.header}:{letters(width)}{len(sheet.rows)}"


def _cell(value: Cell, style: int, row: int, column: int) -> str:
    place = f'r="{letters(column + 1)}{row}" s="{style}"'
    if value is None or value == "":
        return f"<c {place}/>"
    if isinstance(value, bool):
        return f'<c {place} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c {place}><v>{value!r}</v></c>" if math.isfinite(value) else f"<c {place}/>"
    text = escape(_UNWRITABLE.sub("", value)[:_LONGEST_TEXT])
    return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _workbook(sheets: Sequence[Sheet]) -> str:
    names = "".join(f'<sheet name={quoteattr(s.name)} sheetId="{i}" r:id="rId{i}"/>' for i, s in enumerate(sheets, 1))
    filters = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{i}" hidden="1">'
        f"{escape(_absolute(s, area))}</definedName>"
        for i, s in enumerate(sheets)
        if (area := _filter_range(s, max((len(r) for r in s.rows), default=1)))
    )
    defined = f"<definedNames>{filters}</definedNames>" if filters else ""
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{names}</sheets>{defined}</workbook>"
    )


def _absolute(sheet: Sheet, area: str) -> str:
    cells = re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", area)
    name = sheet.name.replace("'", "''")
    return f"'{name}'!{cells}"


def _links(targets: Sequence[tuple[str, str]]) -> str:
    links = "".join(f'<Relationship Id="rId{i}" Type="{k}" Target="{t}"/>' for i, (k, t) in enumerate(targets, 1))
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _types(sheets: int) -> str:
    parts = {"/xl/workbook.xml": f"{_KIND}.sheet.main+xml", "/xl/styles.xml": f"{_KIND}.styles+xml",
             "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml"}  # fmt: skip
    parts |= {f"/xl/worksheets/sheet{i}.xml": f"{_KIND}.worksheet+xml" for i in range(1, sheets + 1)}
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _core(title: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(_UNWRITABLE.sub('', title))}</dc:title></cp:coreProperties>"
    )


_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="4">'
    '<numFmt numFmtId="164" formatCode="0.000"/><numFmt numFmtId="165" formatCode="0.0%"/>'
    '<numFmt numFmtId="166" formatCode="0.0000"/>'
    '<numFmt numFmtId="167" formatCode="#,##0.00\\ &quot;€&quot;"/></numFmts>'
    '<fonts count="4"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font>'
    '<font><b/><sz val="16"/><color rgb="FF0F5C5C"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><color rgb="FFA85714"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FF0F5C5C"/><bgColor indexed="64"/></patternFill>'
    "</fill></fills>"
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="9">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1">'
    '<alignment vertical="center" wrapText="1"/></xf>'
    + "".join(
        f'<xf numFmtId="{n}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
        '<alignment vertical="top"/></xf>'
        for n in (3, 164, 165, 166, 167)
    )
    + '<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="0" fontId="3" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
