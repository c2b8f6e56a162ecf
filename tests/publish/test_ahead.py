"""Results computed ahead are those that a build would compute; of other inputs, or not whole, they are not taken."""

from pathlib import Path

import pytest

from vunki_eval.errors import Problem
from vunki_eval.evaluation import evaluate_with_findings
from vunki_eval.project import load_project
from vunki_eval.publish import ahead
from vunki_eval.publish.fingerprint import unit_key
from vunki_eval.publish.unit import Plan, Task
from vunki_eval.results import to_json


def task(root: Path, work: Path, event: str) -> Task:
    return Task(root, work, Plan(event, ("et",), ("pdf",), True, ""))


def test_what_is_taken_is_what_a_build_would_compute(shipped_project: Path, tmp_path: Path) -> None:
    first = task(shipped_project, tmp_path, "2020-antsla")
    ahead.compute([first], first)
    project = load_project(shipped_project)
    key = unit_key(project, "2020-antsla")
    found = ahead.taken(tmp_path, "2020-antsla", key)
    assert found is not None
    results, findings = evaluate_with_findings(project, "2020-antsla")
    assert to_json(found[0]) == to_json(results)
    assert found[1] == findings
    assert ahead.taken(tmp_path, "2020-antsla", f"{key}x") is None
    assert (tmp_path / ahead.FOLDER).stat().st_mode & 0o777 == 0o700


def test_it_stops_when_it_is_enough(shipped_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(project: object, event: str) -> tuple[str, tuple[Problem, ...]]:
        if event == "2020-antsla":
            raise ValueError  # left to the build, which says it
        return event, ()

    monkeypatch.setattr("vunki_eval.evaluation.evaluate_with_findings", found)
    tasks = [task(shipped_project, tmp_path, e) for e in ("2020-antsla", "2021-online", "project")]
    ahead.enough(tasks[0])
    ahead.compute(tasks, tasks[0])
    assert {p.name for p in (tmp_path / ahead.FOLDER).iterdir()} == {ahead.ENOUGH, "2021-online"}


@pytest.mark.parametrize("left", [None, b"", b"half"])
def test_what_is_not_whole_is_not_taken(tmp_path: Path, left: bytes | None) -> None:
    (tmp_path / ahead.FOLDER).mkdir()
    if left is not None:
        (tmp_path / ahead.FOLDER / "e").write_bytes(left)
    assert ahead.taken(tmp_path, "e", "") is None
