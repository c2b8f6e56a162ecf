from pathlib import Path

import pytest

from vunki_eval.errors import ConfigError
from vunki_eval.survey.decisions import COLUMNS, check_rows, read_decisions

HEADER = ",".join(COLUMNS) + "\n"
SIGNED = "Mari,2020-08-19,topelt"


def read(tmp_path: Path, *rows: str, header: str = HEADER) -> tuple:  # type: ignore[type-arg]
    (tmp_path / "decisions.csv").write_text(header + "\n".join(rows), encoding="utf-8")
    return read_decisions(tmp_path, "surveys/e")


def refused(tmp_path: Path, *rows: str, header: str = HEADER) -> list[tuple[int, str]]:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, *rows, header=header)
    assert {p.file for p in caught.value.problems} == {"surveys/e/decisions.csv"}
    return [(p.row, p.column) for p in caught.value.problems]


def test_read(tmp_path: Path) -> None:
    decisions = read(
        tmp_path,
        f"duplicate,post.csv,60,post.csv,63,keep,{SIGNED}",
        f"link,pre.csv,4,post.csv,9,apart,{SIGNED}",
        f"edit,post.csv,7,,,NW1=10,{SIGNED}",
    )
    assert [(d.kind, d.file, d.row, d.other_row, d.ruling, d.line) for d in decisions] == [
        ("duplicate", "post.csv", 60, 63, "keep", 2),
        ("link", "pre.csv", 4, 9, "apart", 3),
        ("edit", "post.csv", 7, 0, "NW1=10", 4),
    ]


def test_none_without_a_file(tmp_path: Path) -> None:
    assert read_decisions(tmp_path, "surveys/e") == ()
    (tmp_path / "decisions.csv").write_bytes(b"")
    assert read_decisions(tmp_path, "surveys/e") == ()
    assert read(tmp_path) == ()


def test_workbook(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(list(COLUMNS))
    book.active.append(["exclude", "pre.csv", 3, None, None, "drop", "Mari", "2020-08-19", "proov"])
    book.save(tmp_path / "decisions.xlsx")
    assert [(d.kind, d.row, d.ruling) for d in read_decisions(tmp_path, "surveys/e")] == [("exclude", 3, "drop")]
    (tmp_path / "decisions.csv").write_text(HEADER)
    with pytest.raises(ConfigError, match="two files"):
        read_decisions(tmp_path, "surveys/e")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("tont,pre.csv,3,,,keep," + SIGNED, "kind"),
        ("exclude,pre.csv,3,,,link," + SIGNED, "ruling"),
        ("edit,pre.csv,3,,,NW1," + SIGNED, "ruling"),
        ("exclude,pre.csv,x,,,drop," + SIGNED, "row"),
        ("link,pre.csv,3,post.csv,,link," + SIGNED, "other_row"),
        ("link,pre.csv,3,,4,link," + SIGNED, "file"),
        ("exclude,,3,,,drop," + SIGNED, "file"),
        ("exclude,pre.csv,3,,,drop,,2020-08-19,topelt", "who"),
        ("exclude,pre.csv,3,,,drop,Mari,2020-08-19,", "why"),
        ("exclude,pre.csv,3,,,drop,Mari,19.8.2020,topelt", "when"),
        ("exclude,pre.csv,3,,,drop,Mari,,topelt", "when"),
    ],
)
def test_faults(tmp_path: Path, row: str, column: str) -> None:
    good = f"exclude,pre.csv,2,,,keep,{SIGNED}"
    assert refused(tmp_path, good, row) == [(3, column)]


def test_all_faults_at_once(tmp_path: Path) -> None:
    assert refused(tmp_path, "tont,pre.csv,3,,,keep,,,") == [(2, "kind"), (2, "who"), (2, "why"), (2, "when")]


def test_columns_and_ragged_rows(tmp_path: Path) -> None:
    assert refused(tmp_path, header="kind,file\n") == [(1, "")]
    assert refused(tmp_path, "exclude,pre.csv,3") == [(2, "")]


def test_rows_that_are_gone(tmp_path: Path) -> None:
    decisions = read(tmp_path, f"exclude,pre.csv,9,,,drop,{SIGNED}", f"link,pre.csv,2,late.csv,3,link,{SIGNED}")
    with pytest.raises(ConfigError) as caught:
        check_rows(decisions, {"pre.csv": [2, 3]})
    assert [(p.row, p.code) for p in caught.value.problems] == [(2, "VE-372"), (3, "VE-372")]
    check_rows(decisions, {"pre.csv": [2, 9], "late.csv": [3]})
