"""Turn linking codes into pseudonyms: each normalised element is hashed with the project's secret key.

The key is stored outside the project and only its owner can read it. Without it nobody can recover the elements. With
it one could try out all letters and days, so it is destroyed at the end of retention. Results do not depend on it.
"""

import base64
import hashlib
import hmac
import os
import secrets
import sys
import time
from pathlib import Path

from vunki_eval.errors import M_, Message, Problem, UsageError, reason
from vunki_eval.project.project import Project

BYTES = 32
DIGITS = 10


def pseudonym(key: bytes, index: int, element: str) -> str | None:
    """Hash a normalised element with the key and its position in the code; None for a blank element."""
    if not element:
        return None
    digest = hmac.new(key, f"{index}\x1f{element}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:DIGITS]


def key_path(project: Project) -> Path:
    """Return the path of a project's key: in ``$VUNKI_KEY_DIR``, else in the user's data folder."""
    root_hash = hashlib.sha256(str(project.root.resolve()).encode()).hexdigest()[:8]
    return _folder() / f"{project.about.id}-{root_hash}.key"


def load_key(project: Project) -> bytes:
    """Read a project's key; create it on first use.

    Raises
    ------
    UsageError
        If the key cannot be read or written, is damaged, can be read by others, or would be inside the project.
    """
    path = key_path(project)
    if path.resolve().is_relative_to(project.root.resolve()):
        raise _refuse(path, M_("The key would be inside the project."), M_("Set VUNKI_KEY_DIR to a folder outside it."))
    try:
        if not path.exists():
            _create(path)
        return _read(path)
    except OSError as error:
        hint = M_("Check the folder's permissions, or set VUNKI_KEY_DIR to another folder.")
        raise _refuse(
            path, M_("The key for linking codes cannot be used: {reason}.", reason=reason(error)), hint
        ) from None


def _folder() -> Path:
    if folder := os.environ.get("VUNKI_KEY_DIR"):
        return Path(folder)
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "vunki-eval"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "vunki-eval"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "vunki-eval"


def _create(path: Path) -> None:
    """Write a new key, unless another process has just written one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(BYTES))


def _read(path: Path) -> bytes:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise _refuse(path, M_("The key for linking codes can be read by others."), M_("Run chmod 600 on it."))
    for _ in range(50):
        key = path.read_bytes()
        if len(key) == BYTES:
            return key
        time.sleep(0.02)  # another process may still be writing it
    raise _refuse(path, M_("The key for linking codes is damaged."), M_("Delete it; a new one will be created."))


def _refuse(path: Path, problem: Message, hint: Message) -> UsageError:
    return UsageError(Problem(path.name, 0, "", problem, hint, "VE-704"))
