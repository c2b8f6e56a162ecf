"""Patterns of addresses and personal numbers; a number with a check digit must pass the check."""

import datetime as dt
import re
from collections.abc import Callable

_TOP = "ee|eu|com|org|net|info|fi|lv|lt|se|no|de|uk|me|io|app"
_STREET = (
    r"tänav\w*|tn|puieste\w+|pst|maante\w+|mnt|põik|põigu\w*|allee\w*|tee|teel"
    r"|[Ss]treet|St|[Rr]oad|Rd|[Aa]venue|Ave|[Ll]ane"
)
_NAME = r"[A-ZÕÄÖÜŠŽ][^\W\d_]+"
_FLAT = r"\d{1,3}\s?[A-Za-z]?(?:\s?[-–/]\s?\d{1,3})?\b"
_MONEY = r"(?!\s?(?:€|eur|EUR|%|km\b|m2|m²))"


def personal_code(text: str) -> bool:
    """Tell whether eleven digits are an Estonian personal code: a real date and the right check digit.

    Examples
    --------
    >>> personal_code("38001085718"), personal_code("38001085719"), personal_code("38002315710")
    (True, False, False)
    """
    digits = [int(c) for c in text if c.isdecimal()]
    if len(digits) != 11 or not 1 <= digits[0] <= 8:
        return False
    year = 1800 + 100 * ((digits[0] - 1) // 2) + 10 * digits[1] + digits[2]
    try:
        dt.date(year, 10 * digits[3] + digits[4], 10 * digits[5] + digits[6])
    except ValueError:
        return False
    return _check_digit(digits[:-1], (1, 2, 3, 4, 5, 6, 7, 8, 9, 1), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) == digits[-1]


def registry_code(text: str) -> bool:
    """Tell whether eight digits are a code of the Estonian business register, by the check digit.

    Examples
    --------
    >>> registry_code("10137319"), registry_code("10137310")
    (True, False)
    """
    digits = [int(c) for c in text if c.isdecimal()]
    right = len(digits) == 8 and digits[0] in (1, 7, 8, 9)
    return right and _check_digit(digits[:-1], (1, 2, 3, 4, 5, 6, 7), (3, 4, 5, 6, 7, 8, 9)) == digits[-1]


def _check_digit(digits: list[int], first: tuple[int, ...], second: tuple[int, ...]) -> int:
    """Compute the check digit modulo 11; the second weights are used if the first give 10."""
    for weights in (first, second):
        remainder = sum(d * w for d, w in zip(digits, weights, strict=True)) % 11
        if remainder < 10:
            return remainder
    return 0


def _any(_: str) -> bool:
    return True


def _pattern(*parts: str, case: bool = True) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in parts), 0 if case else re.IGNORECASE)


PATTERNS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    (
        "email",
        _pattern(
            r"[\w.+%-]{1,64}\s?(?:@|\(at\)|\[at\]|\(ät\))\s?[\w-]{1,64}(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]{2,64}){1,4}",
            rf"[\w.+%-]{{1,64}} at [\w-]{{1,64}}(?: dot |\.)(?:{_TOP})\b",
            case=False,
        ),
        _any,
    ),
    (
        "url",
        _pattern(
            r"(?:https?://|www\.)\S{2,}",
            rf"(?<![\w@.-])(?:[a-z0-9-]{{2,63}}\.){{1,4}}(?:{_TOP})\b(?:/\S*)?",
            r"(?<![\w.])@[\w.]{3,30}",
            case=False,
        ),
        _any,
    ),
    ("personal_code", _pattern(r"(?<!\d)[1-8](?:[\s-]?\d){10}(?!\d)"), personal_code),
    (
        "bank_account",
        _pattern(r"\bEE\d{2}(?:\s?\d{4}){4}\b", r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?\b"),
        _any,
    ),
    (
        "phone",
        _pattern(
            r"(?<!\w)(?:\+|00)\d(?:[\s()-]{0,2}\d){6,14}(?!\d)",
            r"(?<![\d.,+-])5\d{2,3}[\s-]?\d{4}(?!\d|[.,]\d)" + _MONEY,
            r"(?<![\d.,+-])5\d{1,3}[\s-]\d{2,3}[\s-]\d{2,3}(?!\d|[.,]\d)" + _MONEY,
            r"(?<![\d.,+-])(?:3[2-9]|4[3-8]|6\d|7[3-9]|88)\d[\s-]?\d{2}[\s-]?\d{2}(?!\d|[.,]\d)" + _MONEY,
        ),
        _any,
    ),
    ("registry_code", _pattern(r"(?<![\d+])[1789]\d{7}(?!\d)"), registry_code),
    ("long_number", _pattern(r"(?<!\d)\d(?:[\s-]?\d){8,}(?!\d)"), _any),
    (
        "birth_date",
        _pattern(r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])[./-]\s?(?:0?[1-9]|1[0-2])[./-]\s?(?:19\d\d|200\d|201[0-5])(?!\d)"),
        _any,
    ),
    (
        "address",
        _pattern(
            rf"\b{_NAME}(?:\s{_NAME})?\s(?:{_STREET})\.?\s{_FLAT}",
            rf"\b{_NAME}\s\d{{1,3}}[a-z]?\s?[-–]\s?\d{{1,3}}\b" + _MONEY + r"(?!\s?(?:aasta|year|v\b))",
            rf"\b{_NAME}(?:\s{_NAME})?\stalu(?:s|st|sse|l|lt|le|ga|u)?\b",
            rf"\b\d{{1,4}}\s{_NAME}\s(?:[Ss]treet|St|[Rr]oad|Rd|[Aa]venue|Ave|[Ll]ane)\b",
            rf"(?<!\d)[1-9]\d{{4}}\s{_NAME}\s?(?:vald|linn|küla|alevik|maakond)?",
        ),
        _any,
    ),
)
"""Kind, pattern and further check; stricter kinds come first."""
