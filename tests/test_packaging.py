"""The wheel carries notebooks, instrument, fonts and catalogues, and finds them without the repository."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from vunki_eval.project.locate import notebook, shipped

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
        "from vunki_eval.project.locate import shipped, notebook; from pathlib import Path; import vunki_eval;"
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


def test_the_source_package_holds_what_building_needs(tmp_path: Path) -> None:
    import tarfile

    command = [sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as pack:
        names = {n.partition("/")[2] for n in pack.getnames()}
    for wanted in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "requirements.lock",
                   "requirements-dev.lock", "requirements-uv.lock", "run.py", "surveys/project.toml",
                   "notebooks/event_report.ipynb", "docs/en/first-report.md",
                   "docs/build.py", "tests/test_packaging.py", "vunki_eval/py.typed"):  # fmt: skip
        assert wanted in names
    assert not [n for n in names if n.startswith(("reports/", "checks/", ".venv", "site/", "tests/node/node_modules"))]


@pytest.mark.skipif(shutil.which("git") is None or not (ROOT / ".git").exists(), reason="not a checkout of git")
def test_a_checkout_on_windows_has_the_line_ends_of_the_index(tmp_path: Path) -> None:
    """Git's default there turns LF into CRLF, with which the program's own digest would differ."""
    there = tmp_path / "clone"
    as_there = ("-c", "core.autocrlf=true", "-c", "core.eol=crlf")
    subprocess.run(["git", *as_there, "clone", "--quiet", "--shared", str(ROOT), str(there)], check=True, timeout=300)
    listed = subprocess.run(["git", "ls-files", "--eol", "-z"], cwd=there, capture_output=True, check=True).stdout
    lines = [line for line in listed.decode("utf-8").split("\0") if line]
    assert len(lines) > 700
    assert [line for line in lines if line.startswith("i/lf") and not line.startswith("i/lf    w/lf")] == []


@pytest.mark.slow
def test_the_wheel_alone_makes_the_demo_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    """An environment with nothing but the wheel and what it names; the demo in a folder with a space and an õ."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "uv"], check=True, timeout=300)
        uv = str(Path(sys.executable).parent / "uv")
    site, here = tmp_path / "empty", tmp_path / "minu töölaud õ"
    here.mkdir()
    # The lock only holds versions still; which packages are needed must stand in the wheel.
    for words in (
        ["venv", "--quiet", "--python", sys.executable, str(site)],
        ["pip", "install", "--quiet", "--python", str(site), "-c", f"{ROOT}/requirements.lock", str(wheel)],
    ):
        subprocess.run([uv, *words], check=True, timeout=900, cwd=tmp_path)
    program = site / ("Scripts" if os.name == "nt" else "bin") / "vunki-eval"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV", "VUNKI"))}
    environment = {**kept, "VUNKI_KEY_DIR": str(tmp_path / "keys"), "PATH": os.defpath}
    done = subprocess.run([str(program), "demo", "try out"], cwd=here, env=environment, capture_output=True, text=True,
                          timeout=1200)  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    reports = here / "try out" / "reports"
    for event in ("2020-antsla", "2021-online", "project"):
        for language in ("et", "en"):
            assert (reports / event / language / "report.pdf").read_bytes().startswith(b"%PDF")
            assert (reports / event / language / "report.html").is_file()
    assert not (ROOT / "try out").exists()
    said = subprocess.run([str(program), "verify", "try out/reports/2021-online"], cwd=here, env=environment,
                          capture_output=True, text=True, timeout=600)  # fmt: skip
    assert said.returncode == 0, said.stdout + said.stderr
