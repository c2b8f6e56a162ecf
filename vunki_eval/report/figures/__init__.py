"""Figures drawn from `Results` alone; each takes results and a language, and can be shown in a notebook by itself.

A drawing function (`forest`) returns a matplotlib figure. Its partner (`forest_figure`) returns the same drawing with
its title, alt text, base, source and numbers, or None when there is nothing to draw. The modules are imported on first
use, since matplotlib and seaborn are slow to load.
"""

from importlib import import_module
from typing import Any

_WHERE = {
    "dumbbells": "outcome_levels",
    "flow": "participant_flow",
    "forest": "changes",
    "groups": "by_group",
    "likert": "likert_bars",
    "mixing": "sectors",
    "ratings": "recommendation",
    "sensitivity": "robustness",
    "stages": "progress",
    "themes": "theme_bars",
    "national": "national_values",
    "bullets": "progress",
    "money": "progress",
}
_WHERE |= {f"{name}_figure": module for name, module in _WHERE.items()}
_WHERE |= {"page_one_chart": "changes", "chain": "progress"}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'vunki_eval.report.figures' has no attribute {name!r}")
    return getattr(import_module(f"vunki_eval.report.figures.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(_WHERE)
