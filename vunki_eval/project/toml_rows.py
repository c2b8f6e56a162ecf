"""Find the row of a TOML file on which a key stands, so that a fault can name it."""

import re
from collections.abc import Iterator, Mapping

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=(.*)$"""
)
_STRING = re.compile(r'"(?:\\.|[^"\\])*"|' + "'[^']*'|#.*")
_LONG = ('"""', "'''")
Place = tuple[str | int, ...]


def key_rows(text: str) -> dict[Place, int]:
    '''Map the place of each table and key to its row, counted from 1.

    Entries of lists of tables are counted from 0, and so are the entries of a list that stand on rows of their own.

    >>> key_rows("""a = 1
    ... [[item]]
    ... options = [
    ...   { value = 1 },
    ... ]""")
    {('a',): 1, ('item',): 2, ('item', 0): 2, ('item', 0, 'options'): 3, ('item', 0, 'options', 0): 4}
    '''
    rows: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    key: Place = ()
    depth, entry, closing = 0, 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if closing:  # inside a text of several rows
            closing = "" if closing in line else closing
            continue
        if depth:
            if depth == 1 and line.strip()[:1] not in ("", "#", "]"):
                rows[(*key, entry)] = number
                entry += 1
            depth += _opened(line)
            continue
        if header := _HEADER.match(line):
            table = _table(header[2], counts, is_list=header[1] == "[[")
            for end in range(1, len(table) + 1):
                rows.setdefault(table[:end], number)
        elif match := _KEY.match(line):
            key = (*table, *_parts(match[1]))
            for end in range(len(table) + 1, len(key) + 1):
                rows.setdefault(key[:end], number)
            closing = next((q for q in _LONG if match[2].count(q) == 1), "")
            depth, entry = (0 if closing else _opened(match[2])), 0
    return rows


def row_of(rows: Mapping[Place, int], place: Place) -> int:
    """Row of a place, else of the nearest table or key above it; 0 if nothing is known."""
    return next((rows[place[:end]] for end in range(len(place), 0, -1) if place[:end] in rows), 0)


def _table(name: str, counts: dict[Place, int], *, is_list: bool) -> Place:
    """Resolve a header: a list of tables that it passes through means its last entry."""
    place: Place = ()
    parts = list(_parts(name))
    for n, part in enumerate(parts):
        place = (*place, part)
        if n == len(parts) - 1 and is_list:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def _parts(name: str) -> Iterator[str]:
    for part in re.findall(r"\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+", name):
        yield part.strip("\"'")


def _opened(text: str) -> int:
    """Count the brackets that a row opens, less those it closes."""
    bare = _STRING.sub("", text)
    return bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")
