"""Faults 64-80 of a run as a user meets them: the old report or the new one, a message, an exit code, no leftovers.

Where else they are tested: 64 (every step), 68, 69 and 74 in tests/publish/test_store.py, 70 (one of fifty) and 80 in
tests/publish/test_batch.py, 71 (timeout, memory, signals) in tests/publish/engine/test_warm.py, 76 in
tests/publish/test_workers.py, 77 and 78 in test_same_bytes.py.
"""

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.canary.search import search, search_folder
from tests.faults.conftest import Run, bytes_of, command, hidden, write_notebook
from tests.marks import posix
from vunki_eval.publish.store import open_store

pytestmark = [pytest.mark.slow, posix]
ONE = ("report", "--event", "2020-antsla")


ANSWER = "Kanaarilind laulis Xqsaalis"
FAULTS = {
    "raise KeyError(ANSWER)": "KeyError",
    "import sys\nprint(ANSWER, file=sys.stderr)\nraise RuntimeError(ANSWER) from ValueError(ANSWER)": "RuntimeError",
    "import numpy as np\nfrom vunki_eval import stats\nstats.cronbach_alpha(np.array([[ANSWER]]))": "Error",
    "import os, sys\nprint(ANSWER, flush=True)\nsys.__stderr__.write(ANSWER)\nos._exit(1)": "protsess lõppes",
}


def state(run: subprocess.CompletedProcess[str]) -> dict[str, str]:
    return {r["event"]: r["state"].split()[0] for r in json.loads(run.stdout)["reports"]}


def test_64_killed_while_it_publishes(project: Path, vunki: Run) -> None:
    assert vunki(*ONE).returncode == 0
    old = bytes_of(project / "reports")
    write_notebook(project, "1")
    for step in ("synced", "moved-old"):
        assert vunki(*ONE, VUNKI_STOP_AT=step).returncode == -signal.SIGKILL
        if step == "synced":
            assert (
                bytes_of(project / "reports" / "2020-antsla").items()
                <= {k.removeprefix("2020-antsla/"): v for k, v in old.items()}.items()
            )
    done = vunki(*ONE, "--json")
    assert done.returncode == 0, done.stderr
    assert not hidden(project / "reports")
    assert vunki("verify", "reports").returncode == 0
    assert bytes_of(project / "reports") != old


def test_65_full_disk_leaves_the_old_report(project: Path, vunki: Run) -> None:
    """On a small file system with 600 kB left: enough to begin, not enough for a build."""
    (project / "reports").mkdir()
    one, again = (" ".join(command(*words)) for words in (ONE, (*ONE, "--force")))
    script = f"""mount -t tmpfs -o size=8m tmpfs reports && {one} >&2 && sha256sum reports/2020-antsla/manifest.json
    left=$(df --output=avail -k reports | tail -1); head -c $(( (left - 200) * 1024 )) /dev/zero > reports/filler
    {again}; echo rc $?; sha256sum reports/2020-antsla/manifest.json; ls -A reports"""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        pytest.skip("needs the right to mount")
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script], cwd=project, capture_output=True, text=True, timeout=300
    )
    assert "rc 4" in done.stdout, done.stdout + done.stderr
    assert "disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    sums = [line for line in done.stdout.splitlines() if line.endswith("manifest.json")]
    assert len(sums) == 2
    assert sums[0] == sums[1]
    assert set(done.stdout.split()[-3:]) == {"2020-antsla", "filler", "index.html"}


def test_66_67_a_reports_folder_that_cannot_be_used_stops_before_any_work(project: Path, vunki: Run) -> None:
    write_notebook(project, "from pathlib import Path\nPath('ran').touch()")
    (project / "reports").mkdir()
    (project / "reports").chmod(0o555)
    done = vunki(*ONE)
    assert (done.returncode, "reports/" in done.stderr) == (2, True)
    (project / "reports").rmdir()
    (project / "elsewhere").mkdir()
    (project / "reports").symlink_to(project / "elsewhere")
    done = vunki(*ONE)
    assert (done.returncode, "symbolic link" in done.stderr) == (2, True)
    assert not list((project / "elsewhere").iterdir())
    assert not (project / "ran").exists()


def test_70_one_bad_event_does_not_stop_the_other(project: Path, vunki: Run) -> None:
    file = project / "surveys" / "2021-online" / "post.csv"
    file.write_bytes(file.read_bytes() + b'"never closed\n')
    done = vunki("report", "--json")
    assert done.returncode == 4, done.stderr
    assert state(done) == {"2020-antsla": "built", "2021-online": "failed"}
    assert "surveys/2021-online/post.csv:" in done.stderr
    assert vunki("report", "--event", "2021-online").returncode == 3
    assert not (project / "reports" / "2021-online").exists()


