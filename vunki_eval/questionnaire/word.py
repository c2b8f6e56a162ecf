"""Write the questionnaire as a Word document that can be adapted by hand; needs the extra ``docx``."""

import datetime
import importlib
from collections.abc import Sequence
from typing import Any

from vunki_eval.errors import M_, Problem, UsageError
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.theme import THEME
from vunki_eval.questionnaire.print_layout import Block, paper_form
from vunki_eval.results.blocks import Cover

BOX, LINE = "☐", "_" * 70
MARGIN = 19.0  # mm, left and right
TEXT_WIDTH = (210 - 2 * MARGIN) * 72 / 25.4  # points
NARROW, BROAD = 21.0, 46.0  # points: least width of a column of numbers, and of a column of labels
LETTER, PADDING = 5.4, 11.0  # points: width of a letter in a column head, and of the cell's padding
QUESTION_SHARE = 0.28  # of the width, at least
UNDATED = datetime.date(2020, 1, 1)  # date of all entries of the file, so that the same form gives the same bytes


def word_document(instrument: Instrument, wave: str, language: str, consent: Sequence[str]) -> bytes:
    """Return the content of the ``.docx`` file.

    Parameters
    ----------
    instrument : Instrument
    wave, language : str
    consent : sequence of str
        Paragraphs shown before the first question.

    Raises
    ------
    UsageError
        If python-docx is not installed.
    """
    try:
        docx = importlib.import_module("docx")
    except ImportError:
        problem = M_("Word documents need the package python-docx.")
        hint = M_('Install it with: pip install "vunki-eval[docx]", or choose --to pdf.')
        raise UsageError(Problem("", 0, "--to", problem, hint, "VE-121")) from None
    from docx.shared import Mm

    from vunki_eval.report.render.docx import look, package

    form = paper_form(instrument, wave, language, consent)
    page = docx.Document()
    title = f"{form['title']}: {form['wave']}"
    cover = Cover(title, "", language, "", (), (), "", "", "", "", {})
    look.set_up(page, cover, THEME)
    section = page.sections[0]
    section.different_first_page_header_footer = False
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin = section.bottom_margin = Mm(20)
    package.describe(page, cover, UNDATED)
    _write(page, form)
    package.embed_faces(page, THEME)
    return package.saved(page, UNDATED)


def _write(page: Any, form: dict[str, Any]) -> None:
    texts = form["words"]
    page.add_heading(form["title"], 1)
    page.add_paragraph(form["wave"], style="Lead")
    if form["draft"]:
        page.add_paragraph(texts["draft"], style="Note")
    if form["consent"] or form["agree"]:
        page.add_heading(texts["before_you_answer"], 2)
    for paragraph in form["consent"]:
        page.add_paragraph(paragraph)
    _blocks(page, form["agree"], texts)
    if form["code"]:
        page.add_heading(texts["code_title"], 2)
        page.add_paragraph(texts["code_intro"])
        _blocks(page, form["code"], texts)
    page.add_heading(texts["questions"], 2)
    _blocks(page, form["blocks"], texts)
    page.add_paragraph(texts["thanks"])
    if form["own_code"]:
        page.add_page_break()
        page.add_heading(texts["code_card"], 2)
        page.add_paragraph(texts["code_card_intro"])
        _blocks(page, form["code"], texts)


def _blocks(page: Any, blocks: Sequence[Block], texts: dict[str, str]) -> None:
    for block in blocks:
        if block["kind"] == "grid":
            _grid(page, block, texts)
        else:
            _question(page, block, texts)


def _question(page: Any, block: Block, texts: dict[str, str]) -> None:
    number = f"{block['number']}. " if "number" in block else ""
    _question_text(page, f"{number}{block['text']}", block["code"])
    if block["kind"] == "choice":
        instruction = texts["choose_many"] if block["many"] else texts["choose_one"]
        _line(page, " ".join(t for t in (block["ends"], instruction) if t), hint=True)
        _line(page, _boxes(block["options"]), ends=not block["missing"])
    elif block["kind"] == "number":
        _line(page, f"{'_' * 12}  {block['hint']}", ends=not block["missing"])
    elif block["kind"] == "letter":
        _line(page, " ".join(["____"] * block["boxes"]), ends=not block["missing"])
    else:
        for lines_left in reversed(range(block["lines"])):
            _line(page, LINE, ends=not lines_left and not block["missing"])
    if block["missing"]:
        _line(page, f"{texts['or_leave']}  {_boxes(block['missing'])}", hint=True, ends=True)


def _boxes(options: Sequence[str]) -> str:
    """Join boxes and answers; no-break spaces keep each box on one line with its answer."""
    return "     ".join(f"{BOX}\u00a0" + option.replace(" ", "\u00a0") for option in options)


def _question_text(page: Any, text: str, code: str = "") -> None:
    from docx.shared import Pt

    paragraph = page.add_paragraph(style="Caption")
    paragraph.add_run(text)
    if code:
        code_run = paragraph.add_run(f"  ({code})")
        code_run.bold, code_run.font.size = False, Pt(9)


def _line(page: Any, text: str, *, hint: bool = False, ends: bool = False) -> None:
    """Add a line of a question and keep it on one page with the next line, unless the question ends here."""
    paragraph = page.add_paragraph(text, style="Note" if hint else "Cell")
    paragraph.paragraph_format.keep_with_next = not ends


def _grid(page: Any, block: Block, texts: dict[str, str]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    from vunki_eval.report.render.docx.tables import frame, header_row, new_row

    _question_text(page, block["stem"])
    _line(page, " ".join(t for t in (texts["one_per_row"], block["ends"]) if t), hint=True)
    labels = [*block["heads"], *block["missing"]]
    table = page.add_table(rows=0, cols=len(labels) + 1)
    frame(table, _columns(block), THEME, described=block["stem"])
    header_row(table, THEME, [("", "", "left"), *((text, "", "left") for text in labels)])
    for row in block["rows"]:
        cells = new_row(table)
        cells[0].paragraphs[0].add_run(f"{row['number']}. {row['text']} ({row['code']})")
        for cell in cells[1:]:
            cell.paragraphs[0].add_run(BOX)
    for row in table.rows:
        for cell in row.cells[1:]:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _columns(block: Block) -> list[float]:
    """Share out the width (points): a least share for the question, then room for the longest word of each head."""
    labels = [*block["heads"], *block["missing"]]
    least = [NARROW if block["narrow"] else BROAD] * len(block["heads"]) + [BROAD] * len(block["missing"])
    wanted = [
        max(LETTER * max(map(len, label.split()), default=0) + PADDING - width, 0)
        for label, width in zip(labels, least, strict=True)
    ]
    spare = max(TEXT_WIDTH * (1 - QUESTION_SHARE) - sum(least), 0)
    share = min(spare / sum(wanted), 1) if sum(wanted) else 0
    columns = [width + extra * share for width, extra in zip(least, wanted, strict=True)]
    return [max(TEXT_WIDTH - sum(columns), TEXT_WIDTH / 4), *columns]
