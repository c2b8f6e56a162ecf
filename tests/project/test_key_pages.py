"""The pages of keys and the JSON Schemas follow from the models."""

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from vunki_eval.project.key_pages import FILES, LANGUAGES, described, json_schema, keys_of, keys_page, models_of, pages
from vunki_eval.project.uses import USES

ROOT = Path(__file__).parents[2]
TEXTS = tomllib.loads((ROOT / "vunki_eval" / "project" / "keys.toml").read_text("utf-8"))
MODELS = {m.__name__: m for file in FILES.values() for m in models_of(file).values()}


@pytest.mark.parametrize("name", MODELS)
def test_every_key_says_what_it_is_for(name: str) -> None:
    for key in keys_of(MODELS[name]):
        for language in LANGUAGES:
            assert described(MODELS[name], key, language)[-1] in ".,", f"{name}.{key}"


def test_nothing_is_described_that_is_no_key() -> None:
    keys = {name: set(keys_of(model)) for name, model in MODELS.items()}
    assert [n for n in TEXTS if n != "any" and n not in keys] == []
    assert {n: left for n, texts in TEXTS.items() if n != "any" and (left := set(texts) - keys[n])} == {}
    assert set(TEXTS["any"]) <= set.union(*keys.values())


def test_the_written_pages_and_schemas_are_current() -> None:
    """If not: ``python -m vunki_eval.project.key_pages .``."""
    for path, content in pages(ROOT).items():
        assert path.read_text("utf-8") == content, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_lists_keys_uses_and_kinds(language: str) -> None:
    page = keys_page(language)
    for table in ("`wave`", "`section`", "`response_set.options`", "`event`", "`event.claim`", "`budget.line`"):
        assert f": {table}\n" in page
    assert all(f"\n| `{use}` |" in page for use in USES)
    assert "| `moment` * |" in page
    assert "- `häkaton` / `hackathon`\n" in page


def plain(value: Any) -> Any:
    """Write dates as JSON does."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value.isoformat() if isinstance(value, dt.date) else value


@pytest.mark.parametrize("file", FILES)
def test_the_shipped_files_fit_their_schema(file: str) -> None:
    text = (ROOT / "surveys" / f"{file}.toml").read_text("utf-8")
    assert text.startswith(f"#:schema {file}.schema.json\n")
    schema = json.loads(json_schema(file))
    jsonschema.validate(plain(tomllib.loads(text)), schema)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('moment = "end"', 'moment = "after"'),
        ('use = "valued"', 'use = "valud"'),
        ('role = "profile"', 'rol = "profile"'),
    ],
)
def test_a_schema_finds_what_is_misspelt(old: str, new: str) -> None:
    text = (ROOT / "surveys" / "instrument.toml").read_text("utf-8").replace(old, new, 1)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain(tomllib.loads(text)), json.loads(json_schema("instrument")))
