"""The kinds of document a report is written as: how each is written, when its file is whole, what it needs.

A new kind is one entry of `FORMATS`; ``--format``, the check before publishing and the list of files take it from here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from vunki_eval.project.theme import Theme
from vunki_eval.report.render.notebook import Document

_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_COUNT = re.compile(rb"/Type\s*/Pages\b.{0,200}?/Count (\d+)|/Count (\d+).{0,200}?/Type\s*/Pages\b", re.DOTALL)
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")


@dataclass(frozen=True)
class Format:
    """One kind of document.

    Attributes
    ----------
    write : Callable
        ``write(document, results, theme)`` gives the file's bytes, the same for the same content; ``results`` is the
        text of ``results.json`` for a kind that can carry it, or None.
    is_whole : Callable
        Tells whether a file's bytes are complete and every picture in it has a text alternative.
    require : Callable
        Raises a UsageError before any work is done if something that is needed is not installed.
    """

    write: Callable[[Document, bytes | None, Theme], bytes]
    is_whole: Callable[[bytes], bool]
    require: Callable[[], None] = lambda: None


# The libraries that write a document are loaded when one is written: most commands write none.
def _write_pdf(document: Document, results: bytes | None, theme: Theme) -> bytes:
    from vunki_eval.report.render.pdf.typeset import document_pdf

    return document_pdf(document, results=results, theme=theme)


def _write_html(document: Document, _: bytes | None, theme: Theme) -> bytes:
    from vunki_eval.report.render.html.webpage import document_html

    return document_html(document, theme=theme).encode("utf-8")


def _write_docx(document: Document, _: bytes | None, theme: Theme) -> bytes:
    from vunki_eval.report.render.docx.build import document_docx

    return document_docx(document, theme=theme)


def _require_docx() -> None:
    from vunki_eval.report.render.docx.build import require_word

    require_word()


def _is_whole_pdf(data: bytes) -> bool:
    start = _START.search(data[-64:])
    if not data.startswith(b"%PDF-") or start is None or int(start[1]) >= len(data):
        return False
    pages, counts = len(_PAGE.findall(data)), [int(a or b) for a, b in _COUNT.findall(data)]
    return pages > 0 and (not counts or max(counts) == pages)  # the root of the page tree has the highest count


def _is_whole_html(data: bytes) -> bool:
    text = data.decode("utf-8", "replace").strip()
    drawings = re.findall(r"<svg\b[^>]*>", text)
    drawings_named = all(re.search(r'aria-label="[^"]*\S[^"]*"|aria-hidden="true"', d) for d in drawings)
    images_named = all(re.search(r'\balt="', i) for i in re.findall(r"<img\b[^>]*>", text))
    return text[:15].lower() == "<!doctype html>" and text.endswith("</html>") and drawings_named and images_named


def _is_whole_docx(data: bytes) -> bool:
    return data.startswith(b"PK") and b"word/document.xml" in data


FORMATS = {
    "pdf": Format(_write_pdf, _is_whole_pdf),  # PDF/A-3a and PDF/UA-1
    "html": Format(_write_html, _is_whole_html),  # one file, UTF-8
    "docx": Format(_write_docx, _is_whole_docx, _require_docx),
}
