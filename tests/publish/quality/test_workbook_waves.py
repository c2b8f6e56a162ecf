"""Two waves on the sheets of one workbook, whose columns need a mapping."""

import json

import openpyxl
import pytest

from tests.publish.quality.conftest import AFTER, BASE, PROJECT, Desk, somebody
from vunki_eval.survey.study import load_study

pytestmark = pytest.mark.slow

WAVES = """pre = { file = "answers.xlsx", sheet = "Enne" }, post = { file = "answers.xlsx", sheet = "Pärast" }"""


def together(desk: Desk) -> None:
    """Write both waves into one workbook; each sheet has a strange column of its own and one that both have."""
    desk.write(pre=[somebody(0)], post=[{**somebody(0), **AFTER}])
    book = openpyxl.Workbook()
    for sheet, moment, own in (("Enne", {}, "Vanuserühmad"), ("Pärast", AFTER, "Mulje")):
        page = book.active if sheet == "Enne" else book.create_sheet()
        page.title = sheet
        extra = {own: "alla 26" if sheet == "Enne" else "hea", "Lemmikvärv": "roheline"}
        people = [{**BASE, **somebody(k), **moment, **extra} for k in range(4)]
        for row in ([*people[0]], *(list(p.values()) for p in people)):
            page.append(row)
    book.save(desk.folder / "answers.xlsx")
    name_waves(desk, WAVES)


def name_waves(desk: Desk, waves: str) -> None:
    (desk.root / "surveys" / "project.toml").write_text(PROJECT.replace("WAVES", waves), "utf-8")


def test_one_mapping_file_serves_both_sheets(desk: Desk) -> None:
    together(desk)
    assert desk.run("check").exit_code == 1
    proposal = desk.checks / "answers.mapping.csv"
    assert proposal.read_text("utf-8").splitlines() == [
        "header,item,option,sheet", "Vanuserühmad,PR4,,Enne", "Lemmikvärv,,,Enne", "Mulje,,,Pärast",
        "Lemmikvärv,,,Pärast",
    ]  # fmt: skip
    proposal.write_text(proposal.read_text("utf-8").replace("Mulje,,", "Mulje,OQ1,"), "utf-8")
    desk.run("check")
    assert "Mulje,OQ1,,Pärast" in proposal.read_text("utf-8")  # what a person wrote is kept, for its sheet
    (desk.folder / "answers.mapping.csv").write_text(proposal.read_text("utf-8"), "utf-8")
    done = desk.run("check", "--json")
    data = json.loads(done.stdout)["events"][0]
    assert (done.exit_code, data["problems"], data["look"]) == (0, [], [])
    assert [(e["sheet"], e["columns"]["mapping"], e["columns"]["unknown"]) for e in data["exports"]] == [
        ("Enne", 1, 0), ("Pärast", 1, 0),
    ]  # fmt: skip
    assert not proposal.exists()


def test_a_row_without_a_sheet_is_for_all_of_them(desk: Desk) -> None:
    together(desk)
    rows = "header,item,option,sheet\nLemmikvärv,,,\nVanuserühmad,PR4,,Enne\nPole,PR4,,Pärast\nMulje,,,Pärast\n"
    (desk.folder / "answers.mapping.csv").write_text(rows, "utf-8")
    done = desk.run("check", "--language", "et")
    assert done.exit_code == 2
    assert "surveys/e/answers.mapping.csv:4:header: Ekspordis ei ole sellist päist." in done.stderr
    assert "veerus sheet" in done.stderr


def test_a_ruling_names_the_sheet_too(desk: Desk) -> None:
    """Row 3 of one sheet is not row 3 of the other."""
    together(desk)
    rows = "header,item,option\nLemmikvärv,,\n"
    book = openpyxl.load_workbook(desk.folder / "answers.xlsx")
    book["Pärast"]["N3"] = book["Enne"]["N4"] = "test"
    for sheet in book:
        sheet["N1"] = "OQ1"
    book.save(desk.folder / "answers.xlsx")
    (desk.folder / "answers.mapping.csv").write_text(rows, "utf-8")
    done = desk.run("check", "--language", "et")
    assert "surveys/e/answers.xlsx[Pärast]: Vastused näivad proovivastustena (read 3)." in done.stderr
    desk.run("decide")
    questions = [(r["kind"], r["file"], r["row"]) for r in desk.sheet()]
    assert questions == [("exclude", "answers.xlsx[Enne]", "4"), ("exclude", "answers.xlsx[Pärast]", "3")]
    head = "kind,file,row,other_file,other_row,ruling,who,when,why\n"
    ruling = "exclude,answers.xlsx[Pärast],3,,,drop,Mari,2020-08-21,proov\n"
    (desk.folder / "decisions.csv").write_text(head + ruling, "utf-8")
    study = load_study(desk.project(), "e")
    left = study.responses.groupby("wave")["row"].apply(list)
    assert (left["pre"], left["post"]) == ([2, 3, 4, 5], [2, 4, 5])
    assert [(i.path, i.rows) for i in study.inputs] == [("surveys/e/answers.xlsx", 8)]


