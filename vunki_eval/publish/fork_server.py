"""A warm process beside one that has threads (a cluster's worker): it forks one process for each unit.

``python -m vunki_eval.publish.fork_server`` reads pickled tasks from standard input and writes pickled outcomes to
standard output, one at a time, until its input closes. Only our own parent process speaks to it.
"""

import atexit
import os
import pickle
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

from vunki_eval.errors import BuildError, Problem
from vunki_eval.publish.unit import Failed, Outcome, Task

_free: list[Any] = []
_lock = threading.Lock()


def build_in_fork(task: Task) -> Outcome:
    """Build a unit in a helper of this process; a helper that dies is a failed unit."""
    with _lock:
        helper = _free.pop() if _free else _started()
    try:
        pickle.dump(task, helper.stdin)
        helper.stdin.flush()
        outcome: Outcome = pickle.load(helper.stdout)
    except (OSError, EOFError, pickle.UnpicklingError):
        _end(helper)
        problem = "The process that made this report ended (killed, or out of memory)."
        event = task.plan.event
        return Failed(event, (Problem(event, 0, "", problem, "Run again.", "VE-405"),), BuildError.exit_code)
    with _lock:
        _free.append(helper)
    return outcome


def main() -> None:
    """Serve tasks until the input closes."""
    from vunki_eval.publish.workers import build, end, is_warm, received, start

    source, target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed must not mix with the outcomes
    while True:
        try:
            task = pickle.load(source)
        except EOFError:
            return
        process, pipe = start(build, task, warm=is_warm(task))
        try:
            outcome = received(pipe, task.plan.event)
        finally:
            end(process)
        pickle.dump(outcome, target)
        target.flush()


def _started() -> Any:
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    helper = subprocess.Popen(
        [sys.executable, "-m", "vunki_eval.publish.fork_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    )
    atexit.register(_end, helper)
    return helper


def _end(helper: Any) -> None:
    with suppress(OSError):
        helper.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        helper.wait(5)
        return
    helper.kill()


if __name__ == "__main__":
    main()
