"""``jupyter nbconvert --to vunki-docx``: an executed report notebook as a Word document."""

from typing import Any

from nbconvert.exporters import Exporter

from vunki_eval.report.render.export import export_notebook, theme_near


class VunkiDOCXExporter(Exporter):
    """Write an executed report notebook as a Word document that people can comment on."""

    export_from_notebook = "Vunki report (Word)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def _file_extension_default(self) -> str:
        return ".docx"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[bytes, Any]:  # type: ignore[override]
        """Return the document's bytes and nbconvert's resources."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        folder = resources.get("metadata", {}).get("path") or "."
        return export_notebook(notebook, "docx", theme=theme_near(folder)), resources
