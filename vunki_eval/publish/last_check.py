"""Check a build before it is published: complete files, no failed cell, nothing that points to a person."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vunki_eval.errors import M_, NOTHING, BuildError, Message, Problem
from vunki_eval.project.file_names import files_below
from vunki_eval.publish.manifest import is_intact, read_manifest
from vunki_eval.report.render.formats import FORMATS
from vunki_eval.survey.scan.patterns import PATTERNS

NEVER = {
    "email": M_("an e-mail address"),
    "personal_code": M_("a personal code"),
    "bank_account": M_("a bank account"),
}
WRITTEN = (".toml", ".md")  # written for readers: what stands in such a file may stand in the report
DIGITS, MOST_BREAKS = 11, 3
"""Of a personal code; people write 38001085718, 380 0108 5718, 380-010-857-18."""
LENGTHS = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FO GL NL", 19: "MK SI", 20: "AT BA EE KZ LT LU XK", 21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ", 24: "AD CZ ES MD PK SA SE SK RO TN VG", 25: "PT ST",
        26: "IS TR", 27: "FR GR IT MC MR SM", 28: "AL AZ BY CY DO GT HU LB PL", 29: "BR PS QA UA", 30: "JO KW MU",
        31: "MT SC", 32: "LC",
    }.items()
    for country in countries.split()
}  # fmt: skip
"""Characters of an account number in each country of the IBAN registry (ISO 13616)."""
_MARKUP = re.compile(r"<style.*?</style>|<[^>]*>", re.DOTALL)


def check_export(data: bytes, name: str, event: str, language: str) -> None:
    """Refuse an export that is damaged or incomplete.

    Raises
    ------
    BuildError
        If the file is incomplete, a PDF has no pages or another number than it states, or an image in HTML has no text
        alternative.
    """
    if not FORMATS[name].is_whole(data):
        problem = M_("The {name} export is not complete.", name=name)
        raise BuildError(Problem(f"{event}/{language}", 0, "", problem, M_("Run again with --force."), "VE-404"))


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
    for file, cell, text in [*_cell_texts(notebook), *_result_texts(folder / "results.json")]:
        kinds = {kind for kind, hit in _hits(text) if hit.casefold() not in written.casefold()}
        for kind in sorted(NEVER[k] for k in kinds):
            problem = M_("The report contains {kind} that is in none of the files written for publication.", kind=kind)
            hint = M_("Remove it from the answers or notes it comes from, or from the cell that shows it.")
            problems.append(Problem(f"{folder.name}/{file}", 0, cell, problem, hint, "VE-800"))
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
        problem = M_("A file of the new report is missing, was added, or has changed since it was built.")
        raise BuildError(Problem(f"reports/{name}", 0, "", problem, M_("Run the command again."), "VE-801"))


def written_texts(folder: Path) -> str:
    """Join all texts below a project's ``surveys/`` that people wrote for readers."""
    files = (p for p in files_below(folder) if p.suffix in WRITTEN)
    return "\n".join(p.read_text("utf-8", "replace") for p in files)


def _cell_texts(notebook: Path) -> Iterator[tuple[str, Message, str]]:
    """Yield the place of each cell of a notebook with each text that the cell shows."""
    for number, cell in enumerate(json.loads(notebook.read_text("utf-8"))["cells"], 1):
        for output in cell.get("outputs", []):
            file, place = f"{notebook.parent.name}/{notebook.name}", M_("cell {n}", n=number)
            if output["output_type"] == "error":
                problem = Problem(file, 0, place, M_("A cell failed."), M_("Fix it and run again."), "VE-401")
                raise BuildError(problem)
            data = output.get("data", {})
            yield file, place, "".join(output.get("text", ""))
            yield file, place, "".join(data.get("text/plain", ""))
            # A tag becomes two blanks, so that numbers of neighbouring table cells do not read as one number.
            yield file, place, html.unescape(_MARKUP.sub("  ", "".join(data.get("text/html", ""))))


def _result_texts(results: Path) -> Iterator[tuple[str, Message, str]]:
    """Yield all texts in ``results.json``, joined, with its name."""
    waiting: list[Any] = [json.loads(results.read_text("utf-8"))]
    texts = []
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value
    yield results.name, NOTHING, "\n\n".join(texts)


def _hits(text: str) -> Iterator[tuple[str, str]]:
    for kind, pattern, holds in PATTERNS:
        if kind in NEVER:
            stands = {"personal_code": _stands_alone, "bank_account": _is_account}.get(kind, bool)
            yield from ((kind, hit.group()) for hit in pattern.finditer(text) if holds(hit.group()) and stands(hit))


def _stands_alone(hit: re.Match[str]) -> bool:
    """Tell a personal code from digits of a decimal number, or of a column or row of numbers.

    The pattern is made for what people write and allows a break after every digit; a report is full of numbers.
    """
    digits = hit.group()
    breaks = len(digits) - DIGITS
    before, after = hit.string[max(hit.start() - 2, 0) : hit.start()], hit.string[hit.end() : hit.end() + 2]
    in_other_numbers = re.search(r"\d[.,\s]$", before) or re.match(r"[.,\s]\d", after)
    return breaks <= MOST_BREAKS and not re.search(r"[\t\r\n]", digits) and not in_other_numbers


def _is_account(hit: re.Match[str]) -> bool:
    """Tell an account number by its country's length and its check digits (ISO 13616) from a row of item codes."""
    number = "".join(hit.group().split())
    number = number[: LENGTHS.get(number[:2], 0)]
    digits = "".join(str(int(c, 36)) for c in number[4:] + number[:4])
    return len(number) == LENGTHS.get(number[:2]) and int(digits) % 97 == 1
