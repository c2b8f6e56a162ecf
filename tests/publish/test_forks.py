"""Work in forked children: errors come back unchanged, a child that dies is an error, threads forbid forking."""

import subprocess
import sys
from pathlib import Path

from tests.marks import linux

# In a process of its own: pytest's may have threads.
SCRIPT = """
import os, sys
from functools import partial
from pathlib import Path
from vunki_eval.publish.engine.limits import can_fork
from vunki_eval.errors import InputError, Problem, VunkiError
from vunki_eval.publish.forks import in_fork

def wrong(): raise InputError(Problem("surveys/a.csv", 3, "TS1", "Bad.", "Mend it.", "VE-320"))
def bug(): raise KeyError("secret")
def dies(): os._exit(9)
def full(): raise OSError(28, "No space left on device")
def fine(name): Path(name).write_text(str(os.getpid()))

forks = sys.argv[1] == "forks"
assert can_fork()
for works in ([wrong], [bug], [full], *([[dies], [partial(fine, "z"), dies]] if forks else [])):
    try:
        in_fork(works, parallel=True, forks=forks)
        print("no error")
    except VunkiError as error:
        print(type(error).__name__, error.exit_code, error)
    except Exception as error:
        print("raised", type(error).__name__)
for parallel in (True, False):
    in_fork([partial(fine, f"{parallel}-{n}") for n in "xy"], parallel=parallel, forks=forks)
print(os.getpid())
"""


def run(folder: Path, mode: str) -> list[str]:
    command = [sys.executable, "-c", SCRIPT, mode]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=600, check=True
    ).stdout.splitlines()


@linux
def test_errors_come_back_from_children(tmp_path: Path) -> None:
    wrong, bug, full, died, one_died, pid = run(tmp_path, "forks")
    assert wrong == "InputError 3 surveys/a.csv:3:TS1: Bad. Mend it. [VE-320]"
    assert bug.startswith("VunkiError 5 This is a bug in the program (KeyError at ")
    assert "secret" not in bug
    assert full.startswith("BuildError 4")
    assert "the disk is full" in full
    assert died == one_died
    assert died.startswith("BuildError 4 The process that made this report ended")
    pids = {p.name: p.read_text() for p in tmp_path.iterdir()}
    assert set(pids) == {"True-x", "True-y", "False-x", "False-y", "z"}
    assert len({*pids.values(), pid}) == 6


@linux  # the script asserts that it could fork
def test_without_forking_the_work_is_done_here(tmp_path: Path) -> None:
    *_, pid = run(tmp_path, "here")
    assert {p.read_text() for p in tmp_path.iterdir()} == {pid}
