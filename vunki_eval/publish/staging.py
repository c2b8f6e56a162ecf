"""Exchange files with workers that do not share the project's folder.

The inputs of a unit go out and its finished report comes back, each as one ZIP file at an fsspec address (S3, Azure,
SFTP, SMB, a mounted folder, ...) that this machine and the workers can reach. Only the unit's own files are sent, never
the key. The run removes them when it ends.
"""

import secrets
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vunki_eval.errors import BuildError, Problem, UsageError
from vunki_eval.project.project import load_project
from vunki_eval.publish.files import replace as move
from vunki_eval.publish.files import write_whole
from vunki_eval.publish.fingerprint import input_files, require_same, unit_key
from vunki_eval.publish.fork_server import build_in_fork
from vunki_eval.publish.private_folder import private_folder
from vunki_eval.publish.unit import Built, Failed, Outcome, Task, failed

REPORT, FAILED = "report", "failed"
FAILED_NOTEBOOKS = "failed.*.ipynb"


@dataclass(frozen=True, slots=True)
class Staging:
    """A run's folder at an fsspec address; see `open_staging`. It can be pickled and sent to another process."""

    address: str

    def send(self, task: Task) -> str:
        """Pack the inputs of a unit and return their key.

        Raises
        ------
        UsageError
            If the address cannot be written to.
        """
        project, event = load_project(task.root), task.plan.event
        key = unit_key(project, event)
        files = input_files(project, event)
        earlier = project.reports / event / "results.json"
        if earlier.is_file():
            files[f"{project.reports.name}/{event}/{earlier.name}"] = earlier
        try:
            self._pack(f"{event}.to", files.items())
        except Exception as error:  # each library behind fsspec raises its own kinds
            raise UsageError(_unreachable(error)) from None
        return key

    def build(self, task: Task) -> Outcome:
        """Build a unit on a worker, in a temporary private folder, and pack the report or the failed notebooks."""
        event = task.plan.event
        with tempfile.TemporaryDirectory(prefix="vunki-") as name:
            root, work, keys = (Path(name) / part for part in ("project", "work", "keys"))
            try:
                self._unpack(f"{event}.to", root)
                work.mkdir()
                outcome = build_in_fork(replace(task, root=root, work=work, keys=keys))
                report = (work / event).rglob("*") if isinstance(outcome, Built) else ()
                files = [(f"{REPORT}/{p.relative_to(work / event).as_posix()}", p) for p in report if p.is_file()]
                files += [(f"{FAILED}/{p.name}", p) for p in (root / "checks" / event).glob(FAILED_NOTEBOOKS)]
                self._pack(f"{event}.from", files)
            except Exception as error:
                return Failed(event, (_unreachable(error, event),), BuildError.exit_code)
            return outcome

    def receive(self, task: Task, outcome: Outcome, key: str) -> Outcome:
        """Unpack a worker's report into the run's work folder, unless the inputs have changed since they were sent.

        Parameters
        ----------
        task : Task
            The unit.
        outcome : Built or Failed
            The worker's outcome.
        key : str
            The key that `send` returned.
        """
        event = task.plan.event
        received = task.work / f"{event}.came"
        try:
            self._unpack(f"{event}.from", received)
        except Exception as error:
            lost = Failed(event, (_unreachable(error, event),), BuildError.exit_code)
            return outcome if isinstance(outcome, Failed) else lost
        try:
            project = load_project(task.root)
            for notebook in (received / FAILED).glob(FAILED_NOTEBOOKS):
                write_whole(private_folder(project, event) / notebook.name, notebook.read_bytes(), private=True)
            if isinstance(outcome, Built):
                require_same(project, event, key)
                move(received / REPORT, task.work / event)
        except Exception as error:
            return failed(event, error)
        return outcome

    def _pack(self, name: str, files: Iterable[tuple[str, Path]]) -> None:
        with _open(f"{self.address}/{name}.zip", "wb") as file, zipfile.ZipFile(file, "w") as archive:
            for name_inside, path in files:
                archive.write(path, name_inside, zipfile.ZIP_DEFLATED)

    def _unpack(self, name: str, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        with _open(f"{self.address}/{name}.zip", "rb") as file, zipfile.ZipFile(file) as archive:
            archive.extractall(folder)


@contextmanager
def open_staging(address: str) -> Iterator[Staging]:
    """Make a folder for a run at an fsspec address, and remove it with its contents at the end.

    Raises
    ------
    UsageError
        If fsspec or the library for the address is not installed, or the address cannot be written to.
    """
    try:
        from fsspec.core import url_to_fs  # type: ignore[import-untyped,unused-ignore]

        system, root = url_to_fs(address)
        folder = f"{root.rstrip('/')}/vunki-{secrets.token_hex(8)}"
        system.makedirs(folder)
    except Exception as error:
        raise UsageError(_unreachable(error)) from None
    try:
        yield Staging(system.unstrip_protocol(folder))
    finally:
        with suppress(Exception):
            system.rm(folder, recursive=True)


def _open(address: str, mode: str) -> Any:
    import fsspec  # type: ignore[import-untyped,unused-ignore]

    return fsspec.open(address, mode)


def _unreachable(error: Exception, event: str = "") -> Problem:
    """Describe an error by its type, never by its message: that may hold a password from the address."""
    problem = f"The address of --through cannot be used ({type(error).__name__})."
    hint = (
        "Is the library of its protocol installed here and on the workers (s3fs for s3://), and may both write there?"
    )
    return Problem(event, 0, "--through", problem, hint, "VE-117")
