import importlib.util
import io

import pikepdf
import pytest

from vunki_eval.errors import UsageError
from vunki_eval.project.instrument import Instrument
from vunki_eval.questionnaire.print_layout import paper_form
from vunki_eval.questionnaire.printed import printed_pdf
from vunki_eval.questionnaire.word import word_document


@pytest.mark.parametrize(("wave", "language"), [("pre", "et"), ("post", "en"), ("followup", "et")])
def test_the_paper_asks_every_item_once(instrument: Instrument, wave: str, language: str) -> None:
    form = paper_form(instrument, wave, language, ["Miks"])
    asked = [q for b in [*form["agree"], *form["code"], *form["blocks"]] for q in b.get("rows", [b])]
    assert [q["code"] for q in asked] == [i.code for i in instrument.in_wave(wave)]
    numbers = [q["number"] for q in asked if "number" in q]
    assert numbers == list(range(1, len(numbers) + 1))
    grid = next(b for b in form["blocks"] if b["kind"] == "grid" and b["rows"][0]["code"] == "TS1")
    assert grid["heads"] == [str(n) for n in range(11)]
    assert len(grid["missing"]) == 2


@pytest.mark.parametrize("language", ["et", "en"])
def test_the_pdf_is_tagged_and_the_same_every_time(instrument: Instrument, language: str) -> None:
    made = printed_pdf(instrument, "pre", language, ["Küsija on keegi. 😀"])
    assert made == printed_pdf(instrument, "pre", language, ["Küsija on keegi. 😀"])
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang).startswith(language)
        assert "pdfuaid" in bytes(pdf.Root.Metadata.read_bytes()).decode()
        assert 3 <= len(pdf.pages) <= 8
        outline = [i.title for i in pdf.open_outline().root]
        assert outline


def test_the_word_document(instrument: Instrument) -> None:
    if importlib.util.find_spec("docx") is None:
        with pytest.raises(UsageError, match="python-docx"):
            word_document(instrument, "pre", "et", [])
        return
    import docx

    page = docx.Document(io.BytesIO(word_document(instrument, "pre", "et", ["Küsija"])))
    text = "\n".join([p.text for p in page.paragraphs] + [c.text for t in page.tables for c in t.column_cells(0)])
    assert all(f"({i.code})" in text for i in instrument.in_wave("pre"))
    assert "☐\u00a0omavalitsus" in text
    sheet = page.sections[0]
    room = sheet.page_width - sheet.left_margin - sheet.right_margin
    for table in page.tables:
        first, *others = (column.width for column in table.columns)
        assert first + sum(others) <= room + 20_000, "wider than the page"
        assert first >= room / 4
        assert table.rows[0]._tr.trPr.xpath("w:tblHeader"), "the head repeats on every page"


def test_the_word_document_is_the_same_every_time(instrument: Instrument) -> None:
    pytest.importorskip("docx")
    assert word_document(instrument, "post", "en", []) == word_document(instrument, "post", "en", [])
