"""Estonian texts keep to the glossary: words it rules out occur nowhere."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from vunki_eval.language.catalogue import load

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "vunki_eval"
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]*)\|$", re.MULTILINE)
TERMS = ROW.findall((ROOT / "docs" / "terms.md").read_text("utf-8"))
RULED_OUT = sorted({w.strip() for _, _, words in TERMS[1:] for w in words.split(",") if w.strip(" -")})


def estonian() -> Iterator[tuple[str, str]]:
    """Texts in Estonian by where they stand: catalogue, pages, templates, word lists, explanations."""
    for message in load("et"):
        if message.id:
            yield "vunki.po", " | ".join([message.string] if isinstance(message.string, str) else message.string)
    for path in [*(ROOT / "docs" / "et").glob("*.md"), *(PACKAGE / "cli" / "desk" / "templates").glob("*.et.*")]:
        yield path.name, path.read_text("utf-8")
    for path in PACKAGE.rglob("documents.toml"):
        yield path.name, json.dumps(tomllib.loads(path.read_text("utf-8")).get("et", {}), ensure_ascii=False)
    codes = tomllib.loads((PACKAGE / "language" / "codes.toml").read_text("utf-8"))
    yield "codes.toml", json.dumps([entry["et"] for entry in codes.values()], ensure_ascii=False)


TEXTS = list(estonian())


def test_the_glossary_is_read() -> None:
    assert TERMS[0][0] == "English"
    assert len(TERMS) > 30
    assert {"laine", "kontrollrühm", "millel on tähtsust"} <= set(RULED_OUT)
    assert {"vunki.po", "reading.md", "project.et.toml", "documents.toml", "codes.toml"} <= {name for name, _ in TEXTS}


@pytest.mark.parametrize("word", RULED_OUT)
def test_words_that_are_ruled_out_do_not_occur(word: str) -> None:
    pattern = re.compile(rf".{{0,40}}(?<!\w){re.escape(word)}.{{0,30}}", re.IGNORECASE)
    assert [(name, place) for name, text in TEXTS for place in pattern.findall(text)] == []
