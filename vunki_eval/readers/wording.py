"""Comparing words that people and tools write: headers, labels, numbers.

`tidy` keeps what was written and removes what nobody sees; `label_key` and `header_key` are for comparing only.
"""

import html
import re
import unicodedata
from functools import lru_cache

_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>|<!--.*?-->", re.DOTALL)
_NUMBERING = re.compile(r"^(?:[QK]\s?)?\d{1,3}[a-z]?\s*[.):]+\s*(?=\D)", re.IGNORECASE)
_UNKNOWN = {"X", "-", "?"}
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?|[+-]?\d{1,3}(?: \d{3})+")


def tidy(text: str) -> str:
    """Normalise to NFC, turn any white space into single spaces, drop what is invisible."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", text).translate(_UNSEEN).split())


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
    return " ".join("".join(c if _kept(c) else " " for c in text).split())


def _kept(character: str) -> bool:
    return character.isalnum() or character in "<>+" or unicodedata.category(character)[0] == "M"


@lru_cache(8192)
def header_key(text: str) -> str:
    """Reduce a question to its letters and digits, also without the number that a tool puts before it."""
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub(" ", text))
    return label_key(_NUMBERING.sub("", tidy(text)))


def number_text(text: str) -> str | None:
    """Give a number as ASCII digits with its decimal mark as written, or None if the text is no number.

    Thousands may be set apart by spaces only.
    """
    text = narrow(tidy(text))
    if not _NUMBER.fullmatch(text):
        return None
    return text.replace(" ", "").removeprefix("+")


def normalise_element(text: str) -> str:
    """Bring an element into one form: NFC, upper case, ``1`` as ``01``; ``X``, a dash and blanks become "".

    Letters stay apart: Õ is no O.
    """
    text = unicodedata.normalize("NFC", narrow(tidy(text)).upper())
    if text in _UNKNOWN:
        return ""
    return text.zfill(2) if text.isdecimal() else text


def short(text: str, most: int = 60) -> str:
    """Cut a header for a message."""
    text = tidy(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def listed(rows: list[int], most: int = 20) -> str:
    """List row numbers for a message."""
    said = ", ".join(map(str, rows[:most]))
    return said if len(rows) <= most else f"{said} and {len(rows) - most} more"
