"""Records go, and nothing else moves: byte for byte in text, cell for cell in workbooks."""

import codecs
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from tests.held import Hold
from tests.marks import has_mode
from vunki_eval.errors import UsageError
from vunki_eval.privacy.erasure.carry_out import referring_tables, without_erased
from vunki_eval.privacy.erasure.delimited import without_records
from vunki_eval.privacy.erasure.journal import DONE, entries, exchange, finish
from vunki_eval.privacy.erasure.workbook import sheet_part, without_rows
from vunki_eval.project.project import ReaderOptions
from vunki_eval.project.unfinished import UNDER_WAY

PIECES = ('"code",answer{e}', '"A, 1",õun{e}', '"B","two{e}lines"{e}', "C,'x'  {e}", '"D","d"')


def whole(ending: str, delimiter: str = ",") -> tuple[str, list[str]]:
    pieces = [p.replace("{e}", ending) for p in PIECES]
    if delimiter != ",":
        pieces = [p.replace(",", delimiter) for p in pieces]
    return "".join(pieces), pieces


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_a_record_of_two_lines_goes(ending: str, delimiter: str, mark: bytes, encoding: str) -> None:
    text, pieces = whole(ending, delimiter)
    made = without_records(mark + text.encode(encoding), [3], ReaderOptions())
    assert made == (mark + "".join([*pieces[:2], *pieces[3:]]).encode(encoding), {3: 2})


def test_declared_encoding_and_the_last_record_without_an_end() -> None:
    text, pieces = whole("\n")
    made = without_records(text.encode("cp1257"), [6, 2], ReaderOptions(encoding="cp1257"))
    assert made == ("".join([pieces[0], *pieces[2:4]]).encode("cp1257"), {2: 1, 6: 1})


def test_a_line_that_names_the_separator_stays() -> None:
    text, pieces = whole("\r\n", ";")
    made = without_records(b"sep=;\r\n" + text.encode(), [3], ReaderOptions())
    assert made == (b"sep=;\r\n" + "".join([pieces[0], *pieces[2:]]).encode(), {3: 1})


@pytest.mark.parametrize(("raw", "lines"), [(b"a,b\n1,2\n", [7]), (b'a,b\n"1\n2",3\n', [3]), (b"a\xff,b\n1,2\n", [2])])
def test_what_is_not_sure_is_not_done(raw: bytes, lines: list[int]) -> None:
    assert without_records(raw, lines, ReaderOptions()) is None


@pytest.fixture
def book(tmp_path: Path) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Vastused & muu"
    for row in (["code", "text"], ["A", "shared"], ["B", "Kanaarixqz"], ["C", "shared"], ["D", 4.5]):
        sheet.append(row)
    sheet["A3"].comment = Comment("Kanaarixqz was here", "M")
    sheet["A4"].comment = Comment("stays", "M")
    sheet["B5"].number_format = "0.00"
    sheet.column_dimensions["A"].width = 33
    made.create_sheet("Other")["A1"] = "B"
    path = tmp_path / "a.xlsx"
    made.save(path)
    return path.read_bytes()


def cells(raw: bytes) -> dict[tuple[str, str], object]:
    made = openpyxl.load_workbook(io.BytesIO(raw))
    return {(s.title, c.coordinate): (c.value, c.number_format, c.comment and c.comment.text)
            for s in made for row in s.iter_rows() for c in row if c.value is not None or c.comment}  # fmt: skip


def test_a_row_of_a_workbook_is_emptied_and_nothing_else(book: bytes) -> None:
    part = sheet_part(book, "Vastused & muu")
    made = without_rows(book, part, [3])
    assert made is not None
    before, after = cells(book), cells(made)
    assert {k for k in before if k not in after} == {("Vastused & muu", "A3"), ("Vastused & muu", "B3")}
    assert after == {k: v for k, v in before.items() if k in after}
    sheet = openpyxl.load_workbook(io.BytesIO(made))["Vastused & muu"]
    assert sheet.column_dimensions["A"].width == 33
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert not any(b"anaarixqz" in archive.read(n) for n in archive.namelist())
        assert archive.testzip() is None


