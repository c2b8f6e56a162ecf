"""Write the keys of version 2 into files of version 1, leaving every other line as it is.

Comments, layout and order stay: each key is one new row below the key that names its entry.
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vunki_eval.errors import M_, ConfigError, Problem
from vunki_eval.project.config import read_toml, shown
from vunki_eval.project.toml_rows import Place, key_rows
from vunki_eval.project.version_1 import EVENT_KIND, NEWEST, added_keys, complete_instrument

_ANCHORS = {"wave": "key", "item": "role", "scale": "key", "response_set": "key"}
_HEADING = "# ── Sections of the report: items and scales fall into them by their dimension "


def upgraded_instrument(path: Path) -> str | None:
    """Return the text of an instrument with the keys of version 2, or None if it has them already.

    Raises
    ------
    ConfigError
        If the file cannot be read, or an entry is written in a form into which no row can be put.
    """
    data = read_toml(path)
    if data.get("schema", 1) != 1:
        return None
    text = path.read_bytes().decode("utf-8-sig")  # as it stands, with its own line ends
    rows, new = key_rows(text), dict[int, list[str]]()
    for (table, place), keys in added_keys(data).items():
        anchor = _anchor(path, rows, (table, place, _ANCHORS[table]))
        new.setdefault(anchor, []).extend(f"{k} = {_value(v)}" for k, v in keys.items())
    if "section" not in data and (sections := complete_instrument(data).get("section")):
        last_wave = ("wave", len(data["wave"]) - 1)
        end = max(row for place, row in rows.items() if place[:2] == last_wave)
        new.setdefault(end, []).extend(_section_rows(sections))
    return _with_schema(text, rows, new)


def upgraded_project(path: Path) -> str | None:
    """Return the text of ``project.toml`` with the keys of version 2, or None if it has them already.

    Raises
    ------
    ConfigError
        As `upgraded_instrument`.
    """
    data = read_toml(path)
    if data.get("schema", 1) != 1:
        return None
    text = path.read_bytes().decode("utf-8-sig")  # as it stands, with its own line ends
    rows, new = key_rows(text), dict[int, list[str]]()
    if "event_kind" not in data.get("project", {}):
        new[_anchor(path, rows, ("project", "id"))] = [f"event_kind = {_value(EVENT_KIND)}"]
    return _with_schema(text, rows, new)


def _anchor(path: Path, rows: Mapping[Place, int], place: Place) -> int:
    if place not in rows or rows[place] == rows.get(place[:1]):
        name = str(place[0])
        raise ConfigError(
            Problem(
                shown(path), rows.get(place[:1], 0), name, M_("The entries are not written as tables of their own."),
                M_("Write each one under its own heading ([{name}] or [[{name}]]), then upgrade again.", name=name),
                "VE-208",
            )
        )  # fmt: skip
    return rows[place]


def _section_rows(sections: list[dict[str, Any]]) -> list[str]:
    lines = ["", _HEADING + "─" * (120 - len(_HEADING))]
    for section in sections:
        title = ", ".join(f"{k} = {_value(v)}" for k, v in section["title"].items())
        lines += ["", "[[section]]", f"key = {_value(section['key'])}", f"title = {{ {title} }}",
                  f"dimensions = {_value(list(section['dimensions']))}"]  # fmt: skip
    return lines


def _with_schema(text: str, rows: Mapping[Place, int], new: Mapping[int, list[str]]) -> str:
    """Put the new rows into a text, and the version in its place or at the top."""
    end = "\r" if "\r\n" in text else ""
    lines: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        is_version = number == rows.get(("schema",))
        lines.append(line.replace("1", str(NEWEST), 1) if is_version else line)
        lines += [row + end for row in new.get(number, [])]
    if ("schema",) not in rows:
        lines.insert(0, f"schema = {NEWEST}{end}")
    upgraded = "\n".join(lines)
    tomllib.loads(upgraded)
    return upgraded


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False)
