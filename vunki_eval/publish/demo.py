"""Copy the synthetic demonstration project to a folder of the user's."""

import shutil
from pathlib import Path

from vunki_eval.errors import Problem, UsageError
from vunki_eval.project.locate import shipped


def copy_demo(target: Path) -> Path:
    """Copy the shipped surveys and notebooks into a new or empty folder.

    Raises
    ------
    UsageError
        If the folder is not empty, since nothing is overwritten.
    """
    if target.is_symlink() or (target.exists() and (not target.is_dir() or any(target.iterdir()))):
        problem = "The folder is not empty."
        raise UsageError(Problem(target.name, 0, "", problem, "Name a new folder.", "VE-104"))
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name in ("surveys", "notebooks"):
            shutil.copytree(shipped(name), target / name, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    except OSError as error:
        problem = f"The folder cannot be written: {error.strerror}."
        raise UsageError(Problem(target.name, 0, "", problem, "Name another folder.", "VE-106")) from None
    return target.resolve()
