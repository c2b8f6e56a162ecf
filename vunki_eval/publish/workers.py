"""Build units in processes of their own, several at a time: if one dies, the others go on.

On Linux each process is forked from a warm one that has already done the imports (`multiprocessing`'s fork server).
Elsewhere, or with the standard engine, a new Python is started.
"""

import os
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from vunki_eval.errors import M_, BuildError, Problem
from vunki_eval.publish.engine.limits import deaf_children, end_with_parent
from vunki_eval.publish.unit import Failed, Outcome, Task, failed

TEMPORARY = "tmp"
LONGEST_FOLDER = 107 - len("/pymp-12345678/listener-12345678")
"""Longest folder, in bytes, for the socket of `multiprocessing`, which it names so: Linux allows paths of 107 bytes."""


def build(task: Task) -> Outcome:
    """Build a unit; every error becomes its outcome."""
    from vunki_eval.publish.build import build_unit

    started, plan = time.monotonic(), task.plan
    try:
        built = build_unit(
            task.root, plan.event, plan.languages, plan.formats, task.work, engine=task.engine, parallel=task.parallel
        )
    except Exception as error:
        return failed(plan.event, error)
    return replace(built, seconds=time.monotonic() - started)


def run_tasks(
    tasks: Sequence[Task], jobs: int, *, work: Callable[[Task], Outcome] = build
) -> Generator[Outcome, None, None]:
    """Build units, ``jobs`` at a time, and yield outcomes as they arrive; closing the generator ends every process."""
    waiting, running = deque(tasks), dict[Any, tuple[Any, Task]]()
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                task = waiting.popleft()
                process, pipe = start(work, task, warm=is_warm(task))
                running[pipe] = (process, task)
            for ready in wait(list(running)):
                process, task = running.pop(ready)
                yield receive(ready, task.plan.event)  # type: ignore[arg-type]
                end(process)
    finally:
        for process, _ in running.values():
            end(process)


def is_warm(task: Task) -> bool:
    """Tell whether a task's process can be forked from the warm one."""
    socket_fits = len(os.fsencode(tempfile.gettempdir())) < LONGEST_FOLDER  # its socket is a temporary file
    return task.engine != "standard" and sys.platform == "linux" and socket_fits


def start(work: Callable[[Task], Outcome], task: Task, *, warm: bool) -> tuple[Any, Connection]:
    """Start a process for a task; it sends one outcome and ends."""
    context = _context(warm=warm)
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, work, task, dict(os.environ)))
    if warm:
        from multiprocessing.forkserver import ensure_running  # Windows has none

        with deaf_children():
            ensure_running()
        process.start()  # waits until the warm process has done its imports: Ctrl-C is heard meanwhile
    else:
        with deaf_children():
            process.start()
    theirs.close()
    return process, ours


def receive(pipe: Connection, event: str) -> Outcome:
    """Read an outcome; if the process ended without sending one, the unit has failed."""
    try:
        outcome: Outcome = pipe.recv()
    except (EOFError, OSError):
        problem = M_("The process that made this report ended (killed, or out of memory).")
        return Failed(
            event, (Problem(event, 0, "", problem, M_("Run again, with --jobs 1."), "VE-405"),), BuildError.exit_code
        )
    finally:
        pipe.close()
    return outcome


def end(process: Any) -> None:
    """Kill a process and everything it started, and wait for it."""
    if process.is_alive():
        with suppress(ProcessLookupError, PermissionError, AttributeError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
    process.join()
    process.close()


def _context(*, warm: bool) -> Any:
    context: Any = get_context("forkserver" if warm else "spawn")
    if warm:
        context.set_forkserver_preload(["vunki_eval.publish.engine.preload"])
    return context


def _serve(pipe: Connection, work: Callable[[Task], Outcome], task: Task, environment: dict[str, str]) -> None:
    """Do the work in the new process: in its own group, ended with its parent, deaf to Ctrl-C (the parent ends it)."""
    parent = os.getppid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.name != "nt":
        os.setpgid(0, 0)
    end_with_parent(parent)
    # A forked process has the environment of the moment when the warm one was started, not that of now.
    os.environ.clear()
    os.environ.update(environment)
    _own_temporary_folder(task)
    from vunki_eval.publish.engine.imports import spare_grammar

    spare_grammar()
    pipe.send(work(task))
    pipe.close()


def _own_temporary_folder(task: Task) -> None:
    """Keep temporary files in the run's private folder: it exists, and the next run clears it even after a kill."""
    import tempfile

    folder = task.work / TEMPORARY
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        os.environ["TMPDIR"] = os.environ["TEMP"] = os.environ["TMP"] = str(folder)
        tempfile.tempdir = None
