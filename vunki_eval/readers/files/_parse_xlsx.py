"""Parse the sheets of an XLSX workbook as text, inside the child process. Imports nothing of this package.

What is refused is named by a key; `workbook` has the words.
"""

import re
from collections.abc import Callable
from typing import Any

Refusal = tuple[int, int, str]  # row, column, why
CONTROL = re.compile(r"_x(00[01][0-9A-Fa-f])_")  # how the format writes carriage returns and the like


def parse(job: dict[str, Any], cell_text: Callable[[Any], str]) -> dict[str, Any]:
    """Read all visible sheets, or the declared one."""
    import openpyxl

    if not openpyxl.DEFUSEDXML:
        return {"refused": ["no_defusedxml", {}]}
    try:
        books = [openpyxl.load_workbook(job["path"], read_only=True, data_only=cached) for cached in (True, False)]
        for book in books:
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # workbooks of Microsoft Forms claim to hold only A1
        names = [s.title for s in books[0].worksheets if s.sheet_state == "visible"]
        if job["sheet"] and job["sheet"] not in [s.title for s in books[0].worksheets]:
            return {"refused": ["no_sheet", {"sheets": ", ".join(names)}]}
        sheets = {}
        for name in [job["sheet"]] if job["sheet"] else names:
            rows, problems = read_sheet(books[0][name], books[1][name], cell_text)
            part = str(getattr(books[0][name], "_worksheet_path", "")).lstrip("/")
            sheets[name] = {"rows": rows, "problems": problems, "part": part}
    except MemoryError:
        raise
    except Exception:  # a damaged workbook can fail anywhere inside openpyxl
        return {"refused": ["unreadable", {}]}
    return {"sheets": sheets, "hidden_sheets": len(books[0].worksheets) - len(names)}


def read_sheet(values: Any, formulas: Any, cell_text: Callable[[Any], str]) -> tuple[list[list[str]], list[Refusal]]:
    """Read the cells of a sheet as text; report error cells and formulas without a stored result."""
    rows: list[list[str]] = []
    problems: list[Refusal] = []
    for number, (shown, written) in enumerate(zip(values.iter_rows(), formulas.iter_rows(), strict=True), 1):
        row = []
        for place, (cell, source) in enumerate(zip(shown, written, strict=True), 1):
            if getattr(cell, "data_type", "") == "e":
                problems.append((number, place, "error_cell"))
            elif cell.value is None and getattr(source, "data_type", "") == "f":
                problems.append((number, place, "no_result"))
            row.append(CONTROL.sub(lambda m: chr(int(m[1], 16)), cell_text(cell.value)))
        rows.append(row)
    return rows, problems
