"""``jupyter nbconvert --to vunki-pdf``, ``vunki-html``, ``vunki-docx``: an executed report notebook as a document."""

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from traitlets import Unicode

from vunki_eval.report.render.export import export_notebook, find_results, theme_near


class VunkiPDFExporter(Exporter):
    """Set an executed report notebook as PDF/A-3a and PDF/UA-1 with Typst; no TeX, no browser, no network."""

    export_from_notebook = "Vunki report (PDF)"
    output_mimetype = "application/pdf"

    results_path = Unicode(
        "", help="results.json to attach; when empty, the one in the notebook's folder or in the one above"
    ).tag(config=True)

    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[bytes, Any]:  # type: ignore[override]
        """Return the PDF's bytes and nbconvert's resources."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        results = Path(self.results_path) if self.results_path else find_results(Path(_folder(resources)).resolve())
        return export_notebook(notebook, "pdf", results_path=results, theme=theme_near(_folder(resources))), resources


class VunkiHTMLExporter(Exporter):
    """Write an executed report notebook as one page that loads nothing from any address."""

    export_from_notebook = "Vunki report (HTML)"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[str, Any]:  # type: ignore[override]
        """Return the page and nbconvert's resources."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        return export_notebook(notebook, "html", theme=theme_near(_folder(resources))).decode("utf-8"), resources


class VunkiDOCXExporter(Exporter):
    """Write an executed report notebook as a Word document that people can comment on."""

    export_from_notebook = "Vunki report (Word)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def _file_extension_default(self) -> str:
        return ".docx"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[bytes, Any]:  # type: ignore[override]
        """Return the document's bytes and nbconvert's resources."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        return export_notebook(notebook, "docx", theme=theme_near(_folder(resources))), resources


def _folder(resources: Any) -> str:
    return resources.get("metadata", {}).get("path") or "."
