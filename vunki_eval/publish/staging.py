"""Units for workers that share no folder: what a unit is made from goes out, the finished report comes back.

Each passes as one ZIP file through an fsspec address (S3, Azure, SFTP, SMB, a mounted folder, ...) that this machine
and the workers reach. A unit's own files are sent and nothing else, never the key; the run removes them when it ends.
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
from vunki_eval.publish.fingerprint import input_files, require_same, unit_key
from vunki_eval.publish.fork_server import build_in_fork
from vunki_eval.publish.private_folder import private_folder
from vunki_eval.publish.store import write_whole
from vunki_eval.publish.unit import Built, Failed, Outcome, Task, failed

REPORT, FAILED = "report", "failed"
KEPT = "failed.*.ipynb"


@dataclass(frozen=True, slots=True)
class Staging:
    """A run's folder at an fsspec address; see `open_staging`. It can be sent to another process."""

    address: str

    def send(self, task: Task) -> str:
        """Pack what a unit is made from; give the key of what was packed.

        Raises
        ------
        UsageError
            If nothing can be written at the address.
        """
        project, event = load_project(task.root), task.plan.event
        key = unit_key(project, event)
        files = input_files(project, event)
        earlier = project.reports / event / "results.json"
        if earlier.is_file():
            files[f"{project.reports.name}/{event}/{earlier.name}"] = earlier
        try:
            self._pack(f"{event}.to", files.items())
        except Exception as error:  # of whatever library serves the address
            raise UsageError(_unreachable(error)) from None
        return key

    def build(self, task: Task) -> Outcome:
        """Build a unit on a worker, in a private folder of its own, and send what came out; nothing stays there."""
        event = task.plan.event
        with tempfile.TemporaryDirectory(prefix="vunki-") as name:
            root, work, keys = (Path(name) / part for part in ("project", "work", "keys"))
            try:
                self._unpack(f"{event}.to", root)
                work.mkdir()
                outcome = build_in_fork(replace(task, root=root, work=work, keys=keys))
                made = [p for p in (work / event).rglob("*") if p.is_file() and isinstance(outcome, Built)]
                files = [(f"{REPORT}/{p.relative_to(work / event).as_posix()}", p) for p in made]
                files += [(f"{FAILED}/{p.name}", p) for p in (root / "checks" / event).glob(KEPT)]
                self._pack(f"{event}.from", files)
            except Exception as error:
                return Failed(event, (_unreachable(error, event),), BuildError.exit_code)
            return outcome

    def receive(self, task: Task, outcome: Outcome, key: str) -> Outcome:
        """Unpack what a worker made into the run's work folder; what was sent must still be what is here.

        Parameters
        ----------
        task : Task
            The unit.
        outcome : Built or Failed
            What the worker said of it.
        key : str
            What `send` gave.
        """
        event = task.plan.event
        came = task.work / f"{event}.came"
        try:
            self._unpack(f"{event}.from", came)
        except Exception as error:
            lost = Failed(event, (_unreachable(error, event),), BuildError.exit_code)
            return outcome if isinstance(outcome, Failed) else lost
        try:
            project = load_project(task.root)
            for kept in (came / FAILED).glob(KEPT):
                write_whole(private_folder(project, event) / kept.name, kept.read_bytes(), private=True)
            if isinstance(outcome, Built):
                require_same(project, event, key)
                (came / REPORT).rename(task.work / event)
        except Exception as error:
            return failed(event, error)
        return outcome

    def _pack(self, name: str, files: Iterable[tuple[str, Path]]) -> None:
        with _opened(f"{self.address}/{name}.zip", "wb") as file, zipfile.ZipFile(file, "w") as pack:
            for inside, path in files:
                pack.write(path, inside, zipfile.ZIP_DEFLATED)

    def _unpack(self, name: str, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        with _opened(f"{self.address}/{name}.zip", "rb") as file, zipfile.ZipFile(file) as pack:
            pack.extractall(folder)


@contextmanager
def open_staging(address: str) -> Iterator[Staging]:
    """Make a folder for a run at an fsspec address, and remove it with all that is in it.

    Raises
    ------
    UsageError
        If fsspec or the library of the address is not installed, or nothing can be written there.
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


def _opened(address: str, mode: str) -> Any:
    import fsspec  # type: ignore[import-untyped,unused-ignore]

    return fsspec.open(address, mode)


def _unreachable(error: Exception, event: str = "") -> Problem:
    """Say what kind of error it was, never its message: that may hold a password of the address."""
    problem = f"The address of --through cannot be used ({type(error).__name__})."
    hint = (
        "Is the library of its protocol installed here and on the workers (s3fs for s3://), and may both write there?"
    )
    return Problem(event, 0, "--through", problem, hint, "VE-117")
