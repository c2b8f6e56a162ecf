"""The private folder of an event, for files that the evaluator needs and nobody else may see."""

from pathlib import Path

from vunki_eval.project.project import Project
from vunki_eval.publish.files import make_folder, refuse_link, remove


def private_folder(project: Project, event: str) -> Path:
    """Create ``checks/<event>/``, which only its owner may open, and return its path."""
    folder = project.checks / event
    for path in (project.checks, folder):
        refuse_link(path)
        make_folder(path, private=True)
    return folder


def failed_notebook(project: Project, event: str, language: str) -> Path:
    """Return the path at which a failed notebook is left for its author."""
    return private_folder(project, event) / f"failed.{language}.ipynb"


def clear_failed(project: Project, event: str) -> None:
    """Remove failed notebooks of earlier runs, since the outputs of their cells may hold answers."""
    folder = project.checks / event
    if not folder.is_symlink():
        for path in folder.glob("failed.*.ipynb"):
            remove(path)
