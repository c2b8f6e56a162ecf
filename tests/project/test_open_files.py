"""A file that another program keeps to itself is waited for, then named: exports, settings and people's words."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vunki_eval.cli.app import app
from vunki_eval.errors import ConfigError
from vunki_eval.project import open_files
from vunki_eval.report.commentary import load_commentary

OPEN = "{}: The file is open in another program. Close it and run again. [VE-128]"
Held = Callable[..., None]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    """Refuse to read a file by its name, for ever or for some attempts, as Windows does."""

    def hold(name: str, times: float = float("inf"), error: int = errno.EACCES, winerror: int | None = 32) -> None:
        left, real = [times], Path.read_bytes

        def read(path: Path) -> bytes:
            if path.name == name and left[0] > 0:
                left[0] -= 1
                refused = PermissionError(error, "Permission denied", str(path))
                refused.winerror = winerror  # type: ignore[attr-defined,unused-ignore]
                raise refused
            return real(path)

        monkeypatch.setattr(Path, "read_bytes", read)

    monkeypatch.setattr(open_files, "PATIENCE", 0.2)
    return hold


def test_a_file_that_is_let_go_is_read(tmp_path: Path, held: Held) -> None:
    (tmp_path / "a.csv").write_bytes(b"a,b")
    held("a.csv", times=2)
    assert open_files.read_whole(tmp_path / "a.csv") == b"a,b"


def test_a_missing_permission_is_not_waited_for(tmp_path: Path, held: Held) -> None:
    (tmp_path / "a.csv").write_bytes(b"a,b")
    held("a.csv", times=1, winerror=None)
    with pytest.raises(PermissionError) as refused:
        open_files.read_whole(tmp_path / "a.csv")
    if not open_files.is_held(refused.value):
        told = str(open_files.read_problem(refused.value, "a.csv", "VE-310"))
        assert told == "a.csv: The file cannot be read: permission denied. Check its permissions. [VE-310]"


@pytest.mark.parametrize(
    ("name", "place", "code"),
    [
        ("post.csv", "surveys/2020-antsla/post.csv", 3),
        ("project.toml", "surveys/project.toml", 2),
        ("instrument.toml", "surveys/instrument.toml", 2),
    ],
)
def test_an_input_that_is_open_elsewhere_is_named(
    own_project: Path, held: Held, name: str, place: str, code: int
) -> None:
    held(name)
    done = CliRunner().invoke(app, ["check", "--event", "2020-antsla", "--project", str(own_project)])
    assert done.exit_code == code
    estonian = f"{place}: Fail on teises programmis lahti. Sulgege see ja käivitage uuesti. [VE-128]"
    text = " ".join(done.output.split())
    assert OPEN.format(place) in text or estonian in text  # faults of configuration are told in English


def test_words_that_are_open_elsewhere_are_named(own_project: Path, held: Held) -> None:
    held("commentary.et.md")
    with pytest.raises(ConfigError) as refused:
        load_commentary(own_project, "2020-antsla")
    assert str(refused.value) == OPEN.format("surveys/2020-antsla/commentary.et.md")
