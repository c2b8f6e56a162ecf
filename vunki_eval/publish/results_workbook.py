"""Write ``results.xlsx``: the tables of a report in one workbook, for people who work in spreadsheets."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from vunki_eval.language import localizer
from vunki_eval.publish.column_words import ABOUT, COLUMN_TEXTS, SHEETS
from vunki_eval.publish.xlsx_writer import (
    COUNT,
    EUROS,
    HEAD,
    MARK,
    NUMBER,
    P_VALUE,
    PLAIN,
    SHARE,
    TITLE,
    Cell,
    Sheet,
    workbook_bytes,
)
from vunki_eval.results.results import COLUMNS, Results, to_dict

NAME = "results.xlsx"
NOTES = "Loe mind - Read me"
STYLES = {
    "estimate": NUMBER, "low": NUMBER, "high": NUMBER, "p": P_VALUE, "p_adjusted": P_VALUE, "n": COUNT,
    "n_missing": COUNT, "share": SHARE, "baseline": NUMBER, "target": NUMBER, "actual": NUMBER, "money_raised": EUROS,
    "planned": EUROS, "used": EUROS, "partners": COUNT, "mentoring_hours": COUNT, "volunteer_hours": COUNT,
}  # fmt: skip
NARROWEST, WIDEST = 8.0, 60.0  # width of a column in characters
ROWS_MEASURED = 400  # rows that the width of a column depends on


def results_workbook(results: Results) -> bytes:
    """Write each table that has rows, and a sheet that explains them in Estonian and English.

    Numbers are those of ``results.json`` to the last digit; only the display format of a cell rounds them.
    """
    data = to_dict(results)
    languages = results.meta.get("languages") or ["et", "en"]
    sheets = [_table(name, data[name], results.meta, languages) for name in COLUMNS if data[name]]
    return workbook_bytes([_notes(results, [s.name for s in sheets]), *sheets], _title(results))


@cache
def explanations() -> dict[str, dict[str, list[str]]]:
    """Return the explanations of sheets and columns, in Estonian and English."""
    spoken = [localizer(language) for language in ("et", "en")]
    texts = {"sheets": SHEETS, "columns": COLUMN_TEXTS}
    return {part: {k: [say._(text) for say in spoken] for k, text in of.items()} for part, of in texts.items()}


def _title(results: Results) -> str:
    about = results.meta.get("event") or results.meta.get("project") or {}
    return localizer("et").pick(about.get("title"), results.event)


def _table(name: str, rows: Sequence[Mapping[str, Any]], meta: Mapping[str, Any], languages: Sequence[str]) -> Sheet:
    """Lay out a table, with a column per language for texts, and with the titles of outcomes and items."""
    titles = {"outcome": meta.get("outcomes", {}), "item": meta.get("items", {})}
    columns: list[tuple[str, str, str]] = []  # header, column, language
    for column in COLUMNS[name]:
        is_multilingual = any(isinstance(r[column], dict) for r in rows)
        columns += [(f"{column} ({x})", column, x) for x in languages] if is_multilingual else [(column, column, "")]
        columns += [(f"{column}: title ({x})", column, f"title {x}") for x in languages] if column in titles else []
    cells = [[_value(r[column], language, titles.get(column, {})) for _, column, language in columns] for r in rows]
    styles = [[_style(column, c) for (_, column, _), c in zip(columns, row, strict=True)] for row in cells]
    headers: list[Cell] = [header for header, _, _ in columns]
    widths = [_width(h, [row[i] for row in cells[:ROWS_MEASURED]]) for i, h in enumerate(headers)]
    return Sheet(name, [headers, *cells], [[HEAD] * len(headers), *styles], widths)


def _value(value: Any, language: str, titles: Mapping[str, Any]) -> Cell:
    if language.startswith("title "):
        names = titles.get(value) or {}
        texts = names.get("title") or names.get("short") or {}
        return str(texts.get(language.removeprefix("title "), ""))
    if isinstance(value, dict):
        return str(value.get(language) or "")
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _style(column: str, value: Cell) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return PLAIN
    style = STYLES.get(column, NUMBER if isinstance(value, float) and not value.is_integer() else COUNT)
    return COUNT if style == NUMBER and float(value).is_integer() else style


def _width(header: Cell, cells: Sequence[Cell]) -> float:
    longest = max((len(f"{c:.4g}" if isinstance(c, float) else str(c)) for c in cells if c is not None), default=0)
    return max(NARROWEST, min(WIDEST, max(longest, len(str(header)) + 3) + 2.0))


def _notes(results: Results, sheets: Sequence[str]) -> Sheet:
    """Lay out the sheet that says what the workbook is, whose numbers it holds and what each column means."""
    texts, synthetic = explanations(), bool(results.meta.get("synthetic"))
    banners = [localizer(x)._("SYNTHETIC DATA - not real answers") for x in ("et", "en")]
    rows: list[tuple[list[Cell], int]] = [([_title(results)], TITLE)]
    rows += [([" / ".join(banners)], MARK)] if synthetic else []
    rows += [([line], PLAIN) for line in (localizer("et")._(ABOUT), ABOUT)]
    rows += [([], PLAIN), (["sheet", "column", "eesti keeles", "in English"], HEAD)]
    for name in sheets:
        rows.append(([name, "", *texts["sheets"].get(name, ["", ""])], PLAIN))
        rows += [([name, column, *texts["columns"].get(column, ["", ""])], PLAIN) for column in COLUMNS[name]]
    cells = [row for row, _ in rows]
    return Sheet(NOTES, cells, [[style] * len(row) for row, style in rows], (16.0, 18.0, 60.0, 60.0), header=0)
