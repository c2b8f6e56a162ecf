"""Rows of a workbook emptied in place: every other cell, style and sheet stays as it was, and rows keep their numbers.

Works on the parts of the archive, since saving through a library would lose what it does not know. Texts that only the
emptied rows used leave the table of shared strings too, and comments on these rows go.
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
        None where this cannot be done surely: formulas in the rows, copies of the answers elsewhere in the workbook.
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
        gone = {int(n) for row in emptied for n in _SHARED.findall(row)} - used
        changed["xl/sharedStrings.xml"] = _blanked(parts["xl/sharedStrings.xml"], gone)
    for name in _related(parts, part):
        changed[name] = _COMMENT.sub(lambda m: b"" if int(m[2]) in rows else m[0], parts[name])
    return _zipped(entries, changed)


def sheet_part(raw: bytes, sheet: str) -> str:
    """Name the part that holds a sheet; "" if it cannot be told."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {n.lstrip("/"): archive.read(n) for n in archive.namelist() if n.endswith(("workbook.xml", ".rels"))}
    sheets = re.findall(rb"<(?:\w+:)?sheet\b[^>]*>", parts.get("xl/workbook.xml", b""))
    links = re.findall(rb"<Relationship\b[^>]*>", parts.get("xl/_rels/workbook.xml.rels", b""))
    targets = {_attribute(link, b"Id"): _attribute(link, b"Target") for link in links}
    found = [targets.get(_attribute(s, rb"\w+:id"), "") for s in sheets if _attribute(s, b"name") == sheet]
    target = found[0] if found else ""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}" if target else ""


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"(?<![\w:])" + name + rb"""\s*=\s*(["'])(.*?)\1""", tag, re.DOTALL)
    return html.unescape(found[2].decode("utf-8", "replace")) if found else ""


def _emptied(sheet: bytes, rows: set[int]) -> tuple[bytes, list[bytes]]:
    """Give the sheet without the rows, and the rows."""
    kept, out = [], []
    end = number = 0
    for row in _ROW.finditer(sheet):
        said = _NUMBER.search(row[2])
        number = int(said[1]) if said else number + 1
        kept.append(sheet[end : row.start()])
        end = row.end()
        if number in rows:
            out.append(row[0])
            kept.append(b"" if said else b"<" + row[1] + b"row/>")
        else:
            kept.append(row[0])
    return b"".join([*kept, sheet[end:]]), out


def _blanked(strings: bytes, gone: set[int]) -> bytes:
    """Blank shared strings; their places stay, since cells name them by number."""
    places = iter(range(len(strings)))

    def blank(found: re.Match[bytes]) -> bytes:
        prefix = found[1]
        return b"<" + prefix + b"si><" + prefix + b"t/></" + prefix + b"si>" if next(places) in gone else found[0]

    return _STRING.sub(blank, strings)


def _related(parts: dict[str, bytes], part: str) -> Iterator[str]:
    """Name the parts with comments on a sheet."""
    folder, _, name = part.rpartition("/")
    for target in _TARGET.findall(parts.get(f"{folder}/_rels/{name}.rels", b"")):
        said = target.decode()
        place = said.lstrip("/") if said.startswith("/") else posixpath.normpath(posixpath.join(folder, said))
        if "omment" in place and place in parts:
            yield place


def _zipped(entries: list[tuple[zipfile.ZipInfo, bytes]], changed: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for info, data in entries:
            archive.writestr(info, changed.get(info.filename.lstrip("/"), data))
    return whole.getvalue()
