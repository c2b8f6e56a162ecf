"""The wheel carries notebooks, instrument, fonts and catalogues, and finds them without the repository."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from vunki_eval.locate import notebook, shipped

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return next(out.glob("*.whl"))


def test_wheel_has_everything_a_run_needs(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "vunki_eval/_data/notebooks/event_report.ipynb",
        "vunki_eval/_data/notebooks/final_report.ipynb",
        "vunki_eval/_data/surveys/instrument.toml",
        "vunki_eval/_data/surveys/project.toml",
        "vunki_eval/py.typed",
    ):
        assert wanted in names
    assert any(n.endswith(".typ") for n in names)
    assert any(n.endswith(".mo") for n in names)
    assert sum(n.endswith(".ttf") for n in names) >= 8
    assert any("fonts/OFL" in n for n in names)
    assert any(n.endswith("licenses/LICENSE") for n in names)
    assert not [n for n in names if "tests/" in n or "__pycache__" in n]


def test_locator_works_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    code = (
        "from vunki_eval.locate import shipped, notebook; from pathlib import Path; import vunki_eval;"
        "print(vunki_eval.__file__); print(shipped('surveys')); print(notebook(Path('.'), 'event_report.ipynb'))"
    )
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        assert Path(line).resolve().is_relative_to(site.resolve())


def test_locator_works_from_the_editable_install() -> None:
    assert shipped("surveys") == ROOT / "surveys"
    assert shipped("notebooks") == ROOT / "notebooks"


def test_a_projects_own_notebook_comes_first(tmp_path: Path) -> None:
    own = tmp_path / "notebooks" / "event_report.ipynb"
    own.parent.mkdir()
    own.write_text("{}")
    assert notebook(tmp_path, "event_report.ipynb") == own
    assert notebook(tmp_path, "final_report.ipynb") == ROOT / "notebooks" / "final_report.ipynb"


def test_everything_public_can_be_had() -> None:
    import vunki_eval as ve

    for name in ve.__all__:
        assert getattr(ve, name) is not None
    assert callable(ve.evaluate)
    assert callable(ve.analyse)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        ve.nothing  # noqa: B018
