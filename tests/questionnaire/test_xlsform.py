"""The workbook holds the whole instrument, whichever wave it asks, and ODK's own converter and validator accept it."""

import importlib.util
import shutil
from pathlib import Path

import openpyxl
import pytest

from vunki_eval.errors import ConfigError
from vunki_eval.project.instrument import Excluded, Instrument, Item, ResponseSet
from vunki_eval.questionnaire.xlsform import xlsform_bytes
from vunki_eval.questionnaire.xlsform_read import load_xlsform

WAVES = [None, "pre", "post", "followup"]


@pytest.mark.parametrize("wave", WAVES)
def test_it_loads_back_to_an_equal_instrument(instrument: Instrument, tmp_path: Path, wave: str | None) -> None:
    (tmp_path / "q.xlsx").write_bytes(xlsform_bytes(instrument, wave=wave, consent={"et": ["Enne"], "en": ["Before"]}))
    assert load_xlsform(tmp_path / "q.xlsx") == instrument


def test_odd_instruments_load_back_too(instrument: Instrument, tmp_path: Path) -> None:
    agree = instrument.response_sets[0]
    odd_set = ResponseSet.model_validate(agree.model_dump() | {"bands": ((5, 4), (2, 1), (3,)), "missing": ()})
    items = [*instrument.items]
    items[8] = Item.model_validate(items[8].model_dump() | {"also": ("=1+1", "a; b | c"), "reverse": False})
    place = next(n for n, i in enumerate(items) if i.code == "TS1")
    items[place] = items[place].model_copy(
        update={"excluded_by": Excluded(item="PR1", values=("business",)), "range": (0, 10)}
    )
    odd = instrument.model_copy(
        update={"items": tuple(items), "response_sets": (odd_set, *instrument.response_sets[1:]), "licence": ""}
    )
    (tmp_path / "q.xlsx").write_bytes(xlsform_bytes(odd))
    assert load_xlsform(tmp_path / "q.xlsx") == odd


def rows(path: Path, sheet: str) -> list[dict[str, object]]:
    lines = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    heads = next(lines)
    return [dict(zip(heads, line, strict=True)) for line in lines]


def test_a_wave_asks_its_own_items_after_consent(instrument: Instrument, tmp_path: Path) -> None:
    (tmp_path / "q.xlsx").write_bytes(xlsform_bytes(instrument, wave="pre", consent={"et": ["Enne"], "en": ["Before"]}))
    survey = rows(tmp_path / "q.xlsx", "survey")
    assert [r["type"] for r in survey[:3]] == ["start", "end", "note"]
    asked = [r for r in survey if r["role"]]
    assert [r["name"] for r in asked] == [i.code for i in instrument.in_wave("pre")]
    assert asked[0]["required"] == "yes"
    by_name = {r["name"]: r for r in survey if r["type"] != "end_group"}
    assert by_name["PR1"]["relevant"] == by_name["GTS1"]["relevant"] == "${CO0} = 'yes'"
    assert by_name["NW1"]["constraint"] == "(. >= 0 and . <= 500) or . = -99 or . = -77"
    assert by_name["TS1"]["label::Eesti (et)"] == "omavalitsus"
    assert by_name["CA2"]["reverse"] == "yes"
    assert by_name["TS1"]["scale"] == "TS"


def test_the_whole_form_asks_the_wave_first(instrument: Instrument, tmp_path: Path) -> None:
    (tmp_path / "q.xlsx").write_bytes(xlsform_bytes(instrument))
    survey = rows(tmp_path / "q.xlsx", "survey")
    assert survey[2]["name"] == "wave"
    relevant = next(r["relevant"] for r in survey if r["name"] == "PR3")
    assert relevant == "(${wave} = 'pre') and ${CO0} = 'yes'"


def test_a_form_of_the_survey_tool_loads_with_defaults(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    survey = book.active
    survey.title = "survey"
    for line in (("type", "name", "label::English (en)", "scale"), ("select_one a", "Q1", "I trust", "T"),
                 ("begin group", "g", "How many?", None), ("integer", "Q2", "friends", None),
                 ("end group", None, None, None), ("note", "n", "Thanks", None)):  # fmt: skip
        survey.append(line)
    choices = book.create_sheet("choices")
    for line in (("list_name", "name", "label"), ("a", 1, "no"), ("a", 2, "yes")):
        choices.append(line)
    book.save(tmp_path / "own.xlsx")
    made = load_xlsform(tmp_path / "own.xlsx")
    assert [i.code for i in made.items] == ["Q1", "Q2"]
    assert made.item("Q2").stem == {"en": "How many?"}
    assert made.scale("T").range == (1, 2)
    assert made.response_set("Q1").ordered


def test_faults_are_named_all_at_once(instrument: Instrument, tmp_path: Path) -> None:
    path = tmp_path / "q.xlsx"
    path.write_bytes(xlsform_bytes(instrument))
    book = openpyxl.load_workbook(path)
    sheet = book["survey"]
    heads = [c.value for c in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[1].value == "TS1":
            row[heads.index("wave")].value = "pre befor"
        if row[1].value == "NW4":
            row[heads.index("at_most")].value = "NW33"
    book.save(path)
    with pytest.raises(ConfigError) as error:
        load_xlsform(path)
    assert {p.column for p in error.value.problems} >= {"item.TS1.waves", "item.NW4.at_most"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"type,name\n"])
def test_no_workbook(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "q.xlsx").write_bytes(content)
    with pytest.raises(ConfigError, match="VE-221"):
        load_xlsform(tmp_path / "q.xlsx")
    with pytest.raises(ConfigError, match="VE-221"):
        load_xlsform(tmp_path / "absent.xlsx")


def test_a_workbook_without_the_sheets(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "q.xlsx")
    with pytest.raises(ConfigError, match="VE-222"):
        load_xlsform(tmp_path / "q.xlsx")


def test_a_cell_far_outside_is_refused_quickly(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = 1
    book.save(tmp_path / "q.xlsx")
    with pytest.raises(ConfigError, match="VE-221"):
        load_xlsform(tmp_path / "q.xlsx")


@pytest.mark.slow
@pytest.mark.parametrize("wave", WAVES)
def test_pyxform_and_odk_validate_accept_it(instrument: Instrument, tmp_path: Path, wave: str | None) -> None:
    if importlib.util.find_spec("pyxform") is None:
        pytest.skip("pyxform is not installed")
    if shutil.which("java") is None:
        pytest.skip("ODK Validate needs Java")
    from pyxform.xls2xform import xls2xform_convert

    (tmp_path / "q.xlsx").write_bytes(xlsform_bytes(instrument, wave=wave, consent={"et": ["Enne"], "en": ["Before"]}))
    warnings = xls2xform_convert(str(tmp_path / "q.xlsx"), str(tmp_path / "q.xml"), validate=True)
    assert warnings == []
    xml = (tmp_path / "q.xml").read_text(encoding="utf-8")
    assert 'lang="Eesti (et)"' in xml
    assert all(f"/{i.code}" in xml for i in (instrument.items if wave is None else instrument.in_wave(wave)))
