"""``jupyter nbconvert --to vunki-pdf``: an executed report notebook as PDF/A-3a and PDF/UA-1."""

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from traitlets import Unicode

from vunki_eval.report.render.export import export_notebook, find_results, theme_near


class VunkiPDFExporter(Exporter):
    """Set an executed report notebook with Typst; no TeX, no browser, no network."""

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
        folder = resources.get("metadata", {}).get("path") or "."
        results = Path(self.results_path) if self.results_path else find_results(Path(folder).resolve())
        return export_notebook(notebook, "pdf", results_path=results, theme=theme_near(folder)), resources
