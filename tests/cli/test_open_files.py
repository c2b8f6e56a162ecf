"""Every verb that writes, while Excel has one of its files open: exit code, one message, and all files as they were.

Windows refuses to open for writing, to replace and to remove such a file; `tests.held` does the same here.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tests.held import Hold
from vunki_eval.cli.app import app
from vunki_eval.cli.desk.lab import prepare_lab
from vunki_eval.errors import BuildError, UsageError
from vunki_eval.project.project import load_project
from vunki_eval.project.unfinished import UNDER_WAY
from vunki_eval.publish import batch
from vunki_eval.publish.private_folder import clear_failed
from vunki_eval.publish.store import open_store
from vunki_eval.publish.unit import Built, Failed

EVENT = "2020-antsla"
CHECKS = f"checks/{EVENT}"
OPEN = "{}: The file is open in another program. Close it and run again. [VE-128]"


def vunki(project: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--project", str(project)])


def contents(root: Path) -> dict[str, bytes]:
    """All files by name; the key and byte code are not there."""
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def worked_on(shipped_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which everything has been written once; tests copy it."""
    root = tmp_path_factory.mktemp("worked-on") / "project"
    shutil.copytree(shipped_project, root)
    for words in WRITERS.values():
        assert vunki(root, *(w.format(root=root) for w in words)).exit_code in (0, 1), words
    return root


@pytest.fixture
def project(worked_on: Path, tmp_path: Path) -> Path:
    root = tmp_path / "project"
    shutil.copytree(worked_on, root)
    return root


WRITERS = {
    "check": ("check", "--event", EVENT),
    "decide": ("decide", "--event", EVENT),
    "code": ("code", "--event", EVENT),
    "forms": ("questionnaire", "--to", "xlsform"),
    "invite": ("questionnaire", "--tokens", "3", "--code-card", "--language", "et"),
    "papers": ("papers", "--format", "md"),
    "plan": ("plan", "--people", "60", "--response", "0.6", "--figure", "{root}/plan.svg"),
}
CASES = [
    ("check", [f"{CHECKS}/changes.csv"]),
    ("check", [f"{CHECKS}/quality.html", f"{CHECKS}/quality.json"]),
    ("decide", [f"{CHECKS}/decisions.csv"]),
    ("code", [f"{CHECKS}/coding.OQ1.xlsx"]),
    ("forms", ["questionnaires/questionnaire-pre.xlsx"]),
    ("invite", ["invitations/invitations.csv"]),
    ("invite", ["questionnaires/code-cards.et.pdf"]),
    ("papers", ["papers/information.et.md"]),
    ("plan", ["plan.svg"]),
]


@pytest.mark.slow
@pytest.mark.parametrize(("verb", "held"), CASES, ids=[f"{v} {' '.join(Path(h).name for h in hs)}" for v, hs in CASES])
def test_a_file_that_is_open_is_named_and_all_files_are_whole(
    project: Path, hold: Hold, verb: str, held: list[str]
) -> None:
    words = [w.format(root=project) for w in WRITERS[verb]]
    for name in held:  # the verb must want to change it
        (project / name).write_bytes(b"of another day")
    if verb == "invite" and "invitations.csv" in held[0]:
        (project / held[0]).write_text("number,code\n")
    before = contents(project)
    hold(*(Path(name).name for name in held))
    done = vunki(project, *words)
    assert done.exit_code == 2, done.output
    for name in held:
        assert OPEN.format(name) in done.output
    assert done.output.count("VE-128") == len(held)
    assert "VE-900" not in done.output
    written_first = {"questionnaires/code-cards.et.pdf": {"invitations/invitations.csv"}}.get(held[0], set())
    assert {k: v for k, v in contents(project).items() if k not in written_first} == {
        k: v for k, v in before.items() if k not in written_first
    }
    hold.free()
    assert vunki(project, *words).exit_code in (0, 1)
    assert all((project / name).read_bytes() != b"of another day" for name in held)


