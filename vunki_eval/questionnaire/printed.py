"""The questionnaire on paper: a tagged PDF with boxes to mark, typeset by Typst from fixed templates."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vunki_eval.errors import M_, Problem
from vunki_eval.project.instrument import Instrument
from vunki_eval.questionnaire.print_layout import card_sheet, paper_form
from vunki_eval.report.render.pdf.forms import form_pdf

_TEMPLATES = Path(__file__).parent / "typst"


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
    def fault(reason: str) -> Problem:
        problem = M_("Typst could not typeset the questionnaire: {reason}.", reason=reason)
        return Problem("", 0, wave, problem, M_("Report this and attach the instrument."), "VE-422")

    return form_pdf(_TEMPLATES / template, form, language, fault)
