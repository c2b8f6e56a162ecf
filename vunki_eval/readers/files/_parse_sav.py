"""Parse the cases of an SPSS file as text, inside the child process. Imports nothing of this package.

Numbers, dates and strings are read as stored. User-missing values stay values, not blanks. Value labels are returned
beside the cases.
"""

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

MOST_ROWS, MOST_COLUMNS = 200_000, 5_000
_DATES = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "DATETIME", "YMDHMS", "WKYR", "QYR", "MOYR")
_TIMES = ("TIME", "DTIME", "MTIME")
_START = dt.datetime(1582, 10, 14)  # SPSS counts seconds from the first day of the Gregorian calendar


def parse(job: dict[str, Any], cell_text: Callable[[Any], str]) -> dict[str, Any]:
    """Read all cases, with the names and labels of the variables."""
    import pyreadstat

    options: dict[str, Any] = {"user_missing": True, "disable_datetime_conversion": True, "output_format": "dict"}
    if job["encoding"]:
        options["encoding"] = job["encoding"]
    try:
        data, meta = pyreadstat.read_sav(job["path"], **options)
    except MemoryError:
        raise
    except Exception:  # the library's errors share no base class
        return refused("sav_unreadable")
    names = list(meta.column_names)
    if meta.number_rows > MOST_ROWS or len(names) > MOST_COLUMNS:
        return refused("sav_too_large", cases=f"{MOST_ROWS:,}", variables=f"{MOST_COLUMNS:,}")
    columns = []
    for name in names:
        kind = "".join(c for c in meta.original_variable_types[name] if c.isalpha()).upper()
        columns.append([value_text(v, kind, cell_text) for v in data[name]])
    variables = [
        {
            "name": name,
            "label": meta.column_names_to_labels.get(name) or "",
            "labels": [[cell_text(k), str(v)] for k, v in meta.variable_value_labels.get(name, {}).items()],
        }
        for name in names
    ]
    return {"variables": variables, "rows": [list(row) for row in zip(*columns, strict=True)]}


def value_text(value: Any, kind: str, cell_text: Callable[[Any], str]) -> str:
    """Write a value as its print format says."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return value.rstrip()
    try:
        if kind in _DATES:
            return cell_text(_START + dt.timedelta(seconds=float(value)))
        if kind in _TIMES:
            whole = int(value)
            return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    except (OverflowError, ValueError):
        pass
    return cell_text(value)


def refused(why: str, **values: Any) -> dict[str, Any]:
    """Answer that the file is refused. What is said of it is in `workbook`."""
    return {"refused": [why, values]}