def changed(raw: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, data in more.items():
            new.writestr(name, data)
    return out.getvalue()


def test_rows_without_numbers_are_counted(book: bytes) -> None:
    part = sheet_part(book, "Vastused & muu")
    bare = changed(book, lambda n, d: d.replace(b'<row r="3">', b"<row>").replace(b'<row r="4">', b"<row>"))
    made = without_rows(bare, part, [3])
    assert made is not None
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert b"<row/><row><c" in archive.read(part)


def test_formulas_and_copies_are_left_to_a_person(book: bytes) -> None:
    part = sheet_part(book, "Vastused & muu")
    formula = changed(book, lambda n, d: d.replace(b'<c r="B3"', b'<c r="C3"><f>A3</f></c><c r="B3"'))
    assert without_rows(formula, part, [3]) is None
    assert without_rows(changed(book, lambda n, d: d, **{"xl/pivotCache/a.xml": b"<a/>"}), part, [3]) is None
    assert without_rows(book, part, [99]) is None
    assert sheet_part(book, "Nowhere") == ""


DECISIONS = (
    "kind,file,row,other_file,other_row,ruling,who,when,why\n"
    "exclude,post.csv,2,,,drop,a,2020-08-18,x\n"
    "exclude,post.csv,5,,,drop,a,2020-08-18,x\n"
    'duplicate,post.csv,9,post.csv,12,keep,a,2020-08-18,"y, z"\n'
    "link,pre.csv,9,post.csv,20,link,a,2020-08-18,x\n"
    "link,pre.csv,4,post.csv,5,link,a,2020-08-18,x\n"
)


def test_decisions_follow_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_bytes(DECISIONS.encode())
    made = without_erased(path, {"post.csv": {5: 2, 10: 1}}, {"post.csv": {5, 10}})
    assert made == (
        "kind,file,row,other_file,other_row,ruling,who,when,why\n"
        "exclude,post.csv,2,,,drop,a,2020-08-18,x\n"
        'duplicate,post.csv,7,post.csv,9,keep,a,2020-08-18,"y, z"\n'
        "link,pre.csv,9,post.csv,17,link,a,2020-08-18,x\n"
    )
    assert without_erased(path, {"pre.csv": {30: 1}}, {"pre.csv": {30}}) is None


def test_other_tables_that_name_rows_follow_too(tmp_path: Path) -> None:
    path = tmp_path / "coding-TX1.csv"
    path.write_bytes(b"\xef\xbb\xbffile;row;theme\r\nsurveys/a/post.csv;7;x\r\nsurveys/a/post.csv;3;y\r\n")
    (tmp_path / "quotes.csv").write_text("text,consent,approved_by\n")
    (tmp_path / "post.csv").write_text("file,row\n")
    assert referring_tables(tmp_path, {"post.csv"}) == [path]
    made = without_erased(path, {"post.csv": {3: 1}}, {"post.csv": {3}})
    assert made == "\ufefffile;row;theme\r\nsurveys/a/post.csv;6;x\r\n"


def test_files_change_together_or_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "e" / "two.csv"
    two.parent.mkdir()
    one.write_text("old")
    two.write_text("old")
    one.chmod(0o640)
    with monkeypatch.context() as stopped:
        stopped.setattr("vunki_eval.privacy.erasure.journal.finish", lambda surveys: False)
        exchange(tmp_path, {one: b"new", two: b"new"})
    assert (one.read_text(), two.read_text()) == ("old", "old")
    assert (tmp_path / UNDER_WAY).is_file()
    assert finish(tmp_path)
    assert (one.read_text(), two.read_text()) == ("new", "new")
    assert has_mode(one, 0o640)
    assert {p.name for p in tmp_path.rglob("*") if p.is_file()} == {"one.csv", "two.csv"}
    assert not finish(tmp_path)


@pytest.mark.parametrize("held", ["one.csv", "two.csv"])
def test_a_file_opened_in_the_last_moment(tmp_path: Path, hold: Hold, held: str) -> None:
    """The first rename refused: nothing has changed; a later one: the message says how to finish."""
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("old")
    two.write_text("old")
    hold(held, calls="replace")
    with pytest.raises(UsageError) as refused:
        exchange(tmp_path, {one: b"new", two: b"new"})
    codes = [(p.file, p.code) for p in refused.value.problems]
    if held == "one.csv":
        assert codes == [("one.csv", "VE-128")]
        assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"one.csv": "old", "two.csv": "old"}
        return
    assert codes == [("two.csv", "VE-128"), ("surveys/", "VE-730")]
    assert (one.read_text(), two.read_text()) == ("new", "old")
    hold.free()
    assert finish(tmp_path)
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"one.csv": "new", "two.csv": "new"}


def test_parts_of_a_run_that_never_came_to_its_journal_are_deleted(tmp_path: Path) -> None:
    (tmp_path / ".post.csv.erasure-part").write_text("half")
    assert not finish(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_journal_grows(tmp_path: Path) -> None:
    (tmp_path / DONE).write_bytes(entries(tmp_path, [("2026-01-01", "a", "pre.csv", 1, "rows removed")]))
    text = entries(tmp_path, [("2026-01-02", "a", "post.csv", 2, "rows removed")]).decode()
    assert text.splitlines()[0] == "date,event,file,responses,done"
    assert len(text.splitlines()) == 3
