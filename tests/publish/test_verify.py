"""Numbers are compared to 1e-9 of their size; folders without a report are refused."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from vunki_eval.cli.app import app
from vunki_eval.errors import UsageError
from vunki_eval.publish.verify import Verified, report_folders, same, verify


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1.0 + 1e-6, False),
        (1, 1.0, True),
        (None, None, True),
        (None, 0.0, False),
        ({"a": [1.0, "x"]}, {"a": [1.0, "x"]}, True),
        ({"a": [1.0, "x"]}, {"a": [1.0, "y"]}, False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ([1.0], [1.0, 2.0], False),
        ("1.0", 1.0, False),
    ],
)
def test_same(left: object, right: object, equal: bool) -> None:
    assert same(left, right) is equal


def test_folders_without_a_report_are_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(UsageError, match="no report"):
            verify(folder)


def test_report_folders(tmp_path: Path) -> None:
    for name in ("b", "a", ".work-1", "figures"):
        (tmp_path / name).mkdir()
    for name in ("b", "a", ".work-1"):
        (tmp_path / name / "manifest.json").write_text("{}")
    assert report_folders(tmp_path) == [tmp_path / "a", tmp_path / "b"]
    assert report_folders(tmp_path / "a") == [tmp_path / "a"]


def test_the_command_takes_several_reports_and_all_by_default(
    own_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[Path] = []

    def verify_one(folder: Path, project: object) -> list[Verified]:
        verified.append(folder)
        return [Verified(folder.name, folder.name != "b", "said")]

    monkeypatch.setattr("vunki_eval.publish.verify.verify", verify_one)
    monkeypatch.chdir(own_project)
    done = CliRunner().invoke(app, ["verify"])
    assert (done.exit_code, done.output) == (0, "reports: said\n")
    assert verified == [own_project / "reports"]
    done = CliRunner().invoke(app, ["verify", "reports/a", "reports/b"])
    assert (done.exit_code, done.output) == (1, "a: said\nb: said\n")
