"""vunki_eval: evaluate community co-creation events, from survey exports to a report one can sign.

>>> import vunki_eval as ve
>>> project = ve.load_project(".")                        # doctest: +SKIP
>>> results = ve.evaluate(project, "2020-antsla")         # doctest: +SKIP
>>> ve.sections.trust(results, "et")                      # doctest: +SKIP
"""

from importlib import import_module
from typing import Any

from vunki_eval.project.version import __version__

# Loaded on first use: the program's help must not wait for pandas.
_PUBLIC = {
    "Instrument": "project.instrument",
    "Project": "project.project",
    "Results": "results.results",
    "Study": "survey.study",
    "VunkiError": "errors",
    "analyse": "analysis",
    "analyse_project": "analysis",
    "ess_means": "project.national_values",
    "evaluate": "analysis.evaluation",
    "linking_quality": "survey.link.quality",
    "load_commentary": "report.commentary",
    "load_instrument": "project.instrument",
    "load_project": "project.project",
    "load_results": "results.results",
    "load_study": "survey.study",
    "shipped": "project.locate",
    "simulate_event": "simulate",
    "simulate_project": "simulate",
}
_OLD_NAMES = {"load_words": "load_commentary"}  # notebooks of earlier versions ask for these
_ROOMS = {"figures": "report.figures", "sections": "report.sections", "stats": "stats", "tables": "report.tables"}

__all__ = ["__version__", *sorted(_PUBLIC), *_ROOMS]


def __getattr__(name: str) -> Any:
    name = _OLD_NAMES.get(name, name)
    if name in _ROOMS:
        return import_module(f"vunki_eval.{_ROOMS[name]}")
    if name in _PUBLIC:
        return getattr(import_module(f"vunki_eval.{_PUBLIC[name]}"), name)
    raise AttributeError(f"module 'vunki_eval' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
