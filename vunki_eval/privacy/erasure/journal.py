"""Change all files of an erasure together: write them beside, list them, rename them; a broken run is finished later.

``surveys/.erasure.json`` lists what is under way: files with their new names, and, without one, folders to delete;
``surveys/erasures.csv`` records what was done, without content.
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from vunki_eval.errors import UsageError
from vunki_eval.project.file_names import files_below
from vunki_eval.project.unfinished import UNDER_WAY, unfinished_erasure
from vunki_eval.publish.files import clear, read, remove, remove_tree, replace, require_closed, sync, write_whole
from vunki_eval.questionnaire.invitations import FOLDER as INVITATIONS
from vunki_eval.readers.files.delimited import join_rows

DONE = "erasures.csv"
COLUMNS = ("date", "event", "file", "responses", "done")
PART = ".erasure-part"


def exchange(surveys: Path, files: Mapping[Path, bytes], folders: Sequence[Path] = ()) -> None:
    """Replace the contents of files and delete folders, all or none.

    Raises
    ------
    UsageError
        If a file is open in another program or cannot be written. Nothing has changed then, or, if it was opened in the
        very last moment, the message says that the erasure must be run again to be finished.
    """
    require_closed([*files, *(path for folder in folders for path in files_below(folder))])
    parts = {path.with_name(f".{path.name}{PART}"): path for path in files}
    journal = surveys / UNDER_WAY
    try:
        for part, path in parts.items():
            write_whole(part, files[path])
            if path.exists():
                part.chmod(path.stat().st_mode & 0o777)
        listed = {_relative(part, surveys): _relative(path, surveys) for part, path in parts.items()}
        listed |= {_relative(folder, surveys): "" for folder in folders}
        write_whole(journal, json.dumps(listed), private=True)
        finish(surveys)
    except UsageError as error:
        if all(part.is_file() for part in parts) or not journal.exists():  # nothing has been renamed
            for path in (journal, *parts):
                clear(path)
        if journal.exists():
            raise UsageError((*error.problems, unfinished_erasure())) from None
        raise


def finish(surveys: Path) -> bool:
    """Do what a journal lists and tell whether there was one; delete parts that no journal lists."""
    journal = surveys / UNDER_WAY
    under_way = journal.is_file()
    if under_way:
        for old, new in json.loads(read(journal)).items():
            if not new:
                remove_tree(surveys / old)
            elif (surveys / old).is_file():
                replace(surveys / old, surveys / new)
        sync(surveys)
        remove(journal)
    for folder in (surveys, surveys.parent / INVITATIONS):
        for leftover in folder.rglob(f".*{PART}"):
            remove(leftover)
    return under_way


def _relative(path: Path, surveys: Path) -> str:
    return Path(os.path.relpath(path, surveys)).as_posix()


def entries(surveys: Path, rows: Sequence[Sequence[object]]) -> bytes:
    """Return the record of erasures with more entries."""
    path = surveys / DONE
    before = path.read_text("utf-8") if path.is_file() else ",".join(COLUMNS) + "\n"
    return (before + join_rows(rows)).encode()