def test_a_person_is_erased_from_both_sheets(desk: Desk) -> None:
    together(desk)
    (desk.folder / "answers.mapping.csv").write_text("header,item\nLemmikvärv,\n", "utf-8")
    code = somebody(2)
    done = desk.run("erase", " ".join([code["E1"], code["E2"], code["E3"], "J"]), "--yes")
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(desk.folder / "answers.xlsx")
    for sheet in book:
        assert [cell.value is None for cell in sheet["A"]] == [False, False, False, True, False]
    register = (desk.root / "surveys" / "erasures.csv").read_text("utf-8")
    assert "answers.xlsx[Enne],1,rows removed" in register
    assert "answers.xlsx[Pärast],1,rows removed" in register


@pytest.mark.parametrize(
    ("waves", "message"),
    [
        ('pre = "answers.xlsx", post = "answers.xlsx"', "name a sheet for each wave"),
        (WAVES.replace("Pärast", "Enne"), "The same sheet of a file is named twice"),
    ],
)
def test_a_file_or_sheet_named_twice_is_refused(desk: Desk, waves: str, message: str) -> None:
    together(desk)
    name_waves(desk, waves)
    done = desk.run("check")
    assert done.exit_code == 2
    assert done.stderr.startswith("surveys/project.toml:14:event.e.waves: The same ")
    assert message in done.stderr


REDCAP = 'pre = { file = "r.csv", sheet = "pre_arm_1" }, post = { file = "r.csv", sheet = "post_arm_1" }'


def two_events_in_one_table(desk: Desk) -> None:
    """Write both waves into one table, as REDCap exports events: person by person."""
    desk.write(pre=[somebody(0)])
    items = [h for h in BASE if h != "submitted"]
    rows = [["record_id", "redcap_event_name", *items]]
    for k in range(5):
        person = {**BASE, **somebody(k)}
        rows += [[str(k + 1), event, *(person[i] for i in items)] for event in ("pre_arm_1", "post_arm_1")]
    (desk.folder / "r.csv").write_text("\n".join(",".join(row) for row in rows) + "\n", "utf-8")
    name_waves(desk, REDCAP)


def test_two_events_of_one_table(desk: Desk) -> None:
    two_events_in_one_table(desk)
    study = load_study(desk.project(), "e")
    lines = study.responses.groupby("wave")["row"].apply(list)
    assert (lines["pre"], lines["post"]) == ([2, 4, 6, 8, 10], [3, 5, 7, 9, 11])
    assert set(study.responses["link_method"]) == {"exact"}
    assert [(i.path, i.rows) for i in study.inputs] == [("surveys/e/r.csv", 10)]


def test_a_person_is_erased_from_a_table_of_two_events(desk: Desk) -> None:
    """Rows below move up by two; rulings on them follow, in both events."""
    two_events_in_one_table(desk)
    head = "kind,file,row,other_file,other_row,ruling,who,when,why\n"
    rulings = [
        f"exclude,r.csv[{wave}_arm_1],{row},,,keep,Mari,2020-08-21,nii\n" for wave, row in (("pre", 8), ("post", 11))
    ]
    (desk.folder / "decisions.csv").write_text(head + "".join(rulings), "utf-8")
    before = (desk.folder / "r.csv").read_text("utf-8").splitlines()
    code = somebody(1)
    done = desk.run("erase", " ".join([code["E1"], code["E2"], code["E3"], "J"]), "--yes")
    assert done.exit_code == 0, done.output
    assert (desk.folder / "r.csv").read_text("utf-8").splitlines() == [*before[:3], *before[5:]]
    moved = (desk.folder / "decisions.csv").read_text("utf-8").splitlines()[1:]
    assert [line.split(",")[1:3] for line in moved] == [["r.csv[pre_arm_1]", "6"], ["r.csv[post_arm_1]", "9"]]
    assert len(load_study(desk.project(), "e").responses) == 8
