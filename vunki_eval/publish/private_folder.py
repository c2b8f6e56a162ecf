"""The private folder of an event: what an evaluator needs and nobody else may see."""

from pathlib import Path

from vunki_eval.project.project import Project
from vunki_eval.publish.store import refuse_link


def private_folder(project: Project, event: str) -> Path:
    """Make ``checks/<event>/``, which only its owner may open."""
    folder = project.checks / event
    for private in (project.checks, folder):
        refuse_link(private)
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
        private.chmod(0o700)
    return folder


def failed_notebook(project: Project, event: str, language: str) -> Path:
    """Say where a notebook that failed is kept for its author."""
    return private_folder(project, event) / f"failed.{language}.ipynb"


def clear_failed(project: Project, event: str) -> None:
    """Remove what an earlier run has left of failed notebooks: they hold whatever their cells were about to say."""
    folder = project.checks / event
    if not folder.is_symlink():
        for path in folder.glob("failed.*.ipynb"):
            path.unlink(missing_ok=True)
