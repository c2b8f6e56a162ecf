"""Fragments for the notebook: every text escaped, everything named, the styles kept at home."""

import re
from xml.etree import ElementTree

import pytest

from vunki_eval.project.theme import THEME
from vunki_eval.report.render.html.blocks import Frame, block_css, blocks_html, notes_html, section_html, theme_css
from vunki_eval.report.render.labels import labels_with_defaults
from vunki_eval.results.blocks import (
    Advice,
    Bullets,
    Callout,
    Column,
    Cover,
    ExpectedResultLine,
    Figure,
    Formula,
    Heading,
    Number,
    PageOne,
    Paragraph,
    Section,
    Span,
    Table,
    paragraph,
    rich,
)

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="468pt" height="99pt"><text x="1" y="9">täht</text></svg>'
BAD = '<script>"&'
GOOD = "&lt;script&gt;&quot;&amp;"


def show(*blocks, **frame):
    return blocks_html(blocks, Frame(labels_with_defaults({}), **frame))


def page_one(**changes):
    values = {
        "verdict": "Otsus", "lead": "Juhatus", "numbers": (Number("92", "", "osalejat", "eesmärk 100", 0.92),),
        "expected_results": (ExpectedResultLine("Usaldus", "▲", "parem", 2, "keskmine"),),
        "chart": Figure("c", "", "", "alt", SVG),
        "chart_note": "märkus", "limits": ("piir",), "advice": (Advice("Soovitus", "keegi", "2021"),), "base": "alus",
        "labels": {"result": "Tulemus", "results": "Tulemused", "advice": "Soovitused", "no_advice": "Pole"},
    }  # fmt: skip
    return PageOne(**{**values, **changes})


@pytest.mark.parametrize(
    "block",
    [
        Heading(BAD),
        paragraph(BAD),
        Paragraph((Span(BAD, "code", "", BAD),)),
        Bullets((rich(BAD),)),
        Callout(BAD, (rich(BAD),), BAD),
        Formula("alpha", BAD),
        Table(BAD, BAD, (Column(BAD, "decimal", BAD),), ((BAD,),), BAD),
        Figure(BAD, BAD, BAD, BAD, SVG, BAD, BAD, ((BAD,), (BAD,))),
        page_one(verdict=BAD, lead=BAD, limits=(BAD,), base=BAD, labels=dict.fromkeys(("results", "limits"), BAD)),
        page_one(numbers=(Number(BAD, BAD, BAD, BAD),), expected_results=(ExpectedResultLine(BAD, BAD, BAD, 1, BAD),)),
        page_one(advice=(Advice(BAD, BAD, BAD),), chart_note=BAD),
        Cover(BAD, BAD, "et", BAD, ((BAD, BAD),), ((BAD, BAD),), "", BAD, BAD, BAD, {}),
    ],
    ids=lambda block: block.kind,
)  # fmt: skip
def test_text_stays_text(block):
    html = show(block)
    assert "<script" not in html
    assert GOOD in html
    ElementTree.fromstring(f"<div>{html.replace(' tabindex', ' data-t')}</div>")


def test_a_figure_is_named_and_brings_its_numbers():
    html = show(
        Figure("f", "Leid", "alapealkiri", "Mida näeb", SVG, "87 inimest", "küsitlus", (("x", "y"), ("1", "2")))
    )
    assert 'role="img" aria-label="Mida näeb"' in html
    assert "<details><summary" in html
    assert '<th scope="col">x</th>' in html
    assert "87 inimest. Source: küsitlus" in html
    assert "Figure 1" not in html
    assert "<details" not in show(Figure("f", "Leid", "", "alt", SVG))


def test_a_table_has_heads_a_caption_and_stands_on_the_decimal_mark():
    table = Table("t", "Pealkiri", (Column("Nimi"), Column("M", "decimal", "%")), (("a", "5,25"), ("b", "6")), "n = 9")
    html = show(table, numbered=True)
    assert '<span class="number">Table 1</span> Pealkiri' in html
    assert html.count('scope="col"') == 2
    assert html.count('<th scope="row"') == 2
    assert '<td class="decimal">5,25</td>' in html
    assert "padding-right:calc(.5em + 2ch + .25em)" in html
    assert '<p class="note">Note: n = 9</p>' in html
    assert "<th " not in show(Table("t", "", (Column(""),), (("a",),), row_header=False))


