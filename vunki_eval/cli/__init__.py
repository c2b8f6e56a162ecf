"""The program ``vunki-eval``: verbs, progress and exit codes. Heavy imports wait until a verb needs them."""

import os
import signal
import sys
from typing import Any


def main() -> None:
    """Run the program; the process ends with the exit code of DESIGN (0, 1, 2, 3, 4, 5 or 130)."""
    # One thread for linear algebra: sums do not vary, and reports are built by parallel processes anyway.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    signal.signal(signal.SIGTERM, _stop)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace" if stream.encoding.lower() == "utf-8" else "backslashreplace")
    from vunki_eval.cli.app import app

    app()


def _stop(number: int, frame: Any) -> None:
    raise KeyboardInterrupt
