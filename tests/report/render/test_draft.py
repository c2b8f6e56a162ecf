"""The draft mark on every page until somebody has signed; then the signature on the cover and on the last page."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from vunki_eval.report.render.html.webpage import document_html
from vunki_eval.report.render.notebook import Document
from vunki_eval.report.render.pdf.typeset import document_pdf
from vunki_eval.report.sections import claims, cover, page_one, trust
from vunki_eval.results.results import Results

SIGNED = {"name": "Hindaja Näide", "role": {"et": "hindaja", "en": "evaluator"}, "date": "2021-04-30"}


def document(results: Results, language: str) -> Document:
    first = cover(results, language).blocks[0]
    return Document(first, (page_one(results, language), trust(results, language), claims(results, language)))  # type: ignore[arg-type]


def signed(results: Results) -> Results:
    return replace(results, meta={**results.meta, "signed": SIGNED})


def pages(pdf: bytes, tmp_path: Path) -> list[str]:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8").removesuffix("\f").split("\f")


@pytest.fixture
def results(synthetic_results: dict[str, Results]) -> Results:
    return synthetic_results["2020-antsla"]


@pytest.mark.parametrize(("language", "mark"), [("et", "MUSTAND"), ("en", "DRAFT")])
def test_a_draft_says_so_on_every_page(results: Results, language: str, mark: str, tmp_path: Path) -> None:
    text_of_pages = pages(document_pdf(document(results, language)), tmp_path)
    assert len(text_of_pages) >= 3
    assert [i for i, text in enumerate(text_of_pages, 1) if mark not in text] == []


@pytest.mark.parametrize(("language", "role"), [("et", "hindaja"), ("en", "evaluator")])
def test_a_signed_report_names_who_and_when(results: Results, language: str, role: str, tmp_path: Path) -> None:
    text_of_pages = pages(document_pdf(document(signed(results), language)), tmp_path)
    assert not any("MUSTAND" in text or "DRAFT" in text for text in text_of_pages)
    for text in (text_of_pages[0], text_of_pages[-1]):
        assert "Hindaja Näide" in text
        assert role in text
        assert "2021" in text


def test_the_page_on_the_web(results: Results) -> None:
    draft, final = (document_html(document(r, "et")) for r in (results, signed(results)))
    assert '<p class="draft-mark">Mustand</p>' in draft
    assert 'content:"MUSTAND"' in draft.replace(" ", "")
    assert "Hindaja Näide" not in draft
    assert "draft-mark" not in final.partition("<body")[2]
    assert final.count("Hindaja Näide") == 2
