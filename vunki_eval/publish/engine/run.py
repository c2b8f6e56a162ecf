"""Running a report notebook through papermill: parameters checked, our own kernel, nothing private left in it."""

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
SECONDS = "VUNKI_CELL_SECONDS"
TAG = "parameters"
INJECTED = "injected-parameters"
OURS = {"UsageError", "ConfigError", "InputError", "BuildError", "StatisticsError"}


def run_notebook(
    notebook: Path, parameters: Mapping[str, str], *, cwd: Path, results: Path, private: Path, engine: str = "auto"
) -> Any:
    """Execute a notebook and give it back stripped.

    Parameters
    ----------
    notebook : Path
        The notebook with a cell tagged ``parameters``.
    parameters : mapping
        Names and values; every name must be in the parameters cell.
    cwd : Path
        Folder the kernel works in (the project's).
    results : Path
        Prepared ``results.json``, handed to the kernel in ``VUNKI_RESULTS``.
    private : Path
        Folder (0700) where the executed notebook is written, as far as it came if a cell fails.
    engine : str
        ``auto``: in a child forked from this process where that is safe, else by a kernel; ``standard``: by a kernel.

    Returns
    -------
    NotebookNode
        The executed notebook without papermill's and the execution's metadata.

    Raises
    ------
    UsageError
        If a parameter is unknown.
    BuildError
        If a cell fails, takes too long or kills its process; the message names notebook, cell and error type, never a
        value.
    """
    refuse_unknown(notebook, parameters)
    target = private / notebook.name
    settings = {
        "VUNKI_RESULTS": str(results), "MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYTHONHASHSEED": "0",
        "IPYTHONDIR": str(private / "ipython"),  # no start-up files or settings of the user's
    }  # fmt: skip
    with _environment(**settings), _quiet(), memory_limit():
        _execute(notebook, target, parameters, cwd, engine)
    return strip(_read(target))


def refuse_unknown(notebook: Path, parameters: Mapping[str, str]) -> None:
    """Refuse parameters that the notebook does not have: papermill would only log a warning and run the defaults."""
    known = parameter_names(notebook)
    for name in parameters:
        if name not in known:
            listed = ", ".join(sorted(known)) or "none"
            problem = f"The notebook has no parameter {name!r}."
            hint = f"Its parameters: {listed}. Add it there or leave it out."
            raise UsageError(Problem(notebook.name, 0, TAG, problem, hint, "VE-105"))


def parameter_names(notebook: Path) -> set[str]:
    """Names that the cell tagged ``parameters`` assigns."""
    cells = [c for c in _read(notebook).cells if TAG in c.metadata.get("tags", [])]
    names: set[str] = set()
    for cell in cells:
        try:
            body = ast.parse(cell.source).body
        except SyntaxError:
            problem = "The cell of parameters is not Python."
            raise BuildError(Problem(notebook.name, 0, TAG, problem, "Take the shipped one.", "VE-402")) from None
        for node in body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            names |= {t.id for t in targets if isinstance(t, ast.Name)}
    return names


def strip(notebook: Any) -> Any:
    """Remove what differs from run to run or tells where it ran, and join streams that were sent in pieces."""
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
            cell.outputs = joined(cell.outputs)
        for output in cell.get("outputs", []):
            output.get("metadata", {}).pop("ExecuteTime", None)
    return notebook


def joined(outputs: list[Any]) -> list[Any]:
    """Join neighbouring streams, standard output first: where a kernel cuts them depends on its timer."""
    kept: list[Any] = []
    for streams, group in groupby(outputs, lambda o: o.output_type == "stream"):
        if not streams:
            kept += group
            continue
        first: dict[str, Any] = {}
        for output in group:
            if output.name in first:
                first[output.name].text += output.text
            else:
                first[output.name] = output
        kept += [first[name] for name in sorted(first, reverse=True)]
    return kept


def _execute(notebook: Path, target: Path, parameters: Mapping[str, str], cwd: Path, engine: str) -> None:
    import papermill
    from nbclient.exceptions import DeadKernelError

    try:
        with _socket_folder() as sockets:
            papermill.execute_notebook(
                str(notebook),
                str(target),
                parameters=dict(parameters),
                engine_name=None if engine == "standard" else _warm(),
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
        # papermill has put two cells of its own before the place that it names.
        raise BuildError(_failed(notebook, _place(target, error.cell_index), str(error.ename), error.evalue)) from None
    except DeadKernelError:
        raise BuildError(_failed(notebook, _last_started(target), "DeadKernel")) from None
    except TimeoutError:
        raise BuildError(_failed(notebook, _last_started(target), "Timeout")) from None
    except RuntimeError as error:  # jupyter_client's words for a kernel that does not start; never an answer
        raise BuildError(_failed(notebook, "", "NoKernel")) from error


def _warm() -> str:
    """Name the warm engine; it is made known here too, for installations older than its entry point."""
    from papermill.engines import papermill_engines

    from vunki_eval.publish.engine.warm import NAME, WarmEngine

    papermill_engines.register(NAME, WarmEngine)
    return NAME


def _place(executed: Path, index: int) -> str:
    """Number a cell as in the notebook that the user has: without the injected parameters and papermill's marks."""
    marks = {INJECTED, "papermill-error-cell-tag"}
    cells = [c for c in _read(executed).cells if "papermill-error-cell-tag" not in c.metadata.get("tags", [])]
    own = [c for c in cells[: index + 1] if not marks & set(c.metadata.get("tags", []))]
    return f"cell {len(own)}"


def _last_started(executed: Path) -> str:
    """Number the cell that was running when the kernel was lost."""
    if not executed.is_file():
        return ""
    cells = _read(executed).cells
    started = [i for i, c in enumerate(cells) if c.metadata.get("papermill", {}).get("start_time")]
    return _place(executed, started[-1]) if started else ""


def _failed(notebook: Path, cell: str, name: str, value: str = "") -> Problem:
    """Say which cell failed; only messages of our own errors are passed on, since others may hold an answer."""
    said = {
        "DeadKernel": "The notebook's process ended in this cell (killed, or out of memory).",
        "NoKernel": "The notebook's kernel did not start or could not be reached.",
        "Timeout": "This cell took too long and was stopped.",
    }.get(name, f"The notebook stopped with {name}. {value.strip() if name in OURS else ''}".rstrip())
    return Problem(notebook.name, 0, cell, said, "Run it by hand in JupyterLab to see the place.", "VE-401")


def _kernel_manager(sockets: Path) -> type:
    """Give a manager that always starts this very Python, whatever kernels the machine has registered.

    Kernel and client meet at sockets in a private folder of this run alone: the default, ``kernel-ipc`` in the current
    folder, is shared by all kernels that run there. Where there are no such sockets, or the folder's name is too long
    for them, they speak over the loopback.
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
            """Keep off the terminal what the kernel says of itself; the cells' own streams come over the sockets."""
            return await super().start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)

    return OwnKernelManager


def _socket_folder() -> Any:
    """Make a private folder with a short name, deleted at the end."""
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
        raise BuildError(Problem(path.name, 0, "", problem, "Take the shipped one.", "VE-402")) from None
