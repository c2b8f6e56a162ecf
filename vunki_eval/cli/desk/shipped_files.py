"""Copy shipped files: notebooks with the project's own event and language as defaults, the demonstration project."""

import json
import re
import shutil
from pathlib import Path

from vunki_eval.project.locate import shipped
from vunki_eval.publish.files import whole_folder, write_whole


def copy_notebooks(folder: Path, *, event: str, language: str) -> None:
    """Copy the shipped notebooks into a new folder.

    Parameters
    ----------
    folder : Path
        New or empty.
    event, language : str
        Defaults for the cell of parameters.
    """
    # The notebook on reuse is for researchers and brings its own instrument, so it is not copied.
    unwanted = shutil.ignore_patterns(".*", "__pycache__", "reuse*")
    with whole_folder(folder) as work:
        shutil.copytree(shipped("notebooks"), work, ignore=unwanted, dirs_exist_ok=True)
        _set_defaults(work, event, language)


def _set_defaults(folder: Path, event: str, language: str) -> None:
    for path in folder.glob("*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if "parameters" in cell.get("metadata", {}).get("tags", ()):
                source = "".join(cell["source"])
                for name, value in (("event", event), ("language", language)):
                    source = re.sub(rf'^({name}: str = )"[^"]*"', rf'\1"{value}"', source, flags=re.MULTILINE)
                cell["source"] = source.splitlines(keepends=True)
        write_whole(path, json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")


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
