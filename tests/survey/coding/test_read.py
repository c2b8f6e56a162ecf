"""What coders filled in: read, refused with its place, matched with the answers."""

from pathlib import Path

import openpyxl
import pytest

from vunki_eval.errors import ConfigError
from vunki_eval.survey.coding import Codebook, load_codebook, match_coding, read_coding

HEAD = "item,file,row,themes\n"


def read(folder: Path, instrument, codebook):
    return read_coding(folder, "surveys/e", instrument, codebook)


def test_files_of_a_coder_are_one_sheet_and_blank_cells_are_not_coded(tmp_path, instrument, codebook) -> None:
    (tmp_path / "coding.A.csv").write_text(HEAD + "OQ1,post.csv,2,time; people\nOQ1,post.csv,3,-\nOQ1,post.csv,4,\n")
    (tmp_path / "coding.A.more.csv").write_text("item;file;row;themes\nOQ1;post.csv;7;people\n")
    (tmp_path / "coding.OQ1.unrelated.txt").write_text("not a sheet")
    (sheet,) = read(tmp_path, instrument, codebook)
    assert sheet.coder == "A"
    assert {p[2]: sorted(t) for p, t in sheet.codes.items()} == {2: ["people", "time"], 3: [], 7: ["people"]}
    assert "not shown" in repr(sheet)


def test_a_workbook_is_read_by_its_sheet(tmp_path, instrument, codebook) -> None:
    book = openpyxl.Workbook()
    book.active.title = "coding"
    for row in (["item", "file", "row", "themes"], ["OQ1", "post.csv", 2, "time"]):
        book.active.append(row)
    book.create_sheet("codebook").append(["key"])
    book.save(tmp_path / "coding.B.xlsx")
    (sheet,) = read(tmp_path, instrument, codebook)
    assert sheet.codes == {("OQ1", "post.csv", 2): frozenset({"time"})}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("OQ1,post.csv,2,tmie\n", r"coding\.A\.csv:2:themes: .*Did you mean 'time'\?.*VE-765"),
        ("OQ9,post.csv,2,time\n", "VE-765"),
        ("OQ1,post.csv,two,time\n", "VE-765"),
        ("OQ1,post.csv,2,time\nOQ1,post.csv,2,people\n", r"coding\.A\.csv:3:row: .*VE-766"),
    ],
)
def test_a_bad_row_is_refused_with_its_place(tmp_path, instrument, codebook, rows: str, message: str) -> None:
    (tmp_path / "coding.A.csv").write_text(HEAD + rows)
    with pytest.raises(ConfigError, match=message):
        read(tmp_path, instrument, codebook)


def test_a_sheet_without_its_columns_without_codebook_or_of_a_third_coder_is_refused(
    tmp_path, instrument, codebook
) -> None:
    (tmp_path / "coding.A.csv").write_text("item,file,themes\nOQ1,post.csv,time\n")
    with pytest.raises(ConfigError, match="VE-764"):
        read(tmp_path, instrument, codebook)
    with pytest.raises(ConfigError, match="VE-762"):
        read(tmp_path, instrument, Codebook())
    for name in "ABC":
        (tmp_path / f"coding.{name}.csv").write_text(HEAD)
    with pytest.raises(ConfigError, match="VE-763"):
        read(tmp_path, instrument, codebook)


def test_rows_that_moved_or_went_are_left_out_and_said(tmp_path, instrument, codebook, responses) -> None:
    (tmp_path / "coding.A.csv").write_text(
        "item,file,row,text,themes\n"
        "OQ1,post.csv,2,aega  jäi väheks,time\n"  # the same answer, typed differently
        "OQ1,post.csv,3,Aega jäi väheks.,time\n"  # another answer stands there now
        "OQ1,post.csv,4,'=2+3,-\n"
        "OQ1,post.csv,99,,time\n"
    )
    coding, findings = match_coding(codebook, read(tmp_path, instrument, codebook), responses, instrument)
    assert coding.places("OQ1") == [("OQ1", "post.csv", 2), ("OQ1", "post.csv", 4)]
    assert [f.code for f in findings] == ["VE-767", "VE-768"]
    assert "rows 5" in str(findings[0])
    assert not any("jäi" in str(f) for f in findings)


def test_codebooks_of_the_event_hide_the_projects(tmp_path, instrument) -> None:
    (tmp_path / "e").mkdir()
    (tmp_path / "codebook.toml").write_text('[[theme]]\nkey = "far"\ntitle = { et = "K", en = "F" }\n')
    assert load_codebook(tmp_path, "e", instrument).keys == ("far",)
    (tmp_path / "e" / "codebook.csv").write_text(
        "key,title_et,definition_et,words,items\nnear,Lähedal,Kui lähedal,lähe*; siin,OQ1\n"
    )
    (theme,) = load_codebook(tmp_path, "e", instrument).themes
    assert (theme.key, theme.words, theme.items) == ("near", ("lähe*", "siin"), ("OQ1",))
    assert load_codebook(tmp_path, "other", instrument).keys == ("far",)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("key,words\na,b\n", "VE-761"),
        ("key,title_et,definition_et,items\na,A,A,OQ7\n", "VE-760"),
        ("key,title_et,definition_et\na,A,A\na,B,B\n", "VE-207"),
    ],
)
def test_a_bad_codebook_is_refused(tmp_path, instrument, text: str, code: str) -> None:
    (tmp_path / "codebook.csv").write_text(text)
    with pytest.raises(ConfigError, match=code):
        load_codebook(tmp_path, "e", instrument)
