"""The engine as a user of papermill meets it: by its name, in papermill's own program, with its own fallback."""

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import nbformat
import pytest

from tests.marks import linux

pytestmark = [pytest.mark.slow, linux]
SHELL = "type(get_ipython()).__name__"

THREADED = """
import sys, threading
import papermill
threading.Thread(target=threading.Event().wait, daemon=True).start()  # a fork would not be safe
options = {"engine_name": "vunki", "kernel_name": "python3", "progress_bar": False}
papermill.execute_notebook(*sys.argv[1:3], {"event": "b"}, **options)
"""


def notebook(folder: Path, *sources: str) -> Path:
    notebook_node = nbformat.v4.new_notebook()
    notebook_node.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    first = nbformat.v4.new_code_cell('event = "a"')
    first.metadata.tags = ["parameters"]
    notebook_node.cells = [first, *(nbformat.v4.new_code_cell(s) for s in sources)]
    for number, cell in enumerate(notebook_node.cells):
        cell.id = f"c{number}"
    path = folder / "in.ipynb"
    nbformat.write(notebook_node, path)
    return path


def papermill(folder: Path, *extra: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "papermill", "in.ipynb", "out.ipynb", "--engine", "vunki", "-k", "python3", *extra]
    env = {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"} | {"IPYTHONDIR": str(folder / "ipython")}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=600)


def results(folder: Path) -> list[str]:
    cells = nbformat.read(folder / "out.ipynb", as_version=4).cells
    return [o.data["text/plain"] for c in cells for o in c.outputs if o.output_type == "execute_result"]


def test_papermill_knows_the_engine_by_its_entry_point() -> None:
    (entry_point,) = entry_points(group="papermill.engine", name="vunki")
    assert entry_point.value == "vunki_eval.publish.engine.warm:WarmEngine"


def test_papermills_own_program_runs_a_notebook_in_a_forked_child(tmp_path: Path) -> None:
    notebook(tmp_path, SHELL, "event", "import os; os.getppid() != 1")
    done = papermill(tmp_path, "-p", "event", "b")
    assert done.returncode == 0, done.stderr
    assert results(tmp_path) == ["'ForkedZMQInteractiveShell'", "'b'", "True"]
    saved = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert saved.metadata.papermill.exception is None
    assert {c.metadata.papermill.status for c in saved.cells} == {"completed"}


def test_a_failing_cell_and_a_slow_one_end_as_with_papermill(tmp_path: Path) -> None:
    notebook(tmp_path, "1 / 0")
    done = papermill(tmp_path)
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert (tmp_path / "out.ipynb").is_file()
    notebook(tmp_path, "while True: pass")
    done = papermill(tmp_path, "--execution-timeout", "2")
    assert done.returncode == 1
    assert "CellTimeoutError" in done.stderr


def test_where_a_fork_is_unsafe_the_standard_engine_does_the_work(tmp_path: Path) -> None:
    path = notebook(tmp_path, SHELL, "event")
    env = {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"} | {
        "IPYTHONDIR": str(tmp_path / "ipython")
    }
    command = [sys.executable, "-c", THREADED, str(path), str(tmp_path / "out.ipynb")]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert results(tmp_path) == ["'ZMQInteractiveShell'", "'b'"]


def test_a_misspelt_parameter_builds_nothing(tmp_path: Path) -> None:
    """Papermill alone would log a warning and build the report of the event that the notebook names itself."""
    notebook(tmp_path, "event")
    done = papermill(tmp_path, "-p", "evnet", "b")
    assert done.returncode != 0
    assert "in.ipynb:parameters: The notebook has no parameter 'evnet'. Its parameters: event." in done.stderr
    assert not (tmp_path / "out.ipynb").exists()
