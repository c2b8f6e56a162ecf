from pathlib import Path

import pytest

from vunki_eval.errors import UsageError
from vunki_eval.project.project import Project
from vunki_eval.questionnaire import FORMATS, load_xlsform, write_questionnaires


def test_one_file_per_wave_and_language(project: Project, tmp_path: Path) -> None:
    made = write_questionnaires(project, "googleforms", tmp_path / "q", waves=["pre"])
    assert [p.name for p in made] == ["questionnaire-pre.et.gs", "questionnaire-pre.en.gs"]
    made = write_questionnaires(project, "limesurvey", tmp_path / "q", waves=["pre", "post"], languages=["en"])
    assert [p.name for p in made] == ["questionnaire-pre.txt", "questionnaire-post.txt"]
    assert made[0].read_bytes().startswith(b"\xef\xbb\xbfid\trelated_id\tclass")
    made = write_questionnaires(project, "typing", tmp_path / "q", waves=["post"])
    assert [p.name for p in made] == ["typing-post.csv"]
    assert made[0].read_bytes().startswith(b"\xef\xbb\xbfform,entry,submitted,")


def test_workbooks_of_all_waves_come_with_the_whole(project: Project, tmp_path: Path) -> None:
    made = write_questionnaires(project, "xlsform", tmp_path)
    assert [p.name for p in made][-1] == "instrument.xlsx"
    assert all(load_xlsform(p) == project.instrument for p in made)


@pytest.mark.parametrize(
    "words", [{"to": "xlsfrom"}, {"to": "pdf", "waves": ["befor"]}, {"to": "pdf", "languages": ["fi"]}]
)
def test_what_is_unknown_is_listed(project: Project, tmp_path: Path, words: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="Choose one of: "):
        write_questionnaires(project, folder=tmp_path, **words)
    assert not list(tmp_path.glob("*.pdf"))


def test_a_folder_that_cannot_be_made(project: Project, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="VE-106"):
        write_questionnaires(project, "toml", tmp_path / "file")


def test_every_format_is_named_in_the_help() -> None:
    from typer.testing import CliRunner

    from vunki_eval.cli.app import app

    help_page = CliRunner().invoke(app, ["questionnaire", "--help"]).output
    assert all(name in help_page for name in FORMATS)
