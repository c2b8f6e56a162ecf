"""Whatever people and configurations write stands literally in every format; no file is read, no address is asked."""

import copy
import html
import io
import re
import shutil
import socket
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

import nbformat
import pikepdf
import pytest

from vunki_eval import sections
from vunki_eval.report.commentary import Commentary, Quote
from vunki_eval.report.render.export import export_notebook
from vunki_eval.report.render.pdf.onepage import feedback_pdf
from vunki_eval.report.sections.feedback import feedback
from vunki_eval.results.blocks import SECTION_MIME, to_json
from vunki_eval.results.results import Results

ORDER = ("cover", "page_one", "summary", "participants", "trust", "networking", "cocreation", "experience",
         "open_answers", "ideas", "other", "groups", "sensitivity", "claims", "annex_method", "annex_items",
         "annex_quality", "annex_attrition", "annex_disclosure", "annex_reproducibility", "selfcheck")  # fmt: skip
pytestmark = pytest.mark.slow
SECRET = "canary-7b1e94"
ADDRESS = "http://192.0.2.7"
WORD = "sektoritevahelisteusaldussuhetearendamisekeskus" * 6


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that nothing has any business to read."""
    path = tmp_path_factory.mktemp("canary") / "secret.txt"
    path.write_text(SECRET, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def hostile(canary: Path) -> tuple[str, ...]:
    return (
        f'#read("{canary}")',
        f'#image("{canary}")',
        '#import "@preview/cetz:0.4.0": *',
        "#panic() #set page(width: 1pt) ] } )",
        "@cite <label> *bold* _it_ `raw` = head",
        "$ sum_(k=0)^n k $ \\input{x} \\(x\\)",
        f'<script src="{ADDRESS}/x.js"></script>',
        f'<img src="{ADDRESS}/x.png" onerror="fetch(1)">',
        '"><svg onload=alert(1)> &lt;b&gt; &amp;',
        f'=HYPERLINK("{ADDRESS}") +1 @SUM(A1)',
        "{{7*7}} {n} {title} %(n)s ${x} %s",
        "]]> <!-- --> <w:t>x</w:t>",
    )


@pytest.fixture(scope="module")
def attempts() -> Iterator[list[Any]]:
    """Collect the attempts to reach an address; every one of them fails."""
    calls: list[Any] = []

    def refuse(*args: Any, **_: Any) -> None:
        calls.append(args)
        raise OSError("blocked")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, refuse)
        for name in ("getaddrinfo", "gethostbyname", "create_connection"):
            patch.setattr(socket, name, refuse)
        yield calls


@pytest.fixture(scope="module")
def infected(synthetic_results: dict[str, Results], hostile: tuple[str, ...]) -> Results:
    """Results whose every title, label and wording carries hostile text."""
    results, turn = synthetic_results["2020-antsla"], count()

    def infect(value: Any, key: str = "") -> Any:
        if isinstance(value, list):
            return [infect(v) for v in value]
        if not isinstance(value, dict):
            return value
        if value and set(value) <= {"et", "en"}:
            return {k: f"{hostile[next(turn) % len(hostile)]} {v}\x07\x1b[31m\u202e" for k, v in value.items()}
        return {k: v if k == "event" else infect(v, k) for k, v in value.items()}

    meta = infect(copy.deepcopy(results.meta))
    meta["event"]["title"] = {k: f"{hostile[6]} {v}" for k, v in meta["event"]["title"].items()}
    return replace(results, meta=meta)


@pytest.fixture(scope="module")
def words(hostile: tuple[str, ...]) -> Commentary:
    quotes = tuple(Quote(f"{text} {WORD}\x00\x08", "answers") for text in hostile)
    return Commentary(quotes=quotes)


@pytest.fixture(scope="module")
def book(infected: Results, words: Commentary, attempts: list[Any]) -> nbformat.NotebookNode:
    book = nbformat.v4.new_notebook()
    for name in ORDER:
        shown = to_json(getattr(sections, name)(infected, "en", words))
        cell = nbformat.v4.new_code_cell(name)
        cell.outputs = [nbformat.v4.new_output("display_data", data={SECTION_MIME: shown})]
        book.cells.append(cell)
    return book


def bare(text: str) -> str:
    """Take out what lines and columns put in: spaces, hyphens of broken words."""
    return re.sub(r"[\s\u00ad\u200b\u00a0]+", "", text)


def pdf_words(pdf: bytes, folder: Path) -> str:
    (folder / "x.pdf").write_bytes(pdf)
    run = subprocess.run(["pdftotext", "-raw", "x.pdf", "-"], cwd=folder, capture_output=True, check=True)
    return run.stdout.decode("utf-8")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is not installed")
def test_pdf(book: nbformat.NotebookNode, hostile: tuple[str, ...], attempts: list[Any], tmp_path: Path) -> None:
    pdf = export_notebook(book, "pdf")
    text = pdf_words(pdf, tmp_path)
    assert [line for line in hostile if bare(line) not in bare(text)] == []
    assert WORD in bare(text)
    assert SECRET not in text
    assert not re.search("[\x00-\x08\x0b\x0e-\x1f\u202e]", text)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        links = [a.A for page in opened.pages for a in page.get("/Annots", []) if "/A" in a]
        assert [str(a.URI) for a in links if "/URI" in a] == []
        assert "/JavaScript" not in opened.Root.get("/Names", {})
        assert "/OpenAction" not in opened.Root
        assert len(opened.pages) <= 60
    assert attempts == []


def test_feedback_summary(infected: Results, attempts: list[Any], tmp_path: Path) -> None:
    pdf = feedback_pdf(feedback(infected, "en"))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) == 1
    assert SECRET.encode() not in pdf
    assert attempts == []


class Reader(HTMLParser):
    """The text of a page, and every attribute by its element."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_html(book: nbformat.NotebookNode, hostile: tuple[str, ...], attempts: list[Any]) -> None:
    page = export_notebook(book, "html").decode("utf-8")
    reader = Reader()
    reader.feed(page)
    text = bare(" ".join(reader.texts))
    assert [line for line in hostile if bare(line) not in text] == []
    assert bare(WORD) in text
    assert SECRET not in page
    assert page.count("<script") == 1
    assert [a for a in reader.attributes if a[1].startswith("on")] == []
    pointers = ("src", "href", "xlink:href", "srcset", "action", "poster", "data")
    assert {v.split(",")[0] for _, k, v in reader.attributes if k in pointers and not v.startswith("#")} <= {
        "data:image/png;base64"
    }
    assert not re.search("[\x00-\x08\x0b\x0e-\x1f\u202e]|&#(x0*1b|27);", page)
    assert html.unescape(page).count(ADDRESS) > 0
    assert attempts == []


def test_docx(book: nbformat.NotebookNode, hostile: tuple[str, ...], attempts: list[Any]) -> None:
    pytest.importorskip("docx")
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(export_notebook(book, "docx"))) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    document = etree.fromstring(parts["word/document.xml"])
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    text = bare("".join(t.text or "" for t in document.iter(f"{space}t")))
    assert [line for line in hostile if bare(line) not in text] == []
    assert [name for name, data in parts.items() if SECRET.encode() in data] == []
    outside = [n for n, data in parts.items() if n.endswith(".rels") and b'TargetMode="External"' in data]
    assert outside == []
    assert "INCLUDE" not in "".join(i.text or "" for i in document.iter(f"{space}instrText"))
    assert attempts == []
