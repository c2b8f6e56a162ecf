"""A visible report is the old one or the new one, whole; one run at a time; nothing is written through links."""

import json
import multiprocessing
from pathlib import Path

import pytest

from vunki_eval.errors import UsageError
from vunki_eval.publish.store import JOURNAL, LOCK, OLD, WORK, open_store


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
    with pytest.raises(RuntimeError), open_store(reports) as store:
        build(store.work / "one", "half")
        raise RuntimeError
    assert names(reports) == {"one"}
    assert (reports / "one" / "report.pdf").read_text() == "old"


@pytest.mark.parametrize("stopped", ["before the first rename", "between the renames", "after the second rename"])
def test_recovery_after_a_stop_between_the_renames(tmp_path: Path, stopped: str) -> None:
    reports = tmp_path / "reports"
    build(reports / "one", "old")
    build(reports / WORK / "one", "new")
    (reports / JOURNAL).write_text(json.dumps({"name": "one"}))
    if stopped != "before the first rename":
        (reports / "one").rename(reports / f"{OLD}one")
    if stopped == "after the second rename":
        (reports / WORK / "one").rename(reports / "one")
    with open_store(reports):
        pass
    assert names(reports) == {"one"}
    assert (reports / "one" / "report.pdf").read_text() == ("old" if stopped == "before the first rename" else "new")


def test_recovery_rolls_back_when_the_new_build_is_not_whole(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    build(reports / f"{OLD}one", "old")
    (reports / WORK / "one").mkdir(parents=True)
    (reports / JOURNAL).write_text(json.dumps({"name": "one"}))
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
        with pytest.raises(UsageError, match=rf"another run \(process {other.pid}\)"), open_store(tmp_path / "reports"):
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


@pytest.mark.parametrize("kind", ["a file", "read only"])
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, kind: str) -> None:
    reports = tmp_path / "reports"
    if kind == "a file":
        reports.write_text("")
    else:
        reports.mkdir(mode=0o555)
        reports.chmod(0o555)
    with pytest.raises(UsageError, match="reports/"), open_store(reports):
        pass


def test_the_work_folder_is_private(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.work.stat().st_mode & 0o777 == 0o700
