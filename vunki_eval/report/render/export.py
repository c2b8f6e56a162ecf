"""Turn an executed notebook into the bytes of a report, without starting nbconvert and without writing a file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vunki_eval.errors import BuildError, Problem
from vunki_eval.project.theme import THEME, Theme
from vunki_eval.report.render.notebook import Document, read_notebook

FORMATS = ("pdf", "html", "docx")


def export_notebook(
    notebook: Mapping[str, Any], fmt: str, *, results_path: str | Path | None = None, theme: Theme = THEME
) -> bytes:
    """Render an executed notebook as a report.

    Parameters
    ----------
    notebook : Mapping
        The notebook node (nbformat 4).
    fmt : str
        "pdf" (PDF/A-3a and PDF/UA-1), "html" (one file, UTF-8) or "docx" (Word; needs python-docx).
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
    if fmt == "html":
        from vunki_eval.report.render.html.webpage import document_html

        return document_html(document, theme=theme).encode("utf-8")
    if fmt == "pdf":
        from vunki_eval.report.render.pdf.typeset import document_pdf

        return document_pdf(document, results=_results(results_path), theme=theme)
    if fmt == "docx":
        from vunki_eval.report.render.docx.build import document_docx

        return document_docx(document, theme=theme)
    raise BuildError(Problem("", 0, fmt, "There is no such format.", f"Formats: {', '.join(FORMATS)}.", "VE-431"))


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
        problem = Problem(str(path), 0, "", "The results cannot be read.", "Build the report again.", "VE-432")
        raise BuildError(problem) from None
    return content
