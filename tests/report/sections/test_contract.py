"""Every section, in every state of the results, in both languages: honest, whole, quiet about what it cannot know."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from vunki_eval import sections
from vunki_eval.language import banned
from vunki_eval.report.commentary import ANCHORS
from vunki_eval.results.blocks import Figure, Section, Table, section_from_json, to_json
from vunki_eval.results.results import Results, from_dict
from vunki_eval.results.results import to_json as results_json

NOTEBOOKS = Path(__file__).resolve().parents[3] / "notebooks"
STATES = ("2020-antsla", "2021-online", "project", "sparse", "foreign", "rowless", "nothing", "no-surveys")
LEFT_OVER = re.compile(r"\b(?:nan|NaN|NaT|None|inf|TODO|null|VE-\d+)\b|[{}]|\\n")
HIDDEN_KEYS = ("svg", "name", "kind", "key", "language", "align", "style", "tone", "part", "date")
WITHOUT_TITLE = {"cover", "page-one", "other"}
POINTER = re.compile(r"estimates: \w+, change, post")
Make = Callable[[str, str, str], Section]


def texts(value: Any) -> Iterator[str]:
    """Walk all texts that a reader meets (not drawings, names or keys)."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name not in HIDDEN_KEYS:
                yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


@pytest.fixture(scope="module")
def made(states: dict[str, Results]) -> Make:
    """Make a section once."""
    known: dict[tuple[str, str, str], Section] = {}

    def make(state: str, name: str, language: str) -> Section:
        key = (state, name, language)
        if key not in known:
            known[key] = getattr(sections, name)(states[state], language)
        return known[key]

    return make


def generated(results: Results, said: list[str]) -> list[str]:
    """Leave out what people wrote in the project's files: wordings of questions."""
    items = results.meta.get("items", {}).values()
    own = {t for i in items for part in ("text", "short", "row") for t in i.get(part, {}).values()}
    return [t for t in said if not any(t.removeprefix("… ").startswith(o) for o in own if len(o) > 8)]


@pytest.mark.parametrize("language", ["et", "en"])
@pytest.mark.parametrize("name", sections.__all__)
@pytest.mark.parametrize("state", STATES)
def test_section(made: Make, states: dict[str, Results], state: str, name: str, language: str) -> None:
    section = made(state, name, language)
    said = list(texts(to_json(section)))
    assert [t for t in said if LEFT_OVER.search(t)] == []
    assert [w for t in generated(states[state], said) for w in banned(t, language)] == []
    assert section.key in WITHOUT_TITLE or section.title
    assert section.blocks or section.key == "other"
    assert section.language == language
    assert section.labels["contents"] == {"et": "Sisukord", "en": "Contents"}[language]
    assert section_from_json(to_json(section)) == section
    if language == "et":
        assert not any(re.search(r"\d\.\d+ ?%|\d %", t) for t in said), "decimal comma, no-break space"


@pytest.mark.parametrize("name", [n for n in sections.__all__ if n not in ("cover", "cover_project")])
@pytest.mark.parametrize("state", ["2020-antsla", "project"])
def test_words_of_the_other_language_do_not_leak(made: Make, state: str, name: str) -> None:
    english, estonian = (" | ".join(texts(to_json(made(state, name, code)))) for code in ("en", "et"))
    assert not re.search(r"\b(?:andmed|puuduvad|muutus|inimest|keskmine|sulgudes)\b", english)
    rest = POINTER.sub("", estonian)
    assert not re.search(r"\b(?:the|people|change|answered|interval|own|after|items)\b", rest)


@pytest.mark.parametrize("state", ["2020-antsla", "project"])
def test_results_read_back_give_the_same_sections(made: Make, states: dict[str, Results], state: str) -> None:
    again = from_dict(json.loads(results_json(states[state])))
    for name in sections.__all__:
        assert to_json(getattr(sections, name)(again, "et")) == to_json(made(state, name, "et")), name


@pytest.mark.parametrize(("notebook", "state"), [("event_report", "2020-antsla"), ("final_report", "project")])
def test_names_of_figures_and_of_tables_are_unique(made: Make, notebook: str, state: str) -> None:
    source = (NOTEBOOKS / f"{notebook}.ipynb").read_text("utf-8")
    blocks = [b for name in re.findall(r"ve\.sections\.(\w+)\(", source) for b in made(state, name, "et").blocks]
    for kind in (Figure, Table):
        found = [b.name for b in blocks if isinstance(b, kind)]
        assert len(found) == len(set(found)) > 3
        assert all(re.fullmatch(r"[A-Za-z0-9_-]+", n) for n in found)


@pytest.mark.parametrize("language", ["et", "en"])
@pytest.mark.parametrize("state", STATES)
def test_tables_are_rectangular_and_narrow(made: Make, state: str, language: str) -> None:
    for name in sections.__all__:
        for table in (b for b in made(state, name, language).blocks if isinstance(b, Table)):
            assert table.rows, table.name
            assert {len(row) for row in table.rows} == {len(table.columns)}
            assert len(table.columns) <= 7
            assert table.caption


@pytest.mark.parametrize("language", ["et", "en"])
def test_titles_are_findings_of_some_words(made: Make, language: str) -> None:
    for name in ("trust", "networking", "cocreation", "experience", "ideas", "participants", "groups", "claims"):
        assert 5 <= len(made("2020-antsla", name, language).title.split()) <= 14


def test_commentary_has_a_place_for_every_section(made: Make) -> None:
    free = {
        "cover",
        "page-one",
        "claims",
        "items",
        "quality",
        "attrition",
        "disclosure",
        "reproducibility",
        "selfcheck",
    }
    keys = {made("2020-antsla", n, "en").key for n in sections.__all__}
    assert keys - free <= set(ANCHORS)


def test_annex_is_marked(made: Make) -> None:
    for name in sections.__all__:
        wanted = "annex" if name.startswith("annex_") or name == "selfcheck" else ""
        assert made("2020-antsla", name, "en").part == wanted


@pytest.mark.parametrize("name", ["trust", "networking", "cocreation", "experience", "groups", "sensitivity", "claims"])
def test_without_rows_one_sentence_says_so(made: Make, name: str) -> None:
    section = made("nothing", name, "et")
    assert len(section.blocks) == 1
    assert not any(isinstance(b, Figure | Table) for b in section.blocks)


def test_what_is_kept_back_is_said_and_not_drawn(made: Make) -> None:
    section = made("sparse", "trust", "en")
    said = " ".join(texts(to_json(section)))
    assert "too few people to publish a number" in section.title
    assert "kept back" in said
    assert not any(isinstance(b, Figure) for b in section.blocks)


def test_outcomes_of_a_foreign_instrument_are_all_told(made: Make, states: dict[str, Results]) -> None:
    section = made("foreign", "other", "en")
    said = " ".join(texts(to_json(section)))
    for key in ("Z_TS", "Z_NW1", "Z_CE", "Z_CA"):
        assert states["foreign"].meta["outcomes"][key]["title"]["en"] in said
    assert made("2020-antsla", "other", "en").blocks == ()
