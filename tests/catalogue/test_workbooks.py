"""Cases 41-51: workbooks and SPSS files."""

import io
import zipfile

import openpyxl
import pytest


@pytest.fixture
def book(as_csv):
    """Bytes of a workbook with an answer; its parts may be changed."""

    def write(rows=({},), change=None, arrange=None):
        import csv

        workbook = openpyxl.Workbook()
        for row in csv.reader(io.StringIO(as_csv(list(rows)))):
            workbook.active.append(row)
        if arrange:
            arrange(workbook)
        whole, out = io.BytesIO(), io.BytesIO()
        workbook.save(whole)
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                text = old.read(name).decode()
                new.writestr(name, change(name, text) if change else text)
        return out.getvalue()

    return write


def in_sheet(old, new):
    return lambda name, text: text.replace(old, new) if name.endswith("sheet1.xml") else text


def with_part(data, name, content):
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def codes(case):
    return [code for _, _, code in case.refused()]


def test_a_sound_workbook_is_read(case, book):
    case.put(book(), "pre.xlsx")
    assert case.values("CE1") == [4]


def test_case_41_zip_bomb(case, book):
    case.put(with_part(book(), "xl/media/a.bin", bytes(40_000_000)), "pre.xlsx")
    assert codes(case) == ["VE-321"]


def test_case_42_far_cell(case, book):
    case.put(book(change=in_sheet('r="A2"', 'r="XFD1048576"')), "pre.xlsx")
    assert codes(case) == ["VE-318"]


BOMB = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("entity", [BOMB, OUTSIDE])
def test_case_43_entities(case, book, entity):
    case.put(book(change=in_sheet("<worksheet", f"{entity}<worksheet")), "pre.xlsx")
    assert codes(case) == ["VE-321"]


def test_case_44_protected_workbook(case):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    case.put(ole, "pre.xlsx")
    assert codes(case) == ["VE-322"]
    assert "password" in case.message()


@pytest.mark.real
def test_case_44_real_protected_workbooks(case, real_data):
    for name in ("calamine_password.xlsx", "calamine_password.xls"):
        case.put((real_data / "bad" / "xlsx" / name).read_bytes(), "pre" + name[-5:].replace("d", ""))
        assert codes(case) == ["VE-322"]


@pytest.mark.real
def test_case_45_old_workbook(case, real_data):
    """Old workbooks are read where their texts can be decoded, else refused; never read wrongly."""
    case.put((real_data / "bad" / "xlsx" / "readxl_dates-1904.xls").read_bytes(), "pre.xls")
    assert set(codes(case)) == {"VE-319"}  # one row of dates: no header
    case.put((real_data / "bad" / "xlsx" / "readxl_mtcars.xls").read_bytes(), "pre.xls")
    assert codes(case) == ["VE-322"]


def test_case_46_merged_header(case, book):
    case.put(book(arrange=lambda b: b.active.merge_cells("H1:I1")), "pre.xlsx")
    assert codes(case) == ["VE-319"]


def test_case_46_hidden_rows(case, book):
    def hide(workbook):
        workbook.active.row_dimensions[2].hidden = True

    case.put(book([{}, {}], arrange=hide), "pre.xlsx")
    assert len(case.study().responses) == 2
    assert case.findings() == ["VE-325"]


def test_case_46_two_sheets_ask_for_one(case, book):
    data = book(arrange=lambda b: b.create_sheet("Kokkuvõte").append(["x"]))
    case.put(data, "pre.xlsx")
    assert codes(case) == ["VE-323"]
    assert "Kokkuvõte" in case.message()
    case.put(data, "pre.xlsx", sheet="Sheet")
    assert case.values("CE1") == [4]


def test_case_47_formula_without_a_stored_result(case, book):
    def add(workbook):
        workbook.active["J2"] = "=2+2"

    case.put(book(arrange=add), "pre.xlsx")
    assert case.refused() == [(2, "J", "VE-324")]


def test_case_48_error_cell(case, book):
    def add(workbook):
        workbook.active["J2"] = "#N/A"

    case.put(book(arrange=add), "pre.xlsx")
    assert case.refused() == [(2, "J", "VE-324")]


def test_case_49_macros(case, book):
    case.put(with_part(book(), "xl/vbaProject.bin", b"x"), "pre.xlsm")
    assert codes(case) == ["VE-321"]


@pytest.mark.parametrize("share", [0.3, 0.98])
def test_case_50_cut_short(case, book, share):
    data = book()
    case.put(data[: int(len(data) * share)], "pre.xlsx")
    assert codes(case) == ["VE-322"]


def spss(path, **options):
    import pandas as pd
    import pyreadstat

    columns = {"CO0": "jah", "E1": "Õ", "E2": "1", "E3": "A", "E4": "J", "PR1": "ettevõte", "NW1": 12.0, "TS1": 4.0}
    columns |= {"TS2": 6.0, "CE1": 5.0, "CE2": 9.0, "CE3": 2.0}
    names = {1.0: "nõustun täielikult", 5.0: "ei nõustu üldse", 9.0: "ei oska öelda"}
    frame = pd.DataFrame([columns, columns | {"E1": "B", "CE1": 1.0}])
    labels = {"CE1": names, "CE2": names}
    pyreadstat.write_sav(frame, str(path), variable_value_labels=labels, missing_ranges={"CE2": [9.0]}, **options)
    return path.read_bytes()


def test_case_51_labels_and_user_missing(case, tmp_path):
    """Codes that run downwards are matched by their labels; user-missing is no blank."""
    case.put(spss(tmp_path / "a.sav"), "pre.sav")
    study = case.study()
    assert study.responses["CE1"].tolist() == [1, 5]
    assert study.responses["CE2"].isna().all()
    assert study.nonresponse[["item", "code"]].to_numpy().tolist() == [["CE2", -99]] * 2
    assert study.responses["row"].tolist() == [1, 2]


def test_case_51_damaged(case, tmp_path):
    data = spss(tmp_path / "a.sav")
    for broken in (data[:300], data[:176] + bytes(200) + data[376:], data[: len(data) - 40]):
        case.put(broken, "pre.sav")
        assert codes(case)[0] in ("VE-322", "VE-326", "VE-331", "VE-333")


@pytest.mark.real
def test_case_51_other_encodings(real_data):
    from vunki_eval.readers import read_export

    table = read_export(real_data / "bad" / "sav" / "german.sav", "german.sav")
    assert [c.header for c in table.columns] == ["python", "programmieren", "macht", "überhaupt", "völlig", "spaß"]


def test_a_workbook_is_parsed_in_a_child_process(case, book, monkeypatch):
    """A parser that dies takes nothing with it."""
    from vunki_eval.readers.files import workbook

    died = lambda *a, **k: type("Done", (), {"stdout": b"", "returncode": -6})()  # noqa: E731
    case.put(book(), "pre.xlsx")
    monkeypatch.setattr(workbook.subprocess, "run", died)
    assert codes(case) == ["VE-326"]
