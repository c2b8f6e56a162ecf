"""Lists of participants: counts without names, people counted once, places put inside or outside the area."""

import io
import zipfile

import openpyxl
import pytest

from vunki_eval.analysis import analyse
from vunki_eval.errors import InputError
from vunki_eval.project.formalities import Area, area_faults
from vunki_eval.project.project import Sourced, load_project
from vunki_eval.publish.results_workbook import results_workbook
from vunki_eval.results.results import to_json
from vunki_eval.survey.participants import listed_names, read_participant_list, unique_people, with_participant_list
from vunki_eval.survey.scan import NOBODY, known_names, scan
from vunki_eval.survey.study import load_study

NAME = "Kanaarilind Kuldnokk"
ADDRESS = "kanaarilind@naide.invalid"
HEAD = "Nimi,E-post,Omavalitsus,Endine Misso või Orava,Registreerus,Osales"


@pytest.fixture
def project(own_project):
    return load_project(own_project)


def listed(project, *lines, head=HEAD, event="2020-antsla", name="participants.csv"):
    path = project.surveys / event / name
    path.write_text("\n".join((head, *lines)) + "\n", "utf-8")
    return project.event(event).model_copy(update={"participants": name})


def test_the_shipped_lists_agree_with_the_project(project):
    for event in project.events:
        participants = read_participant_list(project, event)
        assert (participants.registered, participants.attended) == (event.registered.value, event.attended.value)
        assert with_participant_list(event, participants) == (event, ())


def test_people_on_two_lists_count_once(project):
    lists = [read_participant_list(project, e) for e in project.events]
    assert sum(r.attended for r in lists) == 176
    assert unique_people(lists) == 158


def test_a_person_is_known_by_address_or_by_name(project):
    event = listed(
        project,
        "Osaleja Üks,yks@naide.invalid,Antsla vald,,jah,jah",
        "ÜKS OSALEJA,,Antsla vald,,jah,ei",
        "Osaleja Kaks,KAKS@naide.invalid,Võru linn,,jah,jah",
        "Teise Nimega,kaks@naide.invalid,Võru linn,,jah,jah",
        "Osaleja Kolm,kolm@naide.invalid,Setomaa vald,,jah,jah",
        "Osaleja Kolm,kolmas@naide.invalid,Setomaa vald,,ei,jah",
    )
    participants = read_participant_list(project, event)
    assert (participants.registered, participants.attended) == (3, 4)
    assert [(f.code, f.row) for f in participants.findings] == [("VE-745", 2), ("VE-745", 4)]


def test_places(project):
    event = listed(
        project,
        "Osaleja 1,,Antsla vald,,jah,jah",
        "Osaleja 2,,Rõuge,ei,jah,jah",
        "Osaleja 3,,Rõuge vald,jah,jah,jah",
        "Osaleja 4,,Võru vald,,jah,jah",
        "Osaleja 5,,Võru linn,,jah,jah",
        "Osaleja 6,,Kuu,,jah,jah",
        "Osaleja 7,,,,jah,jah",
        "Osaleja 8,,Antsla vald,,jah,ei",
    )
    participants = read_participant_list(project, event)
    assert participants.places() == {"inside": 2, "outside": 2, "": 3}
    assert [f.code for f in participants.findings] == ["VE-746"]
    assert "5, 7" in participants.findings[0].problem


def test_a_workbook_with_a_title_above_and_days(project):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Osalejate nimekiri"],
        ["Eesnimi", "Perekonnanimi", "Osales 13.8.", "Osales 14.8.", "Allkiri"],
        ["Osaleja", "Üks", "x", None, "~"],
        ["Osaleja", "Kaks", None, "x", "~"],
        ["Osaleja", "Kolm", None, None, None],
    ):
        sheet.append(row)
    book.save(project.surveys / "2020-antsla" / "list.xlsx")
    event = project.event("2020-antsla").model_copy(update={"participants": "list.xlsx"})
    participants = read_participant_list(project, event)
    assert (participants.registered, participants.attended) == (3, 2)


def test_without_marks_everybody_came_and_nobody_is_known_to_have_registered(project):
    participants = read_participant_list(project, listed(project, "Osaleja 1", "Osaleja 2", head="Nimi"))
    assert (participants.registered, participants.attended) == (None, 2)


