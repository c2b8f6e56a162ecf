"""Shared by all tests: the repository's own project copied aside, the key kept out of the user's folders."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from tests.held import hold as hold

if TYPE_CHECKING:
    from vunki_eval.results.results import Results

ROOT = Path(__file__).resolve().parents[1]

os.environ.pop("VUNKI_COMMAND", None)  # `run.py test` sets it; messages are compared as they are without it
os.environ["VUNKI_LANGUAGE"] = "en"  # messages are compared in English, whatever the project; tests/cli have both

# A shell that starts the tests in the background lets them ignore Ctrl+C; what they start must not inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests marked `deep` unless `-m` asks for them: they take long and build what they need."""
    if "deep" not in config.getoption("-m"):
        deep = [item for item in items if item.get_closest_marker("deep")]
        config.hook.pytest_deselected(items=deep)
        items[:] = [item for item in items if not item.get_closest_marker("deep")]


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


@pytest.fixture(scope="session")
def published_project(shipped_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped project with all its reports, built once for all workers; tests must not change it."""
    shared = tmp_path_factory.getbasetemp()
    root = (shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / "published"
    with FileLock(root.with_suffix(".lock")):
        if not root.exists():
            work = tmp_path_factory.mktemp("published") / "project"
            shutil.copytree(shipped_project, work)
            settings = os.environ | {"VUNKI_KEY_DIR": str(work.with_name("keys"))}
            for verb, codes in (("report", (0,)), ("final", (0,)), ("check", (0, 1))):
                command = [sys.executable, "-m", "vunki_eval", verb]
                done = subprocess.run(command, cwd=work, env=settings, capture_output=True, text=True, timeout=900)
                assert done.returncode in codes, done.stdout + done.stderr
            work.rename(root)
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


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """Folder of the npm packages that tests/node/package.json names; installed when first wanted, then kept."""
    npm, here = shutil.which("npm"), Path(__file__).parent / "node"
    if npm is None:
        pytest.skip("npm is not on this machine")
    want = hashlib.sha256((here / "package-lock.json").read_bytes()).hexdigest()
    modules, stamp = here / "node_modules", here / "node_modules" / ".stamp"
    with FileLock(here / ".lock"):
        if not (stamp.is_file() and stamp.read_text() == want):
            subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=here, check=True, capture_output=True)
            stamp.write_text(want)
    return modules


@pytest.fixture(scope="session")
def synthetic_results(shipped_project: Path) -> dict[str, "Results"]:
    """Results of both shipped events and of the project, computed once; tests must not change them."""
    from vunki_eval.analysis import analyse, analyse_project
    from vunki_eval.project.project import load_project
    from vunki_eval.survey.study import load_study

    project = load_project(shipped_project)
    studies = [load_study(project, event.id) for event in project.events]
    results = {study.event.id: analyse(study) for study in studies}
    return {**results, "project": analyse_project(project, results, studies)}
