"""Open questions go out as a sheet, come back ruled on, and are settled."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from tests.marks import has_mode
from tests.publish.quality.conftest import AFTER, Desk, somebody
from vunki_eval.survey.decisions import COLUMNS
from vunki_eval.survey.study import load_study

KEEP_FIRST = {"duplicate": ("keep", "drop"), "exclude": ("drop",), "late": ("keep",), "link": ("apart",)}


def untidy(desk: Desk) -> None:
    """A duplicate code, a trial, a late answer, a part larger than its whole, two candidates for one code."""
    pre = [somebody(k) for k in range(6)]
    pre += [somebody(1, CE1="1"), somebody(6, submitted="2020-08-20 10:00"), somebody(7, NW1="3", NW4="9")]
    pre += [somebody(8), somebody(8, E3="K")]
    post = [{**somebody(k), **AFTER} for k in range(5)]
    post += [{**somebody(9, OQ1="test"), **AFTER}, {**somebody(8, E3="L"), **AFTER}]
    desk.write(pre=pre, post=post)


def ruled(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rule on every question: the first of two duplicates stays."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        kind = row["kind"]
        if kind == "edit":
            row["ruling"] += "2"
        else:
            group = (kind, min(row["row"], row["other_row"], key=int) if kind == "duplicate" else "")
            row["ruling"] = KEEP_FIRST[kind][1 if kind == "duplicate" and group in seen else 0]
            seen.add(group)
        row |= {"who": "Mari", "when": "2020-08-21", "why": "kontrollitud"}
    return rows


def put_beside(desk: Desk, rows: list[dict[str, str]]) -> None:
    with (desk.folder / "decisions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_round_trip(desk: Desk) -> None:
    untidy(desk)
    assert desk.run("check").exit_code == 1
    done = desk.run("decide")
    assert done.exit_code == 0
    rows = desk.sheet()
    assert {r["kind"] for r in rows} == {"duplicate", "exclude", "late", "edit", "link"}
    assert list(rows[0])[:9] == list(COLUMNS)
    put_beside(desk, ruled(rows))
    study = load_study(desk.project(), "e")
    assert [f for f in study.findings if f.level == "look"] == []
    assert study.questions == ()
    assert desk.run("check").exit_code == 0
    desk.run("decide")
    assert [r["who"] for r in desk.sheet()] == ["Mari"] * len(rows)


def test_the_sheet_names_places_never_codes_or_answers(desk: Desk) -> None:
    untidy(desk)
    desk.run("decide")
    rows = desk.sheet()
    assert {r["file"] for r in rows} <= {"pre.csv", "post.csv"}
    allowed = {"", *(str(n) for n in range(1, 20))}
    assert {r["row"] for r in rows} | {r["other_row"] for r in rows} <= allowed
    assert {r["ruling"] for r in rows} <= {"", "NW4="}
    assert has_mode(desk.checks / "decisions.csv", 0o600)
    assert has_mode(desk.checks, 0o700)


def test_a_sheet_half_filled_in_can_be_put_beside(desk: Desk) -> None:
    """Rows nobody signed stay open; the next sheet keeps what was ruled and asks the rest."""
    untidy(desk)
    desk.run("decide")
    rows = desk.sheet()
    first = next(k for k, r in enumerate(rows) if r["kind"] == "exclude")
    rows[first] = ruled([dict(rows[first])])[0]
    put_beside(desk, rows)
    study = load_study(desk.project(), "e")
    assert "VE-355" not in {f.code for f in study.findings}
    assert {"VE-351", "VE-354"} <= {f.code for f in study.findings}
    desk.run("decide")
    again = desk.sheet()
    assert again[0]["who"] == "Mari"
    assert sum(bool(r["who"]) for r in again) == 1
    assert len(again) == len(rows)


def test_work_on_the_prepared_sheet_is_not_overwritten(desk: Desk) -> None:
    untidy(desk)
    desk.run("decide")
    rows = desk.sheet()
    rows[0] |= {"ruling": "keep", "who": "Mari", "when": "2020-08-21", "why": "nii on"}
    with (desk.checks / "decisions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")  # as a spreadsheet in Estonia saves it
        writer.writeheader()
        writer.writerows(rows)
    desk.run("decide")
    assert [r["why"] for r in desk.sheet()].count("nii on") == 1


def test_workbook(desk: Desk) -> None:
    """The workbook offers the rulings; filled in with real dates it is read like the CSV."""
    import datetime as dt

    untidy(desk)
    done = desk.run("decide", "--format", "xlsx")
    assert done.exit_code == 0
    path = desk.checks / "decisions.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert {v.formula1 for v in sheet.data_validations.dataValidation} == {'"keep,drop"', '"link,apart"'}
    heads = [c.value for c in sheet[1]]
    rows = [dict(zip(heads, (str(c or "") for c in r), strict=True)) for r in sheet.iter_rows(2, values_only=True)]
    for number, row in enumerate(ruled(rows), 2):
        for column, value in row.items():
            place = sheet.cell(number, heads.index(column) + 1)
            place.value = dt.date.fromisoformat(value) if column == "when" else int(value) if value.isdigit() else value
    book.save(desk.folder / "decisions.xlsx")
    study = load_study(desk.project(), "e")
    assert [f for f in study.findings if f.level == "look"] == []


def test_answers_that_fit_nothing_can_be_edited(desk: Desk) -> None:
    """An unreadable cell stops the event; the sheet offers to edit it, the export stays as it is."""
    desk.write(pre=[somebody(0), somebody(1, CE1="9"), somebody(2, TS1="neli")])
    before = (desk.folder / "pre.csv").read_bytes()
    assert desk.run("check").exit_code == 3
    assert desk.run("decide").exit_code == 0
    rows = desk.sheet()
    assert [(r["kind"], r["row"], r["ruling"]) for r in rows] == [("edit", "3", "CE1="), ("edit", "4", "TS1=")]
    for row, answer in zip(rows, ("CE1=", "TS1=4"), strict=True):
        row |= {"ruling": answer, "who": "Mari", "when": "2020-08-21", "why": "paberilt"}
    put_beside(desk, rows)
    study = load_study(desk.project(), "e")
    assert study.responses["TS1"].tolist() == [4, 4, 4]
    assert study.responses["CE1"].isna().tolist() == [False, True, False]
    assert set(study.log["rule"]) == {"edited_by_decision"}
    assert (desk.folder / "pre.csv").read_bytes() == before


def test_rulings_on_data_that_changed_are_refused(desk: Desk) -> None:
    untidy(desk)
    desk.run("decide")
    put_beside(desk, ruled(desk.sheet()))
    desk.write(pre=[somebody(k) for k in range(6)], post=[{**somebody(k), **AFTER} for k in range(5)])
    done = desk.run("check")
    assert done.exit_code == 2
    assert "surveys/e/decisions.csv:" in done.stderr
    assert "VE-372" in done.stderr


MOVED = ({"pre": [somebody(9), *(somebody(k) for k in range(6))]}, {"pre": [somebody(k, CE1="3") for k in range(6)]})


@pytest.mark.parametrize("kind", ["exclude", "edit", "late"])
@pytest.mark.parametrize("changed", MOVED, ids=["a row more above", "another answer"])
def test_a_ruling_never_falls_on_another_response(
    desk: Desk, kind: str, changed: dict[str, list[dict[str, str]]]
) -> None:
    """A new export has other people in the rows: rulings on them are refused, not carried out."""
    odd = {"exclude": {"OQ1": "test"}, "edit": {"NW1": "3", "NW4": "9"}, "late": {"submitted": "2020-08-20 10:00"}}[
        kind
    ]
    desk.write(pre=[somebody(0), somebody(1, **odd), *(somebody(k) for k in range(2, 6))])
    desk.run("decide")
    rows = desk.sheet()
    assert [(r["kind"], r["row"], len(r["mark"])) for r in rows] == [(kind, "3", 4)]
    put_beside(desk, [{**r, "ruling": r["ruling"] + "2" if kind == "edit" else "drop", "who": "Mari",
                       "when": "2020-08-21", "why": "nii"} for r in rows])  # fmt: skip
    assert desk.run("check").exit_code == 0
    assert load_study(desk.project(), "e").log["rule"].str.endswith("_by_decision").sum() == 1
    desk.write(**changed)
    done = desk.run("check", "--language", "et")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"surveys/e/decisions.csv:2:{kind}: Real on teised vastused kui siis, kui küsimus")


def test_a_ruling_whose_response_moved_says_where_it_is(desk: Desk) -> None:
    """Two rows more above: the message names the new rows, and with them the rulings hold."""
    odd = [somebody(0), somebody(1, OQ1="test"), somebody(2), somebody(2, CE1="1")]
    desk.write(pre=odd)
    desk.run("decide")
    rows = ruled(desk.sheet())
    put_beside(desk, rows)
    assert desk.run("check").exit_code == 0
    desk.write(pre=[somebody(7), somebody(8), *odd])
    done = desk.run("check", "--language", "et")
    assert done.exit_code == 2
    assert "Mõeldud vastused on nüüd reas 5: parandage rea number." in done.stderr
    assert "Mõeldud vastused on nüüd ridades 6 ja 7: parandage reanumbrid." in done.stderr
    moved = [
        {**r, "row": str(int(r["row"]) + 2), "other_row": r["other_row"] and str(int(r["other_row"]) + 2)} for r in rows
    ]
    put_beside(desk, moved)
    assert desk.run("check").exit_code == 0


def test_marks_follow_answers_not_the_spelling_of_the_file(desk: Desk) -> None:
    """Saved again by a spreadsheet, its columns in another order, an export still has the rulings made on it."""
    untidy(desk)
    desk.run("decide")
    before = desk.sheet()
    put_beside(desk, ruled([dict(r) for r in before]))
    for path in desk.folder.glob("p*.csv"):
        rows = [row[::-1] for row in csv.reader(path.read_text("utf-8").splitlines())]
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=";").writerows([*row, ""] for row in rows)
    assert desk.run("check").exit_code == 0
    (desk.folder / "decisions.csv").unlink()
    desk.run("decide")
    assert [r["mark"] for r in desk.sheet()] == [r["mark"] for r in before]
    assert {len(r["mark"]) for r in before if r["other_row"]} == {8}


def test_a_draft_on_answers_that_changed_is_asked_anew(desk: Desk) -> None:
    desk.write(pre=[somebody(0), somebody(1, CE1="9")])
    desk.run("decide")
    rows = [{**r, "ruling": "CE1=4", "who": "Mari", "when": "2020-08-21", "why": "nii"} for r in desk.sheet()]
    with (desk.checks / "decisions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    desk.run("decide")
    assert [r["who"] for r in desk.sheet()] == ["Mari"]
    desk.write(pre=[somebody(5), somebody(2, CE1="8")])
    desk.run("decide")
    assert [(r["who"], r["ruling"]) for r in desk.sheet()] == [("", "CE1=")]


@pytest.mark.parametrize("options", [("--format", "ods"), ("--event", "x"), ("--language", "xx")])
def test_usage(desk: Desk, options: tuple[str, str]) -> None:
    desk.write(pre=[somebody(0)])
    assert desk.run("decide", *options).exit_code == 2
    assert not Path(desk.checks).exists()


@pytest.mark.slow
def test_rulings_count_in_the_report(desk: Desk) -> None:
    """From the proposed sheet to the published numbers; on other data the report is refused, the old one stays."""
    untidy(desk)
    options = ("report", "--language", "et", "--format", "html", "--jobs", "1")
    results = desk.root / "reports" / "e" / "results.json"

    def flow() -> dict[str, int]:
        return {s["step"]: s["n"] for s in json.loads(results.read_text("utf-8"))["flow"]}

    assert desk.run(*options).exit_code == 1
    before = flow()
    desk.run("decide")
    put_beside(desk, ruled(desk.sheet()))
    done = desk.run(*options)
    assert (done.exit_code, done.stderr) == (0, "")
    after = flow()
    study = load_study(desk.project(), "e")
    assert after["usable_pre"] == (study.responses["wave"] == "pre").sum() == before["usable_pre"] + 1
    assert after["usable_post"] == before["usable_post"] - 1
    published = results.read_bytes()
    desk.write(pre=[somebody(k, CE1="5") for k in range(6)], post=[{**somebody(k), **AFTER} for k in range(5)])
    done = desk.run(*options)
    assert done.exit_code in (2, 3, 4)
    assert "surveys/e/decisions.csv:" in done.stderr
    assert "VE-372" in done.stderr
    assert results.read_bytes() == published
