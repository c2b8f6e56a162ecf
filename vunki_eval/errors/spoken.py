"""The language the program speaks: that of the project, read even from a configuration that cannot be used."""

import locale
import os
import re
from pathlib import Path

from vunki_eval.errors.message import FALLBACK

LANGUAGE = "VUNKI_LANGUAGE"  # environment variable: messages in this language, whatever the project's
_LISTED = re.compile(r"""^\s*languages\s*=\s*\[\s*["']([\w-]+)""", re.MULTILINE)
_MOST = 1_000_000
_WINDOWS_NAMES = {"estonian": "et", "english": "en"}


def spoken_language(project: Path | None = None) -> str:
    """Return the language of messages for a project.

    It is named by ``VUNKI_LANGUAGE``, else the first of ``languages`` in ``surveys/project.toml``, which is looked for
    as `find_project` does. Where there is none, it is the computer's language if the program speaks it, else English.
    The file is not parsed: its faults are what has to be said.

    Parameters
    ----------
    project : Path, optional
        A folder inside the project; the current one if left out.
    """
    asked = os.environ.get(LANGUAGE, "")
    return asked if asked in FALLBACK else _of_project(project) or _of_computer()


def _of_project(project: Path | None) -> str:
    try:
        here = (project or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (path := folder / "surveys" / "project.toml").is_file():
                with path.open("rb") as file:
                    raw = file.read(_MOST)
                listed = _LISTED.search(raw.decode("utf-8-sig", errors="replace"))
                return listed[1] if listed and listed[1] in FALLBACK else ""
    except OSError:
        pass  # the fault itself is reported by whoever reads the project
    return ""


def _of_computer() -> str:
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next((n for n in names if n), "") or (locale.getlocale()[0] or "")
    language = re.split(r"[_.@-]", name)[0].lower()
    language = _WINDOWS_NAMES.get(language, language)  # Windows: Estonian_Estonia
    return language if language in FALLBACK else "en"
