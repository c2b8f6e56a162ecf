from collections.abc import Sequence
from pathlib import Path

import pytest

from vunki_eval.errors import ConfigError, InputError
from vunki_eval.project.instrument import Instrument
from vunki_eval.readers.column_mapping import ColumnMapping, find_columns, map_columns
from vunki_eval.readers.table import RawTable
from vunki_eval.readers.tabulate import bracketed

PRE = ["CO0", "E1", "E2", "E3", "E4", "PR1", "TS1", "TS2", "CE1", "CE2", "CE3", "NW1"]


def table(headers: Sequence[str], roles: dict[str, str] | None = None) -> RawTable:
    columns = tuple(bracketed(h, roles or {}) for h in headers)
    return RawTable("plain", "surveys/e/pre.csv", "", columns, tuple(["1"] for _ in headers), [2])


def matched(instrument: Instrument, headers: Sequence[str], wave: str = "pre") -> dict[str, tuple[str, object, str]]:
    raw = table(headers)
    mapping = find_columns(raw, instrument, wave)
    return {raw.columns[m.column].header: (m.item, m.option, m.how) for m in mapping.matches}


@pytest.mark.parametrize(
    "header",
    [
        "TS1",
        "ts1",
        "TS1.",
        "TS1[1]",
        "TS1 Usaldus",
        "TS1: usaldus",
        "G[TS1]",
        "TS1. Kuivõrd [omavalitsus]",
        "TS1-usaldus",
    ],
)
def test_by_code(instrument: Instrument, header: str) -> None:
    assert matched(instrument, [header]) == {header: ("TS1", None, "code")}


@pytest.mark.parametrize("header", ["TS10", "TS1a", "TS1õ", "ATS1", "TS1_x", "ts1 usaldus", "E1x", "TS1[other]"])
def test_no_code(instrument: Instrument, header: str) -> None:
    assert matched(instrument, [header]) == {}


@pytest.mark.parametrize(
    ("header", "item"),
    [
        ("Kuivõrd usaldate järgmisi? [omavalitsus]", "TS1"),
        ("How much do you trust each? [The municipality]", "TS1"),
        ("12. Oskan\u00a0probleemi  selgitada", "CE1"),
        ("Q7) <b>Oskan leida partnerid</b>.", "CE2"),
        ("leian partnerid", "CE2"),
        ("omavalitsus", "TS1"),
        ("Su\u0308nnipa\u0308ev (01-31)", "E2"),
    ],
)
def test_by_wording(instrument: Instrument, header: str, item: str) -> None:
    assert matched(instrument, [header]) == {header: (item, None, "wording")}


def test_several_answers(instrument: Instrument) -> None:
    headers = [
        "NW8.business", "NW8[municipality]", "Millistest sektoritest? [vabaühendus, kogukond]", "NW8[other]",
        "Millistest sektoritest? [Muu]",
    ]  # fmt: skip
    assert matched(instrument, headers[:3]) == {
        headers[0]: ("NW8", "business", "code"),
        headers[1]: ("NW8", "municipality", "code"),
        headers[2]: ("NW8", "community", "wording"),
    }
    assert matched(instrument, ["Millistest sektoritest?"]) == {"Millistest sektoritest?": ("NW8", None, "wording")}
    assert matched(instrument, headers[4:]) == {}


def test_joined_column_gives_way_to_options(instrument: Instrument) -> None:
    assert set(matched(instrument, ["NW8", "NW8.business"])) == {"NW8.business"}


def test_columns_of_the_tool_match_by_wording_alone(instrument: Instrument) -> None:
    raw = table([*PRE, "id"], {"id": "record"})
    assert map_columns(raw, instrument, "pre").unmatched == ()


def test_missing_items_are_all_named(instrument: Instrument) -> None:
    with pytest.raises(InputError) as caught:
        map_columns(table([h for h in PRE if h not in ("TS2", "NW1")]), instrument, "pre")
    assert [(p.file, p.column, p.code) for p in caught.value.problems] == [
        ("surveys/e/pre.csv", "TS2", "VE-331"),
        ("surveys/e/pre.csv", "NW1", "VE-331"),
    ]


