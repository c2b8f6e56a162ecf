"""Names on an event's lists of participants, for finding them in free text; nothing else is made of them here."""

from pathlib import Path

from vunki_eval.errors import InputError
from vunki_eval.project import ReaderOptions
from vunki_eval.readers import open_source
from vunki_eval.readers.wording import header_key, tidy
from vunki_eval.scan import NOBODY, Names, known_names

LISTS = ("participants.csv", "participants.xlsx", "attendance.csv", "attendance.xlsx")
_HEADS = frozenset({
    "name", "nimi", "full name", "täisnimi", "participant", "osaleja", "first name", "given name", "eesnimi",
    "last name", "surname", "family name", "perekonnanimi", "perenimi", "ees ja perekonnanimi",
})  # fmt: skip


def listed_names(folder: Path, named: str = "") -> Names:
    """Read the names on the lists beside an event's exports, the one the config names among them; nobody without.

    A list that cannot be read gives no names: it is reported by whoever reads it for its own sake.
    """
    found: list[str] = []
    for path in (folder / name for name in dict.fromkeys((*LISTS, named)) if name):
        if path.is_file():
            try:
                found += _names(path)
            except InputError:
                continue
    return known_names(found) if found else NOBODY


def _names(path: Path) -> list[str]:
    """Take the columns of names below the first row that has any."""
    rows = open_source(path, path.name, ReaderOptions()).rows
    for first, row in enumerate(rows):
        places = [j for j, cell in enumerate(row) if header_key(cell) in _HEADS]
        if places:
            return [tidy(line[j]) for line in rows[first + 1 :] for j in places if line[j].strip()]
    return []
