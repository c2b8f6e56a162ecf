"""Paper forms typed in twice: what both typists wrote is taken, where they differ a person looks at the paper."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from vunki_eval.errors import InputError
from vunki_eval.project.instrument import Instrument
from vunki_eval.readers import RawTable, read_export
from vunki_eval.readers.column_mapping import map_columns
from vunki_eval.readers.tools.paper import paper_template

HEAD = ["form", "entry", "CE1", "NW1", "OQ1"]


def typed(folder: Path, *rows: Sequence[str]) -> RawTable:
    path = folder / "pre.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return read_export(path, "surveys/e/pre.csv")


def refused(folder: Path, *rows: Sequence[str]) -> list[tuple[int, str]]:
    with pytest.raises(InputError) as caught:
        typed(folder, *rows)
    assert {p.code for p in caught.value.problems} == {"VE-347"}
    assert "-99" not in str(caught.value)
    return [(p.row, p.column) for p in caught.value.problems]


def test_each_form_is_one_response(tmp_path: Path) -> None:
    """Entries may be typed in any order; the row of the first counts, case and a blank's spaces do not matter."""
    rows = [("7", "1", "Pigem nõustun", "12", "hea"), ("8", "2", "", "3", ""), ("8", "1", " ", "3", "nii")]
    table = typed(tmp_path, *rows, ("7", "2", "pigem nõustun ", "12", ""))
    assert table.reader == "paper"
    assert table.lines == [2, 3]
    assert [list(c) for c in table.cells[2:4]] == [["Pigem nõustun", ""], ["12", "3"]]


@pytest.mark.parametrize(
    ("first", "second", "column"),
    [
        (("4", "12", ""), ("5", "12", ""), "CE1"),
        (("4", "99", ""), ("4", "-99", ""), "NW1"),
        (("4", "12", ""), ("4", "1.2", ""), "NW1"),
        (("4", "", ""), ("4", "12", ""), "NW1"),
        (("4", "12", "hea"), ("4", "12", "halb"), "OQ1"),
    ],
)
def test_entries_that_differ(tmp_path: Path, first: Sequence[str], second: Sequence[str], column: str) -> None:
    assert refused(tmp_path, ("1", "1", *first), ("1", "2", *second)) == [(2, column)]


@pytest.mark.parametrize("entries", [["1"], ["2"], ["1", "1"], ["1", "2", "2"], ["1", "2", "3"]])
def test_forms_that_were_not_typed_twice(tmp_path: Path, entries: Sequence[str]) -> None:
    good = [("1", e, "4", "12", "") for e in "12"]
    assert refused(tmp_path, *good, *(("2", e, "4", "12", "") for e in entries)) == [(4, "entry")]


def test_forms_nobody_filled_in_are_no_responses(tmp_path: Path) -> None:
    rows = [(form, entry, *(("4", "12", "") if form == "1" else ("", " ", ""))) for form in "123" for entry in "12"]
    assert typed(tmp_path, *rows).lines == [2]
    with pytest.raises(InputError, match="no answers"):
        typed(tmp_path, *rows[2:])


def test_template_has_a_column_for_every_answer(tmp_path: Path, instrument: Instrument) -> None:
    head, *rows = csv.reader(io.StringIO(paper_template(instrument, "pre", forms=2)))
    assert [row[:2] for row in rows] == [["1", "1"], ["1", "2"], ["2", "1"], ["2", "2"]]
    path = tmp_path / "pre.csv"
    filled = [[*row[:3], *("1" for _ in row[3:])] for row in rows]
    path.write_text("\n".join(",".join(row) for row in [head, *filled]), "utf-8")
    mapping = map_columns(read_export(path, "surveys/e/pre.csv"), instrument, "pre")
    assert (mapping.unmatched, mapping.missing) == ((), ())
