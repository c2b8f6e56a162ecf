"""Many units in one run: outcomes in order, one failure among many, exit codes, no heavy imports if all are fresh."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from vunki_eval.errors import M_, Problem
from vunki_eval.project.project import load_project
from vunki_eval.publish import batch
from vunki_eval.publish.fingerprint import unit_key
from vunki_eval.publish.manifest import first_reasons
from vunki_eval.publish.unit import BuildPlan, Built, Failed, Outcome, Task

LOOK = Problem("a", 0, "", "b", "c", "VE-1", "look")


def build_in_reverse(tasks: Sequence[Task], jobs: int, *_: str) -> Iterator[Outcome]:
    """Build the last first; event 7 is bad."""
    for task in reversed(tasks):
        event = task.plan.event
        if event == "e7":
            yield Failed(event, (Problem("surveys/e7/post.csv", 3, "TS1", "Bad.", "Mend it.", "VE-320"),), 3)
            continue
        (task.work / event).mkdir()
        (task.work / event / "manifest.json").write_text('{"schema": 1, "outputs": []}')
        yield Built(event, {"before": 1}, ())


def test_70_one_bad_event_of_fifty(own_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = load_project(own_project)
    monkeypatch.setattr(batch, "_build_tasks", build_in_reverse)
    plans = [BuildPlan(f"e{i}", ("et",), ("pdf",), True, "") for i in range(50)]
    seen: list[Outcome] = []
    outcomes = batch.run(project, plans, on_outcome=seen.append)
    assert [o.event for o in outcomes] == [p.event for p in plans]
    assert len(seen) == 50
    assert batch.exit_code(outcomes) == 4
    published = {p.parent.name for p in project.reports.glob("*/manifest.json")}
    assert published == {f"e{i}" for i in range(50) if i != 7}
    assert {p.name for p in project.reports.iterdir()} == published | {"index.html"}


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([Built("a", {}, ())], 0),
        ([Built("a", {}, (LOOK,)), Built("b", {}, ())], 1),
        ([Built("a", {}, (replace(LOOK, level="note"),))], 0),
        ([Failed("a", (LOOK,), 3)], 3),
        ([Failed("a", (LOOK,), 2), Failed("b", (LOOK,), 3)], 3),
        ([Failed("a", (LOOK,), 3), Built("b", {}, (LOOK,))], 4),
        ([Failed("a", (LOOK,), 5), Built("b", {}, ())], 5),
    ],
)
def test_exit_codes(outcomes: list[Outcome], code: int) -> None:
    assert batch.exit_code(outcomes) == code


def test_a_publishing_that_fails_is_that_unit_failed(own_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build_nothing(tasks: Sequence[Task], *_: Any) -> Iterator[Outcome]:
        yield Built(tasks[0].plan.event, {}, ())

    project = load_project(own_project)
    monkeypatch.setattr(batch, "_build_tasks", build_nothing)
    (outcome,) = batch.run(project, [BuildPlan("e1", ("et",), ("pdf",), True, "")])
    assert isinstance(outcome, Failed)
    assert outcome.exit_code == 4
    assert not (project.reports / "e1").exists()


def test_reasons_are_few() -> None:
    reasons = [M_("{part} not built yet", part=name) for name in "abcde"]
    assert first_reasons(reasons[:2], 3) == "a not built yet, b not built yet"
    assert first_reasons(reasons, 3) == "a not built yet, b not built yet, c not built yet, and 2 more"
    assert first_reasons(reasons[:4], 3).text("et").endswith("c on veel koostamata ja veel 1")


def test_planning_imports_nothing_heavy() -> None:
    """The second run must be quick."""
    script = (
        "import vunki_eval.publish.batch, vunki_eval.publish.index, sys, json; print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=600)
    heavy = {"pandas", "numpy", "scipy", "matplotlib", "papermill", "nbformat", "nbconvert", "typst"}
    assert not heavy & set(json.loads(done.stdout))


def test_80_one_cell_edited_is_that_event_and_the_whole(own_project: Path) -> None:
    """Keys go by content: new dates change nothing, a cell changes its event and what is made from all of them."""
    project = load_project(own_project)
    units = ["2020-antsla", "2021-online", "project"]
    before = {u: unit_key(project, u) for u in units}
    for path in own_project.rglob("*"):
        os.utime(path, (1, 1))
    assert {u: unit_key(project, u) for u in units} == before
    file = own_project / "surveys" / "2021-online" / "post.csv"
    text = file.read_text("utf-8")
    file.write_text(text[:-4] + text[-4:].replace(text[-4], "x", 1), "utf-8")
    assert {u for u in units if unit_key(project, u) != before[u]} == {"2021-online", "project"}


def test_a_plan_says_why(own_project: Path) -> None:
    project = load_project(own_project)
    (plan,) = batch.plan(project, ["2020-antsla"], ["et"], ["pdf"])
    assert (plan.needed, plan.why) == (True, "not built yet")
