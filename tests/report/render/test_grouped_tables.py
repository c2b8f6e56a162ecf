"""A table whose rows stand in groups, in every format: headings that belong to their rows, on the page of the first."""

import io

import docx
import pikepdf
import pytest
from docx.oxml.ns import qn

from vunki_eval.report.render.export import export_document
from vunki_eval.report.render.notebook import Document
from vunki_eval.results.blocks import Column, Cover, Section, Table

COLUMNS = (Column("Question", wide=True), Column("Answer"), Column("n", "right"))
ROWS = (("Sector", "school", "9"), ("Sector", "business", "7"), ("Role", "expert", "5"), ("Role", "mentor", "11"))


def report(fmt, rows=ROWS):
    cover = Cover("Title", "", "en", "", (), (), "2021-05-02", "A", "", "", {})
    section = Section("a", "A finding", (Table("t", "Who answered", COLUMNS, rows),))
    return export_document(Document(cover, (section,)), fmt)


@pytest.fixture(scope="module")
def pdf():
    with pikepdf.open(io.BytesIO(report("pdf"))) as opened:
        yield opened


def test_heads_of_groups_are_header_cells_in_a_pdf(pdf, pdf_text):
    heads = [element for name, element in pdf_text.tags(pdf) if name == "/TH"]
    assert len(heads) == 2 + 2
    assert all(pdf_text.attribute(head, "/Scope") for head in heads)
    assert [pdf_text.attribute(head, "/ColSpan") for head in heads].count("2") == 2


def test_heads_of_groups_repeat_where_a_page_divides_them(pdf_text):
    rows = tuple((f"Group {k // 60}", f"row {k}", str(k)) for k in range(120))
    with pikepdf.open(io.BytesIO(report("pdf", rows))) as opened:
        names = [name for name, _ in pdf_text.tags(opened)]
        assert len(opened.pages) > 3
    assert names.count("/TH") == 2 + 2, "what repeats is read once"


def test_groups_are_bodies_of_their_own_on_a_web_page():
    page = report("html").decode("utf-8")
    assert page.count('<tbody class="group">') == 2
    assert page.count('<th scope="rowgroup" colspan="2">') == 2
    assert '<span class="under">Answer</span>' in page
    assert "Sector" in page.split('scope="rowgroup"')[1].split("</tr>")[0]
    assert page.split("<table>")[1].split("</table>")[0].count("Sector") == 1


def test_groups_have_rows_of_their_own_in_word():
    table = docx.Document(io.BytesIO(report("docx"))).tables[-1]
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    assert texts[0] == ["Question / Answer", "n"]
    assert texts[1] == ["Sector", "Sector"], "one cell across the table, which python-docx gives twice"
    assert [row[0] for row in texts[2:]] == ["school", "business", "Role", "expert", "mentor"]
    head = table.rows[1]
    assert head.cells[0]._tc is head.cells[1]._tc
    assert head.cells[0].paragraphs[0].paragraph_format.keep_with_next
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
