"""Before + changes = after: the log, applied to the cells as they were read, gives the cleaned frame.

What needs no row in the log is read here by a coder of its own, which knows only answers as the questionnaire writes
them. A change that the log does not name ends in a cell this coder cannot read, or in another frame.
"""

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.publish.quality.conftest import Desk
from tests.publish.quality.conftest import desk as desk
from vunki_eval.survey.study import Study, load_study

AGREE = ["ei nõustu üldse", "pigem ei nõustu", "nii ja naa", "pigem nõustun", "nõustun täielikult"]
ENGLISH = ["do not agree at all", "rather do not agree", "so so", "rather agree", "fully agree"]
GONE = {"-99", "-77", "ei oska öelda", "don't know", "ei soovi vastata"}
PLAIN: dict[str, dict[str, Any]] = {
    "CE1": {label: k for labels in (AGREE, ENGLISH, "12345") for k, label in enumerate(labels, 1)}
    | {f"{k} - {label}": k for k, label in enumerate(AGREE, 1)},
    "TS1": {str(k): k for k in range(11)} | {"10 – usaldan täielikult": 10, "0 – do not trust at all": 0},
    "PR1": {"ettevõte": "business", "business": "business"}
    | {"omavalitsus": "municipality", "municipality": "municipality"},
    "CO0": {"jah": "yes", "yes": "yes", "ei": "no", "no": "no"},
}  # fmt: skip
POOLS = {
    "CE1": [*PLAIN["CE1"], "PIGEM NÕUSTUN ", " 4", "4,0", "5.0", "３", "+2", "−99", "-99", "ei oska öelda", ""],
    "TS1": ["0", "10 – usaldan täielikult", "7", "８", "8,0", "9.0", "Don't know", "－99", ""],
    "NW1": ["12", "3", "007", "１２", "5,0", "1.2e+01", "-99", "ei oska öelda", ""],
    "NW4": ["2", "9", "9,0", "４", "40", ""],
    "PR1": ["ettevõte", "Municipality ", "business", "ei soovi vastata", ""],
    "CO0": ["jah", "jah", "Yes", "ei", ""],
    "E1": ["M", "m ", "Õ", "X"], "E2": ["1", "07", "31", ""], "E3": ["A", "B"],
    "OQ1": ["", "Hea koht.", "=1+1", "test"],
    "submitted": ["2020-08-12 10:00:00", "2020-08-20 09:30:00", "", "eile", "1/2/2020 10:00"],
}  # fmt: skip
EDITS = ["CE1=5", "CE1=4,0", "TS1=", "NW1=1", "NW4=8", "OQ1=Parandatud", "PR1=omavalitsus"]
ANSWERS = ("CE1", "TS1", "NW1", "NW4", "PR1", "CO0", "OQ1")
rows = st.lists(st.fixed_dictionaries({c: st.sampled_from(pool) for c, pool in POOLS.items()}), min_size=1, max_size=12)
rulings = st.lists(st.tuples(st.integers(2, 13), st.sampled_from(["drop", "keep", *EDITS])), max_size=6)


def read(item: str, cell: str) -> Any:
    """Read an answer that is written as the questionnaire writes it; None for blank and "don't know"."""
    said = cell.strip()
    if not said or said.casefold() in GONE:
        return None
    if item in ("NW1", "NW4"):
        assert said.isascii()
        assert said.isdecimal(), f"{item}: {cell!r} was changed without a row in the log"
        return float(said)
    if item in PLAIN:
        return {label.casefold(): value for label, value in PLAIN[item].items()}[said.casefold()]
    return dt.datetime.fromisoformat(said) if item == "submitted" else said


def replayed(cells: dict[int, dict[str, str]], study: Study) -> dict[int, dict[str, str]]:
    """Apply the log to cells."""
    for change in study.log.itertuples():
        if change.rule.startswith("excluded_"):
            assert (change.column, change.before, change.after) == ("", "", "")
            del cells[change.row]
        elif change.rule == "ambiguous_link":
            assert change.column == ""
        elif change.rule == "code_spelling":
            assert change.column in ("E1", "E2", "E3")
            assert not change.before + change.after, "the log never shows a code"
        elif change.column == "OQ1":
            assert not change.before + change.after, "the log never shows a text"
            cells[change.row]["OQ1"] = "Parandatud"
        else:
            before = cells[change.row][change.column]
            assert before == change.before or read(change.column, before) == read(change.column, change.before)
            cells[change.row][change.column] = change.after
    return cells


def ruled(answers: list[dict[str, str]], drawn: list[tuple[int, str]]) -> list[str]:
    """Rule on rows that are there; one ruling of a kind for a row, and none that changes nothing."""
    found: dict[tuple[int, str], str] = {}
    for row, ruling in drawn:
        item, sign, answer = ruling.partition("=")
        if row - 2 < len(answers) and not (sign and answers[row - 2][item].strip() == answer):
            found[row, item if sign else "exclude"] = ruling
    kinds = {k: "edit" if "=" in ruling else "exclude" for k, ruling in found.items()}
    return [f'{kinds[k]},pre.csv,{k[0]},,,"{ruling}",Mari,2020-08-21,nii' for k, ruling in found.items()]


FOUND = (Phase.explicit, Phase.generate)  # a case found is small enough; making it smaller takes minutes


@settings(max_examples=20, deadline=None, phases=FOUND, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=rows, drawn=rulings)
def test_before_and_changes_make_after(desk: Desk, answers: list[dict[str, str]], drawn: list[tuple[int, str]]) -> None:
    desk.write(pre=answers)
    said = ["kind,file,row,other_file,other_row,ruling,who,when,why", *ruled(answers, drawn)]
    (desk.folder / "decisions.csv").write_text("\n".join(said) + "\n", "utf-8")
    study = load_study(desk.project(), "e")
    after = replayed({k: dict(row) for k, row in enumerate(answers, 2)}, study)
    frame = study.responses.set_index("row")
    assert list(frame.index) == list(after)
    for row, cells in after.items():
        for column in (*ANSWERS, "submitted"):
            found = frame.at[row, column]
            assert (None if pd.isna(found) else found) == read(column, cells[column]), (row, column)
    gone = {(row, c) for row, cells in after.items() for c in ANSWERS if cells[c].strip().casefold() in GONE}
    known = study.nonresponse[study.nonresponse["item"].isin(ANSWERS)]
    assert gone == set(zip(study.responses.loc[known["response"], "row"], known["item"], strict=True))


def test_check_writes_the_log(desk: Desk) -> None:
    """The private file tells every change of a closed answer; texts stay texts in a spreadsheet."""
    first = {"CE1": "4,0", "NW1": "5", "NW4": "9,0", "E1": "m", "submitted": "=1+1"}
    desk.write(pre=[first, {"CO0": "ei", "E1": "B"}])
    desk.run("check")
    with Path(desk.checks / "changes.csv").open(encoding="utf-8", newline="") as file:
        found = [tuple(row) for row in csv.reader(file)]
    assert found[0] == ("file", "sheet", "row", "column", "rule", "before", "after")
    assert [row[2:] for row in found[1:]] == [
        ("2", "CE1", "number_spelling", "4,0", "4"), ("2", "NW4", "number_spelling", "9,0", "9"),
        ("2", "E1", "code_spelling", "", ""), ("2", "submitted", "time_unread", "'=1+1", ""),
        ("2", "NW4", "at_most", "9", ""), ("3", "", "excluded_consent", "", ""),
    ]  # fmt: skip
