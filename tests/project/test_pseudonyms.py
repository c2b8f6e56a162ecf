import threading
from pathlib import Path

import pytest

from tests.marks import has_mode, modes
from vunki_eval.errors import UsageError
from vunki_eval.project.project import Project, load_project
from vunki_eval.project.pseudonyms import key_path, load_key, pseudonym


@pytest.fixture
def project(shipped_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("VUNKI_KEY_DIR", str(tmp_path / "keys"))
    return load_project(shipped_project)


def test_made_once_and_private(project: Project) -> None:
    key = load_key(project)
    assert (len(key), load_key(project)) == (32, key)
    assert not key_path(project).is_relative_to(project.root)
    assert has_mode(key_path(project), 0o600)
    assert has_mode(key_path(project).parent, 0o700)


def test_threads_agree_on_one_key(project: Project) -> None:
    keys: list[bytes] = []
    threads = [threading.Thread(target=lambda: keys.append(load_key(project))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1
    assert len(keys) == 8


@modes
def test_readable_by_others(project: Project) -> None:
    load_key(project)
    key_path(project).chmod(0o644)
    with pytest.raises(UsageError, match="read by others"):
        load_key(project)


def test_damaged(project: Project) -> None:
    load_key(project)
    key_path(project).write_bytes(b"short")
    with pytest.raises(UsageError, match="damaged"):
        load_key(project)


def test_not_inside_the_project(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VUNKI_KEY_DIR", str(project.root / "keys"))
    with pytest.raises(UsageError, match="inside the project"):
        load_key(project)
    assert not (project.root / "keys").exists()


def test_folder_that_cannot_be_made(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VUNKI_KEY_DIR", str(tmp_path / "file" / "keys"))
    with pytest.raises(UsageError, match="cannot be used"):
        load_key(project)


def test_user_folder(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VUNKI_KEY_DIR")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("sys.platform", "linux")
    assert key_path(project).parent == tmp_path / "data" / "vunki-eval"
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("APPDATA", str(tmp_path / "roaming"))
    assert key_path(project).parent == tmp_path / "roaming" / "vunki-eval"


def test_pseudonyms() -> None:
    one = pseudonym(b"k" * 32, 0, "M")
    assert one is not None
    assert (len(one), one.isalnum()) == (10, True)
    assert one == pseudonym(b"k" * 32, 0, "M")
    others = {pseudonym(b"k" * 32, 1, "M"), pseudonym(b"j" * 32, 0, "M"), pseudonym(b"k" * 32, 0, "Õ")}
    assert len(others | {one}) == 4
    assert pseudonym(b"k" * 32, 0, "") is None
