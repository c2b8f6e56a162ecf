"""The PDF: standards, structure, names, safety, the same bytes."""

import re
import shutil
import subprocess
from dataclasses import replace
from itertools import pairwise

import pytest

from vunki_eval.errors import BuildError
from vunki_eval.project.theme import THEME
from vunki_eval.report.render.notebook import Document, read_notebook
from vunki_eval.report.render.pdf.typeset import document_pdf
from vunki_eval.results.blocks import Figure, Formula, Section, paragraph

needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is not installed")


def words_of(data, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(data)
    run = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return run.stdout.decode("utf-8")


def test_it_claims_both_standards(pdf):
    with pdf.open_metadata() as meta:
        claims = dict(meta.items())
    assert claims["{http://www.aiim.org/pdfa/ns/id/}part"] == "3"
    assert claims["{http://www.aiim.org/pdfa/ns/id/}conformance"] == "A"
    assert claims["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"


def test_it_says_what_it_is(pdf, demo):
    cover = demo.cover()
    assert str(pdf.Root.Lang) == "et-EE"
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.docinfo.Title) == cover.title
    assert str(pdf.docinfo.Author) == cover.author
    assert "Antsla" in str(pdf.docinfo.Keywords)
    assert str(pdf.docinfo.CreationDate).startswith("D:20201001")


def test_it_carries_its_numbers(pdf, results):
    assert list(pdf.attachments) == ["results.json"]
    assert pdf.attachments["results.json"].get_file().read_bytes() == results.read_bytes()
    assert str(pdf.Root.AF[0].AFRelationship) == "/Data"


def test_every_figure_and_formula_has_words(pdf, pdf_text, demo):
    figures = [element for name, element in pdf_text.tags(pdf) if name in ("/Figure", "/Formula")]
    blocks = [block for section in demo.sections() for block in section.blocks]
    drawn = 1 + sum(isinstance(block, Figure | Formula) for block in blocks)
    assert len(figures) == drawn
    assert all(str(figure.get("/Alt", "")).strip() for figure in figures)
    assert demo.chart().alt in [str(figure.Alt) for figure in figures]


def test_tables_have_heads_with_scope(pdf, pdf_text):
    tags = pdf_text.tags(pdf)
    heads = [element for name, element in tags if name == "/TH"]
    assert len([name for name, _ in tags if name == "/Table"]) == 6
    assert len(heads) == 3 + 7 + 4 + 3 + 5 + 2
    assert {pdf_text.attribute(head, "/Scope") for head in heads} == {"/Column"}


def test_headings_never_skip_a_level(pdf, pdf_text):
    levels = [int(name[2]) for name, _ in pdf_text.tags(pdf) if re.fullmatch(r"/H[1-6]", name)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert [name for name, _ in pdf_text.tags(pdf)].count("/Title") == 1


def test_running_text_is_paragraphs(pdf, pdf_text):
    document = pdf_text.tags(pdf)[0]
    assert document[0] == "/Document"
    top = [str(kid.S) for kid in document[1].K]
    assert top.count("/P") >= 25
    assert {"/Span", "/Link"}.isdisjoint(top)


def test_bookmarks_follow_the_sections(pdf, demo):
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert titles[0] == demo.page_one().verdict
    assert any(title.startswith("3 Usaldus teiste") for title in titles)
    assert any(title.startswith("A Kuidas arvud") for title in titles)
    assert len(titles) == 9


def test_nothing_is_smaller_than_nine_points(pdf, pdf_text):
    assert min(pdf_text.sizes(pdf)) >= THEME.smallest


def test_only_shipped_fonts_are_embedded(pdf):
    names = {str(o.BaseFont).split("+")[-1] for o in pdf.objects if hasattr(o, "get") and o.get("/Type") == "/Font"}
    families = ("SourceSans3", "SourceSerif4", "NotoEmoji", "NewCM", "Libertinus", "DejaVuSansMono")
    assert {name for name in names if not name.replace("-", "").startswith(families)} == set()


@needs_poppler
def test_every_page_carries_the_banner_and_its_number(pdf_bytes, tmp_path, demo):
    pages = words_of(pdf_bytes, tmp_path).split("\f")[:-1]
    assert 7 <= len(pages) <= 12
    assert all(demo.BANNER in page for page in pages)
    assert all("Vunki mano! loometalgud" in page for page in pages)
    for i, page in enumerate(pages[1:], 2):
        assert re.search(rf"\b{i} ?/ ?{len(pages)}\b", page), f"page {i}"


@needs_poppler
def test_hostile_text_stands_as_it_was_written(pdf_bytes, tmp_path):
    words = " ".join(words_of(pdf_bytes, tmp_path).split())
    for literal in (
        '<script>alert("x")</script>',
        '#read("/etc/passwd")',
        "$\\input{x}$",
        "*tärn*",
        "&amp;",
        "{{7*7}}",
    ):
        assert literal in words
    assert "root:" not in words
    assert "[cjk unified ideograph-4f60]" in words
    assert "õ" in words


def test_links_lead_only_to_safe_places(pdf):
    actions = [a.A for page in pdf.pages for a in page.get("/Annots", []) if "/A" in a]
    uris = {str(action.URI) for action in actions if "/URI" in action}
    assert uris == {'https://example.org/?a=1&b="2'}


@needs_poppler
def test_page_one_stays_one_page_however_much_it_says(demo, tmp_path):
    p = demo.page_one()
    heavy = replace(
        p,
        verdict=p.verdict + ", kuid koosloomeoskuste kohta ei saa nende vastuste põhjal veel midagi kindlat öelda",
        lead=p.lead + " " + p.lead,
        limits=(*p.limits, "kas tulemused kehtivad ka nende kohta, kes loometalgutele ei tulnud;"),
        advice=tuple(replace(a, text=f"{a.text} {a.text}") for a in p.advice),
    )
    for page_one in (
        heavy,
        replace(p, chart=None, expected_results=(), limits=(), advice=(), numbers=p.numbers[:2], lead=""),
    ):
        document = Document(demo.cover(), (Section("p", "", (page_one,)), Section("a", "Leid", (paragraph("Tekst."),))))
        pages = words_of(document_pdf(document), tmp_path).split("\f")[:-1]
        assert len(pages) == 3
        assert "KOKKUVÕTE ÜHEL LEHEL" in pages[1]
        assert "Sisukord" in pages[2]


def test_two_runs_give_the_same_bytes(book, results, pdf_bytes, monkeypatch, tmp_path):
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "4102444800")
    assert document_pdf(read_notebook(book), results=results.read_bytes()) == pdf_bytes


def test_a_fault_of_the_template_is_told_without_paths(demo, monkeypatch):
    import typst

    class Broken:
        def __init__(self, *args, root, **kw):
            self.root = root

        def query(self, *args, **kw):
            raise typst.TypstError(f"cannot read {self.root}/x")

    monkeypatch.setattr(typst, "Compiler", Broken)
    with pytest.raises(BuildError, match=r"Typst could not set the report: .*VE-421") as error:
        document_pdf(Document(demo.cover(), (Section("a", "Leid", (paragraph("x"),)),)))
    assert "/tmp" not in str(error.value)
