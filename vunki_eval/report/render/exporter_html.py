"""``jupyter nbconvert --to vunki-html``: an executed report notebook as one HTML file."""

from typing import Any

from nbconvert.exporters import Exporter

from vunki_eval.report.render.export import export_notebook, theme_near


class VunkiHTMLExporter(Exporter):
    """Write an executed report notebook as one page that loads nothing from any address."""

    export_from_notebook = "Vunki report (HTML)"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[str, Any]:  # type: ignore[override]
        """Return the page and nbconvert's resources."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        folder = resources.get("metadata", {}).get("path") or "."
        return export_notebook(notebook, "html", theme=theme_near(folder)).decode("utf-8"), resources
