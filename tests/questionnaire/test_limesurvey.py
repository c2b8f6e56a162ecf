import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from vunki_eval.project.instrument import Instrument
from vunki_eval.questionnaire.limesurvey import COLUMNS, answer_codes, limesurvey_structure
from vunki_eval.readers.column_mapping import find_columns
from vunki_eval.readers.table import RawTable, SourceColumn

WAVES = ("pre", "post", "followup")


def parsed(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"))


@pytest.fixture(scope="module", params=WAVES)
def made(request: pytest.FixtureRequest, instrument: Instrument) -> tuple[str, list[dict[str, str]]]:
    consent = {"et": ["Kes < küsib & miks"], "en": ["Who asks"]}
    return request.param, parsed(limesurvey_structure(instrument, request.param, ["et", "en"], consent))


def test_both_languages_have_the_same_parts(made: tuple[str, list[dict[str, str]]]) -> None:
    _, rows = made

    def part(row: dict[str, str]) -> tuple[str, ...]:
        return row["class"], row["id"], row["name"] if row["class"] != "G" else "", row["type/scale"]

    parts = {lang: [part(r) for r in rows if r["language"] == lang and r["class"] != "SL"] for lang in ("et", "en")}
    assert parts["et"] == parts["en"]
    assert len(parts["et"]) > 100


def test_codes_are_those_limesurvey_takes(made: tuple[str, list[dict[str, str]]]) -> None:
    _, rows = made
    questions = [r["name"] for r in rows if r["class"] == "Q" and r["language"] == "et"]
    assert max(Counter(questions).values()) == 1
    assert all(name.isalnum() and name[0].isalpha() and len(name) <= 20 for name in questions)
    assert all(r["name"].isalnum() and len(r["name"]) <= 5 for r in rows if r["class"] == "A")
    assert all(r["text"] for r in rows if r["class"] in ("Q", "SQ", "A"))


def test_only_consent_is_mandatory_and_all_else_waits_for_it(made: tuple[str, list[dict[str, str]]]) -> None:
    _, rows = made
    assert {r["name"] for r in rows if r["mandatory"] == "Y"} == {"CO0"}
    groups = [r["relevance"] for r in rows if r["class"] == "G" and r["language"] == "et"]
    assert groups == ["1", 'CO0.NAOK == "yes"', 'CO0.NAOK == "yes"']


def test_no_technical_data_are_collected(made: tuple[str, list[dict[str, str]]]) -> None:
    settings = {r["name"]: r["text"] for r in made[1] if r["class"] == "S"}
    assert settings["ipaddr"] == settings["refurl"] == settings["usecookie"] == "N"
    assert settings["datestamp"] == "Y"
    assert settings["additional_languages"] == "en"
    welcome = next(r["text"] for r in made[1] if r["name"] == "surveyls_welcometext")
    assert "&lt; küsib &amp;" in welcome


@pytest.mark.parametrize("style", ["code", "text"])
def test_our_reader_finds_every_item_in_its_export(
    made: tuple[str, list[dict[str, str]]], instrument: Instrument, style: str
) -> None:
    wave, rows = made
    columns, question = [], None
    for r in (r for r in rows if r["language"] == "et" and r["class"] in ("Q", "SQ")):
        name = r["name"] if style == "code" else r["text"].replace("&lt;", "<").replace("&amp;", "&")
        if r["class"] == "Q":
            question = name
            if r["type/scale"] not in "FM":
                columns.append(SourceColumn(name))
        else:
            columns.append(SourceColumn(f"{question}[{name}]", row=name))
    table = RawTable("limesurvey", "x.csv", "", tuple(columns), tuple([] for _ in columns), (), frozenset(), "", ())
    mapping = find_columns(table, instrument, wave)
    assert mapping.missing == ()
    assert {m.item for m in mapping.matches} == {i.code for i in instrument.in_wave(wave)}


def test_answer_codes_are_short_and_different() -> None:
    assert answer_codes([0, 1, 10]) == ["0", "1", "10"]
    assert answer_codes(["municipality", "municipal", "public_service"]) == ["munic", "A2", "publi"]


def test_the_shape_is_that_of_real_structures(
    made: tuple[str, list[dict[str, str]]], real_data: Path
) -> None:  # pragma: no cover
    real = (real_data / "limesurvey" / "limonaid_testing-multilingual-export.txt").read_text(encoding="utf-8-sig")
    theirs = parsed(real)
    heads = [h.strip() for h in theirs[0]]
    assert set(COLUMNS) <= set(heads)
    assert [h for h in heads if h in COLUMNS][:14] == list(COLUMNS[:14])
    for kind in ("S", "SL"):
        names = {r["name"] for r in theirs if r["class"] == kind}
        assert {r["name"] for r in made[1] if r["class"] == kind} <= names
    assert {r["class"] for r in made[1]} <= {r["class"] for r in theirs} | {"SQ"}