def test_the_list_fills_in_what_the_project_leaves_open(project):
    event = listed(project, "Osaleja 1,,,,jah,jah", "Osaleja 2,,,,jah,ei")
    open_event = event.model_copy(update={"attended": Sourced(), "registered": Sourced(value=3)})
    completed, findings = with_participant_list(open_event, read_participant_list(project, event))
    assert completed.attended.value == 1
    assert completed.attended.source == "surveys/2020-antsla/participants.csv"
    assert [f.code for f in findings] == ["VE-744"]
    assert "says 3 for registered; the list has 2" in findings[0].problem


def test_roles_are_no_names(tmp_path):
    """ "Roll" holds the participants' roles: "korraldaja" (organiser) is nobody's name."""
    (tmp_path / "participants.csv").write_text("E-post,Roll\na@b.ee,osaleja\nc@d.ee,korraldaja\n", "utf-8")
    assert listed_names(tmp_path) == NOBODY


def test_names_below_titles_are_found(tmp_path):
    lines = ("Osalejate nimekiri,", "Antsla 2020,", "Nimi,E-post", f"{NAME},{ADDRESS}")
    (tmp_path / "participants.csv").write_text("\n".join(lines) + "\n", "utf-8")
    names = listed_names(tmp_path)
    assert names == known_names([NAME])
    assert scan("Aitäh Kuldnokale!", names) == {"name": 1}
    assert scan("Osalejate nimekiri", names) == {}


def test_names_come_from_the_declared_list_too(tmp_path):
    (tmp_path / "list.csv").write_text(f"Nimi\n{NAME}\n", "utf-8")
    assert listed_names(tmp_path) == NOBODY
    assert listed_names(tmp_path, "list.csv") == known_names([NAME])


@pytest.mark.parametrize(
    ("head", "line", "code", "row"),
    [
        ("Telefon", "1", "VE-741", 1),
        ("Nimi,Osales", f"{NAME},vist", "VE-742", 2),
        ("Nimi,Osales", ",", "VE-743", 0),
    ],
)
def test_faults_name_row_and_column_never_a_person(project, head, line, code, row):
    event = listed(project, line, head=head)
    with pytest.raises(InputError) as caught:
        read_participant_list(project, event)
    problem = caught.value.problems[0]
    assert (problem.code, problem.row, problem.file) == (code, row, "surveys/2020-antsla/participants.csv")
    assert "Kanaarilind" not in str(problem)


def test_a_list_that_is_not_there(project):
    event = project.event("2020-antsla").model_copy(update={"participants": "none.csv"})
    with pytest.raises(InputError, match="VE-740"):
        read_participant_list(project, event)


def test_nobody_is_shown(project):
    participants = read_participant_list(project, listed(project, f"{NAME},{ADDRESS},Antsla vald,,jah,jah"))
    shown = f"{participants!r} {participants.people!r}"
    assert "kanaarilind" not in shown.casefold()
    assert participants.people[0].name not in shown


def test_area_needs_questions_and_answers_of_the_instrument(project):
    area = Area(title={"et": "ala"}, item="PR3", inside=("antsla", "kuu"), except_item="TS1X")
    faults = area_faults(area, project.instrument)
    assert ("area.item", "PR3 has no answer 'kuu'.") in faults
    assert ("area.except_item", "The instrument has no choice question 'TS1X'.") in faults


@pytest.mark.slow
def test_names_stay_out_of_everything_that_is_made(project):
    lines = [f"{NAME} {i},{i}{ADDRESS},Antsla vald,,jah,jah" for i in range(40)]
    listed(project, *lines)
    study = load_study(project, "2020-antsla")
    results = analyse(study)
    texts = [to_json(results), repr(study), *map(str, study.findings)]
    with zipfile.ZipFile(io.BytesIO(results_workbook(results))) as book:
        texts += [book.read(name).decode("utf-8") for name in book.namelist()]
    assert results.facts.loc[results.facts["key"] == "area_inside", "value"].item() == 40
    for text in texts:
        assert "kanaarilind" not in text.casefold()
    assert not [p for p in project.root.rglob("*") if p.is_file() and b"kanaarilind" in p.read_bytes().lower()][1:]
