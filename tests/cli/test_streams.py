"""What is printed when nobody takes it, on consoles that lack letters, and when the work is interrupted."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.marks import posix

pytestmark = pytest.mark.slow

FULL = Path("/dev/full")
full_device = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
CONSOLES = ("cp775", "cp1257", "cp1252")


def start(*words: str, project: Path, **options: Any) -> "subprocess.Popen[bytes]":
    env = os.environ | {"PYTHONWARNINGS": ""} | options.pop("env", {})
    return subprocess.Popen([sys.executable, "-m", "vunki_eval", *words], cwd=project, env=env, **options)


@full_device
@pytest.mark.parametrize("words", [["version"], ["--help"], ["explain"], ["report", "--dry-run"], ["check", "--json"]])
def test_a_full_disk_is_said(words: list[str], own_project: Path) -> None:
    with FULL.open("wb") as full:
        process = start(*words, project=own_project, stdout=full, stderr=subprocess.PIPE)
        said = process.communicate(timeout=300)[1].decode()
    assert said.count("\n") == 1, said
    assert said.endswith("[VE-129]\n")
    assert process.returncode == 2


@full_device
def test_no_place_for_the_message_either(own_project: Path) -> None:
    with FULL.open("wb") as full:
        assert start("version", project=own_project, stdout=full, stderr=full).wait(60) == 2
        assert start("no-such-verb", project=own_project, stdout=subprocess.DEVNULL, stderr=full).wait(60) == 2


@pytest.mark.parametrize("words", [["explain"], ["--help"]])
def test_a_reader_that_has_seen_enough(words: list[str], own_project: Path) -> None:
    process = start(*words, project=own_project, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    with process:
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 0


@posix
def test_closed_streams(own_project: Path) -> None:
    """Nothing is printed, and nothing that is opened later gets what would have been."""
    script = f"exec {sys.executable} -m vunki_eval version >&- 2>&-"
    assert subprocess.run(["sh", "-c", script], cwd=own_project, timeout=60).returncode == 0


@pytest.mark.parametrize("console", CONSOLES)
@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["report", "--dry-run"],
        ["explain", "VE-310", "-l", "et"],
        ["plan", "--people", "60", "--response", "0.6"],
    ],
)
def test_consoles_that_lack_letters(console: str, words: list[str], own_project: Path) -> None:
    process = start(
        *words, project=own_project, env={"PYTHONIOENCODING": console}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (0, b"")
    assert len(out.decode(console)) > 60


@pytest.mark.parametrize("console", CONSOLES)
def test_check_on_a_console_that_lacks_letters(console: str, own_project: Path) -> None:
    process = start(
        "check", "--event", "2020-antsla", project=own_project, env={"PYTHONIOENCODING": console},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    out, err = process.communicate(timeout=300)
    assert process.returncode in (0, 1)
    assert "Vunki mano!" in out.decode(console)
    assert "VE-900" not in err.decode(console)


@pytest.mark.parametrize("console", CONSOLES)
def test_progress_on_a_console_that_lacks_letters(console: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar of rich is drawn with the letters the console has."""
    from vunki_eval.cli.screen import watching
    from vunki_eval.language import localizer
    from vunki_eval.publish.unit import BuildPlan, Built

    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    screen = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", Terminal(screen, console, "backslashreplace", write_through=True))
    monkeypatch.setenv("TERM", "xterm")
    plan = BuildPlan("2020-antsla", ("et",), ("pdf",), True, "not built yet")
    with watching([plan], as_json=False, say=localizer("en")) as on_outcome:
        on_outcome(Built("2020-antsla", {}, ()))
    drawn = screen.getvalue().decode(console)
    assert "2020-antsla done" in drawn
    assert "\\u" not in drawn


@posix
@pytest.mark.parametrize("seconds", [1.5, 3.0, 5.0])
def test_an_interrupted_run_says_so_in_one_line(seconds: float, own_project: Path) -> None:
    """Ctrl-C goes to every process of the terminal; those that are still importing must not complain."""
    process = start(
        "report", "--event", "2020-antsla", "--language", "et", project=own_project,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)  # ends when no process has the streams any more
    assert process.returncode == 130
    assert (out, err) in ((b"", "Katkestatud; midagi ei jäänud pooleldi avaldatuks.\n".encode()), (b"", b""))
    assert not (own_project / "reports" / "2020-antsla").exists()
