"""What every code means: an example of its message, cause and cure, in Estonian and English.

``python -m vunki_eval.language.explanations docs`` writes the documentation's pages of codes.
"""

import re
import sys
import textwrap
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vunki_eval.errors import Problem, UsageError

_CODES = Path(__file__).parent / "codes.toml"
HEADS = {"et": ("Näide", "Tähendus", "Mida teha"), "en": ("Example", "Meaning", "What to do")}
PAGE = {
    "et": ("Teadete koodid", "Iga teade lõpeb koodiga. Sama seletuse annab `vunki-eval explain KOOD`."),
    "en": (
        "Codes of messages",
        "Every message ends with a code. `vunki-eval explain CODE` prints the same explanation.",
    ),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A code explained.

    Attributes
    ----------
    code, example : str
    cause, hint : dict
        Per language (et, en).
    """

    code: str
    example: str
    cause: Mapping[str, str]
    hint: Mapping[str, str]

    def text(self, language: str) -> str:
        """Give the explanation for a terminal of 80 columns."""
        language = language if language in HEADS else "en"
        parts = (self.example, self.cause[language], self.hint[language])
        lines = [self.code]
        for head, part in zip(HEADS[language], parts, strict=True):
            lines += ["", *textwrap.wrap(f"{head}: {part}", 80, break_long_words=False, break_on_hyphens=False)]
        return "\n".join(lines)


@cache
def explanations() -> Mapping[str, Explanation]:
    """Give all explanations by code, in the order of the codes."""
    data = tomllib.loads(_CODES.read_text(encoding="utf-8"))
    return {
        code: Explanation(
            code, data[code]["example"], {k: data[code][k][0] for k in HEADS}, {k: data[code][k][1] for k in HEADS}
        )
        for code in sorted(data)
    }


def page(language: str) -> str:
    """Give all explanations as a page of the documentation (Markdown)."""
    title, intro = PAGE[language]
    lines = [f"# {title}", "", intro]
    for known in explanations().values():
        lines += ["", f"## {known.code}", ""]
        for head, part in zip(
            HEADS[language], (known.example, known.cause[language], known.hint[language]), strict=True
        ):
            shown = f"`{part}`" if part is known.example else _escaped(part)
            lines += [f"{head}: {shown}", ""]
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
    found = explanations().get(f"VE-{digits}")
    if found is None:
        problem = "There is no such code."
        hint = "Codes look like VE-101; `vunki-eval explain` lists them."
        raise UsageError(Problem("", 0, "", problem, hint, "VE-127"))
    return found


def main(folder: str) -> None:
    """Write one page of codes per language below a folder."""
    for language in PAGE:
        path = Path(folder) / language / "codes.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(language), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "docs")
