"""Forms and papers as tagged PDF, set by Typst from fixed templates; the same data gives the same bytes."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vunki_eval.errors import BuildError, Problem
from vunki_eval.project.theme import THEME
from vunki_eval.report.render.pdf.glyphs import breakable, drawable, fonts

COLOURS = ("ink", "muted", "hair", "tint", "after")
REGIONS = {"et": "EE", "vro": "EE", "en": "GB"}


def form_pdf(template: Path, form: dict[str, Any], language: str, fault: Callable[[str], Problem]) -> bytes:
    """Return a PDF (PDF/UA-1, as Typst enforces it) without a date.

    Parameters
    ----------
    template : Path
        Reads ``form.json`` beside it: the texts, ``lang`` and ``region``, and the colours below ``theme``.
    form : dict
        The texts; what the typefaces lack is replaced, and long words may break.
    language : str
    fault : callable
        Makes the message from Typst's reason.

    Raises
    ------
    BuildError
        If Typst cannot set it.
    """
    import typst

    place = {"lang": language.split("-")[0], "region": REGIONS.get(language)}
    data = _printable(form) | place | {"theme": {name: getattr(THEME, name) for name in COLOURS}}
    with tempfile.TemporaryDirectory(prefix="vunki-") as folder:
        root = Path(folder)
        (root / "form.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (root / template.name).write_bytes(template.read_bytes())
        compiler = typst.Compiler(str(root / template.name), root=str(root), font_paths=fonts())
        try:
            pdf: Any = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
        except typst.TypstError as error:
            reason = str(getattr(error, "message", error)).replace(folder, "").rstrip(".")
            raise BuildError(fault(reason)) from None
    return bytes(pdf)


def _printable(data: Any) -> Any:
    if isinstance(data, str):
        return breakable(drawable(data))
    if isinstance(data, list):
        return [_printable(part) for part in data]
    return {k: _printable(v) for k, v in data.items()} if isinstance(data, dict) else data
