"""Messages of report come in the project's language, or in the one that is asked for; programs get English."""

import json

import pytest

from tests.publish.quality.conftest import Desk, somebody

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _language_of_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VUNKI_LANGUAGE")


PLACE = "surveys/e/pre.csv:3:CE1: "
ENGLISH, ESTONIAN = "The answer is outside 1-5.", "Vastus ei kuulu vahemikku 1-5."


@pytest.fixture
def bad_cell(desk: Desk) -> Desk:
    desk.write(pre=[somebody(0), somebody(1, CE1="9")])
    return desk


@pytest.mark.parametrize(
    ("languages", "options", "message"),
    [
        ('["et", "en"]', (), ESTONIAN),
        ('["en", "et"]', (), ENGLISH),
        ('["et", "en"]', ("--language", "en"), ENGLISH),
    ],
)
def test_report_speaks_the_project_s_language(
    bad_cell: Desk, languages: str, options: tuple[str, ...], message: str
) -> None:
    toml = bad_cell.root / "surveys" / "project.toml"
    toml.write_text(toml.read_text("utf-8").replace('["en", "et"]', languages), "utf-8")
    done = bad_cell.run("report", "--jobs", "1", *options)
    assert done.exit_code == 3
    assert PLACE + message in done.stderr
    assert "VE-341" in done.stderr


def test_programs_get_english(bad_cell: Desk) -> None:
    toml = bad_cell.root / "surveys" / "project.toml"
    toml.write_text(toml.read_text("utf-8").replace('["en", "et"]', '["et", "en"]'), "utf-8")
    done = bad_cell.run("report", "--jobs", "1", "--json")
    problem = json.loads(done.stdout)["problems"][0]
    assert problem["problem"] == ENGLISH
    assert PLACE + ESTONIAN in done.stderr
