"""Change all files of an erasure together: write them beside, list them, rename them; a broken run is finished later.

``surveys/.erasure.json`` lists renames under way; ``surveys/erasures.csv`` records what was done, without content.
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
    """Replace the contents of files, all or none."""
    parts = {}
    for path, content in files.items():
        part = path.with_name(f".{path.name}{PART}")
        with part.open("wb") as file:
            file.write(content)
        if path.exists():
            part.chmod(path.stat().st_mode & 0o777)
        parts[part] = path
    listed = {_relative(part, surveys): _relative(path, surveys) for part, path in parts.items()}
    write_whole(surveys / UNDER_WAY, json.dumps(listed), private=True)
    finish(surveys)


def finish(surveys: Path) -> bool:
    """Do the renames that a journal lists and tell whether there was one; delete parts that no journal lists."""
    journal = surveys / UNDER_WAY
    under_way = journal.is_file()
    if under_way:
        for part, path in json.loads(journal.read_text("utf-8")).items():
            if (surveys / part).is_file():
                (surveys / part).replace(surveys / path)
        sync(surveys)
        journal.unlink()
    for folder in (surveys, surveys.parent / INVITATIONS):
        for leftover in folder.rglob(f".*{PART}"):
            leftover.unlink()
    return under_way


def _relative(path: Path, surveys: Path) -> str:
    return Path(os.path.relpath(path, surveys)).as_posix()


def entries(surveys: Path, rows: Sequence[Sequence[object]]) -> bytes:
    """Return the record of erasures with more entries."""
    path = surveys / DONE
    before = path.read_text("utf-8") if path.is_file() else ",".join(COLUMNS) + "\n"
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return (before + out.getvalue()).encode()
