"""Large files are split by arrays: the same rows, lines and messages as the careful way, or the careful way itself."""

import csv
import io
import random
from pathlib import Path

import numpy as np
import pytest

from vunki_eval.errors import InputError
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers import read_export
from vunki_eval.readers.cells import Cells, Rows
from vunki_eval.readers.files import columnar
from vunki_eval.readers.files.delimited import split_rows
from vunki_eval.readers.files.opening import (
    open_source,
)

WORDS = [
    "", "4", "nõustun", "nõustun, aga", 'ütles "jah"', "kaks\nrida", "kaks\r\nrida", "üks; kaks", " tühik ", "õ" * 50,
    '""', "日本", "=1+1", "007",
]  # fmt: skip


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a few rows, so that rows lie across their borders."""
    monkeypatch.setattr(columnar, "LEAST_BYTES", 1)
    monkeypatch.setattr(columnar, "LEAST_LINES", 1)
    monkeypatch.setattr(columnar, "BLOCK", 2_000)


def drawn(seed: int, delimiter: str, end: str, *, quote: bool, rows: int = 200) -> str:
    draw = random.Random(seed)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL if quote else 0)
    writer.writerow([f"veerg {k}" for k in range(7)])
    for number in range(rows):
        cells = [draw.choice(WORDS) for _ in range(6)]
        writer.writerow([str(number), *cells] if draw.random() > 0.05 else [""] * 7)
    return out.getvalue()


def split(text: str, delimiter: str = "") -> tuple[Rows, list[int]] | None:
    return columnar.split_columns(text.encode(), "a.csv", delimiter=delimiter)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("quote", [True, False])
def test_the_same_rows_and_lines(seed: int, delimiter: str, end: str, quote: bool) -> None:
    text = drawn(seed, delimiter, end, quote=quote or end == "\n" or delimiter != ",")
    rows, lines = split_rows(text, "a.csv", delimiter)
    rows_and_lines = split(text, delimiter)
    assert rows_and_lines is not None
    assert [list(r) for r in rows_and_lines[0]] == rows
    assert rows_and_lines[1] == lines


@pytest.mark.parametrize("bits", [1, 16])
def test_texts_alike_in_length_and_start_are_told_apart(monkeypatch: pytest.MonkeyPatch, bits: int) -> None:
    """At the borders of the tables, also when nearly all texts fall into one place of a table."""
    monkeypatch.setattr(columnar, "_BITS", bits)
    monkeypatch.setattr(columnar, "_SHIFT", np.uint64(64 - bits))
    sizes = {n + more for n in columnar.SIZES for more in (-1, 0, 1)}
    words = ["", *("a" * (n - 1) + last for n in sorted(sizes) for last in "abc")]
    draw = random.Random(bits)
    lines = [",".join(draw.choices(words, k=5)) for _ in range(400)]
    text = "v,w,x,y,z\n" + "\n".join(line if line.strip(",") else "a,,,," for line in lines) + "\n"
    rows_and_lines = split(text, ",")
    assert rows_and_lines is not None
    assert [list(r) for r in rows_and_lines[0]] == split_rows(text, "a.csv", ",")[0]


def test_last_line_without_an_end() -> None:
    text = drawn(1, ",", "\n", quote=True).rstrip("\n")
    rows_and_lines = split(text)
    assert rows_and_lines is not None
    assert list(rows_and_lines[0][-1]) == split_rows(text, "a.csv")[0][-1]


@pytest.mark.parametrize(
    "bad",
    [
        '1,"a"b,c\n', '1,a"b,c\n', "1,2\n", "1,2,3,4\n", '1,"open,c\n', "1,2,\rc\n", "1,\ufffd,c\n", "1,Ãµ,c\n",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_careful_way(bad: str) -> None:
    text = "x,y,z\n" + "1,2,3\n" * 50 + bad + "1,2,3\n" * 50
    assert split(text, ",") is None


def test_bytes_that_are_no_text_are_left_to_the_careful_way() -> None:
    assert columnar.split_columns(b"x,y\n" + b"1,2\n" * 50 + b"1,\xf5\n", "a.csv") is None
    assert columnar.split_columns(b"x,y\n" + b"1,2\n" * 50 + b"1,\0\n", "a.csv") is None
    assert columnar.split_columns(b"x,y\n" + b"1,2\n" * 50, "a.csv", encoding="cp1257") is None


def test_messages_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,y,z\n" + "1,2,3\n" * 50 + "1,2,3,4\n")
    with pytest.raises(InputError, match=r"a\.csv:52: The row has too many fields: 4, the header has 3"):
        open_source(path, "a.csv", ReaderOptions())


def test_a_table_of_a_large_file_is_that_of_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text(drawn(3, ";", "\n", quote=True), "utf-8", newline="")
    large = read_export(path, "a.csv")
    monkeypatch.setattr(columnar, "LEAST_BYTES", 10**9)
    small = read_export(path, "a.csv")
    assert isinstance(large.cells[1], Cells)
    assert isinstance(small.cells[1], list)
    assert [list(c) for c in large.cells] == [list(c) for c in small.cells]
    assert (large.lines, large.columns, large.sha256) == (small.lines, small.columns, small.sha256)
    assert set(large.cells[2].texts) == set(small.cells[2])
