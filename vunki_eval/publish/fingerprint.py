"""Content keys: a report is up to date if the contents of all its inputs are the same. Dates and sizes do not count."""

import functools
import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

from vunki_eval.errors import M_, InputError, Problem
from vunki_eval.project.file_names import composed, files_below, is_leftover, on_disk
from vunki_eval.project.locate import HERE, notebook
from vunki_eval.project.project import Project
from vunki_eval.project.version import installed_versions

WHOLE = "project"
NOTEBOOKS = {True: "final_report.ipynb", False: "event_report.ipynb"}
# Packages that results or pages may depend on: their versions are part of every key and of the manifest.
PACKAGES = (
    "babel", "ipykernel", "matplotlib", "mistune", "nbclient", "nbconvert", "networkx", "numpy", "openpyxl", "pandas",
    "papermill", "pydantic", "pyreadstat", "python-calamine", "python-docx", "scipy", "seaborn", "typst",
)  # fmt: skip


def notebook_of(project: Project, event: str) -> Path:
    """Find the notebook of an event's report, or of the end-of-project report."""
    return notebook(project.root, NOTEBOOKS[event == WHOLE])


def sha256(path: Path) -> str:
    """Hash a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def survey_files(project: Project, event: str) -> list[Path]:
    """List every visible file below ``surveys/`` that the report of an event, or of the project, may depend on."""
    files = files_below(project.surveys / event if event != WHOLE else project.surveys)
    if event != WHOLE:
        files += [p for p in project.surveys.iterdir() if p.is_file() and not is_leftover(p)]
    return sorted({p for p in files if not any(part.startswith(".") for part in p.relative_to(project.root).parts)})


def input_files(project: Project, event: str) -> dict[str, Path]:
    """Map the name of every input file in the manifest to its path."""
    style = [on_disk(project.surveys / name) for name in project.config.style.files]
    files = {composed(p.relative_to(project.root).as_posix()): p for p in (*survey_files(project, event), *style)}
    source = notebook_of(project, event)
    return files | {f"notebooks/{source.name}": source}


def unit_key(project: Project, event: str) -> str:
    """Hash everything that results and pages of an event depend on: code, package versions and input files."""
    lines = [f"code {code_digest()}"]
    lines += [f"{name} {number}" for name, number in package_versions().items()]
    lines += [f"{path} {sha256(file)}" for path, file in input_files(project, event).items()]
    return digest_of(lines)


def require_same(project: Project, event: str, key: str) -> None:
    """Refuse to go on if the inputs of a report have changed.

    Raises
    ------
    InputError
        If the key is no longer the same.
    """
    if unit_key(project, event) != key:
        problem = M_("A file of the project changed while the report was being made.")
        raise InputError(Problem(f"surveys/{event}", 0, "", problem, M_("Run the command again."), "VE-303"))


def digest_of(lines: Iterable[str]) -> str:
    """Hash lines of text."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@functools.lru_cache(1)
def code_digest() -> str:
    """Hash the package's own files: code, templates, catalogues, fonts."""
    files = filter(_is_own_file, files_below(HERE))
    return digest_of(f"{p.relative_to(HERE).as_posix()} {sha256(p)}" for p in files)


def package_versions() -> dict[str, str]:
    """List the versions of Python and of the packages that results depend on."""
    return {"python": ".".join(map(str, sys.version_info[:3]))} | installed_versions(PACKAGES)


def _is_own_file(path: Path) -> bool:
    parts = path.relative_to(HERE).parts
    return "__pycache__" not in parts and parts[0] != "_data" and path.suffix != ".pyc"