@pytest.mark.slow
def test_a_workbook_of_decisions_is_kept_with_its_rulings(project: Path, hold: Hold) -> None:
    """The workbook takes the place of the CSV that is there: either both steps are taken, or none."""
    for held in ("decisions.csv", "decisions.xlsx"):
        (project / CHECKS / held).touch()
        before = contents(project)
        hold(held)
        done = vunki(project, "decide", "--event", EVENT, "--format", "xlsx")
        assert (done.exit_code, OPEN.format(f"{CHECKS}/{held}") in done.output) == (2, True)
        assert contents(project) == before
        hold.free()
    assert vunki(project, "decide", "--event", EVENT, "--format", "xlsx").exit_code == 0
    assert {p.name for p in (project / CHECKS).glob("decisions.*")} == {"decisions.xlsx"}


def test_purge_deletes_nothing_while_a_file_is_open(project: Path, hold: Hold) -> None:
    before = contents(project)
    hold("pre.csv", "changes.csv")
    done = vunki(project, "purge", "--early", "--yes")
    assert done.exit_code == 2
    for name in (f"surveys/{EVENT}/pre.csv", f"{CHECKS}/changes.csv"):
        assert OPEN.format(name) in done.output
    assert contents(project) == before
    hold.free()
    assert vunki(project, "purge", "--early", "--yes").exit_code == 0
    assert not (project / CHECKS).exists()


def test_a_new_project_is_whole_or_not_there(tmp_path: Path, hold: Hold) -> None:
    hold("town", calls="replace")
    for words in (("new", str(tmp_path / "town"), "--title", "Town"), ("demo", str(tmp_path / "town"))):
        done = CliRunner().invoke(app, list(words))
        assert (done.exit_code, "VE-128" in done.output) == (2, True), done.output
    assert list(tmp_path.iterdir()) == []


def test_an_open_data_package_is_whole_or_not_there(project: Path, tmp_path: Path, hold: Hold) -> None:
    hold("package", calls="replace")
    done = vunki(project, "export", str(tmp_path / "package"))
    assert (done.exit_code, "VE-128" in done.output) == (2, True), done.output
    assert {p.name for p in tmp_path.iterdir()} == {"project"}


def test_the_lab_says_which_file_is_open(project: Path, hold: Hold) -> None:
    loaded = load_project(project)
    prepare_lab(loaded)
    hold("kernel.json")
    with pytest.raises(UsageError, match=r"kernel\.json: The file is open"):
        prepare_lab(loaded)


def test_a_failed_notebook_that_is_open_is_named(project: Path, hold: Hold) -> None:
    (project / CHECKS / "failed.et.ipynb").touch()
    hold("failed.et.ipynb")
    with pytest.raises(UsageError, match=rf"{CHECKS}/failed\.et\.ipynb: The file is open"):
        clear_failed(load_project(project), EVENT)


BEFORE = Built("a", {}, ()), Failed("b", (), 3)


@pytest.mark.parametrize("outcome", BEFORE, ids=["built", "failed"])
def test_an_index_that_is_open_does_not_hide_what_was_built(project: Path, hold: Hold, outcome: Built | Failed) -> None:
    (project / "reports").mkdir()
    (project / "reports" / "index.html").write_text("old")
    hold("index.html")
    (told,) = batch._with_index(load_project(project), [outcome])
    problems = told.findings if isinstance(told, Built) else told.problems
    assert [str(p) for p in problems] == [OPEN.format("reports/index.html")]
    assert batch.exit_code([told]) == (1 if isinstance(told, Built) else 3)
    assert (project / "reports" / "index.html").read_text() == "old"


def published(reports: Path, text: str, name: str = "one") -> None:
    with open_store(reports) as store:
        (store.work / name).mkdir()
        (store.work / name / "report.pdf").write_text(text)
        (store.work / name / "manifest.json").write_text(json.dumps({"schema": 1}))
        store.publish(name)


@pytest.mark.parametrize("folder", ["reports", "claims"])
def test_a_report_that_is_open_stays_and_the_new_one_lies_beside(tmp_path: Path, hold: Hold, folder: str) -> None:
    place = tmp_path / folder
    published(place, "old")
    hold(str(place / "one"), calls="replace")  # Windows moves no folder with an open file in it
    with pytest.raises(BuildError) as refused:
        published(place, "new")
    assert [p.code for p in refused.value.problems] == ["VE-116"]
    assert f"The new report is in {folder}/one.new/; close the file and run again." in str(refused.value)
    assert refused.value.exit_code == 4
    assert (place / "one" / "report.pdf").read_text() == "old"
    assert (place / "one.new" / "report.pdf").read_text() == "new"
    hold.free()
    published(place, "newest")
    assert {p.name for p in place.iterdir()} == {"one"}
    assert (place / "one" / "report.pdf").read_text() == "newest"


