"""The questionnaire on paper: a tagged PDF with boxes to mark, set by Typst from fixed templates."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vunki_eval.document.glyphs import breakable, drawable, fonts
from vunki_eval.errors import BuildError, Problem
from vunki_eval.instrument import Instrument
from vunki_eval.questionnaire.paper import paper_form

_TEMPLATE = Path(__file__).parent / "typst" / "questionnaire.typ"
REGIONS = {"et": "EE", "vro": "EE", "en": "GB"}


def printed_pdf(instrument: Instrument, wave: str, language: str, consent: Sequence[str]) -> bytes:
    """Give the PDF (tagged; PDF/UA-1 as Typst enforces it); the same instrument gives the same bytes.

    Parameters
    ----------
    instrument : Instrument
    wave, language : str
    consent : sequence of str
        Paragraphs that come before the first question.
    """
    import typst

    form = _printable(paper_form(instrument, wave, language, consent))
    form |= {"lang": language.split("-")[0], "region": REGIONS.get(language)}
    with tempfile.TemporaryDirectory(prefix="vunki-") as folder:
        root = Path(folder)
        (root / "form.json").write_text(json.dumps(form, ensure_ascii=False), encoding="utf-8")
        (root / _TEMPLATE.name).write_bytes(_TEMPLATE.read_bytes())
        compiler = typst.Compiler(str(root / _TEMPLATE.name), root=str(root), font_paths=fonts())
        try:
            made: Any = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
        except typst.TypstError as error:
            said = str(getattr(error, "message", error)).replace(folder, "").rstrip(".")
            problem = f"Typst could not set the questionnaire: {said}."
            cure = "Please report this with the instrument."
            raise BuildError(Problem("", 0, wave, problem, cure, "VE-422")) from None
    return bytes(made)


def _printable(data: Any) -> Any:
    if isinstance(data, str):
        return breakable(drawable(data))
    if isinstance(data, list):
        return [_printable(part) for part in data]
    return {k: _printable(v) for k, v in data.items()} if isinstance(data, dict) else data
