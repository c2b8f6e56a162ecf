"""The pages that list every key of ``instrument.toml`` and ``project.toml``, and the JSON Schemas that editors read.

Both are written from the models and from ``keys.toml``: ``python -m vunki_eval.project.key_pages .`` in the repository.
"""

import json
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from vunki_eval.project.event_kind import event_kinds
from vunki_eval.project.questions import InstrumentParts
from vunki_eval.project.settings import Config
from vunki_eval.project.uses import SCALE, USES

LANGUAGES = ("en", "et")
FILES: Mapping[str, type[BaseModel]] = {"instrument": InstrumentParts, "project": Config}
_TEXTS = Path(__file__).with_name("keys.toml")
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Keys of the configuration",
        "intro": "Every key of `surveys/project.toml` and `surveys/instrument.toml`. A key marked * must be there. "
        "Editors complete and check the keys by the `#:schema` row at the top of the files.",
        "key": "Key", "meaning": "What it is for", "top": "at the top of the file", "default": "Default: {}.",
        "uses": "Uses of items and scales", "use": "`use`", "kinds": "Belongs to", "often": "How often",
        "adds": "What it adds to the report", "once": "once", "many": "any number", "scale": "a scale",
        "kinds_title": "Kinds of event",
        "kinds_intro": "`event_kind` takes one of these words, in either language, or a table:",
    },
    "et": {
        "title": "Seadistuse võtmed",
        "intro": "Kõik failide `surveys/project.toml` ja `surveys/instrument.toml` võtmed. Tärniga (*) võti peab "
        "olemas olema. Toimetid pakuvad ja kontrollivad võtmeid faili alguses oleva rea `#:schema` järgi.",
        "key": "Võti", "meaning": "Milleks", "top": "faili alguses", "default": "Vaikimisi: {}.",
        "uses": "Küsimuste ja skaalade otstarbed", "use": "`use`", "kinds": "Kuulub", "often": "Mitu korda",
        "adds": "Mida see aruandele lisab", "once": "üks kord", "many": "piiramata", "scale": "skaala",
        "kinds_title": "Ürituse liigid",
        "kinds_intro": "`event_kind` on üks neist sõnadest, kummas keeles tahes, või tabel:",
    },
}  # fmt: skip
_OWN_KIND = """```toml
event_kind.et = { nominative = "ideepäev", genitive = "ideepäeva", partitive = "ideepäeva",\
 plural_nominative = "ideepäevad", plural_genitive = "ideepäevade", plural_partitive = "ideepäevi" }
event_kind.en = { singular = "work day", plural = "work days" }
```"""


def described(model: type[BaseModel], key: str, language: str) -> str:
    """Say what a key of a model is for (KeyError if nothing says so).

    >>> described(Config, "budget", "en")
    'Money, in euros.'
    """
    texts = _texts()
    pair = texts.get(model.__name__, {}).get(key) or texts["any"][key]
    return str(pair[LANGUAGES.index(language)])


def models_of(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """Map the name of each table of a file to its model, outer tables first; "" is the top of the file."""
    tables: dict[str, type[BaseModel]] = {}
    waiting: list[tuple[str, type[BaseModel]]] = [("", model)]
    while waiting:
        name, current = waiting.pop(0)
        if current in tables.values():
            continue
        tables[name] = current
        for key, field in keys_of(current).items():
            waiting += [(f"{name}.{key}" if name else key, m) for m in _inner(field.annotation)]
    return tables


def keys_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Map the keys of a model, as files write them, to their fields."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def keys_page(language: str) -> str:
    """Return the page of keys in a language, as Markdown."""
    say = _WORDS[language]
    lines = [f"# {say['title']}", "", say["intro"]]
    for file, model in FILES.items():
        lines += ["", f"## {file}.toml"]
        for name, table in models_of(model).items():
            heading = f"`{name}`" if name else say["top"]
            lines += ["", f"### {file}: {heading}", "", f"| {say['key']} | {say['meaning']} |", "|---|---|"]
            lines += [_row(table, key, field, language) for key, field in keys_of(table).items()]
    lines += ["", f"## {say['uses']}", "", f"| {say['use']} | {say['kinds']} | {say['often']} | {say['adds']} |"]
    lines += ["|---|---|---|---|"]
    for name, use in USES.items():
        kinds = say["scale"] if SCALE in use.kinds else ", ".join(use.kinds)
        adds = use.et if language == "et" else use.en
        lines.append(f"| `{name}` | {kinds} | {say['once' if use.once else 'many']} | {adds} |")
    lines += ["", f"## {say['kinds_title']}", "", say["kinds_intro"], "", _OWN_KIND, ""]
    lines += [f"- `{name}` / `{kind.en.singular}`" for name, kind in event_kinds().items()]
    return "\n".join(lines) + "\n"


def json_schema(file: str) -> str:
    """Return the JSON Schema of a file ("instrument" or "project") as text, with a description of every key."""
    model = FILES[file]
    schema = model.model_json_schema(by_alias=True)
    for name, table in {m.__name__: m for m in models_of(model).values()}.items():
        part = schema if name == model.__name__ else schema["$defs"][name]
        part.pop("title", None)
        for key, entry in part["properties"].items():
            entry.pop("title", None)
            entry["description"] = described(table, key, "en")
    for name, of_scale in (("Item", False), ("Scale", True)):
        if name in schema.get("$defs", {}):
            uses = [u for u, use in USES.items() if (SCALE in use.kinds) == of_scale]
            schema["$defs"][name]["properties"]["use"]["enum"] = ["", *uses]
    schema = {"$schema": "http://json-schema.org/draft-07/schema#", "title": f"{file}.toml of vunki_eval"} | schema
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def pages(root: Path) -> dict[Path, str]:
    """Map the files of the repository that are written from the models to what they should hold."""
    texts = {root / "docs" / language / "keys.md": keys_page(language) for language in LANGUAGES}
    return texts | {root / "surveys" / schema_name(file): json_schema(file) for file in FILES}


def schema_name(file: str) -> str:
    """Name the JSON Schema of a file, which stands beside it."""
    return f"{file}.schema.json"


@cache
def _texts() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_TEXTS.read_text(encoding="utf-8"))


def _inner(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _inner(part)


def _row(table: type[BaseModel], key: str, field: FieldInfo, language: str) -> str:
    text = described(table, key, language).replace("|", "\\|")
    default = field.default
    if isinstance(default, bool | int | float | str) and default not in ("", None) and key != "schema":
        shown = json.dumps(default, ensure_ascii=False)
        text += " " + _WORDS[language]["default"].format(f"`{shown}`")
    return f"| `{key}`{' *' if field.is_required() else ''} | {text} |"


if __name__ == "__main__":
    for path, content in pages(Path(sys.argv[1] if len(sys.argv) > 1 else ".")).items():
        path.write_text(content, encoding="utf-8", newline="\n")
