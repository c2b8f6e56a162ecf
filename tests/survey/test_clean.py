import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from vunki_eval.errors import InputError
from vunki_eval.project.instrument import Instrument, load_instrument
from vunki_eval.project.project import Event, Place, ReaderOptions
from vunki_eval.readers import read_export
from vunki_eval.readers.column_mapping import map_columns
from vunki_eval.survey.clean import Cleaned, clean_table
from vunki_eval.survey.clean.cells import coder, split_answers, ticked
from vunki_eval.survey.clean.times import parse_times

KEY = b"k" * 32
BASE = {
    "CO0": "jah", "E1": "M", "E2": "7", "E3": "A", "E4": "J", "PR1": "ettevõte", "TS1": "4", "TS2": "6", "CE1": "4",
    "CE2": "2", "CE3": "1", "NW1": "12",
}  # fmt: skip
Run = Callable[..., Cleaned]


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return load_instrument(Path(__file__).parents[1] / "readers" / "small_instrument.toml")


@pytest.fixture
def run(instrument: Instrument, tmp_path: Path) -> Run:
    """Clean rows that differ from a base row; the first row names all further columns."""

    def clean(*rows: Mapping[str, str], wave: str = "pre", reader: str = "plain", **more: object) -> Cleaned:
        headers = list(dict.fromkeys([*BASE, *(h for row in rows for h in row)]))
        lines = [headers, *([{**BASE, **row}.get(h, "") for h in headers] for row in rows)]
        path = tmp_path / "pre.csv"
        path.write_text("\n".join(",".join(f'"{c}"' for c in line) for line in lines), encoding="utf-8")
        table = read_export(path, "surveys/e/pre.csv", ReaderOptions(reader=reader))
        actual = Place(start=dt.date(2020, 8, 13), end=dt.date(2020, 8, 15))
        event = Event(id="e", title={"et": "E"}, actual=actual)
        mapping = map_columns(table, instrument, wave)
        return clean_table(table, mapping, instrument, wave=wave, event=event, key=KEY, **more)  # type: ignore[arg-type]

    return clean


def refused(run: Run, *rows: Mapping[str, str], **more: object) -> list[tuple[int, str, str]]:
    with pytest.raises(InputError) as caught:
        run(*rows, **more)
    for row in rows:
        for cell in row.values():
            assert len(cell) < 4 or cell not in str(caught.value), "a message showed an answer"
    return [(p.row, p.column, p.code) for p in caught.value.problems]


LABELS = [
    ("4", 4), ("pigem nõustun", 4), ("Pigem nõustun ", 4), ("rather agree", 4), ("4 - pigem nõustun", 4),
    ("4 (rather agree)", 4), ("pigem nõustun (4)", 4), ("4=pigem nõustun", 4), ("４", 4), ("\u00a04\u00a0", 4),
    ("PIGEM NO\u0303USTUN.", 4), ("4.0", 4), ("4,0", 4),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "value"), LABELS)
def test_ordered_labels(instrument: Instrument, cell: str, value: int) -> None:
    answer = coder(instrument.item("CE1"), instrument)(cell)
    assert (answer.value, answer.fault) == (value, "")


@pytest.mark.parametrize(
    ("item", "cell", "fault"),
    [
        ("CE1", "6", "range"), ("CE1", "0", "range"), ("CE1", "−1", "range"), ("CE1", "3.5", "integer"),
        ("CE1", "99", "range"), ("CE1", "-9", "range"), ("CE1", "3.apr", "date"), ("CE1", "03.04.2020", "date"),
        ("CE1", "2020-04-03", "date"), ("CE1", "apr.3", "date"), ("CE1", "3. aprill", "date"),
        ("CE1", "4 - tont", "label"), ("CE1", "4²", "label"),
        ("CE1", "1E0", "label"), ("CE1", "kass", "label"), ("CE1", "4 5", "label"),
        ("TS1", "11", "range"), ("TS1", "0 – täielikult", "label"), ("PR1", "linn", "label"), ("PR1", "3", "label"),
        ("NW1", "501", "range"), ("NW1", "-5", "range"), ("NW1", "2.5", "integer"), ("NW1", "kümme", "number"),
        ("NW1", "1.500", "decimal"), ("NW1", "10+", "number"), ("PR4", "26", "range"), ("PR4", "26-41", "label"),
    ],
)  # fmt: skip
def test_what_fits_nothing(instrument: Instrument, item: str, cell: str, fault: str) -> None:
    answer = coder(instrument.item(item), instrument)(cell)
    assert (answer.fault, answer.value) == (fault, None)


