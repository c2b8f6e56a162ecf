"""Child process: an XLSX workbook to JSON text. Imports nothing of this package; run by `isolate.run_isolated`."""

import contextlib
import datetime as dt
import io
import json
import re
import sys
import zipfile
from typing import Any

ENTRIES, BYTES, RATIO, ROWS, COLUMNS = 200, 50_000_000, 200, 20_000, 500
_PLACE = re.compile(rb"""<(?:\w+:)?(?:c|row)\b[^<>]*?\br\s*=\s*["']([A-Za-z]{0,7})(\d{1,12})["']""")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\b[^<>]*?\bref\s*=\s*["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")
_HIDDEN = re.compile(rb"""<(?:\w+:)?row\b[^<>]*?\bhidden\s*=\s*["'](?:1|true)["']""")


class Refused(Exception):
    """What is wrong: (row, column, problem, cure, code)."""

    def __init__(self, *problems: tuple[int, str, str, str, str]) -> None:
        super().__init__()
        self.problems = problems


def refuse(problem: str, cure: str = "Export the answers as CSV.", code: str = "VE-321") -> Refused:
    return Refused((0, "", problem, cure, code))


def limit(memory: int, seconds: int) -> None:
    """Limit memory and time where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def letters_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def number_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def scan(path: str) -> dict[str, bytes]:
    """Check the archive before anything parses it; give the sheets' XML."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError):
        raise refuse("The workbook is cut short or damaged.", "Export it again.", "VE-322") from None
    entries = archive.infolist()
    if len(entries) > ENTRIES:
        raise refuse(f"The workbook holds more than {ENTRIES} parts.")
    if any(e.filename.lower().endswith("vbaproject.bin") for e in entries):
        raise refuse("The workbook holds macros.", "Save it as XLSX without macros.")
    if any(e.flag_bits & 1 for e in entries):
        raise refuse("The workbook is protected by a password.", "Save it without a password.", "VE-322")
    total, parts = 0, {}
    for entry in entries:
        content = inflate(archive, entry, BYTES - total)
        total += len(content)
        if len(content) > 100_000 and len(content) > RATIO * max(entry.compress_size, 1):
            raise refuse("A part of the workbook is packed suspiciously well.")
        if entry.filename.lower().endswith((".xml", ".rels")):
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content or "<!DOCTYPE".encode("utf-16-le") in content:
                raise refuse("The workbook holds a document type declaration.")
            if "worksheets/" in entry.filename:
                check_places(content)
                parts[entry.filename.lstrip("/")] = content
    return parts


def inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """Unpack one part; sizes in the archive's directory are not believed."""
    try:
        with archive.open(entry) as stream:
            content = stream.read(left + 1)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        raise refuse("The workbook is cut short or damaged.", "Export it again.", "VE-322") from None
    except Exception as error:  # zlib.error, lzma.LZMAError: no common base
        if type(error).__module__ in ("zlib", "_lzma", "lzma"):
            raise refuse("The workbook is cut short or damaged.", "Export it again.", "VE-322") from None
        raise
    if len(content) > left:
        raise refuse(f"The workbook is larger than {BYTES // 1_000_000} MB when unpacked.")
    return content


def check_places(content: bytes) -> None:
    for place in _PLACE.finditer(content):
        column, row = place.group(1).decode(), int(place.group(2))
        if row > ROWS or len(column) > 3 or letters_number(column) > COLUMNS:
            raise refuse(f"The workbook has cells beyond row {ROWS:,} or column {COLUMNS}.", code="VE-318")


def text(value: Any) -> str:
    """Write a cell as text: numbers as stored, whole ones without decimals, dates in ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        moment: dt.datetime = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
        return moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat(" ")
    return str(value.isoformat()) if isinstance(value, dt.date | dt.time) else str(value)


def read_sheet(values: Any, formulas: Any) -> tuple[list[list[str]], list[tuple[int, str, str, str, str]]]:
    """Cells of a sheet as text, with error cells and formulas that have no stored result."""
    rows: list[list[str]] = []
    problems = []
    for number, (shown, written) in enumerate(zip(values.iter_rows(), formulas.iter_rows(), strict=True), 1):
        row = []
        for place, (cell, source) in enumerate(zip(shown, written, strict=True), 1):
            value = cell.value
            if getattr(cell, "data_type", "") == "e":
                said = ("The cell holds a spreadsheet error.", "Correct the cell.", "VE-324")
                problems.append((number, number_letters(place), *said))
            elif value is None and getattr(source, "data_type", "") == "f":
                said = ("The cell holds a formula without a stored result.", "Save the workbook in Excel.", "VE-324")
                problems.append((number, number_letters(place), *said))
            row.append(text(value))
        rows.append(row)
        if number > ROWS or len(row) > COLUMNS:
            raise refuse(f"The workbook has cells beyond row {ROWS:,} or column {COLUMNS}.", code="VE-318")
    return rows, problems


def parse(path: str, wanted: str) -> dict[str, Any]:
    parts = scan(path)
    import openpyxl  # after the scan, so that nothing parses an unchecked file

    if not openpyxl.DEFUSEDXML:
        raise refuse("The package defusedxml is missing; workbooks are not read without it.", "Install it.")
    try:
        books = [openpyxl.load_workbook(path, read_only=True, data_only=cached) for cached in (True, False)]
        visible = [s for s in books[0].worksheets if s.sheet_state == "visible"]
        names = [s.title for s in visible]
        if wanted and wanted not in [s.title for s in books[0].worksheets]:
            cure = f"Its sheets are: {', '.join(names)}."
            raise refuse("The workbook has no sheet of the declared name.", cure, "VE-323")
        for book in books:
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # files of Microsoft Forms claim to hold A1 alone
        sheets = {}
        for name in [wanted] if wanted else names:
            rows, problems = read_sheet(books[0][name], books[1][name])
            if any(any(c.strip() for c in row) for row in rows):
                xml = parts.get(str(getattr(books[0][name], "_worksheet_path", "")).lstrip("/"), b"")
                sheets[name] = {"rows": rows, "problems": problems, **layout(xml)}
    except (Refused, MemoryError):
        raise
    except Exception:  # a damaged workbook can fail anywhere inside openpyxl
        raise refuse("The workbook cannot be read.", "Export it again, or as CSV.", "VE-322") from None
    return {"sheets": sheets, "hidden_sheets": len(books[0].worksheets) - len(visible)}


def layout(xml: bytes) -> dict[str, Any]:
    merged = [
        [int(top), left.decode(), int(bottom), right.decode()] for left, top, right, bottom in _MERGED.findall(xml)
    ]
    return {"merged": merged, "hidden_rows": len(_HIDDEN.findall(xml))}


def main() -> None:
    """Read a job from standard input, write the answer to standard output."""
    job = json.load(sys.stdin)
    limit(job["memory"], job["seconds"])
    try:
        answer = parse(job["path"], job["sheet"])
    except Refused as error:
        answer = {"refused": error.problems}
    except MemoryError:
        sys.exit(1)
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8")
    json.dump(answer, out)
    out.flush()


if __name__ == "__main__":
    main()
