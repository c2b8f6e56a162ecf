"""What every code means: an example of its message, the cause and what to do, in Estonian and English.

``python -m vunki_eval.language.explanations docs`` writes the documentation's pages on codes.
"""

import re
import sys
import textwrap
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from vunki_eval.errors import M_, Problem, UsageError

_CODES = Path(__file__).parent / "codes.toml"
HEADINGS = {"et": ("Näide", "Tähendus", "Mida teha"), "en": ("Example", "Meaning", "What to do")}
PAGE = {
    "et": (
        "Teadete koodid",
        "Iga teade lõpeb koodiga. Sama seletuse annab `vunki-eval explain KOOD`, ilma paigaldamata "
        "`python3 run.py explain KOOD` (Windowsis `py run.py explain KOOD`).",
    ),
    "en": (
        "Codes of messages",
        "Every message ends with a code. `vunki-eval explain CODE` prints the same explanation; if only run.py "
        "is there: `python3 run.py explain CODE` (Windows: `py run.py explain CODE`).",
    ),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of a code.

    Attributes
    ----------
    code : str
    example, cause, hint : dict
        A message that ends with the code, what happened and what to do, by language (et, en).
    """

    code: str
    example: Mapping[str, str]
    cause: Mapping[str, str]
    hint: Mapping[str, str]

    def text(self, language: str) -> str:
        """Return the explanation, wrapped for a terminal of 80 columns."""
        language = {"vro": "et"}.get(language, language if language in HEADINGS else "en")
        parts = (self.example[language], self.cause[language], self.hint[language])
        lines = [self.code]
        for heading, part in zip(HEADINGS[language], parts, strict=True):
            lines += ["", *textwrap.wrap(f"{heading}: {part}", 80, break_long_words=False, break_on_hyphens=False)]
        return "\n".join(lines)


@cache
def explanations() -> Mapping[str, Explanation]:
    """Return all explanations by code, in the order of the codes."""
    data = tomllib.loads(_CODES.read_text(encoding="utf-8"))
    return {code: _explanation(code, entry) for code, entry in sorted(data.items())}


def _explanation(code: str, entry: Mapping[str, Any]) -> Explanation:
    cause, hint = ({language: entry[language][k] for language in HEADINGS} for k in (0, 1))
    return Explanation(code, entry["example"], cause, hint)


def page(language: str) -> str:
    """Return all explanations as a page of the documentation (Markdown)."""
    title, intro = PAGE[language]
    lines = [f"# {title}", "", intro]
    for entry in explanations().values():
        parts = (f"`{entry.example[language]}`", _escaped(entry.cause[language]), _escaped(entry.hint[language]))
        lines += ["", f"## {entry.code}", ""]
        for heading, part in zip(HEADINGS[language], parts, strict=True):
            lines += [f"{heading}: {part}", ""]
        lines.pop()
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return re.sub(r"([<>*_#|])", r"\\\1", text)


def explain(code: str) -> Explanation:
    """Explain a code; ``ve-101``, ``VE101`` and ``101`` are understood.

    Raises
    ------
    UsageError
        If there is no such code.
    """
    digits = re.sub(r"\D", "", code)
    explanation = explanations().get(f"VE-{digits}")
    if explanation is None:
        problem = M_("There is no such code.")
        hint = M_("Codes look like VE-101; `vunki-eval explain` lists them.")
        raise UsageError(Problem("", 0, "", problem, hint, "VE-127"))
    return explanation


def main(folder: str) -> None:
    """Write the page of codes in each language below a folder."""
    for language in PAGE:
        path = Path(folder) / language / "codes.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(language), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "docs")
