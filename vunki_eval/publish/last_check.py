"""Check a build before it is published: complete files, no failed cell, nothing that points to a person."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vunki_eval.errors import BuildError, Problem
from vunki_eval.project.file_names import files_below
from vunki_eval.publish.manifest import is_intact, read_manifest
from vunki_eval.survey.scan.patterns import PATTERNS

NEVER = {"email": "an e-mail address", "personal_code": "a personal code", "bank_account": "a bank account"}
WRITTEN = (".toml", ".md")  # written for readers: what stands in such a file may stand in the report
_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_COUNT = re.compile(rb"/Type\s*/Pages\b.{0,200}?/Count (\d+)|/Count (\d+).{0,200}?/Type\s*/Pages\b", re.DOTALL)
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_MARKUP = re.compile(r"<style.*?</style>|<[^>]*>", re.DOTALL)


def check_export(data: bytes, name: str, event: str, language: str) -> None:
    """Refuse an export that is damaged or incomplete.

    Raises
    ------
    BuildError
        If the file is incomplete, a PDF has no pages or another number than it states, or an image in HTML has no text
        alternative.
    """
    if not {"pdf": _is_whole_pdf, "html": _is_whole_html, "docx": _is_whole_docx}[name](data):
        problem = f"The {name} export is not complete."
        raise BuildError(Problem(f"{event}/{language}", 0, "", problem, "Run again with --force.", "VE-404"))


def check_texts(folder: Path, language: str, written: str) -> None:
    """Refuse a report that shows a failed cell, an e-mail address, a personal code or a bank account.

    Those that also stand in ``written``, the text of the files written for publication, may be shown.

    Raises
    ------
    BuildError
        Naming the place and the kind of text, never the text itself.
    """
    notebook = folder / language / "report.ipynb"
    problems = []
    for place, text in [*_cell_texts(notebook), *_result_texts(folder / "results.json")]:
        kinds = {NEVER.get(kind, "") for kind, hit in _hits(text) if hit.casefold() not in written.casefold()}
        for kind in sorted(kinds - {""}):
            problem = f"The report contains {kind} that is in none of the files written for publication."
            hint = "Remove it from the answers or notes it comes from, or from the cell that shows it."
            problems.append(Problem(f"{folder.name}/{place}", 0, "", problem, hint, "VE-800"))
    if problems:
        raise BuildError(problems)


def check_whole(folder: Path, name: str) -> None:
    """Refuse a build whose files differ from those that its manifest lists.

    Raises
    ------
    BuildError
        If a file is missing, was added or has changed.
    """
    manifest = read_manifest(folder)
    if manifest is None or not is_intact(folder, manifest):
        problem = "A file of the new report is missing, was added, or has changed since it was built."
        raise BuildError(Problem(f"reports/{name}", 0, "", problem, "Run the command again.", "VE-801"))


def written_texts(folder: Path) -> str:
    """Join all texts below a project's ``surveys/`` that people wrote for readers."""
    files = (p for p in files_below(folder) if p.suffix in WRITTEN)
    return "\n".join(p.read_text("utf-8", "replace") for p in files)


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


def _cell_texts(notebook: Path) -> Iterator[tuple[str, str]]:
    """Yield the place of each cell of a notebook with each text that the cell shows."""
    for number, cell in enumerate(json.loads(notebook.read_text("utf-8"))["cells"], 1):
        for output in cell.get("outputs", []):
            place = f"{notebook.parent.name}/{notebook.name}:cell {number}"
            if output["output_type"] == "error":
                problem = Problem(place, 0, "", "A cell failed.", "Fix it and run again.", "VE-401")
                raise BuildError(problem)
            data = output.get("data", {})
            yield place, "".join(output.get("text", ""))
            yield place, "".join(data.get("text/plain", ""))
            # A tag becomes two blanks, so that numbers of neighbouring table cells do not read as one number.
            yield place, html.unescape(_MARKUP.sub("  ", "".join(data.get("text/html", ""))))


def _result_texts(results: Path) -> Iterator[tuple[str, str]]:
    """Yield all texts in ``results.json``, joined, with its name."""
    waiting: list[Any] = [json.loads(results.read_text("utf-8"))]
    texts = []
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value
    yield results.name, "\n\n".join(texts)


def _hits(text: str) -> Iterator[tuple[str, str]]:
    for kind, pattern, holds in PATTERNS:
        if kind in NEVER:
            hits = (match.group() for match in pattern.finditer(text))
            yield from ((kind, hit) for hit in hits if holds(hit) and (kind != "bank_account" or _is_account(hit)))


def _is_account(text: str) -> bool:
    """Tell whether the check digits of an account number are right (ISO 13616); in a row of item codes they are not."""
    number = "".join(text.split())
    digits = "".join(str(int(c, 36)) for c in number[4:] + number[:4])
    return int(digits) % 97 == 1