def test_brackets_begin_below_one_another():
    columns, rows = (Column("Nimi"), Column("Muutus", "right")), (("a", "+0,5 (0,1 kuni 0,9)"), ("b", "+0,25 (0–1)"))
    html = show(Table("t", "", columns, (*rows, ("c", "–"))))
    widths = set(re.findall(r'<span class="rest" style="min-width:([\d.]+ch)', html))
    assert len(widths) == 1
    assert html.count('class="rest"') == 3
    assert "margin-left:calc(1ch)" in html, "the digit that +0,5 lacks"
    assert re.sub("<[^>]+>", "", html).count("+0,5 (0,1 kuni 0,9)") == 1
    assert 'class="rest"' not in show(Table("t", "", columns, (("a", "5"), ("b", "–"))))


def test_letters_of_statistics_are_in_italics_at_the_head_of_a_column():
    html = show(Table("t", "", (Column("Nimi"), Column("n", "right")), (("a", "5"),)))
    assert '<th scope="col" class="right"><i>n</i></th>' in html


def test_rows_that_begin_alike_are_one_group():
    columns, rows = (Column("Küsimus"), Column("n", "right")), (("a", "1"), ("a", "2"), ("b", "2"), ("b", "3"))
    assert show(Table("t", "", columns, rows)).count('<tr class="again">') == 2
    numbers = (Column("n", "right"), Column("Küsimus"))
    assert 'class="again"' not in show(Table("t", "", numbers, rows))


def test_a_formula_is_said_in_words_beside_it():
    html = show(Formula("g_av", "Muutuse suurus"))
    assert '<p class="note">Muutuse suurus</p>' in html
    assert 'alttext="Muutuse suurus"' in html


def test_links_lead_to_what_there_is():
    spans = Paragraph(
        (Span("a", link="#trust"), Span("b", link="#none"), Span("c", link="https://x.ee"), Span("d", link="http://x"))
    )
    html = show(spans, anchors={"trust": "s-trust"})
    assert re.findall(r'href="([^"]+)"', html) == ["#s-trust", "https://x.ee"]


def test_footnotes_gather_and_lead_back():
    frame = Frame(labels_with_defaults({}), prefix="p-")
    html = blocks_html((Paragraph((Span("a", footnote="Esimene"), Span("b", footnote="Teine"))),), frame)
    notes = notes_html(frame)
    assert 'href="#p-fn2"' in html
    assert '<li id="p-fn1" value="1">Esimene' in notes
    assert 'href="#p-fnref2"' in notes
    assert notes_html(frame) == ""
    blocks_html((Paragraph((Span("c", footnote="Kolmas"),)),), frame)
    assert '<li id="p-fn3" value="3">Kolmas' in notes_html(frame)


def test_page_one_says_status_and_strength_in_words_too():
    html = show(page_one())
    assert '<span class="dots" aria-hidden="true">●●○</span> keskmine' in html
    assert '<span class="sign" aria-hidden="true">▲</span> parem' in html
    assert "width:92.00%" in html
    assert '<th scope="col">Tulemus</th>' in html
    assert 'Soovitus <span class="muted">keegi, 2021</span>' in html
    assert 'aria-label="alt"' in html


def test_page_one_without_parts():
    html = show(page_one(chart=None, expected_results=(), limits=(), advice=(), numbers=(Number("–", "", "l", "f"),)))
    assert "<svg" not in html
    assert "<table" not in html
    assert "<p>Pole</p>" in html
    assert 'class="bar none"' in html


def test_a_bar_beyond_its_target_is_full_and_marks_the_target():
    html = show(page_one(numbers=(Number("5", "", "l", "f", 1.25), Number("0", "", "l", "f", 0.0))))
    assert 'width:100.00%"></i><i class="notch" style="left:80.00%"' in html
    assert "width:0.00%" in html


def test_a_section_brings_its_style_and_keeps_it_at_home():
    html = section_html(Section("a", "Leid", (paragraph("x"),), "n = 9", language="et", labels={"data": "Andmed"}))
    assert html.startswith('<div class="vunki" lang="et"><style>')
    assert '<h2>Leid</h2><p class="subtitle">n = 9</p>' in html
    rules = re.sub(r"@media[^{]*\{", "", block_css())
    selectors = [s for rule in re.findall(r"([^{}]+)\{", rules) for s in rule.split(",")]
    assert [s for s in selectors if not s.startswith(".vunki")] == []
    assert len(block_css()) < 9000


def test_the_theme_reaches_the_style():
    css = theme_css(THEME, ".vunki")
    assert f"--after:{THEME.after};" in css
    assert f"'{THEME.serif}'" in css
    colours = set(re.findall(r"#[0-9a-f]{3,6}\b", block_css()))
    assert colours == set(), "colours belong to the theme"
