"""Turn an executed notebook into the bytes of a report, without starting nbconvert and without writing a file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vunki_eval.errors import M_, BuildError, Problem
from vunki_eval.project.theme import THEME, Theme
from vunki_eval.report.render.formats import FORMATS
from vunki_eval.report.render.notebook import Document, read_notebook


def export_notebook(
    notebook: Mapping[str, Any], fmt: str, *, results_path: str | Path | None = None, theme: Theme = THEME
) -> bytes:
    """Render an executed notebook as a report.

    Parameters
    ----------
    notebook : Mapping
        The notebook node (nbformat 4).
    fmt : str
        A key of `FORMATS`: "pdf" (PDF/A-3a and PDF/UA-1), "html" (one file, UTF-8) or "docx" (Word; needs python-docx).
    results_path : str or Path, optional
        ``results.json`` to attach to a PDF, so that it carries its own numbers; nothing is attached by default.
    theme : Theme
        Colours and typefaces.

    Raises
    ------
    BuildError
        If a cell failed, a picture has no alt text, or there is nothing to show.
    """
    return export_document(read_notebook(notebook), fmt, results_path=results_path, theme=theme)


def export_document(
    document: Document, fmt: str, *, results_path: str | Path | None = None, theme: Theme = THEME
) -> bytes:
    """Render a document that has been read already; see `export_notebook`."""
    if fmt not in FORMATS:
        hint = M_("Formats: {formats}.", formats=", ".join(FORMATS))
        raise BuildError(Problem("", 0, fmt, M_("There is no such format."), hint, "VE-431"))
    return FORMATS[fmt].write(document, _results(results_path), theme)


def find_results(folder: Path) -> Path | None:
    """Look for ``results.json`` in the notebook's folder and in the one above, where a build puts it."""
    return next((path for path in (folder / "results.json", folder.parent / "results.json") if path.is_file()), None)


def theme_near(folder: str | Path) -> Theme:
    """Return the theme of the project that holds a folder; the default theme outside any project."""
    from vunki_eval.errors import UsageError
    from vunki_eval.project.project import find_project, load_project

    try:
        root = find_project(Path(folder))
    except UsageError:
        return THEME
    return load_project(root).theme


def _results(path: str | Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        content = Path(path).read_bytes()
        json.loads(content)
    except (OSError, ValueError):
        problem = Problem(str(path), 0, "", M_("The results cannot be read."), M_("Build the report again."), "VE-432")
        raise BuildError(problem) from None
    return content
