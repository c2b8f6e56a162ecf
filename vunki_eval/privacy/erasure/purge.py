"""End of retention: delete everything personal, and keep what was published."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vunki_eval.errors import M_, Message, Problem, UsageError, joined
from vunki_eval.project.file_names import files_below
from vunki_eval.project.project import Project
from vunki_eval.project.pseudonyms import key_path
from vunki_eval.publish.files import remove, remove_tree, require_closed, write_whole
from vunki_eval.publish.manifest import NAME, outputs, read_manifest
from vunki_eval.publish.payment_claim import FOLDER as CLAIMS
from vunki_eval.publish.payment_claim import SIGNED_LIST
from vunki_eval.publish.store import open_store
from vunki_eval.questionnaire.invitations import FOLDER as INVITATIONS

NOT_PERSONAL = ("commentary.*.md", "recommendations.toml", "quotes.csv", "truth.json", "README*.md")
"""Files of an event that hold nobody's answers."""
NOTEBOOK = "report.ipynb"


@dataclass(frozen=True, slots=True)
class Purge:
    """What would be deleted (files, the key among them), which notebooks would lose their outputs, and what remains."""

    files: tuple[Path, ...]
    folders: tuple[Path, ...]
    notebooks: tuple[Path, ...]
    remains: tuple[Path, ...]

    def shown(self, project: Project, path: Path) -> Message:
        """Name a file for messages."""
        inside = path.is_relative_to(project.root)
        if inside:
            return joined("", (path.relative_to(project.root).as_posix(),))
        return M_("{file} (the key for linking codes)", file=path.name)


def plan_purge(project: Project, *, early: bool = False, today: dt.date | None = None) -> Purge:
    """List what is personal.

    Raises
    ------
    UsageError
        If retention is not over, or has no date; unless ``early``.
    """
    until = project.config.retention.retain_until
    day = today or dt.date.today()
    if not early and (until is None or day <= until):
        problem = M_("Retention has no date in surveys/project.toml: nothing was deleted.")
        if until is not None:
            problem = M_("Retention lasts until {day}: nothing was deleted.", day=until.isoformat())
        hint = M_("Correct retain_until under [retention], or add --early if the data must be deleted now.")
        raise UsageError(Problem("surveys/project.toml", 0, "retention", problem, hint, "VE-728"))
    private = (project.checks, project.root / INVITATIONS, project.root / "notebooks" / ".ipynb_checkpoints")
    folders = [f for f in private if f.is_dir()]
    answers = [p for event in project.events for p in _personal(project.surveys / event.id)]
    executed = sorted(project.reports.glob(f"*/*/{NOTEBOOK}"))
    key = key_path(project)
    signed = sorted((project.root / CLAIMS).glob(f"*/{SIGNED_LIST}*"))
    files = [*answers, *executed, *signed, *([key] if key.is_file() else [])]
    notebooks = [p for p in sorted((project.root / "notebooks").glob("**/*.ipynb")) if _has_outputs(p)]
    to_delete = {*files, *(p for f in folders for p in f.rglob("*"))}
    remains = [p for p in _everything(project) if p not in to_delete]
    return Purge(tuple(files), tuple(folders), tuple(notebooks), tuple(remains))


def purge(project: Project, plan: Purge) -> None:
    """Delete what is planned, while nothing else runs in the project.

    The key goes first: without it the remaining codes cannot be linked to anybody.

    Raises
    ------
    UsageError
        If another program has a file open (nothing is deleted then), a file cannot be deleted, or another run is at
        work.
    """
    with open_store(project.reports):
        reports = {p.parent.parent for p in plan.files if p.name == NOTEBOOK}
        inside = (p for f in plan.folders for p in files_below(f))
        require_closed([*plan.files, *inside, *plan.notebooks, *(r / NAME for r in reports)])
        for path in sorted(plan.files, key=lambda p: p.is_relative_to(project.root)):
            remove(path)
        for folder in plan.folders:
            remove_tree(folder)
        for path in plan.notebooks:
            _clear(path)
        for folder in reports:
            _mark(folder)


def _personal(folder: Path) -> Iterator[Path]:
    """Yield an event's files, except those known to be nobody's: rather too many than a forgotten copy."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and not any(path.match(pattern) for pattern in NOT_PERSONAL):
            yield path


def _everything(project: Project) -> Iterator[Path]:
    others = ("notebooks", "questionnaires", CLAIMS, "papers")
    for folder in (project.surveys, project.reports, *(project.root / name for name in others)):
        yield from files_below(folder)


def _has_outputs(path: Path) -> bool:
    try:
        cells = json.loads(path.read_text("utf-8")).get("cells", [])
    except (OSError, ValueError, AttributeError):
        return False
    return any(cell.get("outputs") for cell in cells)


def _clear(path: Path) -> None:
    """Clear the outputs of a notebook."""
    notebook: dict[str, Any] = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell.get("cell_type") == "code":
            cell |= {"outputs": [], "execution_count": None}
    write_whole(path, json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")


def _mark(folder: Path) -> None:
    """Say in a report's manifest that its data are gone, and what the report consists of now."""
    manifest = read_manifest(folder)
    if manifest is not None:
        manifest |= {"outputs": outputs(folder), "purged": True}
        write_whole(folder / NAME, json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1) + "\n")
