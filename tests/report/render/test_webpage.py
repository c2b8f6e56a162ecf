"""The page: one file that asks for nothing, says what it is and is whole HTML."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from vunki_eval.report.render.export import export_notebook
from vunki_eval.report.render.html.webpage import document_html
from vunki_eval.report.render.notebook import Document
from vunki_eval.results.blocks import Section, paragraph

VOID = {"meta", "br", "img", "hr", "link", "input"}


class Page(HTMLParser):
    """Collects elements and complains of what is not closed in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.wrong = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append((tag, self.getpos()))

    def all(self, *names):
        return [attrs for tag, attrs in self.elements if tag in names]


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_it_is_well_formed_and_ids_are_unique(page):
    assert page.wrong == []
    assert page.open == []
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_internal_links_and_labels_lead_somewhere(page):
    ids = {attrs["id"] for _, attrs in page.elements if "id" in attrs}
    links = {attrs["href"][1:] for attrs in page.all("a") if attrs["href"].startswith("#")}
    named = {key for _, attrs in page.elements for key in attrs.get("aria-labelledby", "").split()}
    assert links <= ids
    assert named <= ids


def test_it_says_its_language_and_has_one_title(html, page, demo):
    assert html.startswith('<!doctype html><html lang="et">')
    assert len(page.all("h1")) == 1
    assert f"<title>{demo.cover().title}</title>" in html
    assert [len(page.all(name)) for name in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    assert '<a class="skip" href="#main">Liigu sisu juurde</a>' in html


def test_headings_never_skip_a_level(page):
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_one_script_runs_and_only_by_its_hash(html, page):
    assert page.all("script") == [{}]
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.S)
    policy = next(attrs["content"] for attrs in page.all("meta") if "http-equiv" in attrs)
    (allowed,) = re.findall(r"script-src ([^;]*);", policy)
    assert allowed == f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
    for way_out in ("fetch", "XMLHttp", "import", "eval", "http", "innerHTML", "location", "cookie", "storage"):
        assert way_out not in script


def test_it_asks_for_nothing(html, page):
    assert page.all("iframe", "object", "embed", "link", "base", "form", "button") == []
    assert [a for _, attrs in page.elements for a in attrs if a.startswith("on")] == []
    policy = next(attrs["content"] for attrs in page.all("meta") if "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'")
    pointers = ("src", "href", "xlink:href", "srcset", "action", "poster", "data")
    addresses = {v for _, attrs in page.elements for k, v in attrs.items() if k in pointers and not v.startswith("#")}
    assert {a for a in addresses if not a.startswith("data:image/png;base64,")} == {'https://example.org/?a=1&b="2'}
    style = html[html.index("<style>") : html.index("</style>")]
    assert all(url.startswith("data:font/woff;base64,") for url in re.findall(r"url\(([^)]*)", style))
    assert "@import" not in style


def test_every_drawing_is_named(page, demo):
    drawings = page.all("svg", "img")
    assert len(drawings) == 5
    assert all(attrs.get("role") == "img" and attrs.get("aria-label") for attrs in drawings)
    assert demo.chart().alt in [attrs["aria-label"] for attrs in drawings]


def test_heads_of_tables_have_scope(page):
    assert page.all("th")
    assert {attrs.get("scope") for attrs in page.all("th")} == {"col", "row"}


def test_hostile_text_is_text(html):
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in html
    assert "#read(&quot;/etc/passwd&quot;)" in html
    assert "<b>ja</b>" not in html
    assert "javascript:" not in html
    assert "file://" not in html
    assert "\u202e" not in html
    assert "שלום" in html


def test_words_of_the_template_are_the_reports(html):
    for word in ("Sisukord", "Joonis 1", "Tabel 1", "Joonise andmed", "Märkus: ", "Allikas: ", "1. oktoober 2020"):
        assert word in html
    for word in ("Contents", ">Figure", ">Table", "Source:", "Note:"):
        assert word not in html


def test_banner_and_draft_stand_at_the_top_and_on_printed_pages(html, demo):
    top = html[html.index("<header>") : html.index("<nav")]
    assert demo.BANNER in top
    assert "Mustand" in top
    assert '@top-right{content:"S\\0000dc' not in html  # letters stay letters ...
    assert "ANDMED \\002013  vastused" in html  # ... marks are escaped (each with the space that ends it)


def test_a_cover_text_cannot_leave_its_css_string(demo):
    cover = demo.cover(banner='";}</style><script>alert(1)</script>', running_head="\\0022}x{a:b}")
    text = document_html(Document(cover, (Section("a", "Leid", (paragraph("x"),)),)))
    assert text.count("<script") == 1
    assert "<script>alert" not in text
    assert text.count("</style>") == 1
    assert 'content:"\\000022 \\00003b \\00007d ' in text


def test_two_runs_give_the_same_text(book, html):
    assert export_notebook(book, "html").decode("utf-8") == html


def test_a_bare_document_needs_no_labels(demo):
    cover = demo.cover(facts=(), lines=(), banner="", draft="", labels={}, language="en", author="", date="")
    text = document_html(Document(cover, (Section("a", "A finding", (paragraph("Text."),)),)))
    assert "Contents" in text
    assert '<p class="banner">' not in text
    assert Page(text).wrong == []


def test_the_style_is_not_escaped(html):
    style = html.partition("<style>")[2].partition("</style>")[0]
    assert "@font-face{font-family:'" in style
    assert "&#" not in style
    assert "{{" not in style
