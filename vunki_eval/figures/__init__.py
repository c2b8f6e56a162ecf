"""Figures drawn from `Results` alone; each takes results and a language and stands alone in a notebook.

A drawing function (`forest`) gives a matplotlib figure; its partner (`forest_figure`) gives it with title, alt text,
base, source and numbers, or None when there is nothing to draw. matplotlib is loaded when the first one is asked for.
"""

from importlib import import_module
from typing import Any

_WHERE = {
    "dumbbells": "means",
    "flow": "recruitment",
    "forest": "changes",
    "groups": "by_group",
    "likert": "bars",
    "mixing": "sectors",
    "ratings": "scores",
    "sensitivity": "robustness",
    "stages": "registers",
    "themes": "wordings",
    "national": "benchmarks",
    "bullets": "registers",
    "money": "registers",
}
_WHERE |= {f"{name}_figure": module for name, module in _WHERE.items()}
_WHERE |= {"page_one_chart": "changes", "chain": "registers"}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'vunki_eval.figures' has no attribute {name!r}")
    return getattr(import_module(f"vunki_eval.figures.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(_WHERE)
