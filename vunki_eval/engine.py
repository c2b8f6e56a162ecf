"""Running a report notebook through papermill: parameters checked, our own kernel, nothing private left in it."""

import ast
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vunki_eval.errors import BuildError, Problem, UsageError

CELL_SECONDS = 600
TAG = "parameters"


def run_notebook(notebook: Path, parameters: Mapping[str, str], *, cwd: Path, results: Path, private: Path) -> Any:
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
        Folder (0700) where the executed notebook stays if a cell fails.

    Returns
    -------
    NotebookNode
        The executed notebook without papermill's and the execution's metadata.

    Raises
    ------
    UsageError
        If a parameter is unknown.
    BuildError
        If a cell fails; the message names notebook, cell and error type, never a value.
    """
    refuse_unknown(notebook, parameters)
    target = private / notebook.name
    with _environment(VUNKI_RESULTS=str(results), MPLBACKEND="agg", PYTHONHASHSEED="0"), _quiet():
        _execute(notebook, target, parameters, cwd)
    return strip(_read(target))


def refuse_unknown(notebook: Path, parameters: Mapping[str, str]) -> None:
    """Refuse parameters that the notebook does not have: papermill would only log a warning and run the defaults."""
    known = parameter_names(notebook)
    for name in parameters:
        if name not in known:
            listed = ", ".join(sorted(known)) or "none"
            problem = f"The notebook has no parameter {name!r}."
            raise UsageError(
                Problem(
                    notebook.name, 0, TAG, problem, f"Its parameters: {listed}. Add it there or leave it out.", "VE-105"
                )
            )


def parameter_names(notebook: Path) -> set[str]:
    """Names that the cell tagged ``parameters`` assigns."""
    cells = [c for c in _read(notebook).cells if TAG in c.metadata.get("tags", [])]
    names: set[str] = set()
    for cell in cells:
        for node in ast.parse(cell.source).body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            names |= {t.id for t in targets if isinstance(t, ast.Name)}
    return names


def strip(notebook: Any) -> Any:
    """Remove what differs from run to run or tells where it ran: papermill's and the execution's metadata."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    notebook.metadata.kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata.pop("language_info", None)
    for number, cell in enumerate(notebook.cells, 1):
        for key in ("papermill", "execution", "ExecuteTime"):
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = f"injected-{number}"
        for output in cell.get("outputs", []):
            output.get("metadata", {}).pop("ExecuteTime", None)
    return notebook


def _execute(notebook: Path, target: Path, parameters: Mapping[str, str], cwd: Path) -> None:
    import papermill
    from nbclient.exceptions import DeadKernelError

    try:
        papermill.execute_notebook(
            str(notebook),
            str(target),
            parameters=dict(parameters),
            kernel_name="python3",
            language="python",
            kernel_manager_class=_kernel_manager(),
            cwd=str(cwd),
            progress_bar=False,
            log_output=False,
            execution_timeout=CELL_SECONDS,
            start_timeout=120,
        )
    except papermill.PapermillExecutionError as error:
        cell = f"cell {error.cell_index + 1}"
        raise BuildError(_failed(notebook, cell, str(error.ename), str(error.evalue))) from None
    except DeadKernelError:
        raise BuildError(_failed(notebook, "", "DeadKernel", "")) from None
    except TimeoutError:
        raise BuildError(_failed(notebook, "", "Timeout", "")) from None


def _failed(notebook: Path, cell: str, name: str, value: str) -> Problem:
    """Say which cell failed; only messages of our own errors are passed on, since others may hold an answer."""
    ours = value.strip() if name in {"UsageError", "ConfigError", "InputError", "BuildError", "StatisticsError"} else ""
    said = f" {ours}" if ours else ""
    problem = f"The notebook stopped with {name}.{said}"
    return Problem(notebook.name, 0, cell, problem, "Run it by hand in JupyterLab to see the place.", "VE-401")


def _kernel_manager() -> type:
    """Give a manager that always starts this very Python, whatever kernels the machine has registered."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class OwnKernelManager(AsyncKernelManager):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            if sys.platform != "win32":
                self.transport = "ipc"
            self.kernel_spec_manager = KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True)

    return OwnKernelManager


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
