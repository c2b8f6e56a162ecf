"""All files of an erasure change together: written beside, listed, renamed; a broken run is finished later.

``surveys/.erasure.json`` lists renames under way; ``surveys/erasures.csv`` tells what was done, without the content.
"""

import csv
import io
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from vunki_eval.publish.store import sync, write_whole
from vunki_eval.questionnaire.invitations import FOLDER as INVITATIONS

UNDER_WAY = ".erasure.json"
DONE = "erasures.csv"
COLUMNS = ("date", "event", "file", "responses", "done")
PART = ".erasure-part"


def exchange(surveys: Path, files: Mapping[Path, bytes]) -> None:
    """Put new contents in the place of files, all or none."""
    parts = {}
    for path, content in files.items():
        part = path.with_name(f".{path.name}{PART}")
        with part.open("wb") as file:
            file.write(content)
        if path.exists():
            part.chmod(path.stat().st_mode & 0o777)
        parts[part] = path
    listed = {_named(a, surveys): _named(b, surveys) for a, b in parts.items()}
    write_whole(surveys / UNDER_WAY, json.dumps(listed), private=True)
    finish(surveys)


def finish(surveys: Path) -> bool:
    """Do the renames that the journal lists; tell whether there was one. Parts that no journal lists are deleted."""
    journal = surveys / UNDER_WAY
    under_way = journal.is_file()
    if under_way:
        for part, path in json.loads(journal.read_text("utf-8")).items():
            if (surveys / part).is_file():
                (surveys / part).replace(surveys / path)
        sync(surveys)
        journal.unlink()
    for folder in (surveys, surveys.parent / INVITATIONS):
        for left in folder.rglob(f".*{PART}"):
            left.unlink()
    return under_way


def _named(path: Path, surveys: Path) -> str:
    return Path(os.path.relpath(path, surveys)).as_posix()


def entries(surveys: Path, rows: Sequence[Sequence[object]]) -> bytes:
    """Give the journal of erasures with more entries."""
    path = surveys / DONE
    before = path.read_text("utf-8") if path.is_file() else ",".join(COLUMNS) + "\n"
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return (before + out.getvalue()).encode()
