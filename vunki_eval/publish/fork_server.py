"""A server process that forks, for a process that must not fork itself because it has threads (a cluster's worker).

``python -m vunki_eval.publish.fork_server`` reads pickled tasks from standard input, one at a time, until the input
closes. It forks a process for each task and writes the pickled outcome to standard output. Unpickling is safe here
because only our own parent process writes to it.
"""

import atexit
import os
import pickle
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

from vunki_eval.errors import M_, BuildError, Problem
from vunki_eval.publish.unit import Failed, Outcome, Task

_idle: list[Any] = []  # servers that wait for a task; a worker with several threads has several
_lock = threading.Lock()


def build_in_fork(task: Task) -> Outcome:
    """Build a unit in a process that a fork server starts; if the server dies, the unit has failed."""
    with _lock:
        server = _idle.pop() if _idle else _start_server()
    try:
        pickle.dump(task, server.stdin)
        server.stdin.flush()
        outcome: Outcome = pickle.load(server.stdout)
    except (OSError, EOFError, pickle.UnpicklingError):
        _end(server)
        problem = M_("The process that made this report ended (killed, or out of memory).")
        event = task.plan.event
        return Failed(event, (Problem(event, 0, "", problem, M_("Run again."), "VE-405"),), BuildError.exit_code)
    with _lock:
        _idle.append(server)
    return outcome


def main() -> None:
    """Serve tasks until the input closes."""
    from vunki_eval.publish.workers import build, end, is_warm, receive, start

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this process closes its input
    source, target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # anything that a library prints must not mix with the outcomes
    while True:
        try:
            task = pickle.load(source)
        except EOFError:
            return
        process, pipe = start(build, task, warm=is_warm(task))
        try:
            outcome = receive(pipe, task.plan.event)
        finally:
            end(process)
        pickle.dump(outcome, target)
        target.flush()


def _start_server() -> Any:
    # A thread pool of a library would make forking unsafe.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    server = subprocess.Popen(
        [sys.executable, "-m", "vunki_eval.publish.fork_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    )
    atexit.register(_end, server)
    return server


def _end(server: Any) -> None:
    with suppress(OSError):
        server.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        server.wait(5)
        return
    server.kill()


if __name__ == "__main__":
    main()
