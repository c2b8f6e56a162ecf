"""What the program does with files that Windows holds: open in another program, read-only, or of a run at work.

Level 1 runs this file as a Windows program under Wine, so it needs the standard library and filelock only.
"""

import contextlib
import json
import os
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from vunki_eval.errors import BuildError, UsageError
from vunki_eval.publish import files
from vunki_eval.publish.store import STOP_AT, open_store

windows = pytest.mark.skipif(os.name != "nt", reason="only Windows refuses to replace an open file")
HOLDER = """import sys
from pathlib import Path
sys.path[:0] = [sys.argv[1]]
from vunki_eval.publish.store import open_store
with open_store(Path(sys.argv[2])):
    print("held", flush=True)
    sys.stdin.readline()
"""
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PATIENCE", 0.2)


def publish(reports: Path, text: str, name: str = "one") -> None:
    with open_store(reports) as store:
        (store.work / name).mkdir()
        (store.work / name / "report.pdf").write_text(text)
        (store.work / name / "manifest.json").write_text(json.dumps({"schema": 1}))
        store.publish(name)


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


def shown(reports: Path) -> set[str]:
    """Names that a person sees, and leftovers: the lock is neither."""
    return {n for n in names(reports) if not n.startswith(".lock")}


@pytest.fixture
def journal() -> Iterator[Callable[..., object]]:
    """The erasure's journal; what its package imports beside it is compiled for one system and may be missing."""
    before = dict(sys.modules)
    if find_spec("pydantic") is None:
        packages = []
        for name in ("privacy.erasure", "readers"):
            packages.append(types.ModuleType(f"vunki_eval.{name}"))
            packages[-1].__path__ = [str(ROOT.joinpath("vunki_eval", *name.split(".")))]
        invitations = types.ModuleType("vunki_eval.questionnaire.invitations")
        invitations.FOLDER = "invitations"
        sys.modules |= {m.__name__: m for m in (*packages, types.ModuleType("vunki_eval.questionnaire"), invitations)}
    from vunki_eval.privacy.erasure import journal as module

    yield module
    sys.modules.clear()
    sys.modules.update(before)


def test_reports_follow_each_other_and_leave_nothing_behind(tmp_path: Path) -> None:
    for text in ("one", "two", "three"):
        publish(tmp_path / "reports", text)
    assert shown(tmp_path / "reports") == {"one"}
    assert (tmp_path / "reports" / "one" / "report.pdf").read_text() == "three"


def test_read_only_files_in_a_report_stop_nothing(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    for text in ("one", "two", "three"):
        publish(reports, text)
        for path in (reports / "one").iterdir():
            path.chmod(0o444)
    assert shown(reports) == {"one"}
    assert (reports / "one" / "report.pdf").read_text() == "three"


def test_a_read_only_file_is_replaced_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text("old")
    path.chmod(0o444)
    files.write_whole(path, "new")
    assert path.read_text() == "new"
    path.chmod(0o444)
    files.remove(path)
    assert names(tmp_path) == set()


@pytest.fixture
def second_run(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(ROOT), str(tmp_path / "reports")], **pipes) as run:
        assert run.stdout is not None
        assert run.stdout.readline().strip() == "held"
        yield run
        if run.poll() is None:
            run.kill()


def test_a_second_run_is_refused_and_told_of_the_first(tmp_path: Path, second_run: "subprocess.Popen[str]") -> None:
    with pytest.raises(UsageError) as refused, open_store(tmp_path / "reports"):
        pass
    (problem,) = refused.value.problems
    assert problem.code == "VE-108"
    assert f"(process {second_run.pid})" in problem.problem
    second_run.communicate("\n", timeout=60)
    assert second_run.returncode == 0
    publish(tmp_path / "reports", "free again")


def test_a_run_that_was_killed_is_no_obstacle(tmp_path: Path, second_run: "subprocess.Popen[str]") -> None:
    second_run.kill()
    second_run.wait(60)
    publish(tmp_path / "reports", "after")
    assert shown(tmp_path / "reports") == {"one"}


def test_the_outcome_of_a_run_is_not_lost_behind_the_lock(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), open_store(tmp_path / "reports"):
        raise ZeroDivisionError
    assert shown(tmp_path / "reports") == set()


