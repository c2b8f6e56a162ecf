"""Every section, in every state of the results and in both languages, keeps to the same contract."""

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
MakeSection = Callable[[str, str, str], Section]


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
def make(states: dict[str, Results]) -> MakeSection:
    """Make a section of a state, once per module: sections are costly and never changed."""
    cache: dict[tuple[str, str, str], Section] = {}

    def section(state: str, name: str, language: str) -> Section:
        key = (state, name, language)
        if key not in cache:
            cache[key] = getattr(sections, name)(states[state], language)
        return cache[key]

    return section


def generated(results: Results, printed: list[str]) -> list[str]:
    """Leave out what people wrote in the project's files: wordings of questions."""
    items = results.meta.get("items", {}).values()
    wordings = {t for i in items for part in ("text", "short", "row") for t in i.get(part, {}).values()}
    return [t for t in printed if not any(t.removeprefix("… ").startswith(w) for w in wordings if len(w) > 8)]


@pytest.mark.parametrize("language", ["et", "en"])
@pytest.mark.parametrize("name", sections.__all__)
@pytest.mark.parametrize("state", STATES)
def test_section(make: MakeSection, states: dict[str, Results], state: str, name: str, language: str) -> None:
    section = make(state, name, language)
    printed = list(texts(to_json(section)))
    assert [t for t in printed if LEFT_OVER.search(t)] == []
    assert [w for t in generated(states[state], printed) for w in banned(t, language)] == []
    assert section.key in WITHOUT_TITLE or section.title
    assert section.blocks or section.key == "other"
    assert section.language == language
    assert section.labels["contents"] == {"et": "Sisukord", "en": "Contents"}[language]
    assert section_from_json(to_json(section)) == section
    if language == "et":
        assert not any(re.search(r"\d\.\d+ ?%|\d %", t) for t in printed), "decimal comma, no-break space"


@pytest.mark.parametrize("name", [n for n in sections.__all__ if n not in ("cover", "cover_project")])
@pytest.mark.parametrize("state", ["2020-antsla", "project"])
def test_words_of_the_other_language_do_not_leak(make: MakeSection, state: str, name: str) -> None:
    english, estonian = (" | ".join(texts(to_json(make(state, name, code)))) for code in ("en", "et"))
    assert not re.search(r"\b(?:andmed|puuduvad|muutus|inimest|keskmine|sulgudes)\b", english)
    rest = POINTER.sub("", estonian)
    assert not re.search(r"\b(?:the|people|change|answered|interval|own|after|items)\b", rest)


@pytest.mark.parametrize("state", ["2020-antsla", "project"])
def test_results_read_back_give_the_same_sections(make: MakeSection, states: dict[str, Results], state: str) -> None:
    again = from_dict(json.loads(results_json(states[state])))
    for name in sections.__all__:
        assert to_json(getattr(sections, name)(again, "et")) == to_json(make(state, name, "et")), name


@pytest.mark.parametrize(("notebook", "state"), [("event_report", "2020-antsla"), ("final_report", "project")])
def test_names_of_figures_and_of_tables_are_unique(make: MakeSection, notebook: str, state: str) -> None:
    source = (NOTEBOOKS / f"{notebook}.ipynb").read_text("utf-8")
    blocks = [b for name in re.findall(r"ve\.sections\.(\w+)\(", source) for b in make(state, name, "et").blocks]
    for kind in (Figure, Table):
        names = [b.name for b in blocks if isinstance(b, kind)]
        assert len(names) == len(set(names)) > 3
        assert all(re.fullmatch(r"[A-Za-z0-9_-]+", n) for n in names)


@pytest.mark.parametrize("language", ["et", "en"])
@pytest.mark.parametrize("state", STATES)
def test_tables_are_rectangular_and_narrow(make: MakeSection, state: str, language: str) -> None:
    for name in sections.__all__:
        for table in (b for b in make(state, name, language).blocks if isinstance(b, Table)):
            assert table.rows, table.name
            assert {len(row) for row in table.rows} == {len(table.columns)}
            assert len(table.columns) <= 7
            assert table.caption


@pytest.mark.parametrize("language", ["et", "en"])
def test_titles_are_findings_of_some_words(make: MakeSection, language: str) -> None:
    for name in ("trust", "networking", "cocreation", "experience", "ideas", "participants", "groups", "claims"):
        assert 5 <= len(make("2020-antsla", name, language).title.split()) <= 14


def test_commentary_has_a_place_for_every_section(make: MakeSection) -> None:
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
    keys = {make("2020-antsla", n, "en").key for n in sections.__all__}
    assert keys - free <= set(ANCHORS)


def test_annex_is_marked(make: MakeSection) -> None:
    for name in sections.__all__:
        wanted = "annex" if name.startswith("annex_") or name == "selfcheck" else ""
        assert make("2020-antsla", name, "en").part == wanted


@pytest.mark.parametrize("name", ["trust", "networking", "cocreation", "experience", "groups", "sensitivity", "claims"])
def test_without_rows_one_sentence_says_so(make: MakeSection, name: str) -> None:
    section = make("nothing", name, "et")
    assert len(section.blocks) == 1
    assert not any(isinstance(b, Figure | Table) for b in section.blocks)


def test_what_is_kept_back_is_said_and_not_drawn(make: MakeSection) -> None:
    section = make("sparse", "trust", "en")
    printed = " ".join(texts(to_json(section)))
    assert "too few people to publish a number" in section.title
    assert "kept back" in printed
    assert not any(isinstance(b, Figure) for b in section.blocks)


def test_outcomes_of_a_foreign_instrument_are_all_described(make: MakeSection, states: dict[str, Results]) -> None:
    section = make("foreign", "other", "en")
    printed = " ".join(texts(to_json(section)))
    for key in ("Z_TS", "Z_NW1", "Z_CE", "Z_CA"):
        assert states["foreign"].meta["outcomes"][key]["title"]["en"] in printed
    assert make("2020-antsla", "other", "en").blocks == ()
