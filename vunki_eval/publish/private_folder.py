"""The private folder of an event, for files that the evaluator needs and nobody else may see."""

from pathlib import Path

from vunki_eval.project.project import Project
from vunki_eval.publish.store import refuse_link


def private_folder(project: Project, event: str) -> Path:
    """Create ``checks/<event>/``, which only its owner may open, and return its path."""
    folder = project.checks / event
    for path in (project.checks, folder):
        refuse_link(path)
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)  # a folder that was already there may be open to others
    return folder


def failed_notebook(project: Project, event: str, language: str) -> Path:
    """Return the path at which a failed notebook is left for its author."""
    return private_folder(project, event) / f"failed.{language}.ipynb"


def clear_failed(project: Project, event: str) -> None:
    """Remove failed notebooks of earlier runs, since the outputs of their cells may hold answers."""
    folder = project.checks / event
    if not folder.is_symlink():
        for path in folder.glob("failed.*.ipynb"):
            path.unlink(missing_ok=True)
