"""Write an instrument as TOML text that loads to an equal instrument, for workbooks and for new projects."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from vunki_eval.project.instrument import Instrument

WIDTH = 118
HEAD = {
    "wave": "Waves: when it is asked, in their order; moment: before, end or later.",
    "section": "Sections of the report: items and scales fall into them by their dimension.",
    "response_set": "Response sets: the answers an item offers; bands: which answers merge first in small cells.",
    "item": "Items: one table a question; text and stem are the words, stem stands above a grid; use: what it is for.",
    "scale": "Scales: scores made of items (their mean); smallest_change is declared before the data.",
}


def instrument_toml(instrument: Instrument, *, comment: str = "") -> str:
    """Return the instrument as TOML text.

    Parameters
    ----------
    instrument : Instrument
    comment : str
        Lines for the top of the file, without ``#``.
    """
    lines = [f"# {line}".rstrip() for line in comment.splitlines()]
    top = {"schema": instrument.schema_, **_non_default(instrument, skip={"schema_", *_TABLES})}
    lines += ["", *_entries(top)]
    for field, table in _TABLES.items():
        entries = getattr(instrument, field)
        if entries:
            lines += ["", f"# ── {HEAD[table]}"]
        for entry in entries:
            lines += ["", f"[[{table}]]", *_entries(_non_default(entry, skip=set()))]
    return "\n".join(lines).lstrip("\n") + "\n"


_TABLES = {"waves": "wave", "sections": "section", "response_sets": "response_set", "items": "item", "scales": "scale"}


def _non_default(model: BaseModel, *, skip: set[str]) -> dict[str, Any]:
    """Return the fields that differ from their default."""
    fields = type(model).model_fields
    return {n: v for n in fields if n not in skip and (v := getattr(model, n)) != fields[n].default}


def _entries(data: Mapping[str, Any]) -> Iterator[str]:
    for key, value in data.items():
        line = f"{key} = {_value(value)}"
        if len(line) > WIDTH and isinstance(value, Mapping):
            yield from (f"{key}.{k} = {_value(v)}" for k, v in value.items())
        elif len(line) > WIDTH and isinstance(value, tuple):
            yield f"{key} = ["
            yield from (f"  {_value(v)}," for v in value)
            yield "]"
        else:
            yield line


def _value(value: Any) -> str:
    """Write one TOML value; a JSON string is also a TOML basic string."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, BaseModel):
        return _value(_non_default(value, skip=set()))
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in value.items()) + " }"
    return repr(int(value)) if isinstance(value, float) and value.is_integer() else repr(value)
