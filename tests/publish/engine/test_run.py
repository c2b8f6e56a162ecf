"""A notebook runs with our own kernel and known parameters; a failed cell shows no value; nothing private stays."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from vunki_eval.errors import BuildError, UsageError
from vunki_eval.publish.engine import run_notebook, strip
from vunki_eval.publish.engine.parameters import parameter_names


def write(folder: Path, *sources: str) -> Path:
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell('event: str = "a"  # which\nlanguage = "et"')]
    notebook.cells[0].metadata.tags = ["parameters"]
    notebook.cells += [nbformat.v4.new_code_cell(s) for s in sources]
    notebook.metadata.kernelspec = {"name": "no-such-kernel", "display_name": "x", "language": "python"}
    path = folder / "n.ipynb"
    nbformat.write(notebook, path)
    return path


def run(folder: Path, path: Path, **parameters: str) -> nbformat.NotebookNode:
    return run_notebook(path, parameters, cwd=folder, results=folder / "results.json", private=folder)


def test_runs_in_this_python_with_the_prepared_results_and_is_stripped(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    path = write(tmp_path, "import os, sys\nprint(event, language, sys.executable)\nprint(os.environ['VUNKI_RESULTS'])")
    done = run_notebook(
        path, {"event": "b"}, cwd=tmp_path, results=tmp_path / "results.json", private=tmp_path / "private"
    )

    text = done.cells[-1].outputs[0].text
    assert text.split()[:3] == ["b", "et", sys.executable]
    assert text.split()[3] == str(tmp_path / "results.json")
    assert "papermill" not in done.metadata
    assert all("papermill" not in c.metadata and "execution" not in c.metadata for c in done.cells)
    assert done.metadata.kernelspec.name == "python3"
    ids = [c.id for c in done.cells]
    assert "injected-2" in ids


def test_unknown_parameter_is_refused_before_anything_runs(tmp_path: Path) -> None:
    path = write(tmp_path)
    with pytest.raises(UsageError, match=r"no parameter 'evnet'.*event, language"):
        run(tmp_path, path, evnet="b")


def test_parameter_names_see_annotated_and_plain_assignments(tmp_path: Path) -> None:
    assert parameter_names(nbformat.read(write(tmp_path), as_version=4), "n.ipynb") == {"event", "language"}


def test_failed_cell_is_named_without_its_value(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    path = write(tmp_path, "1", "raise KeyError('secret-answer')")
    with pytest.raises(BuildError) as caught:
        run_notebook(path, {}, cwd=tmp_path, results=tmp_path / "r.json", private=tmp_path / "private")
    message = str(caught.value)
    assert "n.ipynb:cell 3" in message
    assert "KeyError" in message
    assert "secret" not in message


def test_strip_is_idempotent(tmp_path: Path) -> None:
    notebook = nbformat.read(write(tmp_path), as_version=4)
    notebook.metadata.papermill = {"input_path": "/a/b"}
    once = json.dumps(strip(notebook), sort_keys=True)
    assert json.dumps(strip(notebook), sort_keys=True) == once
    assert "/a/b" not in once


@pytest.mark.slow
def test_standard_kernels_in_one_folder_do_not_meet(tmp_path: Path) -> None:
    """Each has sockets of its own: two at a time, one after another, and none left behind."""
    path = write(tmp_path, "import time; time.sleep(1); print(event)")

    def one(name: str) -> str:
        private = tmp_path / f"private {name}"
        private.mkdir()
        options = {"cwd": tmp_path, "results": tmp_path / "r.json", "private": private, "engine": "standard"}
        return run_notebook(path, {"event": name}, **options).cells[-1].outputs[0].text

    script = "import sys; sys.path.insert(0, sys.argv[1])\nfrom pathlib import Path\n"
    script += "from vunki_eval.publish.engine import run_notebook\nd = Path(sys.argv[2])\n"
    script += "(d / 'other').mkdir()\n"
    script += "n = run_notebook(d / 'n.ipynb', {'event': 'z'}, cwd=d, results=d / 'r.json', private=d / 'other',"
    script += " engine='standard')\nprint(n.cells[-1].outputs[0].text)"
    root = Path(__file__).resolve().parents[3]
    other = subprocess.Popen(
        [sys.executable, "-c", script, str(root), str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert [one("x"), one("y")] == ["x\n", "y\n"]
    output, _ = other.communicate(timeout=600)
    assert output.strip() == "z"
    assert {p.name for p in tmp_path.iterdir()} == {"n.ipynb", "private x", "private y", "other"}


def test_what_our_own_error_says_can_be_translated(tmp_path: Path) -> None:
    fault = "Problem('pre.csv', 3, '', M_('The file is empty.'), NOTHING, 'VE-311')"
    cell = f"from vunki_eval.errors import *\nraise InputError({fault})"
    with pytest.raises(BuildError) as caught:
        run(tmp_path, write(tmp_path, cell))
    (problem,) = caught.value.problems
    assert problem.problem == "The notebook stopped with InputError. pre.csv:3: The file is empty. [VE-311]"
    assert problem.text("et") == (
        "n.ipynb:lahter 2: Märkmik peatus veaga InputError. pre.csv:3: Fail on tühi. [VE-311] "
        "Käivitage see JupyterLabis käsitsi, siis näete kohta. [VE-401]"
    )
