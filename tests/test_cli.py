"""The program's verbs: help, exit codes, messages without a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


def vunki(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vunki_eval", *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize(
    "verb",
    [
        "",
        "report",
        "final",
        "check",
        "decide",
        "demo",
        "version",
        "verify",
        "new",
        "questionnaire",
        "plan",
        "lab",
        "explain",
    ],
)
def test_help_has_an_example_and_fits_eighty_columns(tmp_path: Path, verb: str) -> None:
    done = vunki(*([verb] if verb else []), "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert verb in ("", "version") or "Example: vunki-eval" in done.stdout


def test_outside_a_project(tmp_path: Path) -> None:
    done = vunki("report", cwd=tmp_path)
    assert done.returncode == 2
    assert "not inside a project" in done.stderr
    assert "Traceback" not in done.stderr


def test_unknown_option_and_verb_exit_2(tmp_path: Path) -> None:
    for words in (["report", "--evnt", "x"], ["reprot"]):
        done = vunki(*words, cwd=tmp_path)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_problems_as_json(tmp_path: Path) -> None:
    done = vunki("check", "--json", cwd=tmp_path)
    assert done.returncode == 2
    assert json.loads(done.stdout)["problems"][0]["code"] == "VE-101"


def test_demo_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "mine.txt").write_text("x")
    done = vunki("demo", "d", cwd=tmp_path)
    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert [p.name for p in (tmp_path / "d").iterdir()] == ["mine.txt"]
