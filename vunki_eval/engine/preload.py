"""Imported by the warm process when it starts; see `vunki_eval.engine.imports`."""

from vunki_eval.engine.imports import load

load()
