"""Units run in processes of their own: one that dies, hangs or fails takes nothing with it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.marks import has_mode, linux, posix
from vunki_eval.errors import InputError, Problem
from vunki_eval.publish.engine.limits import can_fork, deaf_children
from vunki_eval.publish.unit import BuildPlan, Built, Failed, Outcome, Task, failed
from vunki_eval.publish.workers import is_warm, run_tasks


def work(task: Task) -> Outcome:
    """What the event's name asks for."""
    event = task.plan.event
    if event == "dies":
        os._exit(7)
    if event == "sleeps":
        (task.work / "sleeps.pid").write_text(str(os.getpid()))
        time.sleep(60)
    if event == "environment":
        return Built(event, {"before": int(os.environ["VUNKI_TEST"]), "umask": None}, ())
    if event == "tmp":
        import tempfile

        return failed(event, InputError(Problem(tempfile.gettempdir(), 0, "", "", "", "VE-1")))
    return Built(event, {"before": os.getpid()}, ())


def tasks(folder: Path, *events: str) -> list[Task]:
    return [Task(folder, folder, BuildPlan(e, ("et",), ("pdf",), True, ""), "standard") for e in events]


def run(folder: Path, *events: str, jobs: int = 2) -> dict[str, Outcome]:
    return {o.event: o for o in run_tasks(tasks(folder, *events), jobs, work=work)}


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_nothing_is_forked_where_that_is_not_safe(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    task = Task(Path(), Path(), BuildPlan("a", ("et",), ("pdf",), True, ""))
    assert is_warm(task) is (sys.platform == "linux")
    monkeypatch.setattr(sys, "platform", platform)
    assert not is_warm(task)
    assert not can_fork()


@linux
def test_nothing_is_forked_where_the_socket_would_have_too_long_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    task = Task(Path(), Path(), BuildPlan("a", ("et",), ("pdf",), True, ""))
    monkeypatch.setattr("tempfile.tempdir", "/tmp/" + "õ" * 30)
    assert is_warm(task)
    monkeypatch.setattr("tempfile.tempdir", "/tmp/" + "õ" * 40)
    assert not is_warm(task)


def test_one_process_that_dies_is_one_failed_unit(tmp_path: Path) -> None:
    outcomes = run(tmp_path, "a", "dies", "b")
    assert isinstance(outcomes["a"], Built)
    assert isinstance(outcomes["b"], Built)
    assert outcomes["a"].counts != outcomes["b"].counts
    bad = outcomes["dies"]
    assert isinstance(bad, Failed)
    assert bad.exit_code == 4
    assert "ended (killed, or out of memory)" in str(bad.problems[0])


def test_units_see_the_environment_of_now_and_a_private_folder_for_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VUNKI_TEST", "42")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "missing"))  # 76
    outcomes = run(tmp_path, "environment", "tmp")
    assert outcomes["environment"].counts["before"] == 42  # type: ignore[union-attr]
    assert outcomes["tmp"].problems[0].file == str(tmp_path / "tmp")  # type: ignore[union-attr]
    assert has_mode(tmp_path / "tmp", 0o700)


def gone(pid: int, seconds: float = 10) -> bool:
    """Wait until a process has ended (a zombie has)."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def started(folder: Path) -> int:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if (folder / "sleeps.pid").exists() and (folder / "sleeps.pid").read_text():
            return int((folder / "sleeps.pid").read_text())
        time.sleep(0.05)
    raise AssertionError("the unit did not start")


@posix
def test_closing_the_run_ends_its_processes(tmp_path: Path) -> None:
    running = run_tasks(tasks(tmp_path, "a", "sleeps"), 2, work=work)
    next(running)
    pid = started(tmp_path)
    running.close()
    assert gone(pid)


PARENT = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from tests.publish.test_workers import tasks, work
from vunki_eval.publish.workers import is_warm, run_tasks
if __name__ == "__main__":
    list(run_tasks(tasks(Path(sys.argv[1]), "sleeps"), 1, work=work))
"""


@linux
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_processes_end_with_a_parent_that_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    root = Path(__file__).resolve().parents[2]
    (tmp_path / "parent.py").write_text(PARENT)
    parent = subprocess.Popen([sys.executable, "parent.py", str(tmp_path), str(root)], cwd=tmp_path, stderr=-3)
    pid = started(tmp_path)
    parent.send_signal(number)
    parent.wait(300)
    assert gone(pid)


OTHER_SYSTEM = """
import os, sys, time
from multiprocessing import get_context
from pathlib import Path

def child(folder):
    from vunki_eval.publish.engine import limits
    sys.platform = "darwin"  # no system call ends it there
    limits.end_with_parent(os.getppid())
    Path(folder, "sleeps.pid").write_text(str(os.getpid()))
    time.sleep(60)

if __name__ == "__main__":
    get_context("spawn").Process(target=child, args=(sys.argv[1],)).start()
    time.sleep(60)
"""


@linux
def test_processes_end_with_a_killed_parent_where_the_system_does_not_see_to_it(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(OTHER_SYSTEM)
    parent = subprocess.Popen([sys.executable, "parent.py", str(tmp_path)], cwd=tmp_path)
    pid = started(tmp_path)
    parent.kill()
    parent.wait(10)
    assert gone(pid)


@posix
def test_a_process_that_starts_ignores_the_interrupt_from_its_first_moment() -> None:
    script = "import signal; print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"
    before = signal.getsignal(signal.SIGINT)
    with deaf_children():
        first = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    then = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (first.stdout, then.stdout) == ("True\n", "False\n")
    assert signal.getsignal(signal.SIGINT) is before
