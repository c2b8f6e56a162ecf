"""`run.py` makes the environment once: a stamp says from which locks it was made."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Load run.py with an environment of its own, whose Python is there; `made` lists the locks it was made from."""
    spec = importlib.util.spec_from_file_location("run_under_test", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: list[Path] = []
    python = tmp_path / "python"
    python.touch()
    for name, value in {"PYTHON": python, "STAMP": tmp_path / "stamp", "install": made.append, "made": made}.items():
        monkeypatch.setattr(module, name, value, raising=False)
    return module


def test_an_environment_is_made_once(run: ModuleType) -> None:
    for _ in range(2):
        run.set_up(run.LOCK)
    assert run.made == [run.LOCK]


def test_tests_need_more_than_a_report_and_a_report_needs_no_more_than_tests(run: ModuleType) -> None:
    for lock in (run.LOCK, run.DEV_LOCK, run.LOCK, run.DEV_LOCK):
        run.set_up(lock)
    assert run.made == [run.LOCK, run.DEV_LOCK]


@pytest.mark.parametrize("stamp", ["", "0f1e2d3c4b5a", "requirements.lock another\n", "a b c\n"])
def test_a_stamp_of_another_lock_or_an_earlier_version_makes_it_anew(run: ModuleType, stamp: str) -> None:
    run.STAMP.write_text(stamp)
    run.set_up(run.LOCK)
    assert run.made == [run.LOCK]
    run.set_up(run.LOCK)
    assert run.made == [run.LOCK]


def test_an_environment_without_its_python_is_made_anew(run: ModuleType) -> None:
    run.set_up(run.LOCK)
    run.PYTHON.unlink()
    run.set_up(run.LOCK)
    assert run.made == [run.LOCK, run.LOCK]


@pytest.mark.parametrize(("language", "said"), [("en", "Setting up failed .* exit 2"), ("et", "väljumiskood 2")])
def test_what_fails_leaves_no_stamp_and_is_said(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    def fail(_: Path) -> None:
        raise run.subprocess.CalledProcessError(2, "uv")

    monkeypatch.setattr(run, "install", fail)
    monkeypatch.setenv("VUNKI_LANGUAGE", language)
    with pytest.raises(SystemExit, match=said):
        run.set_up(run.LOCK)
    assert not run.STAMP.exists()


@pytest.mark.parametrize("language", ["en", "et"])
def test_it_starts_with_the_standard_library_alone(language: str) -> None:
    env = os.environ | {"VUNKI_LANGUAGE": language, "PYTHONIOENCODING": "cp437"}
    bare = [sys.executable, "-S", str(ROOT / "run.py"), "--help"]
    done = subprocess.run(bare, env=env, capture_output=True, check=True)
    assert done.stdout.decode("cp437").startswith({"en": "Sets up .venv", "et": "Paigaldab"}[language])
    assert done.stderr == b""
