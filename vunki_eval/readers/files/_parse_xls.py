"""Parse the sheets of an old XLS workbook as text, inside the child process. Imports nothing of this package.

The library returns error cells as blanks, so a file with such cells is refused.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

MOST_CELLS = 20_000 * 500
_ERROR_CELL = re.compile(rb"\x05\x02\x08\x00.{6}[\x00\x07\x0f\x17\x1d\x24\x2a\x2b]\x01", re.DOTALL)
_ERROR_RESULT = re.compile(rb"\x06\x00[\x16-\xff]\x00.{6}\x02.[\x07\x0f\x17\x1d\x24\x2a].{3}\xff\xff", re.DOTALL)


def parse(job: dict[str, Any], cell_text: Callable[[Any], str]) -> dict[str, Any]:
    """Read all visible sheets, or the declared one."""
    import python_calamine

    raw = Path(job["path"]).read_bytes()
    if _ERROR_CELL.search(raw) or _ERROR_RESULT.search(raw):
        return refused("xls_errors")
    try:
        book = python_calamine.CalamineWorkbook.from_path(job["path"])
    except python_calamine.PasswordError:
        return refused("password")
    except (python_calamine.CalamineError, OSError):
        return refused("xls_unreadable")
    visible = [m.name for m in book.sheets_metadata if m.visible == python_calamine.SheetVisibleEnum.Visible]
    if job["sheet"] and job["sheet"] not in book.sheet_names:
        return refused("no_sheet", sheets=", ".join(visible))
    sheets = {}
    for name in [job["sheet"]] if job["sheet"] else visible:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height * sheet.total_width > MOST_CELLS:
            return refused("too_many_cells")
        rows = [[cell_text(c) for c in row] for row in sheet.to_python(skip_empty_area=False)]
        if any("\0" in c for row in rows for c in row):
            return refused("undecodable")
        sheets[name] = {"rows": rows, "problems": [], "part": ""}
    return {"sheets": sheets, "hidden_sheets": len(book.sheet_names) - len(visible)}


def refused(why: str, **values: Any) -> dict[str, Any]:
    """Answer that the workbook is refused. What is said of it is in `workbook`."""
    return {"refused": [why, values]}
