"""Copy the synthetic demonstration project to a folder of the user's."""

import shutil
from pathlib import Path

from vunki_eval.project.locate import shipped
from vunki_eval.publish.files import whole_folder


def copy_demo(target: Path) -> Path:
    """Copy the shipped surveys and notebooks into a new or empty folder.

    Raises
    ------
    UsageError
        If the folder is not empty, since nothing is overwritten.
    """
    with whole_folder(target) as work:
        for name in ("surveys", "notebooks"):
            shutil.copytree(shipped(name), work / name, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    return target.resolve()
