"""The imports that every report needs, done once in the warm process from which the others are forked."""

import sys
from importlib import import_module

# Everything that report notebooks and exporters use, so that no forked child spends time on it again.
LOADED = (
    "papermill", "papermill.clientwrap", "ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.compiler",
    "matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "seaborn",
    "scipy.stats", "scipy.optimize", "typst", "babel.dates", "babel.numbers", "mistune", "vunki_eval.report.sections",
    "vunki_eval.analysis.evaluation", "vunki_eval.report.sections.feedback", "vunki_eval.report.render.export",
    "vunki_eval.report.render.pdf.typeset", "vunki_eval.report.render.pdf.onepage",
    "vunki_eval.report.render.html.webpage", "vunki_eval.publish.engine.child", "vunki_eval.publish.build",
)  # fmt: skip


def spare_grammar() -> None:
    """Keep jsonschema from building the grammar of ``rfc3987_syntax`` (3 s at each import of nbformat).

    jsonschema treats the package as optional. Without it the formats ``iri`` and ``iri-reference`` are not checked, but
    no schema of Jupyter uses them. Call this only in processes that are wholly our own, never on ``import vunki_eval``.
    See python-jsonschema/jsonschema issue 1428.
    """
    if "rfc3987_syntax" not in sys.modules:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]


def load() -> None:
    """Import everything once; a package that is not installed is reported later, by the code that needs it."""
    spare_grammar()
    for name in LOADED:
        try:
            import_module(name)
        except ImportError:
            continue
