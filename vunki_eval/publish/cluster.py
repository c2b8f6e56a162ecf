"""Units on a Dask cluster, through its ``concurrent.futures`` executor: the same work, the same bytes.

The project's folder must be reachable from every worker under the same path. Dask's workers have threads, so nothing
is forked in them: each unit runs in a process that one warm helper per worker forks (see `vunki_eval.publish.helper`).
"""

from collections.abc import Generator, Sequence
from contextlib import suppress
from typing import Any

from vunki_eval.errors import BuildError, Problem, UsageError
from vunki_eval.publish.unit import Failed, Outcome, Task

SECONDS = 20


def run_on_cluster(tasks: Sequence[Task], address: str) -> Generator[Outcome, None, None]:
    """Build units on a cluster; give outcomes as they come.

    Raises
    ------
    UsageError
        If Dask is not installed or the scheduler does not answer.
    """
    from concurrent.futures import as_completed

    from vunki_eval.publish.helper import build_apart

    client = _client(address)
    try:
        executor = client.get_executor(pure=False, retries=0)
        waiting = {executor.submit(build_apart, task): task for task in tasks}
        for done in as_completed(waiting):
            try:
                yield done.result()
            except Exception as error:  # the worker was lost, or cannot load vunki_eval
                event = waiting[done].plan.event
                problem = f"A worker of the cluster failed ({type(error).__name__})."
                cure = "Is the same version of vunki-eval installed there, and the folder shared?"
                yield Failed(event, (Problem(event, 0, "", problem, cure, "VE-406"),), BuildError.exit_code)
    finally:
        with suppress(Exception):
            client.cancel(list(client.futures))
        client.close()


def _client(address: str) -> Any:
    try:
        from distributed import Client  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        problem, cure = "The package dask[distributed] is not installed.", 'Install "vunki-eval[cluster]".'
        raise UsageError(Problem("", 0, "--cluster", problem, cure, "VE-114")) from None
    try:
        return Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError):
        problem = "The scheduler does not answer at this address."
        cure = "Give it as tcp://HOST:8786 and see that it runs."
        raise UsageError(Problem("", 0, "--cluster", problem, cure, "VE-115")) from None
