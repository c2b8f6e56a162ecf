"""Results computed while the warm process is still importing: until then the other processors have nothing to do.

A process of its own, with the few imports that takes, analyses the first units and leaves what it found in the run's
private folder. A build takes it from there if it was made from the very same inputs, else it computes as ever.
"""

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vunki_eval.errors import Problem
from vunki_eval.project import load_project
from vunki_eval.publish.fingerprint import unit_key
from vunki_eval.publish.unit import Built, Outcome, Task

if TYPE_CHECKING:
    from vunki_eval.results import Results

FOLDER = "ahead"
ENOUGH = "enough"


def compute(tasks: Sequence[Task], first: Task) -> Outcome:
    """Compute the results of tasks one after another until told that it is enough; errors are left to the build."""
    from vunki_eval.evaluation import evaluate_with_findings

    folder = first.work / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    for task in tasks:
        event = task.plan.event
        project = load_project(task.root)
        key = unit_key(project, event)
        try:
            found = evaluate_with_findings(project, event)
        except Exception:
            continue  # the build meets it too, and says it
        part = folder / f"{event}.part"
        part.write_bytes(pickle.dumps((key, found)))
        part.replace(folder / event)
        if (folder / ENOUGH).exists():
            break
    return Built(first.plan.event, {}, ())


def enough(first: Task) -> None:
    """Let `compute` end after the unit it is at."""
    folder = first.work / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / ENOUGH).touch()


def taken(work: Path, event: str, key: str) -> "tuple[Results, tuple[Problem, ...]] | None":
    """Give what `compute` found for an event, if its inputs had this key."""
    try:
        made_of, found = pickle.loads((work / FOLDER / event).read_bytes())
    except (OSError, EOFError, pickle.UnpicklingError):
        return None
    return found if made_of == key else None
