"""Parse the sheets of an XLSX workbook as text, inside the child process. Imports nothing of this package."""

import re
from collections.abc import Callable
from typing import Any

Refusal = tuple[int, str, str, str, str]
CONTROL = re.compile(r"_x(00[01][0-9A-Fa-f])_")  # how the format writes carriage returns and the like
UNREADABLE = (0, "", "The workbook cannot be read.", "Export it again, or as CSV.", "VE-322")
ERROR = ("The cell holds a spreadsheet error.", "Correct the cell.", "VE-324")
NO_RESULT = ("The cell holds a formula without a stored result.", "Save the workbook in Excel.", "VE-324")


def parse(job: dict[str, Any], cell_text: Callable[[Any], str]) -> dict[str, Any]:
    """Read all visible sheets, or the declared one."""
    import openpyxl

    if not openpyxl.DEFUSEDXML:
        return {"refused": [(0, "", "defusedxml is missing; workbooks are not read without it.", "", "VE-321")]}
    try:
        books = [openpyxl.load_workbook(job["path"], read_only=True, data_only=cached) for cached in (True, False)]
        for book in books:
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # workbooks of Microsoft Forms claim to hold only A1
        names = [s.title for s in books[0].worksheets if s.sheet_state == "visible"]
        if job["sheet"] and job["sheet"] not in [s.title for s in books[0].worksheets]:
            problem = "The workbook has no sheet of the declared name."
            return {"refused": [(0, "", problem, f"Its sheets are: {', '.join(names)}.", "VE-323")]}
        sheets = {}
        for name in [job["sheet"]] if job["sheet"] else names:
            rows, problems = read_sheet(books[0][name], books[1][name], cell_text)
            part = str(getattr(books[0][name], "_worksheet_path", "")).lstrip("/")
            sheets[name] = {"rows": rows, "problems": problems, "part": part}
    except MemoryError:
        raise
    except Exception:  # a damaged workbook can fail anywhere inside openpyxl
        return {"refused": [UNREADABLE]}
    return {"sheets": sheets, "hidden_sheets": len(books[0].worksheets) - len(names)}


def read_sheet(values: Any, formulas: Any, cell_text: Callable[[Any], str]) -> tuple[list[list[str]], list[Refusal]]:
    """Read the cells of a sheet as text; report error cells and formulas without a stored result."""
    rows: list[list[str]] = []
    problems: list[Refusal] = []
    for number, (shown, written) in enumerate(zip(values.iter_rows(), formulas.iter_rows(), strict=True), 1):
        row = []
        for place, (cell, source) in enumerate(zip(shown, written, strict=True), 1):
            if getattr(cell, "data_type", "") == "e":
                problems.append((number, letters(place), *ERROR))
            elif cell.value is None and getattr(source, "data_type", "") == "f":
                problems.append((number, letters(place), *NO_RESULT))
            row.append(CONTROL.sub(lambda m: chr(int(m[1], 16)), cell_text(cell.value)))
        rows.append(row)
    return rows, problems


def letters(number: int) -> str:
    """Turn the number of a column into its letters (1 is A)."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
