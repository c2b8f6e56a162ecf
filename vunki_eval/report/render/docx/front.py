"""The designed pages at the front: cover, page one, contents."""

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from vunki_eval.language.text import plain
from vunki_eval.project.theme import Theme
from vunki_eval.report.render.docx import xml
from vunki_eval.report.render.docx.blocks import WordWriter, in_list, numbered_list, place_name
from vunki_eval.report.render.docx.pictures import add_logo, add_picture
from vunki_eval.report.render.docx.tables import frame, header_row, new_row
from vunki_eval.results.blocks import Cover, Number, PageOne, Section

DOTS = 3  # a full mark


def write_cover(cover: Cover, shown_date: str, writer: WordWriter) -> None:
    """Write the cover: title on the project's colour, facts, who paid and applied, and a place for symbols."""
    width = writer.theme.text_width * 72
    _title(cover, writer, width)
    writer.paragraph("", "Note")
    if cover.facts:
        longest = max(len(value) for value, _ in cover.facts)
        table = writer.document.add_table(rows=0, cols=len(cover.facts))
        frame(table, [width / len(cover.facts)] * len(cover.facts), writer.theme, lined=False)
        for cell, (value, label) in zip(new_row(table), cover.facts, strict=True):
            _big(cell, value, 14 if longest < 13 else 12, writer.theme)
            cell.add_paragraph(plain(label), style="Note")
            cell._tc.get_or_add_tcPr().append(xml.make("w:tcBorders", xml.edge("top", writer.theme.warm, 1.5)))
    writer.paragraph("", "Note")
    if cover.lines:
        table = writer.document.add_table(rows=0, cols=2)
        frame(table, [width * 0.22, width * 0.78], writer.theme, lined=True)
        for label, value in cover.lines:
            cells = new_row(table)
            cells[0].paragraphs[0].add_run(plain(label))
            cells[1].paragraphs[0].add_run(plain(value))
    writer.paragraph("", "Note")
    write_signature(cover, writer)
    table = writer.document.add_table(rows=0, cols=2)
    frame(table, [width * 0.52, width * 0.48], writer.theme, lined=False)
    left, right = new_row(table)
    left.paragraphs[0].add_run(plain(cover.author)).bold = True
    left.add_paragraph(plain(shown_date), style="Note")
    _symbols(right, cover.language, writer)


def write_signature(cover: Cover, writer: WordWriter) -> None:
    """Write the lines that say who signed and when."""
    if not cover.signature:
        return
    width = writer.theme.text_width * 72
    table = writer.document.add_table(rows=0, cols=2)
    frame(table, [width * 0.22, width * 0.4], writer.theme)
    for label, value in cover.signature:
        cells = new_row(table)
        cells[0].paragraphs[0].add_run(plain(label))
        cells[1].paragraphs[0].add_run(plain(value))
    writer.paragraph("", "Note")


def _title(cover: Cover, writer: WordWriter, width: float) -> None:
    """Write the title at the foot of a field in the project's colour."""
    table = writer.document.add_table(rows=0, cols=1)
    frame(table, [width], writer.theme, lined=False)
    (cell,) = new_row(table)
    row = table.rows[0]
    row.height, row.height_rule = Mm(112), WD_ROW_HEIGHT_RULE.AT_LEAST
    properties = cell._tc.get_or_add_tcPr()
    properties.append(xml.shade(writer.theme.after))
    sides = (xml.make(f"w:{side}", w=440, type="dxa") for side in ("top", "left", "bottom", "right"))
    properties.append(xml.make("w:tcMar", *sides))
    properties.append(xml.make("w:vAlign", val="bottom"))
    first = cell.paragraphs[0]
    if cover.draft:
        first.style = "Draft Mark"
        first.add_run(plain(cover.draft).upper())
        first = cell.add_paragraph()
    first.style = "Title"
    first.add_run(plain(cover.title).replace("-", "\u2011"))
    cell.add_paragraph(plain(cover.subtitle), style="Subtitle")


def _symbols(cell: Any, language: str, writer: WordWriter) -> None:
    """Show the project's logos, or reserve a place for the funder's symbols."""
    paragraph = cell.paragraphs[0]
    if writer.theme.logos:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        for logo in writer.theme.logos:
            add_logo(paragraph, logo, language, writer.next("picture"))
        return
    paragraph.style = "Note"
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(22)
    paragraph.add_run(plain(writer.labels["symbols"]))
    line = {"val": "dashed", "sz": 6, "space": 0, "color": writer.theme.muted.lstrip("#")}
    borders = xml.make("w:tcBorders", *(xml.make(f"w:{s}", **line) for s in ("top", "left", "bottom", "right")))
    cell._tc.get_or_add_tcPr().append(borders)


def _big(cell: Any, value: str, size: float, theme: Theme) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = "Big Number"
    paragraph.add_run(plain(value)).font.size = Pt(size)


