"""Run a report notebook through papermill, with its parameters checked and our own kernel, and strip run metadata."""

import logging
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from vunki_eval.errors import FAULTS, M_, MOST_PER_FILE, NOTHING, BuildError, Message, Problem, joined
from vunki_eval.publish.engine.limits import memory_limit
from vunki_eval.publish.engine.parameters import refuse_unknown

ENGINES = ("auto", "standard")
CELL_SECONDS = 600
START_SECONDS = 120
LONGEST_SOCKET = 104  # characters of a socket's path: 104 on macOS, 108 on Linux
SECONDS = "VUNKI_CELL_SECONDS"  # environment variable
INJECTED = "injected-parameters"
OUR_ERRORS = {"UsageError", "ConfigError", "InputError", "BuildError", "StatisticsError"}


def run_notebook(
    notebook: Path, parameters: Mapping[str, str], *, cwd: Path, results: Path, private: Path, engine: str = "auto"
) -> Any:
    """Execute a notebook and return it stripped of run metadata.

    Parameters
    ----------
    notebook : Path
        A notebook with a cell tagged ``parameters``.
    parameters : mapping
        Values by name; the parameters cell must assign every name.
    cwd : Path
        Folder that the kernel works in: the project's.
    results : Path
        The ``results.json`` of the build, named to the kernel in ``VUNKI_RESULTS``.
    private : Path
        Folder (0700) for the executed notebook; if a cell fails, it is written as far as it came.
    engine : str
        ``auto``: in a child forked from this process where that is safe, else in a kernel; ``standard``: in a kernel.

    Returns
    -------
    NotebookNode
        The executed notebook without metadata of papermill and of the execution.

    Raises
    ------
    UsageError
        If a parameter is unknown.
    BuildError
        If a cell fails, takes too long or kills its process. The message names notebook, cell and error type, never a
        value.
    """
    refuse_unknown(_read(notebook), notebook.name, parameters)
    target = private / notebook.name
    settings = {
        "VUNKI_RESULTS": str(results), "MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYTHONHASHSEED": "0",
        FAULTS: str(_faults(target)),
        "IPYTHONDIR": str(private / "ipython"),  # keeps the user's own start-up files and settings out
    }  # fmt: skip
    with _environment(**settings), _quiet(), memory_limit():
        _execute(notebook, target, parameters, cwd, engine)
    return strip(_read(target))


def strip(notebook: Any) -> Any:
    """Remove metadata that differs between runs or shows where the notebook ran, and join streams sent in pieces."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    notebook.metadata.kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata.pop("language_info", None)
    for number, cell in enumerate(notebook.cells, 1):
        for key in ("papermill", "execution", "ExecuteTime"):
            cell.metadata.pop(key, None)
        if INJECTED in cell.metadata.get("tags", []):
            cell.id = f"injected-{number}"
        if cell.cell_type == "code":
            cell.outputs = join_streams(cell.outputs)
        for output in cell.get("outputs", []):
            output.get("metadata", {}).pop("ExecuteTime", None)
    return notebook


def join_streams(outputs: list[Any]) -> list[Any]:
    """Join neighbouring streams, standard output first, since a kernel cuts them where its timer happens to fire."""
    merged: list[Any] = []
    for are_streams, group in groupby(outputs, lambda o: o.output_type == "stream"):
        if not are_streams:
            merged += group
            continue
        by_name: dict[str, Any] = {}
        for output in group:
            if output.name in by_name:
                by_name[output.name].text += output.text
            else:
                by_name[output.name] = output
        merged += [by_name[name] for name in sorted(by_name, reverse=True)]
    return merged


def _execute(notebook: Path, target: Path, parameters: Mapping[str, str], cwd: Path, engine: str) -> None:
    import papermill
    from nbclient.exceptions import DeadKernelError

    try:
        with _socket_folder() as sockets:
            papermill.execute_notebook(
                str(notebook),
                str(target),
                parameters=dict(parameters),
                engine_name=None if engine == "standard" else _register_engine(),
                kernel_name="python3",
                language="python",
                kernel_manager_class=_kernel_manager(Path(sockets)),
                cwd=str(cwd),
                progress_bar=False,
                log_output=False,
                execution_timeout=int(os.environ.get(SECONDS) or CELL_SECONDS),
                start_timeout=START_SECONDS,
            )
    except papermill.PapermillExecutionError as error:
        # papermill has inserted cells of its own, so its number of the cell is not the author's.
        said = _said(str(error.ename), _faults(target))
        raise BuildError(_failed(notebook, _place(target, error.cell_index), str(error.ename), said)) from None
    except DeadKernelError:
        raise BuildError(_failed(notebook, _last_started(target), "DeadKernel")) from None
    except TimeoutError:
        raise BuildError(_failed(notebook, _last_started(target), "Timeout")) from None
    except RuntimeError as error:  # raised by jupyter_client for a kernel that does not start; holds no answer
        raise BuildError(_failed(notebook, NOTHING, "NoKernel")) from error


def _faults(target: Path) -> Path:
    """Name the file in which a notebook that stops leaves its problems."""
    return target.with_suffix(".faults")


def _register_engine() -> str:
    """Register the warm engine and return its name, for installations older than its entry point."""
    from papermill.engines import papermill_engines

    from vunki_eval.publish.engine.warm import NAME, WarmEngine

    papermill_engines.register(NAME, WarmEngine)
    return NAME


def _place(executed: Path, index: int) -> Message:
    """Number a cell as its author sees it: without the injected parameters and papermill's marker cells."""
    inserted = {INJECTED, "papermill-error-cell-tag"}
    cells = [c for c in _read(executed).cells if "papermill-error-cell-tag" not in c.metadata.get("tags", [])]
    authors_cells = [c for c in cells[: index + 1] if not inserted & set(c.metadata.get("tags", []))]
    return M_("cell {n}", n=len(authors_cells))


