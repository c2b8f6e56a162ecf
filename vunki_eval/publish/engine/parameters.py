"""Parameters of a notebook: papermill only warns of an unknown one, and then builds another event's report."""

import ast
from collections.abc import Iterable
from typing import Any

from vunki_eval.errors import M_, BuildError, Problem, UsageError

TAG = "parameters"


def parameter_names(notebook: Any, file: str) -> set[str]:
    """List the names that the cells tagged ``parameters`` assign.

    Parameters
    ----------
    notebook : NotebookNode
    file : str
        Its name, for a message.

    Raises
    ------
    BuildError
        If such a cell is not valid Python.
    """
    names: set[str] = set()
    for cell in _tagged(notebook):
        try:
            body = ast.parse(cell.source).body
        except SyntaxError:
            problem = M_("The parameters cell is not valid Python.")
            raise BuildError(Problem(file, 0, TAG, problem, M_("Use the shipped notebook."), "VE-402")) from None
        for node in body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            names |= {t.id for t in targets if isinstance(t, ast.Name)}
    return names


def refuse_unknown(notebook: Any, file: str, parameters: Iterable[str]) -> None:
    """Refuse the first parameter that the notebook does not have.

    Raises
    ------
    UsageError
        It names the parameter and those that there are.
    """
    names = parameter_names(notebook, file)
    for name in parameters:
        if name not in names:
            listed = ", ".join(sorted(names)) or M_("none")
            problem = M_("The notebook has no parameter {name}.", name=repr(name))
            hint = M_("Its parameters: {listed}. Add it there or leave it out.", listed=listed)
            raise UsageError(Problem(file, 0, TAG, problem, hint, "VE-105"))


def refuse_unknown_given(notebook: Any) -> None:
    """Refuse the parameters that papermill was given for a notebook with a ``parameters`` cell and that it lacks.

    A notebook without such a cell gets its parameters as new variables, as papermill documents.
    """
    given = notebook.metadata.get("papermill", {})
    if any(_tagged(notebook)):
        refuse_unknown(notebook, str(given.get("input_path") or ""), given.get("parameters", {}))


def _tagged(notebook: Any) -> list[Any]:
    return [c for c in notebook.cells if TAG in c.metadata.get("tags", [])]
