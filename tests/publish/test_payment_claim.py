"""The payment claim: papers in the funder's order, what is missing, and never half a folder."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.marks import has_mode
from vunki_eval.cli.app import app
from vunki_eval.project.project import load_project
from vunki_eval.publish.payment_claim import build_claim

pytestmark = pytest.mark.slow

COMPLETE = """
[claim]
reference = "619320000000"
preparer = { name = "Koostaja Näide", role = { et = "projektijuht", en = "manager" }, contact = "naide@naide.invalid" }
date = 2020-09-30
place = "Võru"
"""


@pytest.fixture
def project_file(own_project: Path) -> Path:
    return own_project / "surveys" / "project.toml"


def completed(file: Path) -> None:
    text = file.read_text("utf-8")
    text = text.replace("\n[claim]\n", COMPLETE).replace(
        'applicant = { name = "SA Võrumaa Arenduskeskus"',
        'applicant = { registry_code = "00000000", name = "SA Võrumaa Arenduskeskus"',
    )
    text = text.replace('agenda = "agenda.txt"', 'agenda = "agenda.txt", signed_list = "scan.PDF"')
    file.write_text(text, "utf-8")
    (file.parent / "2020-antsla" / "scan.PDF").write_bytes(b"%PDF-1.7 a signed list")


def test_what_is_missing_is_listed_and_nothing_else(own_project: Path) -> None:
    folder, sheet = build_claim(load_project(own_project), "2020-antsla", "en")
    assert sorted(p.name for p in folder.iterdir()) == [
        "0-checklist.pdf", "0-checklist.txt", "1-agenda.txt", "3-feedback.pdf"
    ]  # fmt: skip
    assert [p.what for p in sheet.missing] == [
        "2. Signed list of participants", "Reference number", "Registry code of the applicant", "Who prepared it",
        "Date",
    ]  # fmt: skip
    assert "5 things are missing." in (folder / "0-checklist.txt").read_text("utf-8")
    assert has_mode(folder.parent, 0o700)
    assert has_mode(folder, 0o700)
    assert all(has_mode(path, 0o600) for path in folder.iterdir())


def test_a_whole_claim(own_project: Path, project_file: Path) -> None:
    completed(project_file)
    done = CliRunner().invoke(app, ["claim", "--event", "2020-antsla", "--project", str(own_project)])
    assert (done.exit_code, done.stderr) == (0, "")
    folder = own_project / "claims" / "2020-antsla"
    assert (folder / "2-signed-list.pdf").read_bytes() == b"%PDF-1.7 a signed list"
    text = (folder / "0-checklist.txt").read_text("utf-8")
    assert "Kõik on olemas." in text
    assert "[ ]" not in text.partition("VAADAKE ISE ÜLE")[0]
    assert "Koht ja kuupäev: Võru, 30. september 2020" in text
    assert text.index("1. LEADER") < text.index("2. Allkirjadega") < text.index("3. Osalejate")


def test_a_file_that_is_named_but_not_there(own_project: Path, project_file: Path) -> None:
    completed(project_file)
    (own_project / "surveys" / "2020-antsla" / "scan.PDF").unlink()
    done = CliRunner().invoke(app, ["claim", "-e", "2020-antsla", "-l", "en", "--json", "--project", str(own_project)])
    assert done.exit_code == 1
    claims = json.loads(done.stdout)["claims"]
    assert claims == [{"event": "2020-antsla", "folder": "claims/2020-antsla", "missing": [
        "2. Signed list of participants: missing: surveys/2020-antsla/scan.PDF is not in the folder"]}]  # fmt: skip


def test_the_claim_is_made_anew_with_the_same_bytes(own_project: Path) -> None:
    project = load_project(own_project)
    folder, _ = build_claim(project, "2021-online")
    first = {p.name: p.read_bytes() for p in folder.iterdir()}
    (folder / "old.txt").write_text("left over")
    build_claim(project, "2021-online")
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == first


def test_without_answers_the_summary_is_missing(own_project: Path, project_file: Path) -> None:
    text = project_file.read_text("utf-8")
    text = text.replace('waves = { pre = "pre.csv", post = "post.csv" }\n', "")
    project_file.write_text(text, "utf-8")
    for path in (own_project / "surveys" / "2021-online").glob("*.csv"):
        path.unlink()
    project_file.write_text(text.replace('participants = "participants.csv"\n', ""), "utf-8")
    folder, sheet = build_claim(load_project(own_project), "2021-online", "en")
    assert not (folder / "3-feedback.pdf").exists()
    assert "3. Summary of participants' feedback" in [p.what for p in sheet.missing]


@pytest.mark.parametrize(
    ("key", "suggestion"),
    [("referense", "reference"), ("preparers", "preparer")],
)
def test_unknown_keys_get_a_suggestion(own_project: Path, project_file: Path, key: str, suggestion: str) -> None:
    project_file.write_text(
        project_file.read_text("utf-8").replace("\n[claim]\n", f'\n[claim]\n{key} = "x"\n'), "utf-8"
    )
    done = CliRunner().invoke(app, ["claim", "--project", str(own_project)])
    assert done.exit_code == 2
    assert f"claim.{key}" in done.stderr
    assert f"'{suggestion}'" in done.stderr


def test_a_folder_that_cannot_be_written(own_project: Path) -> None:
    (own_project / "claims").write_text("a file stands here")
    done = CliRunner().invoke(app, ["claim", "--project", str(own_project)])
    assert done.exit_code == 2
    assert "claims/" in done.stderr
    shutil.rmtree(own_project / "claims", ignore_errors=True)
