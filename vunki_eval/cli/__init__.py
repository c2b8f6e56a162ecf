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
    from vunki_eval.cli.streams import OutputLost, open_streams

    open_streams()
    try:
        for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):  # the last two: the terminal was closed (POSIX, Windows)
            if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is not signal.SIG_IGN:
                signal.signal(getattr(signal, name), _stop)
        from vunki_eval.cli.app import app
        from vunki_eval.errors import COMMAND

        app(prog_name=os.environ.get(COMMAND) or "vunki-eval")
    except KeyboardInterrupt:
        from vunki_eval.cli.screen import interrupted

        sys.exit(interrupted())
    except OutputLost as lost:
        sys.exit(lost.end())


def _stop(number: int, frame: Any) -> None:
    raise KeyboardInterrupt