def test_an_old_report_that_cannot_be_cleared_blocks_nothing(tmp_path: Path, hold: Hold) -> None:
    published(tmp_path, "one")
    hold("report.pdf", calls="unlink")  # a viewer lets the folder be moved, but not its file be removed
    published(tmp_path, "two")
    published(tmp_path, "three")
    assert (tmp_path / "one" / "report.pdf").read_text() == "three"
    assert len([p for p in tmp_path.iterdir() if p.name.startswith(".old-one-")]) == 2
    hold.free()
    with open_store(tmp_path):
        pass
    assert {p.name for p in tmp_path.iterdir()} == {"one"}


@pytest.mark.parametrize("held", [".lock-owner", ".journal.json", "x.txt"])
def test_what_a_run_did_is_not_lost_behind_cleaning_up(tmp_path: Path, hold: Hold, held: str) -> None:
    with pytest.raises(ZeroDivisionError), open_store(tmp_path) as store:  # noqa: PT012
        (store.work / "x.txt").touch()
        hold(held, ".lock", calls="unlink")
        raise ZeroDivisionError
    published(tmp_path, "one")
    hold.free()
    with open_store(tmp_path):
        pass
    assert {p.name for p in tmp_path.iterdir()} == {"one"}


def test_a_report_that_cannot_be_put_back_now_is_put_back_later(tmp_path: Path, hold: Hold) -> None:
    """Killed between the renames; the next run meets a virus scanner, and must not clear what is to be put back."""
    published(tmp_path, "old")
    (tmp_path / "one").rename(tmp_path / ".old-one-1")
    (tmp_path / ".work-1").mkdir()
    (tmp_path / ".journal.json").write_text(json.dumps({"name": "one", "work": ".work-1", "old": ".old-one-1"}))
    hold("one", calls="replace")
    with pytest.raises(UsageError, match="VE-128"), open_store(tmp_path):
        pass
    hold.free()
    with open_store(tmp_path):
        pass
    assert (tmp_path / "one" / "report.pdf").read_text() == "old"


REFUSING: dict[str, Callable[[Path], tuple[str, ...]]] = {
    "check": lambda _: ("check",),
    "decide": lambda _: ("decide",),
    "code": lambda _: ("code",),
    "report": lambda _: ("report",),
    "final": lambda _: ("final",),
    "claim": lambda _: ("claim",),
    "verify": lambda _: ("verify",),
    "export": lambda root: ("export", str(root / "package")),
    "papers": lambda _: ("papers",),
    "questionnaire": lambda _: ("questionnaire", "--to", "pdf"),
    "plan": lambda _: ("plan", "--people", "60", "--response", "0.6"),
    "lab": lambda _: ("lab", "--no-browser"),
    "purge": lambda _: ("purge", "--yes", "--early"),
}


@pytest.mark.parametrize("verb", REFUSING)
def test_every_verb_waits_for_an_erasure_to_be_finished(own_project: Path, verb: str) -> None:
    (own_project / "surveys" / UNDER_WAY).write_text("{}")
    before = contents(own_project)
    done = vunki(own_project, *REFUSING[verb](own_project))
    assert done.exit_code == 2, done.output
    assert "Run `vunki-eval erase` again. [VE-730]" in done.output
    assert contents(own_project) == before


def test_the_list_of_verbs_is_whole() -> None:
    without_a_project = {"erase", "new", "demo", "version", "benchmark", "explain"}
    names = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    for group in app.registered_groups:
        assert group.typer_instance is not None
        names |= {c.name or c.callback.__name__ for c in group.typer_instance.registered_commands if c.callback}
    assert names == {*REFUSING, *without_a_project}


def test_erase_without_a_code_finishes_what_was_begun(own_project: Path) -> None:
    (own_project / "checks" / EVENT).mkdir(parents=True)
    (own_project / "surveys" / UNDER_WAY).write_text(json.dumps({f"../{CHECKS}": ""}))
    done = vunki(own_project, "erase")
    assert (done.exit_code, "An erasure that had been interrupted is finished now." in done.output) == (0, True)
    assert not (own_project / CHECKS).exists()
    assert not (own_project / "surveys" / UNDER_WAY).exists()
