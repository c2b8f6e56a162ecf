"""Sheets: one row per answer, shuffled, named by file and row, texts as texts."""

import io

import openpyxl
import pytest

from vunki_eval.survey.coding import COLUMNS, coding_rows, lemmas_known, sheet_csv, sheet_xlsx, suggest


@pytest.mark.slow
def test_a_row_per_answer_and_no_sheet_for_a_question_nobody_answered(responses, instrument, codebook) -> None:
    sheets = coding_rows(responses, instrument, codebook, seed=1)
    assert list(sheets) == ["OQ1"]
    assert sorted(int(r["row"]) for r in sheets["OQ1"]) == [2, 3, 4, 7]
    assert {r["file"] for r in sheets["OQ1"]} == {"post.csv"}
    assert all(tuple(r) == COLUMNS and r["themes"] == "" for r in sheets["OQ1"])


def test_the_order_is_shuffled_but_the_same_for_a_seed(responses, instrument, codebook) -> None:
    orders = {
        tuple(r["row"] for r in coding_rows(frame, instrument, codebook, seed=seed)["OQ1"])
        for seed in range(20)
        for frame in (responses, responses.iloc[::-1])
    }
    assert len(orders) > 5
    assert len(orders) <= 20


def test_no_person_is_in_a_sheet_and_the_scan_stands_beside_the_text(responses, instrument, codebook) -> None:
    rows = coding_rows(responses, instrument, codebook, seed=1, scan=lambda text: "name" if "Mentor" in text else "")
    assert {r["row"]: r["personal_data"] for r in rows["OQ1"]} == {"2": "", "3": "name", "4": "", "7": ""}
    assert "respondent" not in sheet_csv(rows["OQ1"])


def test_lemmas_only_suggest(codebook) -> None:
    assert lemmas_known()
    themes = codebook.of("OQ1")
    assert suggest("Aega jäi väheks.", themes, ("et", "en")) == ("time",)
    assert suggest("Mentoritest oli abi, inimestest ka.", themes, ("et",)) == ("people",)
    assert suggest("Midagi muud.", themes, ("et", "en")) == ()
    assert codebook.of("OQ2") == ()


def test_without_the_extra_the_suggestions_stay_empty(monkeypatch, codebook) -> None:
    monkeypatch.setattr("vunki_eval.survey.coding.prepared_sheets.lemmas_known", lambda: False)
    assert suggest("Aega jäi väheks.", codebook.of("OQ1"), ("et",)) == ()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_what_begins_like_a_formula_is_a_text(start: str, codebook) -> None:
    rows = [dict.fromkeys(COLUMNS, "") | {"text": f"{start}1+2"}]
    assert f"'{start}1+2" in sheet_csv(rows)
    book = openpyxl.load_workbook(io.BytesIO(sheet_xlsx(rows, codebook, "OQ1", "et")))
    assert book["coding"]["E2"].data_type == "s"
    assert [c.value for c in book["codebook"]["A"]] == ["key", "time", "people"]
