"""Files are whole at every moment; another program that holds one is waited for, then named; one module writes them."""

import ast
import errno
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.held import Hold
from tests.marks import links, modes
from vunki_eval.errors import UsageError
from vunki_eval.publish import files

PACKAGE = Path(__file__).resolve().parents[2] / "vunki_eval"


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.rglob("*")}


def codes(error: pytest.ExceptionInfo[UsageError]) -> list[tuple[str, str]]:
    return [(p.file, p.code) for p in error.value.problems]


def test_a_file_held_for_a_moment_is_waited_for(tmp_path: Path, hold: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "changes.csv"
    path.write_text("old")
    hold("changes.csv", times=3)
    monkeypatch.setattr(files, "PATIENCE", 5)
    began = time.monotonic()
    files.write_whole(path, "new")
    assert path.read_text() == "new"
    assert 3 * files.PAUSE <= time.monotonic() - began < 5


@pytest.mark.parametrize("code", [5, 32, 33])
def test_a_file_that_stays_open_is_named_and_stays_whole(tmp_path: Path, hold: Hold, code: int) -> None:
    path = tmp_path / "changes.csv"
    path.write_text("old")
    hold("changes.csv", winerror=code)
    for work in (lambda: files.write_whole(path, "new"), lambda: files.remove(path)):
        with pytest.raises(UsageError) as refused:
            work()
        assert (
            str(refused.value) == "changes.csv: The file is open in another program. Close it and run again. [VE-128]"
        )
        assert refused.value.exit_code == 2
    assert (names(tmp_path), path.read_text()) == ({"changes.csv"}, "old")


def test_the_name_is_that_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "surveys").mkdir()
    (tmp_path / "surveys" / "project.toml").touch()
    assert files.shown(tmp_path / "checks" / "a" / "changes.csv") == "checks/a/changes.csv"
    assert files.shown(tmp_path / "surveys") == "surveys/"


def test_several_files_are_written_or_none(tmp_path: Path, hold: Hold) -> None:
    paths = [tmp_path / f"{name}.csv" for name in "abc"]
    for path in paths:
        path.write_text("old")
    hold("b.csv", "c.csv")
    with pytest.raises(UsageError) as refused:
        files.write_all({paths[0]: "new", paths[1]: None, paths[2]: "new"})
    assert codes(refused) == [("b.csv", "VE-128"), ("c.csv", "VE-128")]
    assert [p.read_text() for p in paths] == ["old"] * 3
    hold.free()
    files.write_all({paths[0]: "new", paths[1]: None, paths[2]: b"new"})
    assert [p.read_text() for p in (paths[0], paths[2])] == ["new", "new"]
    assert names(tmp_path) == {"a.csv", "c.csv"}


@pytest.mark.parametrize("error", [errno.EACCES, errno.EROFS])
def test_a_missing_right_keeps_its_own_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    def refuse(*_: object) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "open", refuse)
    began = time.monotonic()
    with pytest.raises(UsageError, match="Allow writing there") as refused:
        files.write_whole(tmp_path / "x.csv", "new")
    assert codes(refused) == [("x.csv", "VE-106")]
    assert time.monotonic() - began < files.PATIENCE


def read_only(path: Path) -> Path:
    path.write_text("old")
    path.chmod(0o444)
    return path


