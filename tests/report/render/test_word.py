"""The Word document: read again with python-docx and as XML, opened and drawn by LibreOffice."""

import importlib.util
import io
import shutil
import subprocess
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from vunki_eval.errors import UsageError
from vunki_eval.project.theme import THEME, Theme
from vunki_eval.report.render.docx.blocks import formula_maths
from vunki_eval.report.render.docx.tables import widths
from vunki_eval.report.render.export import export_notebook
from vunki_eval.report.render.formulas import formulas
from vunki_eval.results.blocks import Column, Figure, Section, Table

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DESCRIBED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


@pytest.fixture(scope="module")
def word_bytes(book):
    return export_notebook(book, "docx")


@pytest.fixture(scope="module")
def word(word_bytes):
    return docx.Document(io.BytesIO(word_bytes))


def part(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read(name)


def texts(root):
    return ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in root.iter(f"{W}p")]


def test_it_says_what_it_is(word, demo):
    properties, cover = word.core_properties, demo.cover()
    assert (properties.title, properties.subject, properties.author) == (cover.title, cover.subtitle, cover.author)
    assert (properties.language, properties.comments, properties.created.date().isoformat()) == ("et", "", cover.date)
    assert word.styles.element.find(f".//{W}rPrDefault//{W}lang").get(f"{W}val") == "et-EE"


def test_headings_are_headings_and_skip_no_level(word, demo):
    headings = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert [text.split("\u2002")[-1] for name, text in headings if name == "Heading 1"] == [
        demo.page_one().verdict,
        *(s.title for s in (*demo.sections(), demo.hostile()) if s.title),
    ]
    levels = [int(name[-1]) for name, _ in headings]
    assert all(b - a <= 1 for a, b in zip([1, *levels], levels, strict=False))


def test_every_data_table_has_a_repeating_head_a_name_and_whole_rows(word, demo):
    named = {b.caption: b for s in demo.sections() for b in s.blocks if isinstance(b, Table)}
    tables = {}
    for table in word.tables:
        caption = table._tbl.tblPr.find(qn("w:tblCaption"))
        if caption is not None:
            tables[caption.get(qn("w:val"))] = table
    for caption, block in named.items():
        table = tables[caption]
        first, *rows = table.rows
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblLook")).get(qn("w:firstColumn")) == "1"
        assert len(rows) == len(block.rows)
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert [cell.text for cell in rows[0].cells] == list(block.rows[0])


def test_captions_are_counted_by_word_itself(word):
    captions = [p for p in word.paragraphs if p.style.name == "Caption" and p._p.findall(f".//{W}instrText")]
    codes = ["".join(t.text for t in p._p.iter(f"{W}instrText")).strip() for p in captions]
    assert codes.count("SEQ Tabel \\* ARABIC") == codes.count("SEQ Joonis \\* ARABIC") + 1 == 5
    assert [p.text.split("\u2002")[0] for p in captions if "Tabel" in p.text] == [
        f"Tabel\u00a0{i}" for i in range(1, 6)
    ]


def test_every_picture_has_words(word, demo):
    figures = [b for s in demo.sections() for b in s.blocks if isinstance(b, Figure)]
    texts = [e.get("descr") for e in word.element.body.iter(DESCRIBED)]
    assert texts == [demo.chart().alt, *(f.alt for f in figures)]
    ids = [e.get("id") for e in word.element.body.iter(DESCRIBED)]
    assert len(set(ids)) == len(ids)


def test_every_page_carries_banner_head_and_number(word, demo):
    section = word.sections[0]
    for header in (section.header, section.first_page_header):
        assert demo.BANNER in header.paragraphs[0].text
        assert demo.cover().running_head in header.paragraphs[0].text
    codes = [t.text.strip() for t in section.footer._element.iter(f"{W}instrText")]
    assert codes == ["PAGE", "NUMPAGES"]


def test_footnotes_are_footnotes(word_bytes, word):
    marks = [e.get(f"{W}id") for e in word.element.body.iter(f"{W}footnoteReference")]
    notes = etree.fromstring(part(word_bytes, "word/footnotes.xml"))
    texted = {n.get(f"{W}id"): "".join(n.itertext()).strip() for n in notes}
    assert marks
    assert all(texted[m] for m in marks)


def test_colours_and_typefaces_are_the_themes(word, book):
    heading = word.styles["Heading 3"]
    assert f"#{heading.font.color.rgb}".lower() == THEME.after
    assert heading.element.rPr.find(qn("w:rFonts")).get(qn("w:ascii")) == THEME.sans
    other = docx.Document(io.BytesIO(export_notebook(book, "docx", theme=Theme(after="#5b2a86", sans="Arial"))))
    assert str(other.styles["Heading 3"].font.color.rgb) == "5B2A86"
    assert other.styles["Heading 1"].element.rPr.find(qn("w:rFonts")).get(qn("w:ascii")) == "Arial"


