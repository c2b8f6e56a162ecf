"""The questionnaire as a Word document, for those who adapt it by hand; needs the extra ``docx``."""

import importlib
import io
from collections.abc import Sequence
from typing import Any

from vunki_eval.errors import Problem, UsageError
from vunki_eval.instrument import Instrument
from vunki_eval.questionnaire.paper import Block, paper_form

BOX, LINE = "☐", "_" * 60


def word_document(instrument: Instrument, wave: str, language: str, consent: Sequence[str]) -> bytes:
    """Give the ``.docx`` file.

    Parameters
    ----------
    instrument : Instrument
    wave, language : str
    consent : sequence of str
        Paragraphs that come before the first question.

    Raises
    ------
    UsageError
        If python-docx is not installed.
    """
    try:
        docx = importlib.import_module("docx")
    except ImportError:
        problem = "Word documents need the package python-docx."
        cure = 'Install it with: pip install "vunki-eval[docx]", or choose --to pdf.'
        raise UsageError(Problem("", 0, "--to", problem, cure, "VE-121")) from None
    form = paper_form(instrument, wave, language, consent)
    page = docx.Document()
    page.core_properties.title, page.core_properties.language = f"{form['title']}: {form['wave']}", language
    page.core_properties.author = ""
    _write(page, form)
    out = io.BytesIO()
    page.save(out)
    return out.getvalue()


def _write(page: Any, form: dict[str, Any]) -> None:
    words = form["words"]
    page.add_heading(form["title"], 0)
    page.add_paragraph(form["wave"])
    if form["draft"]:
        page.add_paragraph(words["draft"])
    if form["consent"] or form["agree"]:
        page.add_heading(words["before_you_answer"], 1)
    for paragraph in form["consent"]:
        page.add_paragraph(paragraph)
    _blocks(page, form["agree"], words)
    if form["code"]:
        page.add_heading(words["code_title"], 1)
        page.add_paragraph(words["code_intro"])
        _blocks(page, form["code"], words)
    page.add_heading(words["questions"], 1)
    _blocks(page, form["blocks"], words)
    page.add_paragraph(words["thanks"])
    if form["own_code"]:
        page.add_page_break()
        page.add_heading(words["code_card"], 1)
        page.add_paragraph(words["code_card_intro"])
        _blocks(page, form["code"], words)


def _blocks(page: Any, blocks: Sequence[Block], words: dict[str, str]) -> None:
    for block in blocks:
        if block["kind"] == "grid":
            _grid(page, block, words)
        else:
            _question(page, block, words)


def _question(page: Any, block: Block, words: dict[str, str]) -> None:
    number = f"{block['number']}. " if "number" in block else ""
    head = page.add_paragraph()
    head.paragraph_format.keep_with_next = True
    head.add_run(f"{number}{block['text']}").bold = True
    head.add_run(f"  ({block['code']})")
    if block["kind"] == "choice":
        said = words["choose_many"] if block["many"] else words["choose_one"]
        page.add_paragraph(" ".join(t for t in (block["ends"], said) if t))
        page.add_paragraph("    ".join(f"{BOX} {o}" for o in block["options"]))
    elif block["kind"] == "number":
        page.add_paragraph(f"{'_' * 12}  {block['hint']}")
    elif block["kind"] == "letter":
        page.add_paragraph(" ".join(["____"] * block["boxes"]))
    else:
        for _ in range(block["lines"]):
            page.add_paragraph(LINE)
    if block["missing"]:
        page.add_paragraph(f"{words['or_leave']} " + "    ".join(f"{BOX} {o}" for o in block["missing"]))


def _grid(page: Any, block: Block, words: dict[str, str]) -> None:
    head = page.add_paragraph()
    head.paragraph_format.keep_with_next = True
    head.add_run(block["stem"]).bold = True
    page.add_paragraph(" ".join(t for t in (words["one_per_row"], block["ends"]) if t))
    heads = [*block["heads"], *block["missing"]]
    table = page.add_table(rows=1, cols=len(heads) + 1)
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells[1:], heads, strict=True):
        cell.text = text
    for row in block["rows"]:
        cells = table.add_row().cells
        cells[0].text = f"{row['number']}. {row['text']} ({row['code']})"
        for cell in cells[1:]:
            cell.text = BOX
