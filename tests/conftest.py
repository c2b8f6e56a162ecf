"""Shared by all tests: the repository's own project copied aside, the key kept out of the user's folders."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True, scope="session")
def _own_key_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the keys that tests make out of the user's own folder."""
    before = os.environ.get("VUNKI_KEY_DIR")
    os.environ["VUNKI_KEY_DIR"] = str(tmp_path_factory.mktemp("keys"))
    yield
    if before is None:
        del os.environ["VUNKI_KEY_DIR"]
    else:
        os.environ["VUNKI_KEY_DIR"] = before


@pytest.fixture(scope="session")
def shipped_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped project without reports; tests must not change it (copy it again for that)."""
    root = tmp_path_factory.mktemp("shipped")
    for name in ("surveys", "notebooks"):
        shutil.copytree(ROOT / name, root / name)
    return root


@pytest.fixture
def own_project(shipped_project: Path, tmp_path: Path) -> Path:
    """A copy of the shipped project that a test may change."""
    root = tmp_path / "project"
    shutil.copytree(shipped_project, root, ignore=shutil.ignore_patterns("reports", "checks"))
    return root


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real exports, named by VUNKI_REAL_DATA."""
    folder = os.environ.get("VUNKI_REAL_DATA")
    if not folder:
        pytest.skip("VUNKI_REAL_DATA is not set: the real exports are not at hand")
    return Path(folder)
