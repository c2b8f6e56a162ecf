"""Units on a Dask cluster, through its ``concurrent.futures`` executor: the same work, the same bytes.

The project's folder must be reachable from every worker under the same path, or files pass through an address
(see `vunki_eval.publish.staging`). Dask's workers have threads, so nothing is forked in them: each unit runs in a
process that one warm helper per worker forks (see `vunki_eval.publish.fork_server`).
"""

from collections.abc import Generator, Sequence
from concurrent.futures import Future, as_completed
from contextlib import nullcontext, suppress
from typing import Any

from vunki_eval.errors import BuildError, Problem, UsageError
from vunki_eval.publish.fork_server import build_in_fork
from vunki_eval.publish.staging import open_staging
from vunki_eval.publish.unit import Failed, Outcome, Task

SECONDS = 20


def run_on_cluster(tasks: Sequence[Task], address: str, through: str = "") -> Generator[Outcome, None, None]:
    """Build units on a cluster; give outcomes as they come.

    Parameters
    ----------
    tasks : sequence of Task
        The units.
    address : str
        Of the scheduler.
    through : str
        An fsspec address through which files pass to and from the workers; "" where they share the project's folder.

    Raises
    ------
    UsageError
        If Dask is not installed or the scheduler does not answer, or nothing can be written at the address for files.
    """
    client = _client(address)
    try:
        with open_staging(through) if through else nullcontext() as parcels:
            keys = [parcels.send(task) if parcels else "" for task in tasks]
            work = parcels.build if parcels else build_in_fork
            executor = client.get_executor(pure=False, retries=0)
            waiting = {executor.submit(work, task): (task, key) for task, key in zip(tasks, keys, strict=True)}
            for done in as_completed(waiting):
                task, key = waiting[done]
                outcome = _outcome(done, task)
                yield parcels.receive(task, outcome, key) if parcels else outcome
    finally:
        with suppress(Exception):
            client.cancel(list(client.futures))
        client.close()


def _outcome(done: "Future[Outcome]", task: Task) -> Outcome:
    try:
        return done.result()
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
        hint = "Give it as tcp://HOST:8786 and see that it runs."
        raise UsageError(Problem("", 0, "--cluster", problem, hint, "VE-115")) from None
