"""Let files be open in another program, as Windows shows it: what would change one raises PermissionError."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from vunki_eval.publish import files

WRITING = os.O_WRONLY | os.O_RDWR


class Hold:
    """Hold files by their names or whole paths from now on, for ever or for some attempts; see the fixture ``hold``.

    ``calls`` names what is refused: open (for writing), replace (of the file, or by it), unlink.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.names: set[str] = set()
        self.left = float("inf")
        self.winerror = 32
        self.calls: set[str] = set()
        self.real = {name: getattr(os, name) for name in ("open", "replace", "unlink")}
        for name in self.real:
            patch.setattr(os, name, getattr(self, f"_{name}"))
        patch.setattr(files, "PATIENCE", 0.2)

    def __call__(
        self, *names: str, times: float = float("inf"), winerror: int = 32, calls: str = "open replace unlink"
    ) -> None:
        self.names, self.left, self.winerror, self.calls = set(names), times, winerror, set(calls.split())

    def free(self) -> None:
        self.names = set()

    def _try(self, call: str, *paths: Any) -> None:
        named = {name for p in map(os.fsdecode, paths) for name in (p, Path(p).name)}
        if call in self.calls and self.left > 0 and self.names & named:
            self.left -= 1
            error = PermissionError(errno.EACCES, "The process cannot access the file", os.fsdecode(paths[-1]))
            error.winerror = self.winerror  # type: ignore[attr-defined,unused-ignore]
            raise error

    def _open(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if flags & WRITING:
            self._try("open", path)
        return int(self.real["open"](path, flags, mode, dir_fd=dir_fd))

    def _replace(self, source: Any, target: Any) -> None:
        if source != target or "open" in self.calls:
            self._try("replace", source, target)
        self.real["replace"](source, target)

    def _unlink(self, path: Any, *, dir_fd: int | None = None) -> None:
        self._try("unlink", path)
        self.real["unlink"](path, dir_fd=dir_fd)


@pytest.fixture
def hold() -> Iterator[Hold]:
    with pytest.MonkeyPatch.context() as patch:
        yield Hold(patch)
