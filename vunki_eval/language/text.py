"""Text that is safe to show: nothing in it can control a screen, a file or a typesetter."""

import re
import unicodedata
from collections.abc import Sequence
from html import escape

# Control characters, marks and overrides of writing direction, lone surrogates and code points without a character.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"[ \t\r\n]+")
_LINK = re.compile(r"(https://[^\s/]|mailto:[^\s@]+@|#[\w.-]+$)", re.ASCII | re.IGNORECASE)
_BRACKETED = re.compile(r"(?P<lead>[^\w(]*\d[^(]*?) (?P<rest>\(.*)")
_NUMBER = re.compile(r"[+\-−±×]?\d[\d \u00a0\u2009\u202f]*(?:(?P<mark>[.,])(?P<decimals>\d+))?(?P<tail>[ \u00a0]?%)?")


def plain(text: str) -> str:
    """Return text in normal form C, on one line, without control characters and direction overrides."""
    # Most texts need no change, and every text of a report passes here: this is the quick way out.
    if text.isascii() and text.isprintable() and "  " not in text:
        return text
    return _SPACE.sub(" ", unicodedata.normalize("NFC", _CONTROLS.sub("", text)))


def safe_link(link: str) -> str:
    """Return a link that is https, mailto or internal (``#key``); "" for any other."""
    return link if link == plain(link) and " " not in link and _LINK.match(link) else ""


def escaped(text: str) -> str:
    """Escape text for the content of an HTML element or a quoted attribute."""
    return escape(plain(text), quote=True)


def slug(key: str) -> str:
    """Turn a key into an id or a class name."""
    return re.sub(r"[^\w-]+", "-", plain(key)).strip("-") or "part"


def letters(count: int) -> str:
    """Count in letters, as annexes and the columns of spreadsheets do: A to Z, then AA, AB."""
    more, last = divmod(count - 1, 26)
    return (letters(more) if more else "") + chr(ord("A") + last)


def decimal_tails(cells: Sequence[str]) -> list[tuple[int, bool]]:
    """Measure what each number of a column lacks to align with the others on the decimal mark.

    Returns one pair per cell: the digits missing after the mark, and whether the mark itself is missing. A cell that is
    not a single number (an interval, a dash, "no data") lacks nothing and stands at the right edge.
    """
    numbers = [_NUMBER.fullmatch(cell.strip()) for cell in cells]
    lengths = [len(m["decimals"] or "") if m else 0 for m in numbers]
    most = max(lengths, default=0)
    return [(most - k, most > 0 and k == 0) if m else (0, False) for m, k in zip(numbers, lengths, strict=True)]


def bracketed(cells: Sequence[str]) -> list[tuple[str, str]]:
    """Split each cell into a number and the bracket behind it (an interval, a second number), to align both.

    A cell without a bracket has "" there; a column without any bracket gives an empty list.
    """
    matches = [_BRACKETED.fullmatch(cell) for cell in cells]
    if not any(matches):
        return []
    return [(m["lead"], m["rest"]) if m else (cell, "") for m, cell in zip(matches, cells, strict=True)]