def _last_started(executed: Path) -> Message:
    """Number the cell that was running when the kernel died."""
    if not executed.is_file():
        return NOTHING
    cells = _read(executed).cells
    started = [i for i, c in enumerate(cells) if c.metadata.get("papermill", {}).get("start_time")]
    return _place(executed, started[-1]) if started else NOTHING


def _failed(notebook: Path, cell: Message, name: str, said: Message = NOTHING) -> Problem:
    """Describe a failed cell by the kind of its error, and by what one of our own errors says."""
    problem = {
        "DeadKernel": M_("The notebook's process ended in this cell (killed, or out of memory)."),
        "NoKernel": M_("The notebook's kernel did not start or could not be reached."),
        "Timeout": M_("This cell took too long and was stopped."),
    }.get(name, M_("The notebook stopped with {name}.", name=name))
    whole = joined(" ", (problem, said)) if said else problem
    return Problem(notebook.name, 0, cell, whole, M_("Run it in JupyterLab to see where it stops."), "VE-401")


def _said(name: str, faults: Path) -> Message:
    """Return what an error of our own says; the text of any other may hold an answer, and is never passed on."""
    if name not in OUR_ERRORS or not faults.is_file():
        return NOTHING
    problems: tuple[Problem, ...] = pickle.loads(faults.read_bytes())  # written by our own process, in a private folder
    return joined("\n", (problem.message() for problem in problems[:MOST_PER_FILE]))


def _kernel_manager(sockets: Path) -> type:
    """Create a manager class that always starts this Python, whatever kernels the machine has registered.

    Kernel and client talk over Unix sockets in a private folder of this run alone: the default, ``kernel-ipc`` in the
    current folder, is shared by all kernels that run there. On Windows, or if the folder's name is too long for a
    socket, they use the loopback interface.
    """
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class OwnKernelManager(AsyncKernelManager):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.connection_file = str(sockets / "k.json")
            if sys.platform != "win32" and len(os.fsencode(sockets)) < LONGEST_SOCKET - len("/k-12345"):
                self.transport = "ipc"
                self.ip = str(sockets / "k")
            self.kernel_spec_manager = KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True)

        async def start_kernel(self, **options: Any) -> Any:  # type: ignore[override]
            """Start it with its own output off the terminal; the output of cells comes over the sockets."""
            return await super().start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)

    return OwnKernelManager


def _socket_folder() -> Any:
    """Make a temporary private folder whose name is short enough for sockets."""
    short = Path("/tmp")
    base = short if sys.platform != "win32" and os.access(short, os.W_OK) else None
    return tempfile.TemporaryDirectory(prefix="vunki-", dir=base, ignore_cleanup_errors=True)


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep papermill's own log lines, which name paths, off the terminal."""
    logger = logging.getLogger("papermill")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _read(path: Path) -> Any:
    import nbformat

    try:
        return nbformat.read(str(path), as_version=4)
    except Exception:
        problem = M_("The file is not a notebook.")
        raise BuildError(Problem(path.name, 0, "", problem, M_("Use the shipped notebook."), "VE-402")) from None
