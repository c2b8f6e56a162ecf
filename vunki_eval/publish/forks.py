"""Work in forked children, so that threads which a library starts there never meet a fork here."""

import os
import pickle
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from vunki_eval.errors import BuildError, Problem, VunkiError
from vunki_eval.publish.engine.limits import can_fork, end_with_parent
from vunki_eval.publish.unit import failed


def in_fork(works: Sequence[Callable[[], None]], *, together: bool, forks: bool = True) -> None:
    """Do each work in a child of its own, one after another or all at once; here, if forking is unsafe or unwanted.

    Raises
    ------
    VunkiError
        Of the first work that failed, in the order given.
    """
    if not (forks and can_fork()):
        for work in works:
            work()
        return
    groups = [works] if together else [[work] for work in works]
    for group in groups:
        started = [_start(work) for work in group]
        errors = [_finished(process, pipe) for process, pipe in started]
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
        told = failed("", caught)
        error = (BuildError if told.exit_code == BuildError.exit_code else VunkiError)(told.problems)
    pipe.send_bytes(pickle.dumps(error))


def _finished(process: Any, pipe: Connection) -> VunkiError | None:
    error: VunkiError | None
    try:
        error = pickle.loads(pipe.recv_bytes())
    except (EOFError, OSError):
        problem = "The process that made this report ended (killed, or out of memory)."
        error = BuildError(Problem("", 0, "", problem, "Run again, with --jobs 1.", "VE-405"))
    with suppress(OSError):
        pipe.close()
    process.join()
    return error
