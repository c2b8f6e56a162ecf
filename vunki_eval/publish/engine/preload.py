"""Do the imports of the warm process when it starts; see `vunki_eval.publish.engine.imports`.

All objects loaded so far are hidden from the garbage collector. A collection in a forked child would otherwise write to
the header of every object and so copy all of the shared memory (7 % of an event's time).
"""

import gc
import os

from vunki_eval.publish.engine.imports import load
from vunki_eval.publish.engine.limits import end_with_parent

end_with_parent(os.getppid())  # it ignores Ctrl-C, and would else go on and start what it was asked for
load()
gc.collect()
gc.freeze()
