"""Rows of the estimates: flags are data inside the program and text only where results are published."""

import ast
from pathlib import Path

import pytest

from vunki_eval.results.estimates import DETAILS, Detail, EstimateRow, Flag, flags_of, frame_of, rows_of, text_of
from vunki_eval.results.results import COLUMNS, Results

PACKAGE = Path(__file__).resolve().parents[2] / "vunki_eval"


@pytest.mark.parametrize("flag", Flag)
def test_every_flag_is_read_back_from_its_text(flag: Flag) -> None:
    assert flags_of(text_of((Detail("answers", "4-5"), flag))) == (Detail("answers", "4-5"), flag)


@pytest.mark.parametrize("key", DETAILS)
def test_details_are_read_back(key: str) -> None:
    row = EstimateRow("A", "post", "share", flags=flags_of(f"{key}=4-5; wilson"))
    assert row.detail(key) == "4-5"
    assert row.flags == (Detail(key, "4-5"), Flag.WILSON)
    assert row.record()["method"] == f"{key}=4-5; wilson"


@pytest.mark.parametrize("text", ["", "Fleiss, Cohen & Everitt", "a flag of a later version; rounded", "new=1"])
def test_what_is_not_known_is_kept_as_it_is(text: str) -> None:
    assert text_of(flags_of(text)) == text


def test_rows_of_a_table_are_the_rows_it_was_made_of() -> None:
    flags = (Flag.T_INTERVAL, Flag.ROUNDED)
    rows = [
        EstimateRow("A", "post", "mean", 3.5, 3.0, 4.0, n=12, flags=flags, event="e"),
        EstimateRow("A", "pre", "mean", status="suppressed", reason="small_cell", group="PR1=a", event="e"),
    ]
    frame = frame_of(rows)
    assert tuple(frame.columns) == COLUMNS["estimates"]
    assert frame["method"].tolist() == ["t_interval; rounded", ""]
    assert rows_of(frame) == rows


def test_published_results_hold_no_flag_that_is_not_known(synthetic_results: dict[str, Results]) -> None:
    for results in synthetic_results.values():
        rows = rows_of(results.estimates)
        unknown = {f for r in rows for f in r.flags if isinstance(f, Detail) and not f.key and r.statistic != "kappa"}
        assert unknown == set()
        assert frame_of(rows).equals(results.estimates)


def test_only_one_module_reads_or_writes_the_text_of_flags() -> None:
    """Nobody else looks into a ``method``: no subscript, no comparison, no search in it."""
    faults = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if place.startswith("stats/") or place == "results/estimates.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            key = node.slice if isinstance(node, ast.Subscript) else None
            if isinstance(key, ast.Constant) and key.value == "method":
                faults.append(f"{place}:{node.lineno}: a row's method by name")
            looked_into = [*node.comparators, node.left] if isinstance(node, ast.Compare) else []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                looked_into = [node.func.value]
            faults += [
                f"{place}:{node.lineno}: looks into .method"
                for part in looked_into
                if isinstance(part, ast.Attribute) and part.attr == "method" and not _linking(place)
            ]
    assert faults == []


def _linking(place: str) -> bool:
    """Tell whether a module deals with linking, where ``method`` is a column of its own, not text to be parsed."""
    return place.startswith("survey/")
