"""Numbers, dates and periods as a language writes them: decimal mark, grouping, a real minus, percents, ranges, money.

Babel supplies the marks. Two of its habits are corrected here: it writes an ASCII minus, and it groups four digits
where Estonian groups numbers of five digits or more.
"""

import datetime as dt
import math

from babel import Locale
from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

MINUS = "\N{MINUS SIGN}"
NBSP = "\N{NO-BREAK SPACE}"
DASH = "\N{EN DASH}"
TIMES = "\N{MULTIPLICATION SIGN}"


def number(value: float, locale: Locale, decimals: int = 0) -> str:
    """Write a number with a fixed number of decimals and a real minus sign.

    Raises
    ------
    ValueError
        If the value is not finite: a missing value must never be printed as a number.
    """
    if not math.isfinite(value):
        raise ValueError("A missing value cannot be written as a number.")
    digits, _, fraction = f"{abs(value):.{decimals}f}".partition(".")
    text = _grouped(digits, locale) + (get_decimal_symbol(locale) + fraction if fraction else "")
    # A value that rounds to zero has no sign.
    negative = value < 0 and any(c not in "0." for c in digits + fraction)
    return MINUS + text if negative else text


def signed(value: float, locale: Locale, decimals: int = 0) -> str:
    """Write a change: a plus or minus before anything that does not round to zero."""
    text = number(value, locale, decimals)
    return text if text.startswith(MINUS) or not any(c in "123456789" for c in text) else "+" + text


def percent(share: float, locale: Locale, decimals: int = 0) -> str:
    """Write a share (0-1) as a percentage; Estonian puts a no-break space before the sign."""
    text = number(share * 100, locale, decimals)
    return f"{text}%" if locale.language == "en" else f"{text}{NBSP}%"


def between(low: str, high: str, to: str) -> str:
    """Join two written limits with a dash, or with the word ``to`` when one of them is negative."""
    negative = low.startswith(MINUS) or high.startswith(MINUS)
    return f"{low} {to} {high}" if negative else f"{low}{DASH}{high}"


def euros(value: float, locale: Locale, decimals: int | None = None) -> str:
    """Write an amount in euros, with cents only if there are any, unless ``decimals`` says otherwise."""
    if decimals is None:
        decimals = 0 if round(value * 100) % 100 == 0 else 2
    text = number(value, locale, decimals)
    if locale.language != "en":
        return f"{text}{NBSP}€"
    return f"{MINUS}€{text[1:]}" if text.startswith(MINUS) else f"€{text}"


def _grouped(digits: str, locale: Locale) -> str:
    shortest = 4 if locale.language == "en" else 5
    if len(digits) < shortest:
        return digits
    first = len(digits) % 3
    groups = [digits[:first]] if first else []
    groups += [digits[i : i + 3] for i in range(first, len(digits), 3)]
    return get_group_symbol(locale).join(groups)


def as_date(value: dt.date | str) -> dt.date:
    """Turn text in ISO form into a date; return a date unchanged."""
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value[:10])


def date(value: dt.date | str, locale: Locale) -> str:
    """Write a day: 13. august 2020, 13 August 2020."""
    return format_date(as_date(value), _day(locale) + " MMMM y", locale=locale)


def month(value: dt.date | str, locale: Locale) -> str:
    """Write a month: august 2020, August 2020."""
    return format_date(as_date(value), "LLLL y", locale=locale)


def period(start: dt.date | str, end: dt.date | str | None, locale: Locale) -> str:
    """Write a period; a month or year that both ends share is written once.

    Examples
    --------
    >>> period("2020-08-13", "2020-08-15", Locale("et"))
    '13.–15. august 2020'
    """
    first, last = as_date(start), as_date(end) if end else as_date(start)
    if first == last:
        return date(first, locale)
    day = _day(locale)
    if (first.year, first.month) == (last.year, last.month):
        return format_date(first, day, locale=locale) + DASH + date(last, locale)
    pattern = f"{day} MMMM" if first.year == last.year else f"{day} MMMM y"
    return f"{format_date(first, pattern, locale=locale)} {DASH} {date(last, locale)}"


def _day(locale: Locale) -> str:
    # Estonian writes an ordinal: a full stop after the day.
    return "d" if locale.language == "en" else "d."
