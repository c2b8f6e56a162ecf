import hashlib
from pathlib import Path

import pytest

from tests.marks import letter_case
from vunki_eval.errors import InputError
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.opening import (
    open_source,
    read_bytes,
    recognise,
)


def code(path: Path, options: ReaderOptions | None = None) -> tuple[str, str]:
    with pytest.raises(InputError) as caught:
        open_source(path, "surveys/e/" + path.name, options or ReaderOptions())
    problem = caught.value.problems[0]
    assert problem.file == "surveys/e/" + path.name
    return problem.code, problem.problem


def test_rows_and_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf\n a ,b\n1,\xc3\xb5\n")
    source = open_source(path, "a.csv", ReaderOptions())
    assert (source.header(), source.rows[1:], source.lines) == (["a", "b"], [["1", "õ"]], [2, 3])
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert "õ" not in repr(source)


@pytest.mark.parametrize(
    ("raw", "description"),
    [
        (b"\n<!DOCTYPE html><html>", "web page"),
        (b"\xef\xbb\xbf<HTML lang=et>", "web page"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04abc", "XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS"),
        (b"$FL2@(#)", "SPSS"),
        (b"<?xml version='1.0'?>", "XML"),
        (b"\x89PNG\r\n", "picture"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"{\\rtf1", "RTF"),
    ],
)
def test_renamed_files(tmp_path: Path, raw: bytes, description: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(raw)
    problem_code, message = code(path)
    assert problem_code == "VE-313"
    assert description in message


@pytest.mark.parametrize("raw", [b"", b"\xef\xbb\xbf", b"\n\r\n  "])
def test_nothing_inside(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(raw)
    assert code(path)[0] == "VE-311"


def test_only_delimiters(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",,\n,,\n")
    assert code(path)[0] == "VE-311"


def test_missing_and_folder(tmp_path: Path) -> None:
    assert code(tmp_path / "no.csv")[0] == "VE-310"
    assert code(tmp_path)[0] == "VE-310"


def test_text_named_as_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("a,b\n1,2\n")
    assert code(path)[0] == "VE-313"


def test_header_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Uuring,\n\na,b\n1,2\n")
    source = open_source(path, "a.csv", ReaderOptions(header_row=3))
    assert (source.header(), source.lines) == (["a", "b"], [3, 4])
    assert code(path, ReaderOptions(header_row=2))[0] == "VE-319"


def test_mojibake_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\nÃµun,2\n", encoding="utf-8")
    assert [f.code for f in open_source(path, "a.csv", ReaderOptions()).findings] == ["VE-320"]


def test_recognise_plain_text() -> None:
    assert recognise(b"a<b,c\n1,2\n") == "text"


@letter_case
def test_a_missing_file_whose_name_is_nearly_that_of_another(tmp_path: Path) -> None:
    (tmp_path / "Pre.CSV").write_text("CE1\n4\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_bytes(tmp_path / "pre.csv", "surveys/e/pre.csv")
    hint = caught.value.problems[0].hint.text("et")
    assert hint.startswith("Pange vastuste fail sinna")
    assert hint.endswith("Selle kõrval on Pre.CSV.")
    with pytest.raises(InputError) as caught:
        read_bytes(tmp_path / "gone" / "answers.csv", "surveys/e/answers.csv")
    assert "Beside" not in caught.value.problems[0].hint