@pytest.mark.parametrize("engine", ["auto", pytest.param("standard", marks=pytest.mark.deep)])
def test_71_a_notebook_whose_process_dies(project: Path, vunki: Run, engine: str) -> None:
    write_notebook(project, "import os\nif event == '2021-online': os._exit(1)")
    done = vunki("report", "--engine", engine, "--json")
    assert done.returncode == 4, done.stderr
    assert state(done) == {"2020-antsla": "built", "2021-online": "failed"}
    assert "event_report.ipynb:cell 3: The notebook's process ended" in done.stderr


def test_71_a_failed_notebook_is_kept_privately(project: Path, vunki: Run) -> None:
    write_notebook(project, "1 / 0")
    done = vunki(*ONE, "--language", "et")
    assert done.returncode == 4
    assert (
        "lahter 3: Märkmik peatus veaga ZeroDivisionError. Vaadake faili checks/2020-antsla/failed.et.ipynb"
        in done.stderr
    )
    kept = project / "checks" / "2020-antsla" / "failed.et.ipynb"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    assert not hidden(project / "reports")
    write_notebook(project)
    assert vunki(*ONE, "--language", "et").returncode in (0, 1)
    assert not kept.exists()


@pytest.mark.parametrize("engine", ["auto", pytest.param("standard", marks=pytest.mark.deep)])
@pytest.mark.parametrize(("cell", "name"), FAULTS.items(), ids=FAULTS.values())
def test_an_error_that_carries_an_answer_is_told_without_it(
    project: Path, vunki: Run, cell: str, name: str, engine: str
) -> None:
    """The answer is in the private notebook at most: not on the terminal, in the reports or in the temporary folder."""
    write_notebook(project, cell.replace("ANSWER", repr(ANSWER[:9]) + " + " + repr(ANSWER[9:])))
    temporary = project / "tmp"
    temporary.mkdir()
    done = vunki(*ONE, "--language", "et", "--engine", engine, TMPDIR=str(temporary))
    assert done.returncode == 4, done.stderr
    assert name in done.stderr
    assert search((done.stdout + done.stderr).encode(), [ANSWER]) == []
    assert search_folder(project / "reports", [ANSWER]) == []
    assert search_folder(temporary, [ANSWER]) == []
    for path in (project / "checks").rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_an_answer_that_does_not_fit_is_told_by_its_place(project: Path, vunki: Run) -> None:
    path = project / "surveys" / "2020-antsla" / "post.csv"
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    place = next(i for i, head in enumerate(rows[0]) if "usald" in head.casefold())
    rows[5][place] = ANSWER
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    path.write_text(out.getvalue(), "utf-8")
    for words in (ONE, ("check",), ("code",)):
        done = vunki(*words)
        assert done.returncode in (1, 3, 4), done.stderr
        assert "post.csv:" in done.stdout + done.stderr
        assert search((done.stdout + done.stderr).encode(), [ANSWER]) == []


def as_in_a_terminal() -> None:
    """Take Ctrl-C, also where the tests themselves run in the background and must not."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_72_stopped_by_a_person_or_the_system(project: Path, vunki: Run, number: signal.Signals) -> None:
    write_notebook(project, "import os, time\nfrom pathlib import Path\nPath('pid').write_text(str(os.getpid()))\n"
                   "while True: pass")  # fmt: skip
    running = subprocess.Popen(command(*ONE, "--language", "et"), cwd=project, stderr=subprocess.PIPE, text=True,
                               preexec_fn=as_in_a_terminal)  # fmt: skip
    until = time.monotonic() + 400
    while not (project / "pid").exists() and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(0.2)
    running.send_signal(number)
    _, said = running.communicate(timeout=600)
    assert running.returncode == 130, said
    assert said.strip() == "Katkestatud; midagi ei jäänud pooleldi avaldatuks."
    pid = int((project / "pid").read_text())
    time.sleep(1)
    assert not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()
    assert not hidden(project / "reports")
    assert not list((project / "reports").iterdir())


def test_73_an_input_that_changes_during_the_run(project: Path, vunki: Run) -> None:
    write_notebook(project, "with open('surveys/2020-antsla/commentary.et.md', 'a') as f: f.write('x')")
    done = vunki(*ONE, "--language", "et")
    assert done.returncode == 3
    assert "muutus aruande koostamise ajal" in done.stderr
    assert not (project / "reports" / "2020-antsla").exists()


def test_75_private_folders_and_files(project: Path, vunki: Run) -> None:
    before = os.umask(0)
    try:
        assert vunki("check").returncode in (0, 1)
    finally:
        os.umask(before)
    for path in [project / "checks", *(project / "checks").rglob("*")]:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_68_a_second_run_at_once_is_refused(project: Path, vunki: Run) -> None:
    with open_store(project / "reports"):
        done = vunki(*ONE)
    assert done.returncode == 2
    assert f"Another run (process {os.getpid()})" in done.stderr
    assert not list((project / "reports").iterdir())


@pytest.mark.parametrize("engine", ["auto", pytest.param("standard", marks=pytest.mark.deep)])
def test_76_a_folder_for_temporary_files_that_is_missing_or_full(project: Path, engine: str) -> None:
    """Only what the run has of its own is used: the work folder in reports/."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        pytest.skip("needs the right to mount")
    (project / "full").mkdir()
    words = " ".join(command(*ONE, "--language", "et", "--engine", engine))
    script = f"""mount -t tmpfs -o size=4k tmpfs full && head -c 4096 /dev/zero > full/filler
    TMPDIR=$PWD/full {words} && TMPDIR=$PWD/missing {words} --force"""
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script], cwd=project, capture_output=True, text=True, timeout=400
    )
    assert done.returncode == 0, done.stderr


