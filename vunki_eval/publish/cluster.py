"""Build units on a Dask cluster, through its ``concurrent.futures`` executor; reports are the same to the byte.

Either every worker reaches the project's folder under the same path, or files pass through an address
(see `vunki_eval.publish.staging`). Dask's workers have threads, so nothing is forked in them: a fork server beside each
worker forks a process for each unit (see `vunki_eval.publish.fork_server`).
"""

from collections.abc import Generator, Sequence
from concurrent.futures import Future, as_completed
from contextlib import nullcontext, suppress
from typing import Any

from vunki_eval.errors import BuildError, Problem, UsageError
from vunki_eval.publish.fork_server import build_in_fork
from vunki_eval.publish.staging import open_staging
from vunki_eval.publish.unit import Failed, Outcome, Task

SECONDS = 20  # to wait for the scheduler's answer


def run_on_cluster(tasks: Sequence[Task], address: str, through: str = "") -> Generator[Outcome, None, None]:
    """Build units on a cluster and yield outcomes as they arrive.

    Parameters
    ----------
    tasks : sequence of Task
        The units.
    address : str
        Address of the scheduler.
    through : str
        An fsspec address through which files pass to and from the workers; "" if they share the project's folder.

    Raises
    ------
    UsageError
        If Dask is not installed, the scheduler does not answer, or the address for files cannot be written to.
    """
    client = _client(address)
    try:
        with open_staging(through) if through else nullcontext() as staging:
            keys = [staging.send(task) if staging else "" for task in tasks]
            work = staging.build if staging else build_in_fork
            executor = client.get_executor(pure=False, retries=0)
            running = {executor.submit(work, task): (task, key) for task, key in zip(tasks, keys, strict=True)}
            for done in as_completed(running):
                task, key = running[done]
                outcome = _outcome_of(done, task)
                yield staging.receive(task, outcome, key) if staging else outcome
    finally:
        with suppress(Exception):
            client.cancel(list(client.futures))
        client.close()


def _outcome_of(future: "Future[Outcome]", task: Task) -> Outcome:
    try:
        return future.result()
    except Exception as error:  # the worker was lost, or cannot load vunki_eval
        event = task.plan.event
        problem = f"A worker of the cluster failed ({type(error).__name__})."
        hint = "Is the same version of vunki-eval installed there, and the folder shared?"
        return Failed(event, (Problem(event, 0, "", problem, hint, "VE-406"),), BuildError.exit_code)


def _client(address: str) -> Any:
    try:
        from distributed import Client  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        problem, hint = "The package dask[distributed] is not installed.", 'Install "vunki-eval[cluster]".'
        raise UsageError(Problem("", 0, "--cluster", problem, hint, "VE-114")) from None
    try:
        return Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError):
        problem = "The scheduler does not answer at this address."
        hint = "Give it as tcp://HOST:8786 and check that it is running."
        raise UsageError(Problem("", 0, "--cluster", problem, hint, "VE-115")) from None
