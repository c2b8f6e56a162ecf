"""Files that another program has open: how to tell, how long to wait for them, and what to say."""

import errno
import os
import time
from pathlib import Path

from vunki_eval.errors import M_, Problem, reason

PATIENCE = 2.0
"""Seconds for which a step is tried again while another program has the file open."""
PAUSE = 0.05
HELD = (5, 32, 33)  # Windows: access denied (also: deletion under way), sharing violation, lock violation


def is_held(error: OSError) -> bool:
    """Tell whether another program is in the way, rather than a missing permission."""
    if error.errno == errno.EBUSY or getattr(error, "winerror", None) in HELD:
        return True
    return os.name == "nt" and isinstance(error, PermissionError)  # what C functions report has no Windows code


def open_problem(file: str) -> Problem:
    """Describe a file that another program has open."""
    problem = M_("The file is open in another program.")
    return Problem(file, 0, "", problem, M_("Close it and run again."), "VE-128")


def read_problem(error: OSError, file: str, code: str) -> Problem:
    """Describe why a file cannot be read; ``code`` is for anything but a file open in another program."""
    if is_held(error):
        return open_problem(file)
    problem = M_("The file cannot be read: {reason}.", reason=reason(error))
    return Problem(file, 0, "", problem, M_("Check its permissions."), code)


def read_whole(path: Path) -> bytes:
    """Read a file; try again for a while if another program is in the way.

    Raises
    ------
    OSError
        If it cannot be read, or not within `PATIENCE`; `read_problem` describes it.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return path.read_bytes()
        except OSError as error:
            if not is_held(error) or time.monotonic() >= end:
                raise
            time.sleep(PAUSE)
