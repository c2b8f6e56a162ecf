"""The formulas of the method annex, by name: in Typst for PDF, in MathML for HTML and Word."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vunki_eval.errors import M_, BuildError, Problem


@dataclass(frozen=True, slots=True)
class FormulaText:
    """A formula in both notations. It is fixed text of this package, never made from text of a survey."""

    typst: str
    mathml: str


@cache
def formulas() -> dict[str, FormulaText]:
    """Return all formulas by name."""
    raw = tomllib.loads(Path(__file__).with_name("formulas.toml").read_text(encoding="utf-8"))
    return {name: FormulaText(**entry) for name, entry in raw.items()}


def formula(name: str) -> FormulaText:
    """Return the formula of a name.

    Raises
    ------
    BuildError
        If there is no such formula; the message lists the names.
    """
    if name not in formulas():
        hint = M_("Use one of {value}, or add it to report/render/formulas.toml.", value=", ".join(sorted(formulas())))
        raise BuildError(Problem("", 0, name, M_("There is no formula of this name."), hint, "VE-412"))
    return formulas()[name]