def test_a_read_only_mark_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where nothing replaces or deletes a file with the mark."""
    real_replace, real_unlink = os.replace, os.unlink

    def marked(path: Path | str, dir_fd: int | None) -> bool:
        return dir_fd is None and os.path.lexists(path) and not os.stat(path).st_mode & stat.S_IWRITE  # noqa: PTH116

    def replace(source: Path, target: Path) -> None:
        if source != target and marked(target, None):
            raise PermissionError(errno.EACCES, "Access is denied")
        real_replace(source, target)

    def unlink(path: Path | str, *, dir_fd: int | None = None) -> None:
        if marked(path, dir_fd):
            raise PermissionError(errno.EACCES, "Access is denied")
        real_unlink(path, dir_fd=dir_fd)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(os, "unlink", unlink)
    one, two = read_only(tmp_path / "one"), read_only(tmp_path / "two")
    files.write_whole(one, "new")
    files.remove(two)
    assert (names(tmp_path), one.read_text()) == ({"one"}, "new")


def test_a_tree_goes_as_far_as_it_can(tmp_path: Path, hold: Hold) -> None:
    folder = tmp_path / "old"
    (folder / "et").mkdir(parents=True)
    read_only(folder / "et" / "report.html")
    (folder / "et" / "report.pdf").write_text("open")
    hold("report.pdf")
    with pytest.raises(UsageError) as refused:
        files.remove_tree(folder)
    assert codes(refused) == [("report.pdf", "VE-128")]
    assert names(folder) == {"et", "report.pdf"}
    files.clear(folder)  # says nothing
    hold.free()
    files.clear(folder)
    assert names(tmp_path) == set()


@links
def test_a_link_goes_and_what_it_points_to_stays(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "x").touch()
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    files.remove_tree(tmp_path / "link")
    assert names(tmp_path) == {"theirs", "x"}


@pytest.mark.parametrize("exists", [True, False])
def test_a_new_folder_is_whole_or_not_there(tmp_path: Path, hold: Hold, exists: bool) -> None:
    target = tmp_path / "a" / "new"
    if exists:
        target.mkdir(parents=True)
    hold("b.txt", "new", calls="replace")
    with pytest.raises(UsageError), files.whole_folder(target) as work:  # noqa: PT012
        (work / "a.txt").write_text("a")
        (work / "b.txt").write_text("b")
    assert names(tmp_path) == ({"a", "new"} if exists else {"a"})
    hold.free()
    with pytest.raises(UsageError, match="disk is full"), files.whole_folder(target) as work:
        raise OSError(errno.ENOSPC, "No space left on device")
    assert names(tmp_path) == ({"a", "new"} if exists else {"a"})
    with files.whole_folder(target) as work:
        (work / "b.txt").write_text("b")
    assert names(tmp_path) == {"a", "new", "b.txt"}
    with pytest.raises(UsageError, match="not empty"), files.whole_folder(target):
        pass


@modes
def test_a_folder_made_private_is_its_owners(tmp_path: Path) -> None:
    (tmp_path / "checks").mkdir(mode=0o755)
    files.make_folder(tmp_path / "checks", private=True)
    assert (tmp_path / "checks").stat().st_mode & 0o777 == 0o700


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(
        UsageError,
        match=r"file/: The folder cannot be written: there is something of that name already\. .* \[VE-106\]",
    ):
        files.make_folder(tmp_path / "file")


# Whoever writes without `files`: where (module and function), and why nothing of a user's can be in the way there.
WORK = "the run's own work folder, which `Store.publish` moves into place"
TEMPORARY = "a temporary folder"
NEW = "the work folder that `whole_folder` gives"
ALLOWED = {
    "publish.build.build_unit": WORK,
    "publish.build.write_results": WORK,
    "publish.build.build_language": WORK,
    "publish.build.write_figures": WORK,
    "publish.manifest.write_manifest": WORK,
    "publish.payment_claim.build_claim": WORK,
    "publish.payment_claim._copy_papers": WORK,
    "publish.workers._own_temporary_folder": WORK,
    "cli.desk.shipped_files.copy_demo": NEW,
    "cli.desk.shipped_files.copy_notebooks": NEW,
    "privacy.open_data.write.sav_bytes": TEMPORARY,
    "privacy.erasure.journal.exchange": "rights of a part that has not yet taken its file's place",
    "publish.store._locked": "the lock, while it is held",
}
ROOMS = ("publish", "questionnaire", "privacy", "cli")
METHODS = {
    "write_text", "write_bytes", "unlink", "rename", "rmdir", "touch", "mkdir", "makedirs", "chmod", "symlink_to",
    "hardlink_to", "removedirs", "truncate", "write_sav",
}  # fmt: skip
OF_SHUTIL = {"rmtree", "copyfile", "copy", "copy2", "copytree", "move"}
OF_OS = {"replace", "remove", "open", "rename", "unlink"}
TO_A_FILE = {"save", "to_csv", "to_excel", "to_json", "savefig"}


def writes(call: ast.Call) -> bool:
    """Tell whether a call may write or remove a file of somebody's."""
    if call.args and ast.unparse(call.args[0]) == "os.devnull":
        return False
    mode = next((a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
                 and a.value.strip("rwxabt+") == ""), "")  # fmt: skip
    if isinstance(call.func, ast.Name):
        return call.func.id in {"open", "_open"} and bool(set(mode) & set("wxa+"))
    if not isinstance(call.func, ast.Attribute):
        return False
    name, owner = call.func.attr, call.func.value
    if isinstance(owner, ast.Name) and owner.id == "files":
        return False
    if isinstance(owner, ast.Name) and owner.id == "os":
        return name in OF_OS | METHODS
    if name == "replace":  # texts, times and frames take two arguments, or names
        return len(call.args) == 1 and not call.keywords
    if isinstance(owner, ast.Name) and owner.id == "shutil":
        return name in OF_SHUTIL
    return name in METHODS or (name == "open" and bool(set(mode) & set("wxa+")))


