"""Find the files that ship with the package: in the wheel, or in the repository of an editable install."""

from pathlib import Path

HERE = Path(__file__).resolve().parents[1]  # the package


def shipped(name: str) -> Path:
    """Find the shipped folder ``notebooks`` or ``surveys``.

    Parameters
    ----------
    name : str
        "notebooks" or "surveys".

    Returns
    -------
    Path
        Inside the installed package (wheel), else at the root of the repository (editable install).

    Raises
    ------
    FileNotFoundError
        If the installation is incomplete.
    """
    for folder in (HERE / "_data" / name, HERE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"The installation is incomplete: {name} is missing. Install vunki-eval again.")


def notebook(root: Path, name: str) -> Path:
    """Find a notebook: the project's own, else the shipped one.

    Parameters
    ----------
    root : Path
        The project's folder.
    name : str
        File name, such as ``event_report.ipynb``.
    """
    own = root / "notebooks" / name
    return own if own.is_file() else shipped("notebooks") / name
