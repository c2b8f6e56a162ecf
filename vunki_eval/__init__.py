"""vunki_eval: evaluate community co-creation events, from survey exports to a report one can sign.

>>> import vunki_eval as ve
>>> project = ve.load_project(".")                        # doctest: +SKIP
>>> results = ve.evaluate(project, "2020-antsla")         # doctest: +SKIP
>>> ve.sections.trust(results, "et")                      # doctest: +SKIP
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# Loaded on first use: the program's help must not wait for pandas.
_PUBLIC = {
    "Instrument": "instrument",
    "Project": "project",
    "Results": "results",
    "Study": "study",
    "VunkiError": "errors",
    "analyse": "analysis",
    "analyse_project": "analysis",
    "evaluate": "evaluation",
    "linking_quality": "link.quality",
    "load_instrument": "instrument",
    "load_project": "project",
    "load_results": "results",
    "load_study": "study",
    "load_words": "words",
    "simulate_event": "simulate",
    "simulate_project": "simulate",
    "shipped": "locate",
    "ess_means": "benchmarks",
}
_ROOMS = ("figures", "sections", "stats", "tables")

__all__ = ["__version__", *sorted(_PUBLIC), *_ROOMS]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"vunki_eval.{name}")
    if name in _PUBLIC:
        return getattr(import_module(f"vunki_eval.{_PUBLIC[name]}"), name)
    raise AttributeError(f"module 'vunki_eval' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
