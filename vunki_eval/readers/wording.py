"""Normalise and compare headers, labels and numbers as people and tools write them.

`tidy` removes only what nobody sees; `label_key` and `header_key` give keys for comparison, never for display.
"""

import html
import re
import unicodedata
from functools import lru_cache

from vunki_eval.errors import M_

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>|<!--.*?-->", re.DOTALL)
_NUMBERING = re.compile(r"^(?:[QK]\s?)?\d{1,3}[a-z]?\s*[.):]+\s*(?=\D)", re.IGNORECASE)
_NO_ELEMENT = {"X", "-", "?"}
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?|[+-]?\d{1,3}(?: \d{3})+")


def tidy(text: str) -> str:
    """Normalise to NFC, turn any white space into single spaces, drop invisible characters."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", text).translate(_INVISIBLE).split())


def narrow(text: str) -> str:
    """Turn full-width and other decimal digits, full-width signs and all dashes and minus signs into ASCII."""
    if text.isascii():
        return text
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text).translate(_DASHES)
    return "".join(unicodedata.normalize("NFKC", c) if "\uff01" <= c <= "\uff5e" else c for c in text)


@lru_cache(8192)
def label_key(text: str) -> str:
    """Reduce a label to its letters, digits and ``< > +``, without case, HTML or other punctuation."""
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub(" ", text))
    text = narrow(tidy(text)).casefold()
    return " ".join("".join(c if _counts(c) else " " for c in text).split())


def _counts(character: str) -> bool:
    return character.isalnum() or character in "<>+" or unicodedata.category(character)[0] == "M"


@lru_cache(8192)
def header_key(text: str) -> str:
    """Reduce a question to its letters and digits, without the number that a tool puts before it."""
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub(" ", text))
    return label_key(_NUMBERING.sub("", tidy(text)))


def number_text(text: str) -> str | None:
    """Write a number in ASCII digits, with its decimal mark as written; None if the text is not a number.

    Thousands may be separated by spaces only.
    """
    text = narrow(tidy(text))
    if not _NUMBER.fullmatch(text):
        return None
    return text.replace(" ", "").removeprefix("+")


def normalise_element(text: str) -> str:
    """Normalise an element of a linking code: NFC, upper case, ``1`` as ``01``; ``X``, a dash and blanks become "".

    Accented letters stay distinct: Õ is not O.
    """
    text = unicodedata.normalize("NFC", narrow(tidy(text)).upper())
    if text in _NO_ELEMENT:
        return ""
    return text.zfill(2) if text.isdecimal() else text


def short(text: str, most: int = 60) -> str:
    """Shorten a header for a message."""
    text = tidy(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def listed(rows: list[int], most: int = 20) -> str:
    """List row numbers for a message."""
    numbers = ", ".join(map(str, rows[:most]))
    return numbers if len(rows) <= most else M_("{rows} and {n} more", rows=numbers, n=len(rows) - most)
