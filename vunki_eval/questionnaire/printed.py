"""The questionnaire on paper: a tagged PDF with boxes to mark, typeset by Typst from fixed templates."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vunki_eval.errors import BuildError, Problem
from vunki_eval.project.instrument import Instrument
from vunki_eval.questionnaire.print_layout import card_sheet, paper_form
from vunki_eval.report.render.pdf.glyphs import breakable, drawable, fonts

_TEMPLATES = Path(__file__).parent / "typst"
REGIONS = {"et": "EE", "vro": "EE", "en": "GB"}


def printed_pdf(instrument: Instrument, wave: str, language: str, consent: Sequence[str]) -> bytes:
    """Return a tagged PDF (PDF/UA-1, as Typst enforces it); the same instrument gives the same bytes.

    Parameters
    ----------
    instrument : Instrument
    wave, language : str
    consent : sequence of str
        Paragraphs shown before the first question.
    """
    return _typeset("questionnaire.typ", paper_form(instrument, wave, language, consent), language, wave)


def code_cards(instrument: Instrument, codes: Sequence[str], language: str) -> bytes:
    """Return a PDF of cards to cut out and keep: one per invitation code, or blank ones for self-made codes.

    Parameters
    ----------
    instrument : Instrument
    codes : sequence of str
        Invitation codes in the order of their table; none for an instrument with self-made codes.
    language : str
    """
    return _typeset("cards.typ", card_sheet(instrument, codes, language), language, "")


def _typeset(template: str, form: dict[str, Any], language: str, wave: str) -> bytes:
    import typst

    form = _printable(form) | {"lang": language.split("-")[0], "region": REGIONS.get(language)}
    with tempfile.TemporaryDirectory(prefix="vunki-") as folder:
        root = Path(folder)
        (root / "form.json").write_text(json.dumps(form, ensure_ascii=False), encoding="utf-8")
        (root / template).write_bytes((_TEMPLATES / template).read_bytes())
        compiler = typst.Compiler(str(root / template), root=str(root), font_paths=fonts())
        try:
            pdf: Any = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
        except typst.TypstError as error:
            reason = str(getattr(error, "message", error)).replace(folder, "").rstrip(".")
            problem = f"Typst could not typeset the questionnaire: {reason}."
            hint = "Report this and attach the instrument."
            raise BuildError(Problem("", 0, wave, problem, hint, "VE-422")) from None
    return bytes(pdf)


def _printable(data: Any) -> Any:
    if isinstance(data, str):
        return breakable(drawable(data))
    if isinstance(data, list):
        return [_printable(part) for part in data]
    return {k: _printable(v) for k, v in data.items()} if isinstance(data, dict) else data
