"""Units in processes of their own, several at a time: one that dies takes nothing with it.

On Linux each process is forked from a warm one that has done the imports (`multiprocessing`'s fork server); elsewhere,
or with the standard engine, it is started afresh.
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

from vunki_eval.errors import BuildError, Problem
from vunki_eval.publish.engine.limits import end_with_parent
from vunki_eval.publish.unit import Failed, Outcome, Task, failed

TEMPORARY = "tmp"
LONGEST_FOLDER = 107 - len("/pymp-12345678/listener-12345678")
"""Bytes of a folder in which a socket may lie that `multiprocessing` names so; Linux takes 107."""


def build(task: Task) -> Outcome:
    """Build a unit; every error becomes an outcome."""
    from vunki_eval.publish.build import build_unit

    started, plan = time.monotonic(), task.plan
    try:
        built = build_unit(
            task.root, plan.event, plan.languages, plan.formats, task.work, engine=task.engine, together=task.together
        )
    except Exception as error:
        return failed(plan.event, error)
    return replace(built, seconds=time.monotonic() - started)


def run_tasks(
    tasks: Sequence[Task], jobs: int, *, work: Callable[[Task], Outcome] = build
) -> Generator[Outcome, None, None]:
    """Build units, ``jobs`` at a time; give outcomes as they come. Closing the iterator ends every process."""
    waiting, running = deque(tasks), dict[Any, tuple[Any, Task]]()
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                task = waiting.popleft()
                process, pipe = start(work, task, warm=is_warm(task))
                running[pipe] = (process, task)
            for ready in wait(list(running)):
                process, task = running.pop(ready)
                yield received(ready, task.plan.event)  # type: ignore[arg-type]
                end(process)
    finally:
        for process, _ in running.values():
            end(process)


def is_warm(task: Task) -> bool:
    """Tell whether a task's process is forked from the warm one: its socket lies in the folder for temporary files."""
    room = len(os.fsencode(tempfile.gettempdir())) < LONGEST_FOLDER
    return task.engine != "standard" and sys.platform == "linux" and room


def start(work: Callable[[Task], Outcome], task: Task, *, warm: bool) -> tuple[Any, Connection]:
    """Start a process for a task; it sends one outcome and ends."""
    context = _context(warm=warm)
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, work, task, dict(os.environ)))
    process.start()
    theirs.close()
    return process, ours


def received(pipe: Connection, event: str) -> Outcome:
    """Read an outcome; a process that ended without one is a failed unit."""
    try:
        outcome: Outcome = pipe.recv()
    except (EOFError, OSError):
        problem = "The process that made this report ended (killed, or out of memory)."
        return Failed(
            event, (Problem(event, 0, "", problem, "Run again, with --jobs 1.", "VE-405"),), BuildError.exit_code
        )
    finally:
        pipe.close()
    return outcome


def end(process: Any) -> None:
    """End a process with all that it started, and wait for it."""
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
    """Do the work in the new process: own group, ended with its parent, quiet on Ctrl-C (the parent ends it)."""
    parent = os.getppid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.name != "nt":
        os.setpgid(0, 0)
        end_with_parent(parent)
    os.environ.clear()
    os.environ.update(environment)
    _own_temporary_folder(task)
    if task.keys is not None:
        os.environ["VUNKI_KEY_DIR"] = str(task.keys)
    from vunki_eval.publish.engine.imports import spare_grammar

    spare_grammar()
    pipe.send(work(task))
    pipe.close()


def _own_temporary_folder(task: Task) -> None:
    """Keep temporary files in the run's private folder: it exists, has room, and is cleared even after a kill."""
    import tempfile

    folder = task.work / TEMPORARY
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        os.environ["TMPDIR"] = os.environ["TEMP"] = os.environ["TMP"] = str(folder)
        tempfile.tempdir = None