def test_shipped_typefaces_travel_inside(word_bytes):
    with zipfile.ZipFile(io.BytesIO(word_bytes)) as file:
        assert len([n for n in file.namelist() if n.endswith(".odttf")]) == 5
    assert b"embedTrueTypeFonts" in part(word_bytes, "word/settings.xml")


def test_hostile_text_stands_as_it_was_written(word_bytes, word):
    text = "\n".join(texts(word.element.body))
    for literal in (
        '<script>alert("x")</script>',
        '#read("/etc/passwd")',
        "$\\input{x}$",
        "{{7*7}}",
        "שלום עולם",
        "你好",
    ):
        assert literal in text
    assert "👩‍👩‍👧" in text
    assert "\u202e" not in text
    links = etree.fromstring(part(word_bytes, "word/_rels/document.xml.rels"))
    targets = {r.get("Target") for r in links if r.get("TargetMode") == "External"}
    assert targets == {'https://example.org/?a=1&b="2'}
    bookmarks = {b.get(f"{W}name") for b in word.element.body.iter(f"{W}bookmarkStart")}
    assert {h.get(f"{W}anchor") for h in word.element.body.iter(f"{W}hyperlink") if h.get(f"{W}anchor")} <= bookmarks


def test_two_runs_give_the_same_bytes(book, word_bytes):
    assert export_notebook(book, "docx") == word_bytes
    with zipfile.ZipFile(io.BytesIO(word_bytes)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(2020, 10, 1, 0, 0, 0)}


@pytest.mark.parametrize("name", formulas())
def test_formulas_are_words_own_maths(name):
    letters = "".join(formula_maths(name).itertext())
    wanted = "".join(etree.fromstring(f"<r>{formulas()[name].mathml}</r>").itertext())
    for letter in wanted.replace("‾", "").replace("^", ""):
        assert letter in letters


def test_columns_fill_the_page_and_no_more():
    columns = (Column("A"), Column("B"), Column("n", "right"))
    middling = Table("t", "t", columns, (("word " * 8, "word " * 8, "1"),))
    long = Table("t", "t", columns, (("word " * 60, "x" * 60, "1"),))
    for table in (middling, long):
        columns = widths(table, 468)
        assert sum(columns) == pytest.approx(468)
        assert min(columns) > 10


def test_a_narrow_table_keeps_to_its_text():
    columns = widths(Table("t", "t", (Column("A"), Column("n", "right")), (("a", "1"),)), 468)
    assert sum(columns) < 100
    assert min(columns) > 10


def test_without_the_extra_it_says_what_to_install(book, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "docx" else find(name, *a))
    with pytest.raises(UsageError, match=r"vunki-eval\[docx\].*VE-121") as error:
        export_notebook(book, "docx")
    assert len(error.value.problems) == 1


def test_a_section_without_a_title_or_blocks_is_no_trouble(demo):
    word = docx.Document(io.BytesIO(export_notebook(demo.notebook((Section("x", "Ainus", ()),)), "docx")))
    assert "Ainus" in [p.text.split("\u2002")[-1] for p in word.paragraphs]


@pytest.mark.slow
def test_libreoffice_opens_and_draws_it(word_bytes, demo, tmp_path):
    """Every page is drawn, none is empty, the words and both typefaces are there, page one is one page."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not on this machine")
    import numpy as np
    from PIL import Image

    (tmp_path / "report.docx").write_bytes(word_bytes)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), "report.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=240)
    read = subprocess.run(["pdftotext", "-layout", "report.pdf", "-"], cwd=tmp_path, check=True, capture_output=True)
    pages = read.stdout.decode().split("\f")[:-1]
    assert 8 <= len(pages) <= 20
    assert all(demo.BANNER in page for page in pages)
    assert demo.page_one().advice[-1].text[:20] in pages[1]
    assert demo.page_one().verdict[:30] in pages[1]
    assert f"2 / {len(pages)}" in pages[1]
    fonts = subprocess.run(["pdffonts", "report.pdf"], cwd=tmp_path, check=True, capture_output=True).stdout.decode()
    assert "Source Sans 3" in fonts or "SourceSans3" in fonts.replace(" ", "")
    subprocess.run(["pdftoppm", "-r", "40", "-png", "report.pdf", "page"], cwd=tmp_path, check=True)
    drawn = sorted(tmp_path.glob("page-*.png"))
    inked = [float((np.asarray(Image.open(p).convert("L")) < 200).mean()) for p in drawn]
    assert min(inked) > 0.01
    assert inked[0] > 0.25  # the cover's coloured field
