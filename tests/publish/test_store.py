"""A visible report is always the old or the new one, complete; one run at a time; nothing is written through links."""

import errno
import json
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.marks import links, modes
from vunki_eval.errors import BuildError, UsageError
from vunki_eval.publish.files import write_whole
from vunki_eval.publish.store import JOURNAL, LOCK, OLD, STEPS, STOP_AT, WORK, open_store

LEFT = f"{WORK}123-ab"


def build(folder: Path, text: str) -> None:
    folder.mkdir(parents=True)
    (folder / "report.pdf").write_text(text)
    (folder / "manifest.json").write_text(json.dumps({"schema": 1}))


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


def test_publish_exchanges_the_whole_folder_and_leaves_nothing_behind(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    build(reports / "one", "old")
    (reports / "one" / "gone.html").write_text("only in the old build")
    with open_store(reports) as store:
        build(store.work / "one", "new")
        store.publish("one")
    assert names(reports) == {"one"}
    assert names(reports / "one") == {"report.pdf", "manifest.json"}
    assert (reports / "one" / "report.pdf").read_text() == "new"


def test_an_unpublished_build_leaves_the_old_one(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    build(reports / "one", "old")

    def stopped() -> None:
        with open_store(reports) as store:
            build(store.work / "one", "half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        stopped()
    assert names(reports) == {"one"}
    assert (reports / "one" / "report.pdf").read_text() == "old"


@pytest.mark.parametrize("stopped", ["before the first rename", "between the renames", "after the second rename"])
def test_recovery_after_a_stop_between_the_renames(tmp_path: Path, stopped: str) -> None:
    reports = tmp_path / "reports"
    build(reports / "one", "old")
    build(reports / LEFT / "one", "new")
    (reports / JOURNAL).write_text(json.dumps({"name": "one", "work": LEFT, "old": f"{OLD}one"}))
    if stopped != "before the first rename":
        (reports / "one").rename(reports / f"{OLD}one")
    if stopped == "after the second rename":
        (reports / LEFT / "one").rename(reports / "one")
    with open_store(reports):
        pass
    assert names(reports) == {"one"}
    assert (reports / "one" / "report.pdf").read_text() == ("old" if stopped == "before the first rename" else "new")


def test_recovery_rolls_back_when_the_new_build_is_not_whole(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    build(reports / f"{OLD}one", "old")
    (reports / LEFT / "one").mkdir(parents=True)
    (reports / JOURNAL).write_text(json.dumps({"name": "one", "work": LEFT, "old": f"{OLD}one"}))
    with open_store(reports):
        pass
    assert (reports / "one" / "report.pdf").read_text() == "old"


def test_a_journal_that_is_garbage_is_cleared(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / JOURNAL).write_text("{half")
    with open_store(reports):
        pass
    assert names(reports) == set()


def _hold(folder: str, held: object, free: object) -> None:
    with open_store(Path(folder)):
        held.set()  # type: ignore[attr-defined]
        free.wait(30)  # type: ignore[attr-defined]


def test_a_second_run_is_refused_and_names_the_process(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held, free = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(str(tmp_path / "reports"), held, free))
    other.start()
    try:
        assert held.wait(60)
        with pytest.raises(UsageError, match=rf"Another run \(process {other.pid}\)"), open_store(tmp_path / "reports"):
            pass
    finally:
        free.set()
        other.join(30)
    with open_store(tmp_path / "reports"):
        pass


def test_a_lock_of_a_run_that_died_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text("999999")
    with open_store(tmp_path):
        pass
    assert names(tmp_path) == set()


@links
def test_links_are_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "reports").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="symbolic link"), open_store(tmp_path / "reports"):
        pass
    real = tmp_path / "real"
    real.mkdir()
    (real / "one").symlink_to(tmp_path / "elsewhere")
    with open_store(real) as store:
        build(store.work / "one", "new")
        with pytest.raises(UsageError, match="symbolic link"):
            store.publish("one")
    assert names(tmp_path / "elsewhere") == set()


@pytest.mark.parametrize("kind", ["a file", pytest.param("read only", marks=modes)])
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, kind: str) -> None:
    reports = tmp_path / "reports"
    if kind == "a file":
        reports.write_text("")
    else:
        reports.mkdir(mode=0o555)
        reports.chmod(0o555)
    with pytest.raises(UsageError, match="reports/"), open_store(reports):
        pass


@modes
def test_the_work_folder_is_private(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.work.stat().st_mode & 0o777 == 0o700


def test_nothing_of_other_programs_is_cleared(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("theirs")
    (tmp_path / f"{WORK}99-ff").mkdir()
    (tmp_path / ".index.html.part").write_text("ours, half")
    with open_store(tmp_path):
        pass
    assert names(tmp_path) == {".git"}


@pytest.mark.parametrize("journal", ["{}", "[]", '{"name": "../other", "work": "../x"}', '{"name": 1, "work": 2}'])
def test_a_journal_that_is_not_ours_moves_nothing(tmp_path: Path, journal: str) -> None:
    build(tmp_path / "other", "safe")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / JOURNAL).write_text(journal)
    with open_store(tmp_path / "reports"):
        pass
    assert (tmp_path / "other" / "report.pdf").read_text() == "safe"
    assert names(tmp_path / "reports") == set()


# 64: killed at each step of publishing.
PUBLISH = """
import json, sys
from pathlib import Path
from vunki_eval.publish.store import open_store
with open_store(Path(sys.argv[1])) as store:
    folder = store.work / "one"
    folder.mkdir()
    (folder / "report.pdf").write_text("new")
    (folder / "manifest.json").write_text(json.dumps({"schema": 1}))
    store.publish("one")
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("before", [True, False])
def test_killed_at_any_step_the_report_is_the_old_or_the_new_one(tmp_path: Path, step: str, before: bool) -> None:
    reports = tmp_path / "reports"
    if before:
        build(reports / "one", "old")
        (reports / "one" / "old.html").write_text("old")
    command = [sys.executable, "-c", PUBLISH, str(reports)]
    killed = subprocess.run(command, env=os.environ | {STOP_AT: step}, timeout=600)
    assert killed.returncode == -signal.SIGKILL
    seen = names(reports / "one") if (reports / "one").exists() else None
    with open_store(reports):
        pass
    assert names(reports) <= {"one"}
    late = STEPS.index(step) >= STEPS.index("moved-old" if before else "journal")
    if late:
        assert names(reports / "one") == {"report.pdf", "manifest.json"}
        assert (reports / "one" / "report.pdf").read_text() == "new"
    elif before:
        assert names(reports / "one") == seen == {"report.pdf", "manifest.json", "old.html"}
    else:
        assert names(reports) == set()
    again = subprocess.run(command, timeout=600)
    assert again.returncode == 0
    assert names(reports) == {"one"}
    assert (reports / "one" / "report.pdf").read_text() == "new"


def failing(monkeypatch: pytest.MonkeyPatch, which: int, error: OSError) -> None:
    """Let the rename number ``which`` fail, and fail again when it is tried again."""
    renamed = []
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        if source.is_dir():
            if source not in renamed:
                renamed.append(source)
            if renamed.index(source) == which - 1:
                raise error
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)


def test_a_second_rename_that_fails_puts_the_old_report_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path / "one", "old")
    with open_store(tmp_path) as store:
        build(store.work / "one", "new")
        failing(monkeypatch, 2, OSError(errno.ENOSPC, "No space left on device"))
        with pytest.raises(BuildError, match="disk is full"):
            store.publish("one")
    assert (tmp_path / "one" / "report.pdf").read_text() == "old"
    with open_store(tmp_path):
        pass
    assert names(tmp_path) == {"one"}


def test_a_report_that_is_open_keeps_the_new_one_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """74: Windows refuses to move a folder with an open file."""
    build(tmp_path / "one", "old")
    with open_store(tmp_path) as store:
        build(store.work / "one", "new")
        failing(monkeypatch, 1, PermissionError(errno.EACCES, "Access is denied"))
        with pytest.raises(BuildError, match=r"one\.new"):
            store.publish("one")
    assert (tmp_path / "one" / "report.pdf").read_text() == "old"
    assert (tmp_path / "one.new" / "report.pdf").read_text() == "new"
    monkeypatch.undo()
    with open_store(tmp_path) as store:
        build(store.work / "one", "newer")
        store.publish("one")
    assert names(tmp_path) == {"one"}


@modes
def test_private_files_are_their_owners_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_whole(tmp_path / "secret", "x", private=True)
        write_whole(tmp_path / "open", "x")
    finally:
        os.umask(before)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == {"secret", "open"}


def test_a_file_that_cannot_be_written_leaves_no_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="disk is full"):
        write_whole(tmp_path / "x", "text")
    assert names(tmp_path) == set()
