"""Write tables of text as files: CSV in any dialect, XLSX, ODS."""

import csv
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from vunki_eval.simulate.shapes.wave import Rows


def write_csv(path: Path, rows: Rows, *, delimiter: str = ",", encoding: str = "utf-8", end: str = "\n",
              quote: bool = False) -> Path:  # fmt: skip
    """Write a CSV file; ``quote`` puts every cell in quotation marks."""
    quoting: Any = csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting)
        writer.writerows(rows)
    return path


def write_xlsx(path: Path, rows: Rows, *, numbers: bool = True) -> Path:
    """Write a workbook; with ``numbers``, whole numbers as numbers, everything else as text."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        whole = [numbers and c.lstrip("-").isdigit() and c == str(int(c)) for c in row]
        sheet.append([int(c) if w else c or None for c, w in zip(row, whole, strict=True)])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str) and cell.value.startswith("="):
                cell.data_type = "s"
    book.save(path)
    return path


def write_ods(path: Path, rows: Rows) -> Path:
    """Write an OpenDocument sheet as LibreOffice does: typed cells, and blank rows to the end of the sheet."""

    def cell(text: str) -> str:
        number = text.lstrip("-").replace(".", "", 1).isdigit() and not text.startswith("0")
        kind = f'"float" office:value="{text}"' if number else '"string"'
        paragraph = f"<text:p>{escape(text)}</text:p>" if text else ""
        return f"<table:table-cell office:value-type={kind}>{paragraph}</table:table-cell>"

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    body += '<table:table-row table:number-rows-repeated="1048000">'
    body += '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    content = f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
    content += f'<table:table table:name="L">{body}</table:table>'
    content += "</office:spreadsheet></office:body></office:document-content>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return path