def write_page_one(block: PageOne, key: str, writer: WordWriter) -> None:
    """Write page one: verdict, numbers, expected results, a chart beside limits and advice, base."""
    first = writer.paragraph(block.labels.get("eyebrow", "").upper(), "Eyebrow")
    first.paragraph_format.page_break_before = True
    verdict = writer.paragraph(block.verdict, "Heading 1")
    verdict.paragraph_format.space_before = 0
    writer.anchor(verdict, key)
    writer.paragraph(block.lead, "Lead")
    _numbers(block.numbers, writer)
    _expected_results(block, writer)
    _beside(block, writer)
    writer.paragraph(block.base, "Note")


def _numbers(numbers: Sequence[Number], writer: WordWriter) -> None:
    if not numbers:
        return
    table = writer.document.add_table(rows=0, cols=len(numbers))
    frame(table, [writer.theme.text_width * 72 / len(numbers)] * len(numbers), writer.theme, lined=False)
    longest = max(len(n.value) for n in numbers)
    for cell, number in zip(new_row(table), numbers, strict=True):
        _big(cell, number.value, 22 if longest < 8 else 16, writer.theme)
        if number.unit:
            cell.paragraphs[0].add_run(f"\u00a0{plain(number.unit)}").font.size = Pt(11)
        cell.add_paragraph(plain(number.label), style="Cell")
        cell.add_paragraph(plain(number.foot), style="Note")


def _expected_results(block: PageOne, writer: WordWriter) -> None:
    if not block.expected_results:
        return
    _eyebrow(block, "results", writer)
    width, labels = writer.theme.text_width * 72, block.labels
    table = writer.document.add_table(rows=0, cols=3)
    frame(table, [width * 0.46, width * 0.32, width * 0.22], writer.theme, described=labels.get("results", ""))
    columns = ("result" if "result" in labels else "results", "status", "strength")
    header_row(table, writer.theme, [(labels.get(key, ""), "", "left") for key in columns])
    for line in block.expected_results:
        cells = new_row(table)
        dots = min(max(line.dots, 0), DOTS)
        cells[0].paragraphs[0].add_run(plain(line.result))
        cells[1].paragraphs[0].add_run(plain(f"{line.mark} {line.status}"))
        cells[2].paragraphs[0].add_run(f"{'●' * dots}{'○' * (DOTS - dots)} {plain(line.strength)}")


def _beside(block: PageOne, writer: WordWriter) -> None:
    """Put the chart to the left of the limits and the advice."""
    writer.paragraph("", "Note").paragraph_format.space_after = 0
    width, chart_width = writer.theme.text_width * 72, writer.theme.chart_width * 72 + 26
    table = writer.document.add_table(rows=0, cols=2 if block.chart else 1)
    frame(table, [chart_width, width - chart_width] if block.chart else [width], writer.theme, lined=False)
    *left, right = new_row(table)
    if block.chart:
        _set_eyebrow(left[0].paragraphs[0], block, "change")
        add_picture(left[0].add_paragraph(style="Cell"), block.chart, chart_width - 26, writer.next("picture"))
        left[0].add_paragraph(plain(block.chart_note), style="Note")
    if block.limits:
        _set_eyebrow(right.paragraphs[0], block, "limits")
        for limit in block.limits:
            right.add_paragraph(plain(limit), style="Short Bullet")
    _advice(right, block, writer)


def _set_eyebrow(paragraph: Any, block: PageOne, key: str) -> None:
    paragraph.style = "Eyebrow"
    paragraph.add_run(plain(block.labels.get(key, "")).upper())


def _advice(cell: Any, block: PageOne, writer: WordWriter) -> None:
    _set_eyebrow(cell.add_paragraph() if block.limits else cell.paragraphs[0], block, "advice")
    if not block.advice:
        cell.add_paragraph(plain(block.labels.get("no_advice", "")), style="Note")
        return
    number = numbered_list(writer)
    for advice in block.advice:
        paragraph = cell.add_paragraph(plain(advice.text), style="Short Number")
        who = ", ".join(part for part in (advice.owner, advice.date) if part)
        if who:
            paragraph._p.append(xml.run(f" {who}", xml.make("w:color", val=writer.theme.muted.lstrip("#"))))
        in_list(paragraph, number)


def _eyebrow(block: PageOne, key: str, writer: WordWriter) -> None:
    writer.paragraph(block.labels.get(key, "").upper(), "Eyebrow")


def write_contents(sections: Sequence[tuple[Section, str, str]], writer: WordWriter) -> None:
    """Write the contents (section, number, title) as links in a field; Word adds page numbers on update."""
    heading = writer.paragraph(writer.labels["contents"], "Caption")
    heading.paragraph_format.page_break_before = True
    heading.runs[0].font.size = Pt(13)
    lines = []
    for section, number, title in sections:
        paragraph = writer.paragraph("", "Contents Line")
        stop = xml.make("w:tab", val="left", pos=500)
        paragraph._p.get_or_add_pPr().append(xml.make("w:tabs", stop))
        tab = xml.make("w:r", xml.make("w:tab"))
        name = place_name(writer.places[section.key])
        paragraph._p.append(xml.make("w:hyperlink", xml.run(number), tab, xml.run(title), anchor=name))
        lines.append(paragraph._p)
    if lines:
        *begin, _, end = xml.field('TOC \\o "1-1" \\h \\z', "")
        after = lines[0].find(qn("w:pPr"))
        for element in reversed(begin):
            after.addnext(element)
        lines[-1].append(end)
