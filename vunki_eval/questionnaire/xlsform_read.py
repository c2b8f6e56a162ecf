"""Read an instrument from an XLSForm workbook; without our extra columns, defaults apply."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vunki_eval.errors import M_, ConfigError, Message, Problem
from vunki_eval.project.config import shown, validate
from vunki_eval.project.instrument import Instrument

MOST_BYTES, MOST_UNPACKED, MOST_ROWS, MOST_COLUMNS = 5_000_000, 50_000_000, 5_000, 200
KINDS = {"select_one": "single", "select_multiple": "multiple", "integer": "number", "decimal": "number",
         "text": "text", "dateTime": "timestamp"}  # fmt: skip
_LANGUAGE = re.compile(r"\(([a-z]{2,3}(?:-[A-Za-z]+)?)\)\s*$")
Row = dict[str, Any]


def load_xlsform(path: Path) -> Instrument:
    """Read and check an instrument kept as a workbook.

    Parameters
    ----------
    path : Path
        The ``.xlsx`` file.

    Returns
    -------
    Instrument
        Equal to the one that `vunki_eval.questionnaire.xlsform.xlsform_bytes` wrote.

    Raises
    ------
    ConfigError
        With every fault found: file, sheet or key, and what to do.
    """
    sheets = _sheets(path)
    for name in ("survey", "choices"):
        if name not in sheets:
            problem = M_("The workbook has no sheet {name}.", name=repr(name))
            raise ConfigError(Problem(shown(path), 0, name, problem, M_("Use an XLSForm workbook."), "VE-222"))
    rows = [*_items(sheets["survey"]), *_items(sheets.get("elsewhere", []))]
    if rows and all(r.get("order") for r, _ in rows):
        rows.sort(key=lambda pair: int(pair[0]["order"]))
    about = {str(r.get("key") or ""): r.get("value") for r in sheets.get("instrument", [])}
    settings = (sheets.get("settings") or [{}])[0]
    sets, lists = _response_sets(sheets["choices"], rows)
    waves = [_trim({"key": r["key"], "order": r.get("order"), "moment": r.get("moment"),
                    "title": _texts(r, "label")}) for r in sheets.get("waves", [])]  # fmt: skip
    languages = _split(about.get("languages")) or sorted({k for row, _ in rows for k in _texts(row, "label")})
    waves = waves or [{"key": "pre", "order": 1, "title": dict.fromkeys(languages, "pre")}]
    items = [_item(row, stem, sets, lists, [w["key"] for w in waves]) for row, stem in rows]
    title = _texts(about, "title") or dict.fromkeys(languages, str(settings.get("form_title") or path.stem))
    data = {
        "schema": about.get("schema") or 1, "id": about.get("id") or settings.get("form_id") or path.stem,
        "title": title, "languages": languages,
        "link": _split(about.get("link")), "stable": _split(about.get("stable")),
        "licence": about.get("licence") or "", "licence_text": _texts(about, "licence_text"),
        "source": about.get("source") or "", "wave": waves,
        "section": [_section(r) for r in sheets.get("sections", [])],
        "response_set": list(sets.values()), "item": items,
        "scale": _scales(sheets.get("scales", []), rows, sets, languages),
    }  # fmt: skip
    if not data["section"]:
        del data["section"]  # a workbook of version 1
    if about.get("roster.code"):
        data["roster"] = _roster(about)
    return validate(Instrument, data, path)


def _sheets(path: Path) -> dict[str, list[Row]]:
    """Read all sheets as one dict per row, after checking their sizes."""
    from openpyxl import load_workbook

    def refuse(problem: Message, hint: Message) -> ConfigError:
        return ConfigError(Problem(shown(path), 0, "", problem, hint, "VE-221"))

    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(i.file_size for i in archive.infolist())
        if path.stat().st_size > MOST_BYTES or unpacked > MOST_UNPACKED:
            raise refuse(M_("The workbook is too large for a questionnaire."), M_("Check that this is the right file."))
        book = load_workbook(path, data_only=True)
    except FileNotFoundError:
        raise refuse(M_("The file does not exist."), M_("Correct its name.")) from None
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError):
        raise refuse(M_("The file is not a readable workbook."), M_("Save it as XLSX.")) from None
    if any(s.max_row > MOST_ROWS or s.max_column > MOST_COLUMNS for s in book.worksheets):
        raise refuse(M_("A sheet is too large for a questionnaire."), M_("Remove cells far outside the table."))
    return {sheet.title: list(_rows(sheet)) for sheet in book.worksheets}


def _rows(sheet: Any) -> Iterator[Row]:
    sheet_rows = sheet.iter_rows(values_only=True)
    columns = [str(h).strip() if h is not None else "" for h in next(sheet_rows, ())]
    for cells in sheet_rows:
        row = {h: c.strip() if isinstance(c, str) else c for h, c in zip(columns, cells, strict=True) if h}
        if any(c is not None and c != "" for c in row.values()):
            yield row


def _items(rows: list[Row]) -> list[tuple[Row, dict[str, str]]]:
    """Return the rows that are items, each with the label of its group."""
    stems: list[dict[str, str]] = []
    items = []
    has_roles = any(r.get("role") for r in rows)
    for row in rows:
        kind = re.sub(r"^(begin|end) ", r"\1_", str(row.get("type") or ""))
        if kind.startswith("begin_"):
            stems.append(_texts(row, "label"))
        elif kind.startswith("end_"):
            stems = stems[:-1]
        elif kind.split(" ")[0] in KINDS and (row.get("role") or not has_roles):
            items.append((row, stems[-1] if stems else {}))
    return items


def _item(
    row: Row, stem: Mapping[str, str], sets: Mapping[str, Row], lists: Mapping[str, list[Row]], waves: list[str]
) -> Row:
    question_type, _, response_set = str(row["type"]).partition(" ")
    kind = row.get("kind") or KINDS[question_type]
    default = "scale" if row.get("scale") else "text" if kind == "text" else "event"
    bounds = [int(b) for b in _split(row.get("range"))]
    return _trim({
        "code": str(row.get("name") or ""), "kind": kind, "role": row.get("role") or default, "use": row.get("use"),
        "text": _texts(row, "label"), "stem": dict(stem), "short": _texts(row, "short"), "also": _lines(row),
        "translation": row.get("translation"), "response_set": response_set.strip() or row.get("set"),
        "range": bounds or ([0, 1_000_000] if kind == "number" else None),
        "integer": question_type != "decimal" and not _no(row.get("integer")),
        "missing": lists.get(str(row.get("missing") or ""), []), "waves": _split(row.get("wave")) or waves,
        "optional": _yes(row.get("optional")), "optional_waves": _split(row.get("optional_waves")),
        "reverse": _yes(row.get("reverse")), "retrospective_of": row.get("retrospective_of"),
        "excluded_by": _excluded(row.get("excluded_by")), "at_most": row.get("at_most"),
        "dimension": row.get("dimension"), "source": row.get("source"), "source_text": _texts(row, "source_text"),
    })  # fmt: skip


def _section(row: Row) -> Row:
    dimensions = str(row.get("dimensions") or "").split("\n")
    return _trim({"key": row.get("key"), "order": row.get("order"), "dimensions": dimensions,
                  "title": _texts(row, "label")})  # fmt: skip


def _excluded(cell: Any) -> Row | None:
    code, _, values = str(cell or "").partition(":")
    return {"item": code.strip(), "values": [_value(v.strip()) for v in values.split(",")]} if code else None


def _value(text: Any) -> int | str:
    """Return numbers as numbers and keys as texts."""
    if isinstance(text, float) and text.is_integer():
        return int(text)
    return int(text) if isinstance(text, int) or re.fullmatch(r"-?\d{1,9}", str(text)) else str(text)


def _response_sets(choices: list[Row], items: list[tuple[Row, Any]]) -> tuple[dict[str, Row], dict[str, list[Row]]]:
    """Return response sets by key, and the lists that hold only missing answers."""
    used = {str(r["type"]).partition(" ")[2].strip() for r, _ in items}
    has_order = any("ordered" in r and r["ordered"] for r in choices)
    lists: dict[str, list[Row]] = {}
    for row in choices:
        lists.setdefault(str(row.get("list_name") or ""), []).append(row)
    sets, missing = {}, {}
    for key, rows in lists.items():
        missing_options = [_option(r) for r in rows if _yes(r.get("missing"))]
        if len(missing_options) == len(rows):
            missing[key] = missing_options
        elif key in used or (has_order and any(r.get("ordered") for r in rows)):
            sets[key] = _response_set(key, [r for r in rows if not _yes(r.get("missing"))], missing_options)
    return sets, missing


def _response_set(key: str, rows: list[Row], missing: list[Row]) -> Row:
    options = [_option(r) for r in rows]
    marks = [r.get("ordered") for r in rows if r.get("ordered")]
    ordered = _yes(marks[0]) if marks else all(isinstance(o["value"], int) for o in options)
    bands: dict[int, list[tuple[int, int | str]]] = {}
    for position, (row, option) in enumerate(zip(rows, options, strict=True)):
        if row.get("band") not in (None, ""):
            band, _, inside = str(row["band"]).partition(".")
            bands.setdefault(int(band), []).append((int(inside) if inside else position, option["value"]))
    in_order = [[v for _, v in sorted(bands[n], key=lambda pair: pair[0])] for n in sorted(bands)]
    return _trim({"key": key, "options": options, "ordered": ordered, "bands": in_order, "missing": missing,
                  "favourable": _chosen(rows, options, "favourable"), "agrees": _chosen(rows, options, "agrees"),
                  "open": next(iter(_chosen(rows, options, "open")), None)})  # fmt: skip


def _chosen(rows: list[Row], options: list[Row], column: str) -> list[Any]:
    """Return the values whose row is marked in a column, in the order of the marks (numbers, or yes)."""
    marked = [(row[column], o["value"]) for row, o in zip(rows, options, strict=True) if row.get(column)]
    return [v for _, v in sorted(marked, key=lambda pair: pair[0] if isinstance(pair[0], int) else 0)]


def _option(row: Row) -> Row:
    return {"value": _value(row.get("name")), "label": _texts(row, "label"), "also": _lines(row)}


def _roster(about: Row) -> Row:
    """Return the roster question from the sheet ``instrument``; its people belong to each event."""
    plain = {k: about.get(f"roster.{k}") for k in ("code", "own", "response_set", "tie", "source")}
    texts = {k: _texts(about, f"roster.{k}") for k in ("text", "own_text")}
    return _trim({**plain, **texts, "waves": _split(about.get("roster.waves"))})


def _scales(rows: list[Row], items: list[tuple[Row, Any]], sets: Mapping[str, Row], languages: list[str]) -> list[Row]:
    if not rows:
        return _scales_of_columns(items, sets, languages)
    return [
        _trim({**{k: r.get(k) for k in ("key", "use", "score", "minimum", "transform", "direction", "model",
                                        "smallest_change", "dimension", "source")},
               "title": _texts(r, "label"), "items": _split(r.get("items")), "range": [r.get("low"), r.get("high")],
               "primary": _yes(r.get("primary")), "unit": _texts(r, "unit")})
        for r in rows
    ]  # fmt: skip


def _scales_of_columns(items: list[tuple[Row, Any]], sets: Mapping[str, Row], languages: list[str]) -> list[Row]:
    """Build the scales of a workbook that only marks its items: key as title, range of the first item's answers."""
    members: dict[str, list[Row]] = {}
    for row, _ in items:
        for key in _split(row.get("scale")):
            members.setdefault(key, []).append(row)
    scales = []
    for key, rows in members.items():
        response_set = sets.get(str(rows[0]["type"]).partition(" ")[2].strip())
        values = [v for o in response_set["options"] if isinstance(v := o["value"], int)] if response_set else []
        bounds = [int(b) for b in _split(rows[0].get("range"))] or [min(values, default=0), max(values, default=1)]
        title = dict.fromkeys(languages, key)
        scales.append({"key": key, "title": title, "items": [str(r["name"]) for r in rows], "range": bounds})
    return scales


def _texts(row: Mapping[str, Any], column: str) -> dict[str, str]:
    """Return the texts of a column by language; a column without a language counts as English."""
    texts = {}
    for name, cell in row.items():
        if cell is not None and cell != "" and (name == column or name.startswith((f"{column}::", f"{column} "))):
            match = _LANGUAGE.search(name)
            texts[match[1] if match else "en"] = str(cell)
    return texts


def _lines(row: Row) -> list[str]:
    return [t for t in str(row.get("also") or "").split("\n") if t]


def _split(cell: Any) -> list[str]:
    return str(cell).split() if cell is not None else []


def _yes(cell: Any) -> bool:
    return cell is True or str(cell or "").casefold() in ("yes", "true", "jah")


def _no(cell: Any) -> bool:
    return cell is False or str(cell or "").casefold() in ("no", "false", "ei")


def _trim(data: Row) -> Row:
    """Leave out empty values, so that the model's defaults apply."""
    return {k: v for k, v in data.items() if v is not None and v not in ("", [], {})}
