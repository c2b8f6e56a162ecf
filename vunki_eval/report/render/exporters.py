"""``jupyter nbconvert --to vunki-pdf``, ``vunki-html``, ``vunki-docx``: an executed report notebook as a document."""

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from traitlets import Unicode

from vunki_eval.report.render.export import export_notebook, find_results, theme_near


class VunkiExporter(Exporter):
    """Write an executed report notebook as a document of the project's looks; no TeX, no browser, no network."""

    fmt: str
    """A key of `vunki_eval.report.render.formats.FORMATS`."""

    def _file_extension_default(self) -> str:
        return f".{self.fmt}"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """Return the document, bytes or text, and nbconvert's resources."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        folder = resources.get("metadata", {}).get("path") or "."
        results = self.results(Path(folder).resolve())
        document = export_notebook(notebook, self.fmt, results_path=results, theme=theme_near(folder))
        # nbconvert writes text where a kind of document is text
        return document.decode("utf-8") if self.output_mimetype.startswith("text/") else document, resources

    def results(self, folder: Path) -> Path | None:
        """Return the path of the numbers that the document carries; most carry none."""
        return None


class VunkiPDFExporter(VunkiExporter):
    """Set an executed report notebook as PDF/A-3a and PDF/UA-1 with Typst."""

    fmt = "pdf"
    export_from_notebook = "Vunki report (PDF)"
    output_mimetype = "application/pdf"

    results_path = Unicode(
        "", help="results.json to attach; when empty, the one in the notebook's folder or in the one above"
    ).tag(config=True)

    def results(self, folder: Path) -> Path | None:
        """Return the path of the results to attach."""
        return Path(self.results_path) if self.results_path else find_results(folder)


class VunkiHTMLExporter(VunkiExporter):
    """Write an executed report notebook as one page that loads nothing from any address."""

    fmt = "html"
    export_from_notebook = "Vunki report (HTML)"
    output_mimetype = "text/html"


class VunkiDOCXExporter(VunkiExporter):
    """Write an executed report notebook as a Word document that people can comment on."""

    fmt = "docx"
    export_from_notebook = "Vunki report (Word)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
