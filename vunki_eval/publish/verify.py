"""Does a published report still follow from the data? Files hashed again, results computed again, one line said."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vunki_eval.errors import Problem, UsageError, VunkiError
from vunki_eval.project.project import Project, load_project
from vunki_eval.publish.manifest import NAME, changes, is_intact, read_manifest
from vunki_eval.publish.unit import fault

CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of a report's check: whether it follows from the data, and the sentence that says why not."""

    event: str
    follows: bool
    said: str


def verify(folder: Path, project: Project | None = None) -> list[Verified]:
    """Check a report, or every report in a folder.

    Parameters
    ----------
    folder : Path
        ``reports/<event>``, or ``reports``.
    project : Project, optional
        The project with the data; found from the folder if left out.

    Raises
    ------
    UsageError
        If there is no report, or no project.
    """
    folders = report_folders(folder)
    if not folders:
        problem = "There is no report in this folder: no manifest.json."
        hint = "Name reports/ or a folder in it."
        raise UsageError(Problem(f"{folder.name}/", 0, "", problem, hint, "VE-112"))
    project = project or load_project(folder.resolve())
    return [_checked(project, f) for f in folders]


def report_folders(folder: Path) -> list[Path]:
    """Folders with a manifest: this one, else those in it."""
    if (folder / NAME).is_file():
        return [folder]
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    return [f for f in inside if not f.name.startswith(".") and (f / NAME).is_file()]


def _checked(project: Project, folder: Path) -> Verified:
    manifest = read_manifest(folder)
    if manifest is None:
        return Verified(folder.name, False, "does not follow: its manifest.json is damaged")
    event = manifest["event"]
    if manifest.get("purged"):
        whole = is_intact(folder, manifest)
        said = "is as it was made" if whole else "is not as it was made"
        return Verified(event, whole, f"{said}; its data were deleted at the end of retention")
    try:
        found = changes(project, folder, manifest)
        wrong = found.outputs + found.inputs
        numbers, differing = _recomputed(project, folder, event)
    except VunkiError as error:
        return Verified(event, False, f"cannot be checked: {error.problems[0]}")
    except Exception as error:
        return Verified(event, False, f"cannot be checked: {fault(error)}")
    tools = found.packages + found.code
    made_with = f" (other tools: {_some(tools)})" if tools else ""
    if wrong or differing:
        return Verified(event, False, f"does not follow from the data: {_some([*wrong, *differing])}{made_with}")
    return Verified(
        event, True, f"follows from the data: {len(manifest['outputs'])} files as made, {numbers} numbers as computed"
        f" again{made_with}",
    )  # fmt: skip


def _recomputed(project: Project, folder: Path, event: str) -> tuple[int, list[str]]:
    """Count the numbers compared, and say which tables differ from what the data give now."""
    from vunki_eval.analysis.evaluation import evaluate_with_findings
    from vunki_eval.results.results import COLUMNS, to_dict

    try:
        before = json.loads((folder / "results.json").read_text("utf-8"))
    except (OSError, ValueError):
        return 0, ["results.json cannot be read"]
    after = to_dict(evaluate_with_findings(project, event)[0])
    said, count = [], 0
    for table in COLUMNS:
        left, right = before.get(table, []), after[table]
        count += sum(isinstance(v, int | float) for row in right for v in row.values())
        rows = [i for i, (a, b) in enumerate(zip(left, right, strict=False)) if not same(a, b)]
        if rows or len(left) != len(right):
            differing = max(len(rows), abs(len(left) - len(right)))
            said.append(f"{differing} of {max(len(left), len(right))} rows of {table} differ")
    return count, said


def same(left: Any, right: Any) -> bool:
    """Compare JSON data; numbers to 1e-9 of their size, since libraries sum in other orders elsewhere."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) or isinstance(right, float):
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        return numbers and math.isclose(left, right, rel_tol=CLOSE, abs_tol=CLOSE)
    return bool(left == right)


def _some(said: list[str], most: int = 4) -> str:
    return ", ".join(_shortened(said, most))


def _shortened(said: list[str], most: int) -> Iterator[str]:
    yield from said[:most]
    if len(said) > most:
        yield f"and {len(said) - most} more"