@pytest.mark.parametrize(
    ("item", "cell", "value"),
    [
        ("TS1", "0 (ei usalda üldse)", 0), ("TS1", "0 - do not trust at all", 0),
        ("TS1", "10 – usaldan täielikult", 10), ("TS1", "10", 10),
        ("PR1", "Ettevõte", "business"), ("PR1", "community, association", "community"),
        ("PR1", "business", "business"), ("PR4", "<26", 1), ("PR4", ">40", 3), ("PR4", "26-40", 2), ("PR4", "2", 2),
        ("NW1", "0", 0), ("NW1", "007", 7), ("NW1", "１２", 12), ("NW1", "4 00", None), ("NW1", "99", 99),
        ("NW1", "77", 77), ("OQ1", " NA ", "NA"), ("OQ1", "=1+1", "=1+1"), ("OQ1", "  ", None),
    ],
)  # fmt: skip
def test_values(instrument: Instrument, item: str, cell: str, value: object) -> None:
    assert coder(instrument.item(item), instrument)(cell).value == value


@pytest.mark.parametrize("cell", ["-99", "−99", "ei oska öelda", "Don't know", "-99 ei oska öelda"])
def test_missing_codes_are_apart_from_blanks(instrument: Instrument, cell: str) -> None:
    answer = coder(instrument.item("NW1"), instrument)(cell)
    assert (answer.value, answer.missing, answer.fault) == (None, -99, "")
    assert coder(instrument.item("NW1"), instrument)(" ").missing is None


@pytest.mark.parametrize(
    ("cell", "decimal", "value"),
    [
        ("2,5", "", 2.5),
        ("2.5", "", 2.5),
        ("2,500", ",", 2.5),
        ("2,500", "", None),
        ("2.500", ",", None),
        ("2,500", ".", None),
        ("2.5", ",", 2.5),  # what a tool computed stands beside what people typed
        ("2,5", ".", 2.5),
        ("2.5e+00", "", 2.5),
        ("1E1", "", 10),
    ],
)
def test_decimals(instrument: Instrument, cell: str, decimal: str, value: float | None) -> None:
    answer = coder(instrument.item("HRS"), instrument, decimal=decimal)(cell)
    assert answer.value == value
    assert answer.fault == ("" if value is not None else "decimal")


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("omavalitsus;ettevõte", "municipality\nbusiness"), ("ettevõte, vabaühendus, kogukond", "business\ncommunity"),
        ("business municipality", "business\nmunicipality"), ("vabaühendus, kogukond", "community"),
        ("omavalitsus, omavalitsus", "municipality"),
    ],
)  # fmt: skip
def test_joined_answers(instrument: Instrument, cell: str, values: str) -> None:
    assert split_answers(instrument.item("NW8"), instrument)(cell).value == values


def test_joined_answers_that_fit_nothing(instrument: Instrument) -> None:
    code = split_answers(instrument.item("NW8"), instrument)
    assert code("omavalitsus;kirik").fault == "label"
    assert code("omavalitsus;ei soovi vastata").fault == "label"
    assert code("ei soovi vastata").missing == -77


@pytest.mark.parametrize(
    ("cell", "value"),
    [("Yes", 1), ("jah", 1), ("Y", 1), ("ettevõte", 1), ("No", 0), ("0", 0), ("", None), ("N/A", None)],
)
def test_ticked(instrument: Instrument, cell: str, value: float | None) -> None:
    answer = ticked(instrument.item("NW8"), "business", instrument, blanks=frozenset({"n/a"}))(cell)
    assert (answer.value, answer.fault) == (value, "")


def test_ticked_with_another_label(instrument: Instrument) -> None:
    assert ticked(instrument.item("NW8"), "business", instrument)("omavalitsus").fault == "label"


def test_frame(run: Run) -> None:
    row = {"OQ1": "Hea", "NW8": "omavalitsus;ettevõte", "PR4": "alla 26", "timestamp": "2020-08-12 10:00"}
    cleaned = run(row, {"CE1": "ei oska öelda", "NW1": "", "OQ1": "", "PR1": "", "timestamp": "2020-08-12T07:00:00Z"})
    frame = cleaned.responses
    assert list(frame["row"]) == [2, 3]
    assert list(frame["submitted"]) == [pd.Timestamp("2020-08-12 10:00")] * 2
    assert frame.loc[0, ["CE1", "PR1", "OQ1", "PR4"]].tolist() == [4.0, "business", "Hea", 1.0]
    assert frame.loc[0, ["NW8.municipality", "NW8.community", "NW8.business"]].tolist() == [1.0, 0.0, 1.0]
    assert np.isnan(frame.loc[1, ["CE1", "NW1", "NW8.business"]].astype(float)).all()
    assert frame.loc[1, "OQ1"] is None
    assert frame.loc[1, "PR1"] is None
    assert not {"E1", "E2", "E3", "E4"} & set(frame)
    assert cleaned.nonresponse.to_dict("records") == [{"response": 1, "item": "CE1", "code": -99}]
    assert (cleaned.reasons == "").all()
    assert "M" not in cleaned.codes.to_numpy()


