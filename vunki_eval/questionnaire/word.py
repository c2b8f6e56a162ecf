"""The questionnaire as a Word document, for those who adapt it by hand; needs the extra ``docx``."""

import datetime
import importlib
from collections.abc import Sequence
from typing import Any

from vunki_eval.errors import Problem, UsageError
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.theme import THEME
from vunki_eval.questionnaire.print_layout import Block, paper_form
from vunki_eval.results.blocks import Cover

BOX, LINE = "☐", "_" * 70
SIDE = 19.0  # mm
ROOM = (210 - 2 * SIDE) * 72 / 25.4  # points
NARROW, BROAD = 21.0, 46.0
LETTER, PAD = 5.4, 11.0  # of a head's words
ASKED = 0.28  # of the width, at least
UNDATED = datetime.date(2020, 1, 1)  # entries of the file carry it, so that the same form is the same bytes


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
        hint = 'Install it with: pip install "vunki-eval[docx]", or choose --to pdf.'
        raise UsageError(Problem("", 0, "--to", problem, hint, "VE-121")) from None
    from docx.shared import Mm

    from vunki_eval.report.render.docx import look, package

    form = paper_form(instrument, wave, language, consent)
    page = docx.Document()
    title = f"{form['title']}: {form['wave']}"
    cover = Cover(title, "", language, "", (), (), "", "", "", "", {})
    look.set_up(page, cover, THEME)
    sheet = page.sections[0]
    sheet.different_first_page_header_footer = False
    sheet.left_margin = sheet.right_margin = Mm(SIDE)
    sheet.top_margin = sheet.bottom_margin = Mm(20)
    package.describe(page, cover, UNDATED)
    _write(page, form)
    package.embed_faces(page, THEME)
    return package.saved(page, UNDATED)


def _write(page: Any, form: dict[str, Any]) -> None:
    words = form["words"]
    page.add_heading(form["title"], 1)
    page.add_paragraph(form["wave"], style="Lead")
    if form["draft"]:
        page.add_paragraph(words["draft"], style="Note")
    if form["consent"] or form["agree"]:
        page.add_heading(words["before_you_answer"], 2)
    for paragraph in form["consent"]:
        page.add_paragraph(paragraph)
    _blocks(page, form["agree"], words)
    if form["code"]:
        page.add_heading(words["code_title"], 2)
        page.add_paragraph(words["code_intro"])
        _blocks(page, form["code"], words)
    page.add_heading(words["questions"], 2)
    _blocks(page, form["blocks"], words)
    page.add_paragraph(words["thanks"])
    if form["own_code"]:
        page.add_page_break()
        page.add_heading(words["code_card"], 2)
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
    _asked(page, f"{number}{block['text']}", block["code"])
    if block["kind"] == "choice":
        said = words["choose_many"] if block["many"] else words["choose_one"]
        _line(page, " ".join(t for t in (block["ends"], said) if t), hint=True)
        _line(page, _boxes(block["options"]), ends=not block["missing"])
    elif block["kind"] == "number":
        _line(page, f"{'_' * 12}  {block['hint']}", ends=not block["missing"])
    elif block["kind"] == "letter":
        _line(page, " ".join(["____"] * block["boxes"]), ends=not block["missing"])
    else:
        for left in reversed(range(block["lines"])):
            _line(page, LINE, ends=not left and not block["missing"])
    if block["missing"]:
        _line(page, f"{words['or_leave']}  {_boxes(block['missing'])}", hint=True, ends=True)


def _boxes(options: Sequence[str]) -> str:
    """Write boxes with their answers; a box never stands at a line's end without its answer."""
    return "     ".join(f"{BOX}\u00a0" + option.replace(" ", "\u00a0") for option in options)


def _asked(page: Any, text: str, code: str = "") -> None:
    from docx.shared import Pt

    head = page.add_paragraph(style="Caption")
    head.add_run(text)
    if code:
        mark = head.add_run(f"  ({code})")
        mark.bold, mark.font.size = False, Pt(9)


def _line(page: Any, text: str, *, hint: bool = False, ends: bool = False) -> None:
    """Add a line of a question, which stays with the next one until the question ends."""
    paragraph = page.add_paragraph(text, style="Note" if hint else "Cell")
    paragraph.paragraph_format.keep_with_next = not ends


def _grid(page: Any, block: Block, words: dict[str, str]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    from vunki_eval.report.render.docx.tables import frame, head_row, new_row

    _asked(page, block["stem"])
    _line(page, " ".join(t for t in (words["one_per_row"], block["ends"]) if t), hint=True)
    heads = [*block["heads"], *block["missing"]]
    table = page.add_table(rows=0, cols=len(heads) + 1)
    frame(table, _columns(block), THEME, described=block["stem"])
    head_row(table, THEME, [("", "", "left"), *((text, "", "left") for text in heads)])
    for row in block["rows"]:
        cells = new_row(table)
        cells[0].paragraphs[0].add_run(f"{row['number']}. {row['text']} ({row['code']})")
        for cell in cells[1:]:
            cell.paragraphs[0].add_run(BOX)
    for row in table.rows:
        for cell in row.cells[1:]:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _columns(block: Block) -> list[float]:
    """Share the width: at least its part for what is asked, then room for the longest words of the heads."""
    heads = [*block["heads"], *block["missing"]]
    least = [NARROW if block["narrow"] else BROAD] * len(block["heads"]) + [BROAD] * len(block["missing"])
    wanted = [
        max(LETTER * max(map(len, head.split()), default=0) + PAD - w, 0) for head, w in zip(heads, least, strict=True)
    ]
    spare = max(ROOM * (1 - ASKED) - sum(least), 0)
    share = min(spare / sum(wanted), 1) if sum(wanted) else 0
    columns = [w + more * share for w, more in zip(least, wanted, strict=True)]
    return [max(ROOM - sum(columns), ROOM / 4), *columns]
