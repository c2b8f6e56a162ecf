"""The last look at a build before it may be published: whole files, no failed cell, nothing that points to a person."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vunki_eval.errors import BuildError, Problem
from vunki_eval.publish.manifest import is_intact, read_manifest
from vunki_eval.survey.scan.patterns import PATTERNS

NEVER = {"email": "an e-mail address", "personal_code": "a personal code", "bank_account": "a bank account"}
WRITTEN = (".toml", ".md")  # what people wrote for readers; what stands there may stand in the report
_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_COUNT = re.compile(rb"/Type\s*/Pages\b.{0,200}?/Count (\d+)|/Count (\d+).{0,200}?/Type\s*/Pages\b", re.DOTALL)
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_MARKUP = re.compile(r"<style.*?</style>|<[^>]*>", re.DOTALL)


def check_export(data: bytes, name: str, event: str, language: str) -> None:
    """Refuse an export that is not what its name says.

    Raises
    ------
    BuildError
        When the file is not whole, a PDF has no pages or not those it counts, or a drawing of a page has no name.
    """
    if not {"pdf": _whole_pdf, "html": _whole_html, "docx": _whole_docx}[name](data):
        problem = f"The {name} export is not complete."
        raise BuildError(Problem(f"{event}/{language}", 0, "", problem, "Run again with --force.", "VE-404"))


def check_texts(folder: Path, language: str, written: str) -> None:
    """Refuse a report that shows a failed cell, an e-mail address, a personal code or a bank account.

    Addresses that stand in ``written``, the files that people wrote for publication, may be shown.

    Raises
    ------
    BuildError
        Naming the place and the kind, never the text.
    """
    notebook = folder / language / "report.ipynb"
    problems = []
    for place, text in [*_shown(notebook), *_told(folder / "results.json")]:
        found = {NEVER.get(kind, "") for kind, hit in _hits(text) if hit.casefold() not in written.casefold()}
        for kind in sorted(found - {""}):
            said = f"What would be published holds {kind}, which is in no file that was written for publication."
            hint = "Take it out of the answers or notes it comes from, or out of the cell that shows it."
            problems.append(Problem(f"{folder.name}/{place}", 0, "", said, hint, "VE-800"))
    if problems:
        raise BuildError(problems)


def check_whole(folder: Path, name: str) -> None:
    """Refuse a build whose files are not those that its manifest lists.

    Raises
    ------
    BuildError
        When a file is missing, was added or is not as it was made.
    """
    manifest = read_manifest(folder)
    if manifest is None or not is_intact(folder, manifest):
        problem = "A file of the new report is not as it was made."
        raise BuildError(Problem(f"reports/{name}", 0, "", problem, "Run the command again.", "VE-801"))


def written_texts(folder: Path) -> str:
    """Join everything that people wrote for readers below a project's ``surveys/``."""
    files = sorted(p for p in folder.rglob("*") if p.suffix in WRITTEN and p.is_file())
    return "\n".join(p.read_text("utf-8", "replace") for p in files)


def _whole_pdf(data: bytes) -> bool:
    start = _START.search(data[-64:])
    if not data.startswith(b"%PDF-") or start is None or int(start[1]) >= len(data):
        return False
    pages, counts = len(_PAGE.findall(data)), [int(a or b) for a, b in _COUNT.findall(data)]
    return pages > 0 and (not counts or max(counts) == pages)


def _whole_html(data: bytes) -> bool:
    text = data.decode("utf-8", "replace").strip()
    drawings = re.findall(r"<svg\b[^>]*>", text)
    named = all(re.search(r'aria-label="[^"]*\S[^"]*"|aria-hidden="true"', d) for d in drawings)
    pictures = all(re.search(r'\balt="', i) for i in re.findall(r"<img\b[^>]*>", text))
    return text[:15].lower() == "<!doctype html>" and text.endswith("</html>") and named and pictures


def _whole_docx(data: bytes) -> bool:
    return data.startswith(b"PK") and b"word/document.xml" in data


def _shown(notebook: Path) -> Iterator[tuple[str, str]]:
    """Give what each cell of a notebook shows, as text."""
    for number, cell in enumerate(json.loads(notebook.read_text("utf-8"))["cells"], 1):
        for output in cell.get("outputs", []):
            place = f"{notebook.parent.name}/{notebook.name}:cell {number}"
            if output["output_type"] == "error":
                problem = Problem(place, 0, "", "A cell failed.", "Mend it and run again.", "VE-401")
                raise BuildError(problem)
            data = output.get("data", {})
            yield place, "".join(output.get("text", ""))
            yield place, "".join(data.get("text/plain", ""))
            # Two blanks for a tag: numbers of neighbouring cells must not read as one.
            yield place, html.unescape(_MARKUP.sub("  ", "".join(data.get("text/html", ""))))


def _told(results: Path) -> Iterator[tuple[str, str]]:
    """Give the texts in results.json."""
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
            found = (hit.group() for hit in pattern.finditer(text))
            yield from ((kind, hit) for hit in found if holds(hit) and (kind != "bank_account" or _account(hit)))


def _account(text: str) -> bool:
    """Tell whether the check digits of an account number are right (ISO 13616); a row of codes has none."""
    plain = "".join(text.split())
    digits = "".join(str(int(c, 36)) for c in plain[4:] + plain[:4])
    return int(digits) % 97 == 1
