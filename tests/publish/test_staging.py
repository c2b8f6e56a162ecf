"""Files pass to and from a worker with no shared folder: only the inputs of a report, and nothing is left behind."""

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.marks import has_mode
from vunki_eval.errors import InputError, Problem, UsageError
from vunki_eval.project.project import load_project
from vunki_eval.publish import staging
from vunki_eval.publish.fingerprint import input_files, unit_key
from vunki_eval.publish.staging import open_staging
from vunki_eval.publish.unit import BuildPlan, Built, Failed, Outcome, Task, failed

pytest.importorskip("fsspec", reason="the extra [cluster] is not installed")
EVENT = "2020-antsla"


@pytest.fixture
def root(shipped_project: Path, tmp_path: Path) -> Path:
    """A project whose files may be changed."""
    folder = tmp_path / "project"
    for name in ("surveys", "notebooks"):
        shutil.copytree(shipped_project / name, folder / name)
    return folder


@pytest.fixture
def task(root: Path, tmp_path: Path) -> Task:
    (tmp_path / "work").mkdir()
    return Task(root, tmp_path / "work", BuildPlan(EVENT, ("et",), ("pdf",), True, ""))


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"file://{tmp_path}/exchange"


def worker(monkeypatch: pytest.MonkeyPatch, work: Callable[[Task], Outcome]) -> list[Path]:
    """Let ``work`` do what the worker's fork server does; return the folders in which it was called."""
    seen = []

    def build_in_fork(task: Task) -> Outcome:
        seen.append(task.root.parent)
        return work(task)

    monkeypatch.setattr(staging, "build_in_fork", build_in_fork)
    return seen


def report(task: Task) -> Outcome:
    """Build a report that holds the key of its inputs."""
    assert task.keys is not None
    task.keys.mkdir()
    folder = task.work / task.plan.event / "et"
    folder.mkdir(parents=True)
    (folder / "key").write_text(unit_key(load_project(task.root), task.plan.event))
    return Built(task.plan.event, {"pre": 7}, ())


def test_a_worker_has_what_the_report_is_made_from(
    monkeypatch: pytest.MonkeyPatch, task: Task, address: str, tmp_path: Path
) -> None:
    project = load_project(task.root)
    (project.reports / EVENT).mkdir(parents=True)
    (project.reports / EVENT / "results.json").write_text("{}")
    seen = worker(monkeypatch, report)
    with open_staging(address) as staging_folder:
        key = staging_folder.send(task)
        [archive] = (tmp_path / "exchange").rglob("*.zip")
        with zipfile.ZipFile(archive) as file:
            assert sorted(file.namelist()) == sorted([*input_files(project, EVENT), f"reports/{EVENT}/results.json"])
        elsewhere = replace(task, root=Path("/nowhere"), work=Path("/nowhere"))
        outcome = staging_folder.receive(task, staging_folder.build(elsewhere), key)
    assert outcome == Built(EVENT, {"pre": 7}, ())
    assert (task.work / EVENT / "et" / "key").read_text() == unit_key(project, EVENT)
    assert not seen[0].exists()
    assert not list((tmp_path / "exchange").iterdir())


def test_a_file_changed_meanwhile(monkeypatch: pytest.MonkeyPatch, task: Task, address: str) -> None:
    worker(monkeypatch, report)
    with open_staging(address) as staging_folder:
        key = staging_folder.send(task)
        outcome = staging_folder.build(task)
        with (task.root / "surveys" / "project.toml").open("a") as file:
            file.write("\n# other\n")
        outcome = staging_folder.receive(task, outcome, key)
    assert isinstance(outcome, Failed)
    assert outcome.problems[0].code == "VE-303"
    assert not (task.work / EVENT).exists()


def test_a_notebook_that_failed_comes_back_to_its_author(
    monkeypatch: pytest.MonkeyPatch, task: Task, address: str
) -> None:
    def fails(task: Task) -> Outcome:
        folder = task.root / "checks" / EVENT
        folder.mkdir(parents=True)
        (folder / "failed.et.ipynb").write_text("{}")
        (task.work / EVENT).mkdir()  # half a report
        (task.work / EVENT / "half").write_text("")
        return failed(EVENT, InputError(Problem("a.csv", 3, "", "Bad.", "", "VE-301")))

    worker(monkeypatch, fails)
    with open_staging(address) as staging_folder:
        key = staging_folder.send(task)
        outcome = staging_folder.receive(task, staging_folder.build(task), key)
    assert isinstance(outcome, Failed)
    assert outcome.problems[0].row == 3
    kept = task.root / "checks" / EVENT / "failed.et.ipynb"
    assert has_mode(kept, 0o600)
    assert not (task.work / EVENT).exists()


def test_what_is_lost_on_the_way_is_one_failed_report(
    monkeypatch: pytest.MonkeyPatch, task: Task, address: str, tmp_path: Path
) -> None:
    worker(monkeypatch, report)
    with open_staging(address) as staging_folder:
        outcome: Any = staging_folder.build(task)  # nothing was sent
        assert [p.code for p in outcome.problems] == ["VE-117"]
        key = staging_folder.send(task)
        outcome = staging_folder.build(task)
        for archive in (tmp_path / "exchange").rglob("*.from.zip"):
            archive.write_bytes(b"half")
        outcome = staging_folder.receive(task, outcome, key)
        assert [(p.file, p.code) for p in outcome.problems] == [(EVENT, "VE-117")]
        assert "half" not in outcome.problems[0].problem


@pytest.mark.parametrize("bad", ["nosuch://place", "s3://:secret@", "file:///proc/nothing/here", "file:///dev/null/x"])
def test_an_address_that_cannot_be_used(bad: str) -> None:
    with pytest.raises(UsageError) as caught, open_staging(bad):
        pass
    [problem] = caught.value.problems
    assert problem.code == "VE-117"
    assert "secret" not in str(problem)


def test_nothing_passes_without_a_cluster() -> None:
    from typer.testing import CliRunner

    from vunki_eval.cli.app import app

    done = CliRunner().invoke(app, ["report", "--through", "memory://x"])
    assert done.exit_code == 2
    assert "--cluster" in done.output
