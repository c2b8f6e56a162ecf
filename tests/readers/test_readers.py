"""What each reader recognises and what it makes of its own columns."""

from pathlib import Path

import pytest

from vunki_eval.errors import ConfigError, InputError
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers import READERS, RawTable, read_export


def read(tmp_path: Path, text: str, **options: str) -> RawTable:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    return read_export(path, "surveys/e/a.csv", ReaderOptions(**options))


def roles(table: RawTable) -> list[str]:
    return [c.role for c in table.columns]


def test_plain_comes_last() -> None:
    assert list(READERS)[-1] == "plain"
    assert all(name == module.NAME for name, module in READERS.items())


def test_row_numbers_of_r_are_left_out(tmp_path: Path) -> None:
    table = read(tmp_path, '"",TS1\n"1",4\n"2",5\n')
    assert [c.header for c in table.columns] == ["TS1"]
    assert table.lines == [2, 3]
    with pytest.raises(InputError, match="The header is blank"):
        read(tmp_path, '"",TS1\n"1",4\n"3",5\n')


def test_google_forms(tmp_path: Path) -> None:
    table = read(tmp_path, 'Ajatempel,Meiliaadress,Küsimus [rida],Vali\n"2021/03/27 3:58:32 PM GMT+8",x@y.ee,4,"a;b"\n')
    assert table.reader == "google_forms"
    assert roles(table) == ["submitted", "record", "", ""]
    assert (table.columns[2].header, table.columns[2].row) == ("Küsimus [rida]", "rida")
    assert table.meta("submitted") == ["2021/03/27 3:58:32 PM GMT+8"]
    assert "x@y.ee" not in repr(table)


CODES = ("id", "submitdate", "lastpage", "startlanguage", "seed")
TITLES = ("Response ID", "Date submitted", "Last page", "Start language", "Seed")


@pytest.mark.parametrize("names", [CODES, TITLES, tuple(map(". ".join, zip(CODES, TITLES, strict=True)))])
def test_limesurvey(tmp_path: Path, names: tuple[str, ...]) -> None:
    header = ",".join(f'"{n}"' for n in names)
    table = read(tmp_path, f'\ufeff{header},"TS[TS1]","",""\n"1","","3","et","9","N/A","x","y"\n')
    assert table.reader == "limesurvey"
    assert roles(table)[:5] == ["record", "submitted", "ignored", "language", "ignored"]
    assert table.columns[5].row == "TS1"
    assert table.blanks == {"n/a"}
    assert len(table.columns) == 8


def test_named_reader(tmp_path: Path) -> None:
    assert read(tmp_path, "Ajatempel,a\n1,2\n", reader="plain").reader == "plain"
    with pytest.raises(ConfigError, match="There is no reader 'gogle'"):
        read(tmp_path, "Ajatempel,a\n1,2\n", reader="gogle")


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        ("a,,c\n1,2,3\n", "column 2", "blank"),
        ("a,b,a\n1,2,3\n", "column 3", "same as that of column 1"),
        ("a, A\n1,2\n", "column 2", "same"),
        ("Õ,O\u0303\n1,2\n", "column 2", "same"),
    ],
)
def test_headers_that_are_refused(tmp_path: Path, text: str, column: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    fault = caught.value.problems[0]
    assert (fault.row, fault.column, fault.code) == (1, column, "VE-319")
    assert problem in fault.problem


def test_trailing_blank_column_without_answers_is_left_out(tmp_path: Path) -> None:
    assert len(read(tmp_path, "a,b,\n1,2,\n").columns) == 2


def test_header_only(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no answers"):
        read(tmp_path, "a,b\n")


def test_lines_are_physical(tmp_path: Path) -> None:
    assert read(tmp_path, 'a,b\n1,"x\ny"\n\n2,z\n').lines == [2, 5]


@pytest.mark.real
def test_real_microsoft_forms(real_data: Path) -> None:
    sizes = {"P1-1-30.xlsx": 13, "P2-1-30.xlsx": 22}
    for name, columns in sizes.items():
        table = read_export(real_data / "msforms" / name, name)
        assert (table.reader, len(table), len(table.columns)) == ("microsoft_forms", 30, columns)
        assert roles(table)[:7] == ["record", "started", "submitted", "record", "record", "ignored", ""]
        assert table.lines == list(range(2, 32))
        assert [c.strip() for c in table.cells[6]][:2] == ["1", "2"]


@pytest.mark.real
def test_real_limesurvey(real_data: Path) -> None:
    folder = real_data / "limesurvey"
    sizes = {"sealuzh_full_answers.csv": (70, 146), "limonaid_survey_100001_R_data_file.csv": (3, 646)}
    for name, size in sizes.items():
        table = read_export(folder / name, name)
        assert (table.reader, (len(table), len(table.columns))) == ("limesurvey", size)


def test_a_title_above_the_header_is_one_message(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Ankeet 2026,,,\n,,,\nCE1,CE2,NW1,OQ1\n4,5,12,hea\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_export(path, "surveys/e/a.csv")
    assert [(p.row, p.column, p.code) for p in caught.value.problems] == [(1, "", "VE-319")]
    assert "header_row" in caught.value.problems[0].hint
    assert read_export(path, "surveys/e/a.csv", ReaderOptions(header_row=3)).lines == [4]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_title_of_other_fields_above_a_declared_header(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(end.join(["Ankeet, 2026", "", "CE1;NW1;OQ1", '4;12;"hea; väga"', ""]).encode())
    table = read_export(path, "surveys/e/a.csv", ReaderOptions(header_row=3))
    assert (table.header_line, table.lines, [list(c) for c in table.cells]) == (3, [4], [["4"], ["12"], ["hea; väga"]])
    with pytest.raises(InputError, match="VE-316"):
        read_export(path, "surveys/e/a.csv")
    with pytest.raises(InputError, match="header_row"):
        read_export(path, "surveys/e/a.csv", ReaderOptions(header_row=2))
