"""The papermill engine ``vunki``: cells run in a child forked from this process, with its imports already done.

``papermill in.ipynb out.ipynb --engine vunki`` uses it too. The client is nbclient's own and only its connection to the
kernel differs, so the same code assembles the outputs. If forking is not safe, or the child hangs, the standard engine
takes over. papermill loads this module while it is itself being imported, so papermill is imported inside functions.
"""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from vunki_eval.publish.engine.limits import can_fork, cpu_ticks
from vunki_eval.publish.engine.parameters import refuse_unknown_given

NAME = "vunki"
IDLE_SECONDS = 30.0
_TICK = 1.0


class Hung(Exception):
    """The child neither uses processor time nor answers."""


class WarmEngine:
    """Run a notebook in a forked child; see the module."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **options: Any) -> Any:
        """Execute a notebook, with the interface of papermill's engines; an unknown parameter is a UsageError."""
        refuse_unknown_given(nb)
        return _engine().execute_notebook(nb, kernel_name, **options)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> Any:
        """Return the name of the kernel, for papermill."""
        return _engine().nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> Any:
        """Return the name of the language, for papermill."""
        return _engine().nb_language(nb, language)


def suits(notebook: Any) -> bool:
    """Tell whether the notebook can run in a forked child; widgets need a kernel that answers messages."""
    kernel, info = (notebook.metadata.get(key, {}) for key in ("kernelspec", "language_info"))
    language = kernel.get("language") or info.get("name") or "python"
    return can_fork() and language == "python" and not any("ipywidgets" in c.source for c in notebook.cells)


def _engine() -> Any:
    from papermill.engines import Engine, NBClientEngine

    class Forking(Engine):  # type: ignore[misc]
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:
            _stop_monitor(nb_man.pbar)
            if suits(nb_man.nb):
                with suppress(Hung), _saved_once(nb_man):
                    _run(nb_man, options)
                    return
                nb_man.notebook_start()
            NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **options)

    return Forking


def _stop_monitor(progress_bar: Any) -> None:
    """End the thread in which tqdm monitors papermill's progress bar: beside a second thread no fork would be safe."""
    classes: tuple[Any, ...] = type(progress_bar).__mro__ if progress_bar else ()
    for bar_class in classes:
        monitor = vars(bar_class).get("monitor")
        if monitor is not None:
            bar_class.monitor_interval = 0
            monitor.exit()
            bar_class.monitor = None


@contextmanager
def _saved_once(nb_man: Any) -> Iterator[None]:
    """Keep papermill from writing the notebook before and after each cell; it writes it at the end anyway."""
    nb_man.save = lambda **_: None
    try:
        yield
    except BaseException:
        del nb_man.save  # papermill expects no such end: let it save what there is
        raise


def _run(nb_man: Any, options: dict[str, Any]) -> None:
    child, pipe = _fork()
    try:
        client = _client(nb_man, pipe, child, options)
        client.papermill_execute_cells()
        nb_man.nb.metadata["language_info"] = _language()
    finally:
        pipe.close()
        _end(child)


def _fork() -> tuple[int, Connection]:
    from vunki_eval.publish.engine.child import serve

    ours, theirs = Pipe(duplex=True)
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        ours.close()
        serve(theirs, parent)
    theirs.close()
    return child, ours


def _end(child: int) -> None:
    """Kill the child and everything that its cells have started."""
    for kill, target in ((os.killpg, child), (os.kill, child)):
        with suppress(ProcessLookupError, PermissionError):
            kill(target, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(child, 0)


def _language() -> Any:
    from ipykernel.ipkernel import IPythonKernel

    return dict(IPythonKernel.language_info)


def _client(nb_man: Any, pipe: Connection, child: int, options: dict[str, Any]) -> Any:
    from nbclient.exceptions import CellExecutionError
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.log import logger

    class PipeClient(PapermillNotebookClient):  # type: ignore[misc]
        def execute_cell(self, cell: Any, cell_index: int, **_: Any) -> Any:
            tags = cell.metadata.get("tags", [])
            if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
                return cell
            cell.outputs, self.clear_before_next_output = [], False
            self.code_cells_executed += 1
            reply = self._reply(cell, cell_index)
            if reply["status"] == "error" and "raises-exception" not in tags and not self.allow_errors:
                raise CellExecutionError.from_cell_and_msg(cell, reply)
            return cell

        def _reply(self, cell: Any, cell_index: int) -> dict[str, Any]:
            """Send a cell and process its messages until it has finished."""
            _send(pipe, cell.source)
            for message in _messages(pipe, child, self.timeout, cell):
                if message["msg_type"] == "execute_reply":
                    return dict(message["content"])
                self.process_message(message, cell, cell_index)
            raise AssertionError("messages end with a reply or an error")

    passed_on = {k: v for k, v in options.items() if k in ("log_output", "stdout_file", "stderr_file", "allow_errors")}
    limit = options.get("execution_timeout") or options.get("timeout")
    return PipeClient(nb_man, timeout=limit, log=logger, record_timing=False, **passed_on)


def _send(pipe: Connection, code: str) -> None:
    with suppress(BrokenPipeError):  # the child is dead: reading its messages will report that
        pipe.send_bytes(json.dumps(code).encode())


def _messages(pipe: Connection, child: int, limit: float | None, cell: Any) -> Iterator[dict[str, Any]]:
    """Yield messages as they arrive; raise if the child is dead, idle without answering, or over its time."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    started = active = time.monotonic()
    ticks = cpu_ticks(child)
    while True:
        try:
            if pipe.poll(_TICK):
                message = json.loads(pipe.recv_bytes().decode("utf-8", "surrogatepass"))
                active = time.monotonic()
                yield message
                continue
        except (EOFError, ConnectionError):
            raise DeadKernelError("Kernel died") from None
        now = time.monotonic()
        if limit and now - started > limit:
            raise CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", int(limit), cell)
        used = cpu_ticks(child)
        if used != ticks:
            active, ticks = now, used
        if now - active > IDLE_SECONDS:
            raise Hung