def writers(tree: ast.AST, place: str) -> Iterator[tuple[str, ast.Call]]:
    """Find calls with the functions they stand in."""
    for node in ast.iter_child_nodes(tree):
        inner = place
        if isinstance(node, ast.FunctionDef):
            inner = f"{place}.{node.name}"
        if isinstance(node, ast.Call):
            yield place, node
        yield from writers(node, inner)


def modules() -> list[Path]:
    found = [p for room in ROOMS for p in sorted((PACKAGE / room).rglob("*.py"))]
    return [p for p in found if p != PACKAGE / "publish" / "files.py"]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def test_one_module_writes_and_removes_files() -> None:
    assert len(modules()) > 60
    places = {
        place
        for path in modules()
        for place, call in writers(ast.parse(path.read_text("utf-8")), name_of(path))
        if writes(call)
    }
    assert places - set(ALLOWED) == set(), "write through vunki_eval.publish.files"
    assert set(ALLOWED) - places == set(), "these write nothing any more"


def test_workbooks_and_pictures_are_written_into_memory() -> None:
    """Their libraries write files themselves, so they are given a buffer."""
    into = {
        ast.unparse(call.args[0])
        for path in modules()
        for _, call in writers(ast.parse(path.read_text("utf-8")), "")
        if isinstance(call.func, ast.Attribute) and call.func.attr in TO_A_FILE and call.args
    }
    assert into <= {"buffer", "out", "path"}, into


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("path.write_text('x')", True), ("path.open('w')", True), ("open(p, 'ab')", True), ("a.replace(b)", True),
        ("os.replace(a, b)", True), ("shutil.rmtree(a)", True), ("path.open('rb')", False), ("path.open()", False),
        ("'a'.replace('b', 'c')", False), ("day.replace(hour=0)", False), ("files.replace(a, b)", False),
        ("open('w.csv')", False), ("os.open(a, flags)", True), ("_open(a, 'wb')", True),
    ],
)  # fmt: skip
def test_what_counts_as_writing(text: str, expected: bool) -> None:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    assert writes(call) is expected


def test_nothing_heavy_is_imported() -> None:
    """A Python with nothing but the standard library and filelock can publish."""
    heavy = "{'pandas', 'numpy', 'pydantic', 'typer'}"
    text = f"import sys, vunki_eval.publish.store; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
