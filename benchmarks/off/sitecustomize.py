"""Turns one lever off in every Python that starts with this folder on its path; VUNKI_BENCH_OFF names it."""

import gc
import importlib.abc
import importlib.machinery
import os
import sys

OFF = os.environ.get("VUNKI_BENCH_OFF", "")
# lever: module, what is exchanged after its import
CHANGES = {
    "grammar": ("vunki_eval.publish.engine.imports", lambda m: setattr(m, "spare_grammar", lambda: None)),
    "imports": ("vunki_eval.publish.engine.imports", lambda m: setattr(m, "LOADED", ("papermill",))),
    "drawings": ("vunki_eval.project.svg", lambda m: setattr(m, "_safe", m._safe.__wrapped__)),
}
if OFF == "freeze":
    gc.freeze = lambda: None


class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        wanted, change = CHANGES[OFF]
        if name != wanted:
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            change(module)

        spec.loader.exec_module = exec_module
        return spec


if OFF in CHANGES:
    sys.meta_path.insert(0, Finder())
