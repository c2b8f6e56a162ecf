"""results.xlsx: the same numbers, the same bytes, no formula, and other programs open it."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from vunki_eval.publish.results_workbook import NOTES, explanations, results_workbook
from vunki_eval.publish.xlsx_writer import COUNT, HEAD, PLAIN, Sheet, workbook_bytes
from vunki_eval.results.results import COLUMNS, Results, to_dict


@pytest.fixture(scope="module")
def results(synthetic_results: dict[str, Results]) -> Results:
    return synthetic_results["2020-antsla"]


@pytest.fixture(scope="module")
def book(results: Results) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(results_workbook(results)))


def test_every_table_with_rows_is_a_sheet(results: Results, book: openpyxl.Workbook) -> None:
    filled = [name for name, frame in results.tables().items() if len(frame)]
    assert book.sheetnames == [NOTES, *filled]
    for name in filled:
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.max_row == len(getattr(results, name)) + 1


def test_numbers_are_those_of_the_results(results: Results, book: openpyxl.Workbook) -> None:
    headers = [c.value for c in book["estimates"][1]]
    places = {c: headers.index(c) for c in COLUMNS["estimates"]}
    rows = list(book["estimates"].iter_rows(min_row=2, values_only=True))
    for record, row in zip(to_dict(results)["estimates"], rows, strict=True):
        assert {c: row[i] for c, i in places.items() if isinstance(record[c], int | float)} == {
            c: v for c, v in record.items() if isinstance(v, int | float)
        }
    assert "outcome: title (et)" in headers
    share = book["distributions"].cell(2, [c.value for c in book["distributions"][1]].index("share") + 1)
    assert share.number_format == "0.0%"


def test_every_column_is_explained_in_both_languages(book: openpyxl.Workbook) -> None:
    notes = {(r[0], r[1]): r[2:] for r in book[NOTES].iter_rows(values_only=True) if len(r) == 4}
    for name in book.sheetnames[1:]:
        for column in COLUMNS[name]:
            assert all(notes[name, column]), (name, column)
    assert set(explanations()["columns"]) >= {c for columns in COLUMNS.values() for c in columns}


def test_synthetic_data_are_named_so(book: openpyxl.Workbook) -> None:
    assert "SÜNTEETILISED ANDMED" in str(book[NOTES]["A2"].value)
    assert "SYNTHETIC DATA" in str(book[NOTES]["A2"].value)


def test_the_same_results_give_the_same_bytes(results: Results) -> None:
    data = results_workbook(results)
    assert data == results_workbook(results)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("text", ["=1+1", "+SUM(A1)", "-2", "@x", "\tx", "<b> & \x00 õ \ud800", "a\nb"])
def test_text_stays_text(text: str) -> None:
    sheet = Sheet("a'b & c", [["head", "n"], [text, 3]], [[HEAD, HEAD], [PLAIN, COUNT]], (20.0, 8.0))
    reopened = openpyxl.load_workbook(io.BytesIO(workbook_bytes([sheet], "t")))["a'b & c"]
    assert reopened["A2"].data_type in ("s", "inlineStr")
    assert reopened["A2"].value == text.replace("\x00", "").replace("\ud800", "")
    assert reopened["B2"].value == 3


@pytest.mark.slow
def test_libreoffice_opens_it(results: Results, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    path = tmp_path / "results.xlsx"
    path.write_bytes(results_workbook(results))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    second = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2"
    command = [office, profile, "--headless", "--convert-to", second, "--outdir", str(tmp_path), str(path)]
    done = subprocess.run(command, check=True, capture_output=True, timeout=300)
    written = list(tmp_path.glob("*.csv"))
    assert written, f"LibreOffice Calc wrote nothing: {done.stderr.decode(errors='replace')}"
    text = written[0].read_text("utf-8")
    assert text.startswith("event,outcome,")
    assert text.count("\n") == len(results.estimates) + 1
