"""The formulas of the method annex, by name: Typst maths for PDF, MathML for HTML."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vunki_eval.errors import BuildError, Problem


@dataclass(frozen=True, slots=True)
class FormulaText:
    """One formula in both notations; ours and fixed, never made from text of a survey."""

    typst: str
    mathml: str


@cache
def formulas() -> dict[str, FormulaText]:
    """Give all formulas by name."""
    raw = tomllib.loads(Path(__file__).with_name("formulas.toml").read_text(encoding="utf-8"))
    return {name: FormulaText(**entry) for name, entry in raw.items()}


def formula(name: str) -> FormulaText:
    """Give the formula, or say which there are."""
    known = formulas()
    if name not in known:
        hint = f"Use one of {', '.join(sorted(known))}, or add it to content/formulas.toml."
        raise BuildError(Problem("", 0, name, "There is no formula of this name.", hint, "VE-412"))
    return known[name]