def test_option_columns(run: Run) -> None:
    frame = run(
        {"NW8[business]": "Yes", "NW8[municipality]": "", "NW8[community]": ""},
        {"NW8[business]": "", "NW8[municipality]": "", "NW8[community]": ""},
        {"NW8[business]": "No", "NW8[municipality]": "No", "NW8[community]": "No"},
    ).responses
    block = frame[["NW8.municipality", "NW8.community", "NW8.business"]].to_numpy()
    assert block[0].tolist() == [0, 0, 1]
    assert np.isnan(block[1]).all()
    assert block[2].tolist() == [0, 0, 0]


def test_every_bad_cell_is_listed(run: Run) -> None:
    rows = [{"CE1": "tont"}, {}, {"CE1": "9", "NW1": "kümme tükki"}]
    assert refused(run, *rows) == [(2, "CE1", "VE-340"), (4, "CE1", "VE-341"), (4, "NW1", "VE-340")]


def test_message_says_range_and_cure(run: Run) -> None:
    with pytest.raises(InputError) as caught:
        run({"TS1": "11"})
    assert str(caught.value) == (
        "surveys/e/pre.csv:2:TS1: The answer is outside 0-10. Correct the cell, or add the label (also) or the missing "
        "code to the item in surveys/instrument.toml. [VE-341]"
    )


def test_log_has_a_row_for_every_change(run: Run) -> None:
    cleaned = run({"CE1": "4,0", "E1": " m", "NW1": "5", "NW4": "9"}, {"CE1": "nõustun täielikult", "NW4": "2"})
    assert [tuple(r) for r in cleaned.log[["row", "column", "rule"]].to_numpy()] == [
        (2, "CE1", "number_spelling"), (2, "E1", "code_spelling"), (2, "NW4", "at_most"),
    ]  # fmt: skip
    assert set(cleaned.log["file"]) == {"surveys/e/pre.csv"}
    assert np.isnan(cleaned.responses["NW4"][0])
    assert cleaned.responses["NW4"][1] == 2
    assert {f.code for f in cleaned.findings} == {"VE-344", "VE-359"}


def test_nothing_changes_without_a_log_row(run: Run) -> None:
    """Before + changes = after: every coded value goes back to its cell unless the log names the cell."""
    rows = [{"CE1": "4", "NW1": "12"}, {"CE1": "5.0", "NW1": "0"}]
    cleaned = run(*rows)
    logged = {(r.row, r.column) for r in cleaned.log.itertuples()}
    for line, row in enumerate(rows, 2):
        for code, cell in row.items():
            same = str(int(cleaned.responses.loc[line - 2, code])) == cell
            assert same != ((line, code) in logged)


def test_codes_are_normalised_before_hashing(run: Run) -> None:
    cleaned = run({}, {"E1": "m ", "E2": "07"}, {"E1": "X", "E2": ""}, {"E1": "Õ"}, {"E1": "O"})
    codes = cleaned.codes
    assert codes.loc[0].tolist() == codes.loc[1].tolist()
    assert codes.loc[2, ["E1", "E2"]].tolist() == [None, None]
    assert codes.loc[3, "E1"] != codes.loc[4, "E1"]
    assert cleaned.findings[0].problem.endswith("(rows 3).")


def test_consent_empty_and_totals(run: Run) -> None:
    blank = dict.fromkeys([c for c in BASE if c not in ("CO0", "E1", "E2", "E3", "E4")], "")
    cleaned = run({}, {"CO0": "ei"}, {"CO0": ""}, blank, {"E1": "", "E2": "", "E3": "", "E4": ""})
    assert cleaned.reasons.tolist() == ["", "consent", "consent", "empty", ""]
    assert cleaned.log["rule"].tolist() == ["excluded_consent", "excluded_consent", "excluded_empty"]
    assert refused(run, {}, {"CO0": "Kokku"}) == [(3, "", "VE-345")]


def test_do_not_know_is_an_answer(run: Run) -> None:
    row = dict.fromkeys([c for c in BASE if c not in ("CO0", "E1", "E2", "E3", "E4")], "") | {"CE1": "ei oska öelda"}
    assert run(row).reasons.tolist() == [""]


def test_preview_rows(run: Run) -> None:
    assert run({"status": "IP Address"}, {"status": "Survey Preview"}).reasons.tolist() == ["", "test_row"]


