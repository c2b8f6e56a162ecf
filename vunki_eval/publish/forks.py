"""Run work in forked children.

Libraries (Typst, OpenBLAS) may start threads while they work. Those threads then live in the child, and this process
stays free of threads and can fork again safely.
"""

import os
import pickle
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from vunki_eval.errors import M_, BuildError, Problem, VunkiError
from vunki_eval.publish.engine.limits import can_fork, end_with_parent
from vunki_eval.publish.unit import failed


def in_fork(works: Sequence[Callable[[], None]], *, parallel: bool, forks: bool = True) -> None:
    """Call each function in a forked child of its own; in this process, if forking is unsafe or unwanted.

    Parameters
    ----------
    works : sequence of callable
        Functions that leave their results in files.
    parallel : bool
        Whether all children run at the same time, or one after another.
    forks : bool
        Whether forking is wanted.

    Raises
    ------
    VunkiError
        The error of the first function that failed, in the order of ``works``.
    """
    if not (forks and can_fork()):
        for work in works:
            work()
        return
    groups = [works] if parallel else [[work] for work in works]
    for group in groups:
        children = [_start(work) for work in group]
        errors = [_wait_for(process, pipe) for process, pipe in children]
        for error in errors:
            if error is not None:
                raise error


def _start(work: Callable[[], None]) -> tuple[Any, Connection]:
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(theirs, work, os.getpid()))
    process.start()
    theirs.close()
    return process, ours


def _child(pipe: Connection, work: Callable[[], None], parent: int) -> None:
    end_with_parent(parent)
    error: VunkiError | None = None
    try:
        work()
    except VunkiError as caught:
        error = caught
    except Exception as caught:
        # Only a VunkiError travels back: any other may not be picklable, and its message may hold an answer.
        outcome = failed("", caught)
        kind = BuildError if outcome.exit_code == BuildError.exit_code else VunkiError
        error = kind(outcome.problems)
    pipe.send_bytes(pickle.dumps(error))


def _wait_for(process: Any, pipe: Connection) -> VunkiError | None:
    error: VunkiError | None
    try:
        error = pickle.loads(pipe.recv_bytes())
    except (EOFError, OSError):
        problem = M_("The process that made this report ended (killed, or out of memory).")
        error = BuildError(Problem("", 0, "", problem, M_("Run again, with --jobs 1."), "VE-405"))
    with suppress(OSError):
        pipe.close()
    process.join()
    return error
