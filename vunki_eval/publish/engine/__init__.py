"""Run notebooks through papermill: with our own kernel, or in a child forked from this process (engine ``vunki``)."""

from vunki_eval.publish.engine.run import ENGINES, run_notebook, strip

__all__ = ["ENGINES", "run_notebook", "strip"]
