"""Messages name the command as it was called: whoever has only run.py has no command vunki-eval."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from vunki_eval.cli.app import app
from vunki_eval.errors import COMMAND, VERBS, Problem, UsageError, as_called, shorten
from vunki_eval.language.catalogue import load
from vunki_eval.language.explanations import explanations

ROOT = Path(__file__).resolve().parents[2]
CALLED = "py run.py"
NAMED = re.compile(r"vunki-eval[ `]")
PACKAGE = re.compile(r"vunki-eval (installed|again|uuesti)|[Tt]he command “vunki-eval verify”")
"""Texts that mean the package, or that stand in a published report, whose bytes hang on nothing but its inputs."""


def called(*words: str, project: Path) -> "subprocess.CompletedProcess[str]":
    env = os.environ | {COMMAND: CALLED, "COLUMNS": "100"}
    command = [sys.executable, "-m", "vunki_eval", *words]
    return subprocess.run(
        command, cwd=project, env=env, capture_output=True, encoding="utf-8", timeout=300, stdin=subprocess.DEVNULL
    )


def test_every_verb_is_known() -> None:
    assert set(get_command(app).commands) == set(VERBS)  # type: ignore[attr-defined]
    assert len(VERBS) == len(set(VERBS))


def test_only_the_command_is_named_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'Run `vunki-eval check`, then vunki-eval report --event E. Or: pip install "vunki-eval[docx]".'
    assert as_called(text) == text
    monkeypatch.setenv(COMMAND, r'py "C:\Users\Õie Mägi\vunki\run.py"')
    anew = r'py "C:\Users\Õie Mägi\vunki\run.py"'
    assert as_called(text) == (f'Run `{anew} check`, then {anew} report --event E. Or: pip install "vunki-eval[docx]".')
    for other in (
        "Is the same version of vunki-eval installed there?",
        "Install vunki-eval again.",
        "vunki-evaluation",
    ):
        assert as_called(other) == other


def test_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = Problem("", 0, "", "No project here.", "Start one with `vunki-eval new DIR`.", "VE-101")
    monkeypatch.setenv(COMMAND, CALLED)
    assert shorten([problem]) == ["No project here. Start one with `py run.py new DIR`. [VE-101]"]
    shown = "\n".join(UsageError(problem)._render_traceback_())
    assert NAMED.search(shown) is None
    assert "`py run.py explain`" in shown


@pytest.mark.parametrize("language", ["et", "en"])
def test_every_sentence_and_explanation_can_be_shown_so(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that names the command without a verb would stay as it is."""
    monkeypatch.setenv(COMMAND, CALLED)
    sentences = [t for m in load("et") if m.id for t in (m.id, m.string)]
    parts = [part for t in sentences for part in ((t,) if isinstance(t, str) else t)]
    texts = [*parts, *(e.text(language) for e in explanations().values())]
    left = [t for t in map(as_called, texts) if NAMED.search(PACKAGE.sub("", t))]
    assert left == []


@pytest.mark.slow
def test_the_whole_program(own_project: Path, tmp_path: Path) -> None:
    (own_project / "surveys" / "2020-antsla" / "decisions.csv").unlink()  # leaves questions to settle
    outputs = {
        "help": called("--help", project=own_project),
        "verb": called("check", "--help", project=own_project),
        "usage": called("check", "--no-such-option", project=own_project),
        "outside": called("check", project=tmp_path),
        "explain": called("explain", "VE-127", project=own_project),
        "check": called("check", "--event", "2020-antsla", project=own_project),
    }
    for name, done in outputs.items():
        assert NAMED.search(done.stdout + done.stderr) is None, name
    assert "Usage: py run.py [OPTIONS] COMMAND" in outputs["help"].stdout
    assert "Example: py run.py check --event 2020-antsla" in outputs["verb"].stdout
    assert "py run.py check --help" in outputs["usage"].stderr
    assert "`py run.py new DIR`" in outputs["outside"].stderr
    assert "py run.py explain" in outputs["explain"].stdout
    assert "py run.py decide --event 2020-antsla" in outputs["check"].stdout
    page = (own_project / "checks" / "2020-antsla" / "quality.html").read_text("utf-8")
    assert "py run.py decide" in page


def test_run_py_says_how_it_was_called(tmp_path: Path) -> None:
    """`call` sets the variable and becomes the program; here the program only shows it."""
    script = "import os, sys; sys.argv[0] = sys.argv[1]; sys.path.insert(0, sys.argv[2]); import run; "
    script += (
        "run.PYTHON = sys.executable; run.call(['-c', 'import os; print(os.environ[\"VUNKI_COMMAND\"])'], run.ROOT)"
    )
    expected = {"run.py": "python3 run.py", "../run.py": "python3 ../run.py", "a b/run.py": 'python3 "a b/run.py"'}
    for typed, shown in expected.items():
        done = subprocess.run(
            [sys.executable, "-c", script, typed, str(ROOT)], capture_output=True, text=True, check=True, cwd=tmp_path
        )
        name = "py" if os.name == "nt" else "python3"
        assert done.stdout.strip() == shown.replace("python3", name).replace("/", os.sep), done.stderr
