"""The program's verbs: help, exit codes, messages without a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from vunki_eval.cli.app import app


def vunki(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vunki_eval", *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("verb", ["", *typer.main.get_command(app).commands])
def test_help_has_an_example_and_fits_eighty_columns(tmp_path: Path, verb: str) -> None:
    done = vunki(*([verb] if verb else []), "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert verb in ("", "version") or "\n  Example: vunki-eval" in done.stdout
    assert "<" not in done.stdout.partition("Options:")[2].replace("<event>", "")
    assert not [line for line in done.stdout.splitlines()[1:] if line.endswith("...")]


@pytest.mark.parametrize(
    "words", [["--help"], ["explain", "VE-316", "-l", "et"], ["plan", "--people", "40", "--response", "0.6"]]
)
@pytest.mark.parametrize("encoding", ["cp1252", "cp775"])
def test_a_console_without_unicode_is_no_reason_to_stop(tmp_path: Path, encoding: str, words: list[str]) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "NO_COLOR": "1", "TERM": "dumb"}
    command = [sys.executable, "-m", "vunki_eval", *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=300, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    assert b"\x1b" not in done.stdout
    assert len(done.stdout.decode(encoding).splitlines()) >= 5


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
