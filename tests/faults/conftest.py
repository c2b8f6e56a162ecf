"""A project whose notebook is small: real data, real results, one section; and the program run as users run it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

SECTION = """from vunki_eval.results.blocks import Section, paragraph
n = [row["n"] for row in results.flow.to_dict("records") if row["step"] == "usable_pre"]
Section("counts", "Counts", (paragraph(f"{len(results.estimates)} numbers in {language}, {n} answers."),))"""

Run = Callable[..., subprocess.CompletedProcess[str]]


def write_notebook(root: Path, *extra: str) -> None:
    """Write the small notebook; ``extra`` cells come before the section."""
    notebook = nbformat.v4.new_notebook()
    first = nbformat.v4.new_code_cell('event = "2020-antsla"\nlanguage = "et"')
    first.metadata.tags = ["parameters"]
    sources = ["import vunki_eval as ve\nresults = ve.evaluate(event=event)", *extra, SECTION]
    notebook.cells = [first, *(nbformat.v4.new_code_cell(s) for s in sources)]
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    (root / "notebooks").mkdir(exist_ok=True)
    nbformat.write(notebook, root / "notebooks" / "event_report.ipynb")


@pytest.fixture
def project(shipped_project: Path, tmp_path: Path) -> Path:
    """Both shipped events with the small notebook."""
    root = tmp_path / "väike projekt"
    shutil.copytree(shipped_project / "surveys", root / "surveys")
    write_notebook(root)
    return root


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "vunki_eval", *words]


@pytest.fixture
def vunki(project: Path) -> Run:
    """Run the program in the project."""

    def run(*words: str, cwd: Path = project, **settings: str) -> subprocess.CompletedProcess[str]:
        env = os.environ | settings
        return subprocess.run(command(*words), cwd=cwd, env=env, capture_output=True, text=True, timeout=600)

    return run


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def hidden(folder: Path) -> list[str]:
    return [p.name for p in folder.rglob("*") if p.name.startswith(".")]