def test_79_no_network(project: Path) -> None:
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode:
        pytest.skip("needs the right to make a network namespace")
    done = subprocess.run(["unshare", "-n", *command(*ONE)], cwd=project, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def test_80_only_what_changed_is_built(project: Path, vunki: Run) -> None:
    assert vunki("report").returncode == 0
    built = bytes_of(project / "reports")
    for path in (project / "surveys").rglob("*"):
        os.utime(path)
    again = vunki("report", "--json")
    assert set(state(again).values()) == {"up"}
    assert bytes_of(project / "reports") == built
    with (project / "surveys" / "2021-online" / "commentary.et.md").open("a") as file:
        file.write("\nOne more line.\n")
    plans = json.loads(vunki("report", "--dry-run", "--json").stdout)["plan"]
    assert {p["event"]: p["build"] for p in plans} == {"2020-antsla": False, "2021-online": True}
    assert "commentary.et.md has changed" in plans[1]["why"]
    (project / "reports" / "2020-antsla" / "results.json").write_text("{}")
    plans = json.loads(vunki("report", "--dry-run", "--json").stdout)["plan"]
    assert "results.json of the report is damaged" in plans[0]["why"]
    repaired = vunki("report", "--json")
    assert set(state(repaired).values()) == {"built"}
    after = bytes_of(project / "reports")
    changed = {k for k in built if built[k] != after[k]} - {"index.html"}  # which says how large each report is
    assert changed <= {k for k in built if k.startswith("2021-online/")}


def test_80_one_language_keeps_the_other(project: Path, vunki: Run) -> None:
    assert vunki(*ONE, "--language", "et", "--format", "html").returncode == 0
    folder = project / "reports" / "2020-antsla"
    assert {p.name for p in folder.iterdir() if p.is_dir()} == {"et", "results"}
    assert vunki(*ONE, "--language", "en", "--format", "pdf").returncode == 0
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("report.*")} == {
        f"{language}/report.{kind}" for language in ("et", "en") for kind in ("pdf", "html", "ipynb")
    }
    assert set(state(vunki(*ONE, "--language", "et", "--json")).values()) == {"up"}
    assert set(state(vunki(*ONE, "--language", "et", "--force", "--json")).values()) == {"built"}
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["languages"] == ["et", "en"]


def test_verify_says_what_no_longer_follows(project: Path, vunki: Run) -> None:
    assert vunki("report").returncode == 0
    fine = vunki("verify", "reports")
    assert fine.returncode == 0, fine.stdout
    assert [line.partition(":")[2].split(":")[0].strip() for line in fine.stdout.splitlines()] == [
        "follows from the data", "follows from the data",
    ]  # fmt: skip
    (project / "reports" / "2021-online" / "et" / "report.html").unlink()
    rows = (project / "surveys" / "2020-antsla" / "post.csv").read_text("utf-8").splitlines(keepends=True)
    (project / "surveys" / "2020-antsla" / "post.csv").write_text("".join(rows[:-1]), "utf-8")
    bad = vunki("verify", "reports")
    assert bad.returncode == 1
    first, second = bad.stdout.splitlines()
    assert "does not follow from the data: surveys/2020-antsla/post.csv has changed" in first
    assert "rows of estimates differ" in first
    assert "et/report.html of the report is missing" in second
    assert vunki("verify", "surveys").returncode == 2
