"""Do the imports of the warm process when it starts; see `vunki_eval.publish.engine.imports`.

All objects loaded so far are hidden from the garbage collector. A collection in a forked child would otherwise write to
the header of every object and so copy all of the shared memory (7 % of an event's time).
"""

import gc

from vunki_eval.publish.engine.imports import load

load()
gc.collect()
gc.freeze()