def test_trials_and_straight_lines_are_noted_never_dropped(run: Run) -> None:
    cleaned = run({"OQ1": "Test"}, {"OQ1": "testisime koos"})
    assert (cleaned.reasons == "").all()
    assert [f.problem for f in cleaned.findings if f.code == "VE-355"] == ["Responses look like trials (rows 2)."]
    ruled = run({"OQ1": "Test"}, rulings={("exclude", 2): "keep"})
    assert not ruled.findings
    dropped = run({"OQ1": "Test"}, {"OQ1": ""}, rulings={("exclude", 2): "drop"})
    assert dropped.reasons.tolist() == ["excluded", ""]


def test_times_against_the_event(run: Run) -> None:
    rows = [{"timestamp": "2020-08-12 10:00"}, {"timestamp": "2020-08-16 00:00"}]
    assert [(f.code, "rows 3" in f.problem) for f in run(*rows).findings] == [("VE-354", True)]
    post = run(*rows, wave="post")
    assert [(f.code, "rows 2" in f.problem) for f in post.findings] == [("VE-354", True)]
    assert run(*rows, rulings={("late", 3): "drop"}).reasons.tolist() == ["", "late"]
    assert run(*rows, rulings={("late", 3): "drop"}).findings == ()


def test_unfinished_and_unreadable_times(run: Run) -> None:
    cleaned = run({"timestamp": "2020-08-12 10:00"}, {"timestamp": ""}, {"timestamp": "eile"})
    assert [f.code for f in cleaned.findings] == ["VE-358", "VE-356"]
    assert cleaned.responses["submitted"].isna().tolist() == [False, True, True]


def test_too_fast(run: Run) -> None:
    cleaned = run(
        {"started": "2020-08-12 10:00:00", "submitted": "2020-08-12 10:00:09"},
        {"started": "2020-08-12 10:00:00", "submitted": "2020-08-12 10:05:00"},
    )
    assert [f.problem for f in cleaned.findings] == ["Responses were filled in faster than they can be read (rows 2)."]
    assert (cleaned.reasons == "").all()


def test_times_are_compared_in_estonian_time(run: Run) -> None:
    """21:30 in UTC on the last day is past midnight in Estonia; a summer's hour counts too."""
    rows = [{"timestamp": "2020-08-15T20:59:59Z"}, {"timestamp": "2020-08-15T21:00:00Z"}]
    assert [f.problem for f in run(*rows).findings] == ["Responses were sent on the wrong side of the event (rows 3)."]


def test_log_says_before_and_after_of_closed_answers_only(run: Run) -> None:
    log = run({"CE1": "４", "NW1": "−99", "E1": "m", "OQ1": " Hea ", "timestamp": "1/2/2020 10:00"}).log
    assert log[["column", "rule", "before", "after"]].to_numpy().tolist() == [
        ["CE1", "number_spelling", "４", "4"], ["NW1", "number_spelling", "−99", "-99"],
        ["E1", "code_spelling", "", ""], ["submitted", "time_unread", "1/2/2020 10:00", ""],
    ]  # fmt: skip


TIMES = [
    ("2020-08-13 09:56:53", "2020-08-13 09:56:53"), ("2020-08-13T09:56:53.123+03:00", "2020-08-13 09:56:53"),
    ("2020-08-13T06:56:53Z", "2020-08-13 09:56:53"), ("2021/03/27 3:58:32 PM GMT+8", "2021-03-27 09:58:32"),
    ("2021/03/28 12:30:00 AM GMT+2", "2021-03-28 00:30:00"), ("27.03.2021 15:58", "2021-03-27 15:58:00"),
    ("13.8.2020", "2020-08-13"), ("2021-03-28 01:30:00 UTC", "2021-03-28 04:30:00"),
    ("1980-01-01 00:00:00", None), ("", None), ("27.03.21 15:58", "2021-03-27 15:58:00"),
    ("6/26/18 19:42", "2018-06-26 19:42:00"), ("43290.53487", "2018-07-09 12:50:13"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "local"), TIMES)
def test_times(cell: str, local: str | None) -> None:
    times = parse_times([cell])
    assert (times.unread, times.unclear) == ((), False)
    assert pd.isna(times.values[0]) if local is None else times.values[0] == pd.Timestamp(local)


def test_day_and_month() -> None:
    assert parse_times(["8/2/2019 13:10:31", "8/21/2019 13:10"]).values[0] == pd.Timestamp("2019-08-02 13:10:31")
    assert parse_times(["8/2/2019 1:10", "21/8/2019 13:10"]).values[0] == pd.Timestamp("2019-02-08 01:10")
    unclear = parse_times(["8/2/2019 13:10", "9/2/2019 13:10"])
    assert unclear.unclear
    assert unclear.values.isna().all()
    assert parse_times(["31.02.2020", "homme"]).unread == (0, 1)
