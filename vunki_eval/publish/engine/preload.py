"""Imported by the warm process when it starts; see `vunki_eval.publish.engine.imports`.

What is loaded is taken out of the garbage collector's sight: a collection in a forked child would write to the header
of every object and so copy all of the shared memory (7 % of an event's time).
"""

import gc

from vunki_eval.publish.engine.imports import load

load()
gc.collect()
gc.freeze()
