"""Cases 61-63: what people write stays text wherever it is shown. (The faults from 64 on have their own tests.)"""

import csv
import io
import shutil
import subprocess

import pytest

from vunki_eval.errors import InputError
from vunki_eval.publish.build import csv_text
from vunki_eval.report.render.html.blocks import section_html
from vunki_eval.report.render.notebook import Document
from vunki_eval.report.render.pdf.typeset import document_pdf
from vunki_eval.results.blocks import Cover, Section, paragraph

HOSTILE = [
    "<script>alert(1)</script>", "{{7*7}}", r"$\input{/etc/passwd}$", '#read("/etc/passwd")', "![](file:///etc/passwd)",
    "\x1b[31mpunane\x1b[0m", "\u202egnirts", "sõna" * 2500, "=cmd|' /C calc'!A0",
]  # fmt: skip
LABELS = "50 % & _x_ #y ~ ^ \\ „jutumärgid“ ‚õäöü‘"


@pytest.mark.parametrize("text", HOSTILE)
def test_case_61_hostile_text_is_read_literally(case, text):
    case.put([{"OQ1": text}])
    assert case.values("OQ1") == [text.strip()]
    assert text not in repr(case.study())


def test_case_61_lone_surrogate_is_refused(case, as_csv):
    case.put(as_csv([{"OQ1": "X"}]).encode().replace(b"X", b"\xed\xa0\x80"))
    assert [code for _, _, code in case.refused()] == ["VE-312"]


@pytest.mark.parametrize("text", HOSTILE[:5])
def test_case_61_hostile_text_is_shown_literally(text):
    html = section_html(Section("a", "Pealkiri", (paragraph(text),)))
    assert "<script" not in html
    assert "file:///" not in html or "<img" not in html
    assert "root:" not in html
    assert "49" not in html.replace(text, "")


def test_case_62_formulas_are_defused_in_tables():
    texts = ["=1+1", "+a", "-x", "@a", "\tx", "õ"]
    numbers = [-3, 2.5, "-3", "5", None, "−1,5"]
    read = list(csv.reader(io.StringIO(csv_text(list(zip(texts, numbers, strict=True))), newline="")))
    assert [r[0] for r in read] == ["'=1+1", "'+a", "'-x", "'@a", "'\tx", "õ"]
    assert [r[1] for r in read] == ["-3", "2.5", "-3", "5", "", "−1,5"]
    assert csv_text([["\rx"]]).lstrip('"').startswith("'")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is not installed")
def test_case_63_signs_of_other_languages_in_the_pdf(tmp_path):
    cover = Cover("Pealkiri", "", "et", "", (), (), "2020-10-01", "A", "", "", {})
    sections = (Section("cover", "", (cover,)), Section("a", "Peatükk", (paragraph(LABELS), paragraph(HOSTILE[3]))))
    path = tmp_path / "a.pdf"
    path.write_bytes(document_pdf(Document(cover, sections)))
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True).stdout.decode()
    for word in LABELS.split():
        assert word in text
    assert "/etc/passwd" in text
    assert "root:" not in text


def test_bad_files_raise_errors_for_people(case):
    """Nothing but errors of the program's own tree reaches the user."""
    case.put(b"\x00\x01\x02" * 100)
    with pytest.raises(InputError):
        case.study()
