"""Empty rows of a workbook in place: all other cells, styles and sheets stay, and rows keep their numbers.

This works on the parts of the archive, since saving through a library would lose what the library does not know. Texts
that only the emptied rows used are blanked in the table of shared strings, and comments on these rows are deleted.
"""

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Collection, Iterator

_ROW = re.compile(rb"<((?:\w+:)?)row\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?row>)", re.DOTALL)
_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d+)["']""")
_SHARED = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v\b[^>]*>\s*(\d+)\s*</(?:\w+:)?v>""", re.DOTALL
)
_STRING = re.compile(rb"<((?:\w+:)?)si\b[^>]*?(?:/>|>.*?</(?:\w+:)?si>)", re.DOTALL)
_COMMENT = re.compile(
    rb"""<((?:\w+:)?(?:comment|threadedComment))\b[^>]*?\bref\s*=\s*["'][A-Z]+(\d+)["'].*?</\1>""", re.DOTALL
)
_TARGET = re.compile(rb"""\bTarget\s*=\s*["']([^"']+)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_COPIES = ("xl/pivotCache/", "xl/externalLinks/", "xl/queryTables/", "xl/model/")
"""Parts that may hold the answers a second time."""


def without_rows(raw: bytes, part: str, rows: Collection[int]) -> bytes | None:
    """Empty rows of a sheet.

    Parameters
    ----------
    raw : bytes
        The workbook.
    part : str
        Name of the sheet's part, such as ``xl/worksheets/sheet1.xml``.
    rows : collection of int
        Row numbers of the sheet, from 1.

    Returns
    -------
    bytes or None
        None where this is not safe: formulas in the rows, copies of the answers elsewhere in the workbook.
    """
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        entries = [(info, archive.read(info)) for info in archive.infolist()]
    parts = {info.filename.lstrip("/"): data for info, data in entries}
    if part not in parts or any(name.startswith(_COPIES) for name in parts):
        return None
    sheet, emptied = _emptied(parts[part], set(rows))
    if len(emptied) != len(set(rows)) or any(_FORMULA.search(row) for row in emptied):
        return None
    changed = {part: sheet}
    if "xl/sharedStrings.xml" in parts:
        others = [data for name, data in parts.items() if name.startswith("xl/worksheets/") and name != part]
        used = {int(n) for data in (sheet, *others) for n in _SHARED.findall(data)}
        unused = {int(n) for row in emptied for n in _SHARED.findall(row)} - used
        changed["xl/sharedStrings.xml"] = _blanked(parts["xl/sharedStrings.xml"], unused)
    for name in _related(parts, part):
        changed[name] = _COMMENT.sub(lambda m: b"" if int(m[2]) in rows else m[0], parts[name])
    return _zipped(entries, changed)


def sheet_part(raw: bytes, sheet: str) -> str:
    """Return the name of the part that holds a sheet; "" if it cannot be told."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {n.lstrip("/"): archive.read(n) for n in archive.namelist() if n.endswith(("workbook.xml", ".rels"))}
    sheets = re.findall(rb"<(?:\w+:)?sheet\b[^>]*>", parts.get("xl/workbook.xml", b""))
    links = re.findall(rb"<Relationship\b[^>]*>", parts.get("xl/_rels/workbook.xml.rels", b""))
    targets = {_attribute(link, b"Id"): _attribute(link, b"Target") for link in links}
    matching = [targets.get(_attribute(s, rb"\w+:id"), "") for s in sheets if _attribute(s, b"name") == sheet]
    target = matching[0] if matching else ""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}" if target else ""


def _attribute(tag: bytes, name: bytes) -> str:
    match = re.search(rb"(?<![\w:])" + name + rb"""\s*=\s*(["'])(.*?)\1""", tag, re.DOTALL)
    return html.unescape(match[2].decode("utf-8", "replace")) if match else ""


def _emptied(sheet: bytes, rows: set[int]) -> tuple[bytes, list[bytes]]:
    """Return the sheet without the rows, and the rows."""
    pieces, emptied = [], []
    end = number = 0
    for row in _ROW.finditer(sheet):
        written_number = _NUMBER.search(row[2])
        number = int(written_number[1]) if written_number else number + 1
        pieces.append(sheet[end : row.start()])
        end = row.end()
        if number in rows:
            emptied.append(row[0])
            # A row without a number must leave an empty row, or the rows after it would move up.
            pieces.append(b"" if written_number else b"<" + row[1] + b"row/>")
        else:
            pieces.append(row[0])
    return b"".join([*pieces, sheet[end:]]), emptied


def _blanked(strings: bytes, unused: set[int]) -> bytes:
    """Blank shared strings; their places stay, since cells name them by number."""
    places = iter(range(len(strings)))

    def blank(match: re.Match[bytes]) -> bytes:
        prefix = match[1]
        return b"<" + prefix + b"si><" + prefix + b"t/></" + prefix + b"si>" if next(places) in unused else match[0]

    return _STRING.sub(blank, strings)


def _related(parts: dict[str, bytes], part: str) -> Iterator[str]:
    """Yield the names of the parts with comments on a sheet."""
    folder, _, name = part.rpartition("/")
    for target in _TARGET.findall(parts.get(f"{folder}/_rels/{name}.rels", b"")):
        path = target.decode()
        name_of_part = path.lstrip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path))
        if "omment" in name_of_part and name_of_part in parts:
            yield name_of_part


def _zipped(entries: list[tuple[zipfile.ZipInfo, bytes]], changed: dict[str, bytes]) -> bytes:
    archive_bytes = io.BytesIO()
    with zipfile.ZipFile(archive_bytes, "w") as archive:
        for info, data in entries:
            archive.writestr(info, changed.get(info.filename.lstrip("/"), data))
    return archive_bytes.getvalue()
