"""Run a report notebook through papermill, with its parameters checked and our own kernel, and strip run metadata."""

import ast
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from vunki_eval.errors import BuildError, Problem, UsageError
from vunki_eval.publish.engine.limits import memory_limit

ENGINES = ("auto", "standard")
CELL_SECONDS = 600
START_SECONDS = 120
LONGEST_SOCKET = 104  # characters of a socket's path: 104 on macOS, 108 on Linux
SECONDS = "VUNKI_CELL_SECONDS"  # environment variable
TAG = "parameters"
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
    refuse_unknown(notebook, parameters)
    target = private / notebook.name
    settings = {
        "VUNKI_RESULTS": str(results), "MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYTHONHASHSEED": "0",
        "IPYTHONDIR": str(private / "ipython"),  # keeps the user's own start-up files and settings out
    }  # fmt: skip
    with _environment(**settings), _quiet(), memory_limit():
        _execute(notebook, target, parameters, cwd, engine)
    return strip(_read(target))


def refuse_unknown(notebook: Path, parameters: Mapping[str, str]) -> None:
    """Refuse parameters that the notebook does not have: papermill would only log a warning and use the defaults."""
    names = parameter_names(notebook)
    for name in parameters:
        if name not in names:
            listed = ", ".join(sorted(names)) or "none"
            problem = f"The notebook has no parameter {name!r}."
            hint = f"Its parameters: {listed}. Add it there or leave it out."
            raise UsageError(Problem(notebook.name, 0, TAG, problem, hint, "VE-105"))


def parameter_names(notebook: Path) -> set[str]:
    """List the names that the cell tagged ``parameters`` assigns."""
    cells = [c for c in _read(notebook).cells if TAG in c.metadata.get("tags", [])]
    names: set[str] = set()
    for cell in cells:
        try:
            body = ast.parse(cell.source).body
        except SyntaxError:
            problem = "The parameters cell is not valid Python."
            raise BuildError(Problem(notebook.name, 0, TAG, problem, "Use the shipped notebook.", "VE-402")) from None
        for node in body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            names |= {t.id for t in targets if isinstance(t, ast.Name)}
    return names


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
        raise BuildError(_failed(notebook, _place(target, error.cell_index), str(error.ename), error.evalue)) from None
    except DeadKernelError:
        raise BuildError(_failed(notebook, _last_started(target), "DeadKernel")) from None
    except TimeoutError:
        raise BuildError(_failed(notebook, _last_started(target), "Timeout")) from None
    except RuntimeError as error:  # raised by jupyter_client for a kernel that does not start; holds no answer
        raise BuildError(_failed(notebook, "", "NoKernel")) from error


def _register_engine() -> str:
    """Register the warm engine and return its name, for installations older than its entry point."""
    from papermill.engines import papermill_engines

    from vunki_eval.publish.engine.warm import NAME, WarmEngine

    papermill_engines.register(NAME, WarmEngine)
    return NAME


def _place(executed: Path, index: int) -> str:
    """Number a cell as its author sees it: without the injected parameters and papermill's marker cells."""
    inserted = {INJECTED, "papermill-error-cell-tag"}
    cells = [c for c in _read(executed).cells if "papermill-error-cell-tag" not in c.metadata.get("tags", [])]
    authors_cells = [c for c in cells[: index + 1] if not inserted & set(c.metadata.get("tags", []))]
    return f"cell {len(authors_cells)}"


def _last_started(executed: Path) -> str:
    """Number the cell that was running when the kernel died."""
    if not executed.is_file():
        return ""
    cells = _read(executed).cells
    started = [i for i, c in enumerate(cells) if c.metadata.get("papermill", {}).get("start_time")]
    return _place(executed, started[-1]) if started else ""


def _failed(notebook: Path, cell: str, name: str, value: str = "") -> Problem:
    """Describe a failed cell; pass on messages of our own errors only, since others may hold an answer."""
    problem = {
        "DeadKernel": "The notebook's process ended in this cell (killed, or out of memory).",
        "NoKernel": "The notebook's kernel did not start or could not be reached.",
        "Timeout": "This cell took too long and was stopped.",
    }.get(name, f"The notebook stopped with {name}. {value.strip() if name in OUR_ERRORS else ''}".rstrip())
    return Problem(notebook.name, 0, cell, problem, "Run it in JupyterLab to see where it stops.", "VE-401")


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
        problem = "The file is not a notebook."
        raise BuildError(Problem(path.name, 0, "", problem, "Use the shipped notebook.", "VE-402")) from None
