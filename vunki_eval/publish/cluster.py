"""Build units on a Dask cluster, through its ``concurrent.futures`` executor; reports are the same to the byte.

Every worker reaches the project's folder under the same path; what is private there stays private by its own rights.
Dask's workers have threads, so nothing is forked in them: a fork server beside each worker forks a process for each
unit (see `vunki_eval.publish.fork_server`).
"""

from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from time import monotonic
from typing import Any

from vunki_eval.errors import M_, BuildError, Message, Problem, UsageError
from vunki_eval.publish.fork_server import build_in_fork
from vunki_eval.publish.unit import Failed, Outcome, Task

SECONDS = 20  # to wait for the scheduler's answer
SECONDS_BETWEEN_LOOKS, SECONDS_WITHOUT_WORKERS = 5.0, 60.0


def run_on_cluster(tasks: Sequence[Task], address: str) -> Generator[Outcome, None, None]:
    """Build units on a cluster and yield outcomes as they arrive.

    A unit fails if its worker fails, and if the cluster has no worker for a minute.

    Parameters
    ----------
    tasks : sequence of Task
        The units; every worker reaches their folders under the same path.
    address : str
        Address of the scheduler.

    Raises
    ------
    UsageError
        If Dask is not installed or the scheduler does not answer.
    """
    client = _client(address)
    try:
        executor = client.get_executor(pure=False, retries=0)
        running = {executor.submit(build_in_fork, task): task for task in tasks}
        last_seen = monotonic()
        while running and monotonic() - last_seen < SECONDS_WITHOUT_WORKERS:
            done, _ = wait(running, SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED)
            if done or _has_workers(client):
                last_seen = monotonic()
            for future in done:
                yield _outcome_of(future, running.pop(future))
        for task in running.values():
            yield _failed(task, M_("The cluster has no workers left."), M_("Start a worker, then run again."))
    finally:
        with suppress(Exception):
            client.cancel(list(client.futures))
        client.close()


def _has_workers(client: Any) -> bool:
    try:
        return bool(client.scheduler_info(n_workers=1)["workers"])
    except Exception:  # the scheduler is gone, or does not answer
        return False


def _outcome_of(future: "Future[Outcome]", task: Task) -> Outcome:
    try:
        return future.result()
    except Exception as error:  # the worker was lost, or cannot load vunki_eval
        problem = M_("A worker of the cluster failed ({name}).", name=type(error).__name__)
        return _failed(task, problem, M_("Is the same version of vunki-eval installed there, and the folder shared?"))


def _failed(task: Task, problem: Message, hint: Message) -> Failed:
    event = task.plan.event
    return Failed(event, (Problem(event, 0, "", problem, hint, "VE-406"),), BuildError.exit_code)


def _client(address: str) -> Any:
    try:
        from distributed import Client  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        problem, hint = M_("The package dask[distributed] is not installed."), M_('Install "vunki-eval[cluster]".')
        raise UsageError(Problem("", 0, "--cluster", problem, hint, "VE-114")) from None
    try:
        return Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError):
        problem = M_("The scheduler does not answer at this address.")
        hint = M_("Give it as tcp://HOST:8786 and check that it is running.")
        raise UsageError(Problem("", 0, "--cluster", problem, hint, "VE-115")) from None
