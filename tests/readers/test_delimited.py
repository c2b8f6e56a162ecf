import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vunki_eval.errors import InputError, Problem
from vunki_eval.readers.files.delimited import decide_delimiter, join_rows, split_rows


def refused(text: str) -> Problem:
    with pytest.raises(InputError) as caught:
        split_rows(text, "a.csv")
    return caught.value.problems[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, end: str) -> None:
    text = end.join(delimiter.join(row) for row in (["a", "b"], ["1", '"x, y; z"'], ["2", ""])) + end
    rows, lines = split_rows(text, "a.csv")
    assert rows == [["a", "b"], ["1", "x, y; z"], ["2", ""]]
    assert lines == [1, 2, 3]


def test_rows_are_physical_lines() -> None:
    rows, lines = split_rows('a,b\n1,"x\ny\r\nz"\n\n2,w\n,\n', "a.csv")
    assert rows == [["a", "b"], ["1", "x\ny\r\nz"], ["2", "w"]]
    assert lines == [1, 2, 6]


@pytest.mark.parametrize(
    ("text", "row", "code"),
    [
        ("a,b\n1,2\n1,2,3\n", 3, "VE-316"),
        ("a,b\n1,2,3\n4,5,6\n", 2, "VE-316"),
        ("a,b,c\n1,2,3\n1,2\n", 3, "VE-316"),
        ("a,b\nA,3,5\n", 2, "VE-316"),
        ('a,b\n1,2\n3,"x\n4,5\n6,7\n', 3, "VE-315"),
        ('a,b\n1,2\n"x"y,3\n', 3, "VE-315"),
        ("a,b;c\n1,2;3\n", 1, "VE-317"),
        ("a,b\n" + "x" * 200_000 + ",1\n", 2, "VE-318"),
        (",".join(map(str, range(1001))) + "\n", 1, "VE-318"),
    ],
)
def test_refused(text: str, row: int, code: str) -> None:
    problem = refused(text)
    assert (problem.row, problem.code) == (row, code)


def test_all_ragged_rows_are_listed() -> None:
    with pytest.raises(InputError) as caught:
        split_rows("a,b\n1,2,3\n1\n1,2\n", "a.csv")
    assert [p.row for p in caught.value.problems] == [2, 3]


def test_too_many_rows() -> None:
    assert refused("a,b\n" + "1,2\n" * 200_001).code == "VE-318"


def test_declared_delimiter_and_directive() -> None:
    assert split_rows("a,b;c\n1,2;3\n", "a.csv", ";")[0] == [["a,b", "c"], ["1,2", "3"]]
    assert split_rows("sep=|\r\na|b\r\n1|2\r\n", "a.csv") == ([["a", "b"], ["1", "2"]], [2, 3])


def test_one_column() -> None:
    assert split_rows("kood\nA\nB\n", "a.csv")[0] == [["kood"], ["A"], ["B"]]


def test_quoted_cells_decide_the_delimiter() -> None:
    assert decide_delimiter('"a","b;c"\n"1;2","3"\n', "a.csv") == ","


def test_nothing_is_interpreted() -> None:
    cells = ["007", "1E5", "NA", "null", "nan", "None", "TRUE", "3.apr", " x "]
    rows, _ = split_rows(",".join("abcdefghi") + "\n" + ",".join(cells) + "\n", "a.csv")
    assert rows[1] == cells


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_what_is_written_is_read(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    table = [["x", "y", "z"], *rows]
    writer.writerows(table)
    read, lines = split_rows(out.getvalue(), "a.csv", delimiter)
    assert read == [row for row in table if any(c.strip() for c in row)]
    assert lines == sorted(lines)


def test_rows_are_joined_as_they_are_split() -> None:
    rows = [["a", "b"], ["1;2", 'ütles "jah"'], ["x\ny", ""]]
    assert join_rows(rows) == 'a,b\n1;2,"ütles ""jah"""\n"x\ny",\n'
    assert split_rows(join_rows(rows, ";", "\r\n"), "a.csv")[0] == rows
