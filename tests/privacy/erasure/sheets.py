"""Old workbooks made by hand: an ODS and an XLS with cells of text, as small as readers accept them."""

import io
import struct
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    """Make an ODS workbook of one sheet."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(c)}</text:p></table:table-cell>' for c in row
        )
        + "</table:table-row>"
        for row in rows
    )
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{urn}:office:1.0" xmlns:table="{urn}:table:1.0" '
        f'xmlns:text="{urn}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Sheet1">{cells}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return out.getvalue()


def xls(rows: Sequence[Sequence[str]]) -> bytes:
    """Make an XLS workbook (BIFF8) of one sheet."""
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            sheet += _record(0x0204, struct.pack("<HHH", i, j, 0) + _text(cell, "<HB"))
    sheet += _record(0x000A, b"")
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    start += _record(0x0042, struct.pack("<H", 1200))
    name = _text("Sheet1", "<BB")
    place = len(start) + 4 + 6 + len(name) + 4
    book = start + _record(0x0085, struct.pack("<IBB", place, 0, 0) + name) + _record(0x000A, b"") + sheet
    return _compound(book.ljust(4096, b"\0"))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _text(text: str, head: str) -> bytes:
    return struct.pack(head, len(text), 1) + text.encode("utf-16-le")


def _compound(stream: bytes) -> bytes:
    """Put a stream named Workbook into an OLE compound file: header, sectors of the table, directory, the stream."""
    data = -(-len(stream) // SECTOR)
    tables = next(n for n in range(1, 110) if n * SECTOR // 4 >= n + 1 + data)
    chain = [FAT] * tables + [END] + [tables + 2 + i for i in range(data - 1)] + [END]
    chain += [FREE] * (tables * SECTOR // 4 - len(chain))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", *range(tables), *[FREE] * (109 - tables))
    entries = _entry("Root Entry", 5, 1, END, 0) + _entry("Workbook", 2, FREE, tables + 1, len(stream))
    directory = (entries + (_entry("", 0, FREE, 0, 0) * 2))[:SECTOR]
    return header + struct.pack(f"<{len(chain)}I", *chain) + directory + stream.ljust(data * SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
    coded = (name.encode("utf-16-le") + b"\0\0") if name else b""
    head = struct.pack("<64sHBBIII", coded, len(coded), kind, 1, FREE, FREE, child)
    return head + bytes(16 + 4 + 16) + struct.pack("<IQ", first, size)