@pytest.mark.parametrize("step", ["journal", "moved-old", "moved-new", "committed"])
def test_a_run_killed_between_the_renames_is_finished_by_the_next(tmp_path: Path, step: str) -> None:
    reports = tmp_path / "reports"
    publish(reports, "old")
    killed = f"""import sys
sys.path[:0] = [{str(ROOT)!r}, {str(Path(__file__).parent)!r}]
from test_held_files import publish, Path
publish(Path({str(reports)!r}), "new")"""
    run = subprocess.run([sys.executable, "-c", killed], env={**os.environ, STOP_AT: step}, check=False, timeout=60)
    assert run.returncode != 0
    with open_store(reports):
        pass
    assert shown(reports) == {"one"}
    assert (reports / "one" / "report.pdf").read_text() == ("old" if step == "journal" else "new")


@windows
def test_a_file_open_elsewhere_stays_whole_and_is_named(tmp_path: Path) -> None:
    path = tmp_path / "changes.csv"
    path.write_text("old")
    with path.open(), pytest.raises(UsageError) as refused:
        files.write_whole(path, "new")
    assert [(p.file, p.code) for p in refused.value.problems] == [("changes.csv", "VE-128")]
    assert (names(tmp_path), path.read_text()) == ({"changes.csv"}, "old")
    files.write_whole(path, "new")
    assert path.read_text() == "new"


@windows
def test_one_open_file_stops_all_that_belong_together(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("old")
    second.write_text("old")
    with second.open(), pytest.raises(UsageError) as refused:
        files.write_all({first: "new", second: "new"})
    assert [p.file for p in refused.value.problems] == ["b.csv"]
    assert {p.read_text() for p in (first, second)} == {"old"}


@windows
def test_a_file_that_is_closed_soon_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "changes.csv"
    path.write_text("old")
    handle = path.open()
    monkeypatch.setattr(files.time, "sleep", lambda _: handle.close())
    files.write_whole(path, "new")
    assert path.read_text() == "new"


@windows
def test_a_report_that_is_being_read_does_not_block_later_ones(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    publish(reports, "old")
    with (reports / "one" / "report.pdf").open():
        with contextlib.suppress(BuildError):  # Wine lets a folder with open files be renamed, Windows does not
            publish(reports, "new")
        assert "new" in {p.read_text() for p in reports.glob("one*/report.pdf")}
    publish(reports, "newest")
    assert (reports / "one" / "report.pdf").read_text() == "newest"
    publish(reports, "last")
    assert shown(reports) == {"one"}


def test_an_erasure_changes_all_its_files(tmp_path: Path, journal) -> None:
    surveys = tmp_path / "surveys"
    (surveys / "e").mkdir(parents=True)
    exports = {surveys / "e" / f"{wave}.csv": b"without" for wave in ("pre", "post")}
    for path in exports:
        path.write_bytes(b"with")
        path.chmod(0o444)
    journal.exchange(surveys, exports)
    assert [p.read_bytes() for p in exports] == [b"without", b"without"]
    assert (names(surveys), names(surveys / "e")) == ({"e"}, {"pre.csv", "post.csv"})


@windows
def test_an_erasure_with_one_file_open_changes_none(tmp_path: Path, journal) -> None:
    surveys = tmp_path / "surveys"
    (surveys / "e").mkdir(parents=True)
    exports = {surveys / "e" / f"{wave}.csv": b"without" for wave in ("pre", "post")}
    for path in exports:
        path.write_bytes(b"with")
    with (surveys / "e" / "post.csv").open(), pytest.raises(UsageError) as refused:
        journal.exchange(surveys, exports)
    assert "post.csv" in str(refused.value)
    assert [p.read_bytes() for p in exports] == [b"with", b"with"]
    journal.exchange(surveys, exports)
    assert [p.read_bytes() for p in exports] == [b"without", b"without"]
    assert (names(surveys), names(surveys / "e")) == ({"e"}, {"pre.csv", "post.csv"})


def test_a_broken_erasure_is_finished(tmp_path: Path, journal) -> None:
    surveys = tmp_path / "surveys"
    (surveys / "e").mkdir(parents=True)
    (surveys / "e" / "pre.csv").write_bytes(b"without")  # this one was renamed before the run was killed
    (surveys / "e" / "post.csv").write_bytes(b"with")
    part = surveys / "e" / f".post.csv{journal.PART}"
    part.write_bytes(b"without")
    listed = {f"e/.{wave}.csv{journal.PART}": f"e/{wave}.csv" for wave in ("pre", "post")}
    (surveys / journal.UNDER_WAY).write_text(json.dumps(listed))
    assert journal.finish(surveys)
    assert (surveys / "e" / "post.csv").read_bytes() == b"without"
    assert (names(surveys), names(surveys / "e")) == ({"e"}, {"pre.csv", "post.csv"})
