"""77, 78: the shipped project gives the same bytes wherever, whenever and by whomever it is run, with either engine."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.faults.conftest import bytes_of, command
from tests.marks import modes

pytestmark = pytest.mark.slow

SETTINGS = {
    "far away õ": (
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "5", "SOURCE_DATE_EPOCH": "4102444800"},
        ("--jobs", "1", "--engine", "standard"),
        0o077,
    ),
    "tr": (
        {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "77", "SOURCE_DATE_EPOCH": "0"},
        ("--jobs", "3"),
        0o002,
    ),
}


def build(root: Path, settings: dict[str, str], words: tuple[str, ...], mask: int) -> dict[str, bytes]:
    home = root.with_name(f"{root.name} home")
    home.mkdir()
    env = {k: v for k, v in os.environ.items() if k not in ("TZ", "LC_ALL", "PYTHONHASHSEED", "SOURCE_DATE_EPOCH")}
    env |= settings | {"HOME": str(home), "VUNKI_KEY_DIR": str(home / "keys")}
    for verb in ("report", "final"):
        done = subprocess.run(
            command(verb, *words), cwd=root, env=env, umask=mask, capture_output=True, text=True, timeout=900
        )
        assert done.returncode == 0, done.stderr
        assert not done.stderr
    return bytes_of(root / "reports")


@modes
@pytest.mark.parametrize("name", ["tr", pytest.param("far away õ", marks=pytest.mark.deep)])
def test_same_bytes_everywhere(published_project: Path, shipped_project: Path, tmp_path: Path, name: str) -> None:
    here = bytes_of(published_project / "reports")
    shutil.copytree(shipped_project, tmp_path / name)
    there = build(tmp_path / name, *SETTINGS[name])
    assert {p.rpartition(".")[2] for p in here} >= {"pdf", "html", "ipynb", "csv", "svg", "json"}
    assert there.keys() == here.keys()
    assert [p for p in here if there[p] != here[p]] == []
