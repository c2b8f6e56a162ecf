"""Run notebooks through papermill: with our own kernel, or in a child forked from this process (engine ``vunki``)."""

from vunki_eval.publish.engine.run import ENGINES, parameter_names, refuse_unknown, run_notebook, strip

__all__ = ["ENGINES", "parameter_names", "refuse_unknown", "run_notebook", "strip"]