def test_optional_items_may_be_missing(instrument: Instrument) -> None:
    assert map_columns(table(PRE), instrument, "pre").missing == ()
    assert map_columns(table([h for h in PRE if h != "PR1"]), instrument, "post").missing == ()


def test_two_columns_for_one_item(instrument: Instrument) -> None:
    with pytest.raises(InputError) as caught:
        map_columns(table([*PRE, "CE1. again"]), instrument, "pre")
    problem = caught.value.problems[0]
    assert (problem.column, problem.code) == ("CE1", "VE-332")
    assert "'CE1', 'CE1. again'" in problem.problem


def test_unmatched_columns_are_listed(instrument: Instrument) -> None:
    mapping = map_columns(table([*PRE, "Muu küsimus", "HRS"]), instrument, "pre")
    assert [(f.column, f.code) for f in mapping.findings] == [("Muu küsimus", "VE-330"), ("HRS", "VE-335")]


def test_nothing_matches_and_no_header_is_shown(instrument: Instrument) -> None:
    with pytest.raises(InputError) as caught:
        map_columns(table(["2020-08-13", "Mari", "AB12"]), instrument, "pre")
    assert [p.code for p in caught.value.problems] == ["VE-333"]
    assert "Mari" not in str(caught.value)


def test_near_matches_are_proposed_never_taken(instrument: Instrument) -> None:
    raw = table([*(h for h in PRE if h != "CE1"), "Ma oskan probleemi selgitada"])
    mapping = find_columns(raw, instrument, "pre")
    assert mapping.missing == ("CE1",)
    assert [(p.header, p.item) for p in mapping.proposals] == [("Ma oskan probleemi selgitada", "CE1")]
    with pytest.raises(InputError, match=r"looks like it.*VE-331"):
        map_columns(raw, instrument, "pre")


def mapped(tmp_path: Path, instrument: Instrument, headers: list[str], rows: str) -> ColumnMapping:
    (tmp_path / "pre.mapping.csv").write_text(rows, encoding="utf-8")
    return map_columns(table(headers), instrument, "pre", beside=tmp_path / "pre.csv")


def test_mapping_file(tmp_path: Path, instrument: Instrument) -> None:
    headers = [*(h for h in PRE if h != "CE1"), "Imelik veerg", "Teine", "CE2 märkus", "Äri"]
    rows = "header,item,option\nImelik veerg,CE1,\nTeine,,\nCE2 märkus,,\nÄri,NW8,ettevõte\n"
    mapping = mapped(tmp_path, instrument, headers, rows)
    assert mapping.findings == ()
    by_item = {m.item: (headers[m.column], m.option, m.how) for m in mapping.matches}
    assert by_item["CE1"] == ("Imelik veerg", None, "mapping")
    assert by_item["NW8"] == ("Äri", "business", "mapping")


@pytest.mark.parametrize(
    ("rows", "line", "column"),
    [
        ("header,item\nPole,CE1\n", 2, "header"),
        ("header,item\nCE1,CE9\n", 2, "item"),
        ("header,item,option\nCE1,NW8,tont\n", 2, "option"),
        ("veerg,item\nCE1,CE1\n", 1, ""),
    ],
)
def test_mapping_file_faults(tmp_path: Path, instrument: Instrument, rows: str, line: int, column: str) -> None:
    with pytest.raises(ConfigError) as caught:
        mapped(tmp_path, instrument, PRE, rows)
    problem = caught.value.problems[0]
    assert (problem.file, problem.row, problem.column) == ("surveys/e/pre.mapping.csv", line, column)


def test_text_beside_several_answers_is_no_joined_column(instrument: Instrument) -> None:
    """``NW8[other]`` holds what people wrote themselves: it is listed, not dropped beside the options."""
    raw = table(["NW8[business]", "NW8[other]"])
    mapping = find_columns(raw, instrument, "post")
    assert [(m.column, m.item, m.option) for m in mapping.matches] == [(0, "NW8", "business")]
    assert mapping.unmatched == (1,)
    joined = matched(instrument, ["NW8 sektorid"], "post")
    assert joined == {"NW8 sektorid": ("NW8", None, "code")}
