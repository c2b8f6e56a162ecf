"""Dates and periods as a language writes them."""

import datetime as dt

from babel import Locale
from babel.dates import format_date

from vunki_eval.language.numbers import DASH


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
