"""Linking codes become pseudonyms while they are read: each normalised element is hashed with the project's key.

The key lies outside the project, readable by its owner alone. Without it nobody can find out the elements; whoever has
it can try out all letters and days, so it is destroyed at the end of retention. Results do not depend on the key.
"""

import base64
import hashlib
import hmac
import os
import secrets
import sys
import time
from pathlib import Path

from vunki_eval.errors import Problem, UsageError
from vunki_eval.project.project import Project

BYTES = 32
DIGITS = 10


def pseudonym(key: bytes, index: int, element: str) -> str | None:
    """Hash a normalised element with the key and its place in the code; None for a blank one."""
    if not element:
        return None
    digest = hmac.new(key, f"{index}\x1f{element}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:DIGITS]


def key_path(project: Project) -> Path:
    """Give the place of a project's key: ``$VUNKI_KEY_DIR``, else the user's data folder."""
    place = hashlib.sha256(str(project.root.resolve()).encode()).hexdigest()[:8]
    return _folder() / f"{project.about.id}-{place}.key"


def load_key(project: Project) -> bytes:
    """Read a project's key, or make it on first use.

    Raises
    ------
    UsageError
        If it cannot be read or written, is damaged, can be read by others, or would lie inside the project.
    """
    path = key_path(project)
    if path.resolve().is_relative_to(project.root.resolve()):
        raise _refuse(path, "The key would lie inside the project.", "Set VUNKI_KEY_DIR to a folder outside it.")
    try:
        if not path.exists():
            _make(path)
        return _read(path)
    except OSError as error:
        hint = "Check the folder's permissions, or set VUNKI_KEY_DIR to another folder."
        raise _refuse(path, f"The key for linking codes cannot be used: {error.strerror}.", hint) from None


def _folder() -> Path:
    if given := os.environ.get("VUNKI_KEY_DIR"):
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "vunki-eval"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "vunki-eval"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "vunki-eval"


def _make(path: Path) -> None:
    """Write a new key; if another process was quicker, its key stands."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(BYTES))


def _read(path: Path) -> bytes:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise _refuse(path, "The key for linking codes can be read by others.", "Run chmod 600 on it.")
    for _ in range(50):
        key = path.read_bytes()
        if len(key) == BYTES:
            return key
        time.sleep(0.02)  # another process may be writing it just now
    raise _refuse(path, "The key for linking codes is damaged.", "Delete it; a new one is made.")


def _refuse(path: Path, problem: str, hint: str) -> UsageError:
    return UsageError(Problem(path.name, 0, "", problem, hint, "VE-704"))
