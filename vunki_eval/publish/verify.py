"""Check whether a published report still follows from the data: hash its files and compute its results again."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vunki_eval.errors import M_, MN_, Message, Problem, UsageError, VunkiError, joined
from vunki_eval.project.project import Project, load_project
from vunki_eval.publish.manifest import NAME, changes, first_reasons, is_intact, read_manifest
from vunki_eval.publish.unit import fault

CLOSE = 1e-9
MOST_REASONS = 4


@dataclass(frozen=True, slots=True)
class Verified:
    """The outcome of checking a report: whether it follows from the data, and a sentence that says why or why not."""

    event: str
    follows: bool
    said: Message


def verify(folder: Path, project: Project | None = None) -> list[Verified]:
    """Check a report, or every report in a folder.

    Parameters
    ----------
    folder : Path
        A report ``reports/<event>``, or ``reports`` with all of them.
    project : Project, optional
        The project with the data; by default the one around the folder.

    Raises
    ------
    UsageError
        If there is no report or no project.
    """
    folders = report_folders(folder)
    if not folders:
        problem = M_("There is no report in this folder: it has no manifest.json.")
        hint = M_("Name reports/ or a folder in it.")
        raise UsageError(Problem(f"{folder.name}/", 0, "", problem, hint, "VE-112"))
    project = project or load_project(folder.resolve())
    return [_checked(project, f) for f in folders]


def report_folders(folder: Path) -> list[Path]:
    """List the folders with a manifest: this one, or else those in it."""
    if (folder / NAME).is_file():
        return [folder]
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    return [f for f in inside if not f.name.startswith(".") and (f / NAME).is_file()]


def _checked(project: Project, folder: Path) -> Verified:
    manifest = read_manifest(folder)
    if manifest is None:
        return Verified(folder.name, False, M_("does not follow: its manifest.json is damaged"))
    event = manifest["event"]
    if manifest.get("purged"):
        intact = is_intact(folder, manifest)
        state = M_("has changed since it was built; its data were deleted at the end of retention")
        if intact:
            state = M_("is unchanged; its data were deleted at the end of retention")
        return Verified(event, intact, state)
    try:
        differences = changes(project, folder, manifest)
        changed_files = differences.outputs + differences.inputs
        numbers, differing = _recomputed(project, folder, event)
    except VunkiError as error:
        return Verified(event, False, M_("cannot be checked: {why}", why=error.problems[0].message()))
    except Exception as error:
        return Verified(event, False, M_("cannot be checked: {why}", why=fault(error).message()))
    tools = differences.packages + differences.code
    other_tools = [M_("(other tools: {tools})", tools=first_reasons(tools, MOST_REASONS))] if tools else []
    if changed_files or differing:
        reasons = first_reasons([*changed_files, *differing], MOST_REASONS)
        why = M_("does not follow from the data: {reasons}", reasons=reasons)
        return Verified(event, False, joined(" ", (why, *other_tools)))
    same_files = MN_("{n} file unchanged", "{n} files unchanged", len(manifest["outputs"]))
    same_numbers = MN_(
        "{n} number recomputed with the same result", "{n} numbers recomputed with the same result", numbers
    )
    said = M_("follows from the data: {files}, {numbers}", files=same_files, numbers=same_numbers)
    return Verified(event, True, joined(" ", (said, *other_tools)))


def _recomputed(project: Project, folder: Path, event: str) -> tuple[int, list[Message]]:
    """Compute the results again; return the count of numbers compared, and a text for each table that differs."""
    from vunki_eval.analysis.evaluation import evaluate_with_findings
    from vunki_eval.results.results import COLUMNS, to_dict

    try:
        before = json.loads((folder / "results.json").read_text("utf-8"))
    except (OSError, ValueError):
        return 0, [M_("results.json cannot be read")]
    after = to_dict(evaluate_with_findings(project, event)[0])
    differing: list[Message] = []
    count = 0
    for table in COLUMNS:
        left, right = before.get(table, []), after[table]
        count += sum(isinstance(v, int | float) for row in right for v in row.values())
        rows = [i for i, (a, b) in enumerate(zip(left, right, strict=False)) if not same(a, b)]
        if rows or len(left) != len(right):
            n = max(len(rows), abs(len(left) - len(right)))
            all_rows = max(len(left), len(right))
            differing.append(M_("{n} of {all} rows of {table} differ", n=n, all=all_rows, table=table))
    return count, differing


def same(left: Any, right: Any) -> bool:
    """Compare JSON data, numbers to 1e-9 of their size: on another machine, libraries may sum in another order."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) or isinstance(right, float):
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        return numbers and math.isclose(left, right, rel_tol=CLOSE, abs_tol=CLOSE)
    return bool(left == right)
