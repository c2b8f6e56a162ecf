"""Read the times that survey tools write, as naive local time of Estonia."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pandas as pd

from vunki_eval.readers.wording import tidy

HOME = ZoneInfo("Europe/Tallinn")
_CLOCK = r"(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?(?: ?(?P<half>[AP])\.?M\.?)?)?"
_ZONE = r"(?: ?(?P<zone>Z|EES?T|(?:UTC|GMT)?(?:[+-]\d{1,2}(?::?\d{2})?)?))?"
_YEAR = r"(?P<c>\d{4}|\d{2})"
_SHAPES = {
    "ymd": re.compile(rf"(?P<a>\d{{4}})[-/.](?P<b>\d{{1,2}})[-/.](?P<c>\d{{1,2}}){_CLOCK}{_ZONE}", re.IGNORECASE),
    "dmy": re.compile(rf"(?P<a>\d{{1,2}})\.(?P<b>\d{{1,2}})\.{_YEAR},?{_CLOCK}{_ZONE}", re.IGNORECASE),
    "slash": re.compile(rf"(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})/{_YEAR},?{_CLOCK}{_ZONE}", re.IGNORECASE),
}
_SERIAL = re.compile(r"[3-6]\d{4}(?:[.,]\d+)?")
_FIRST_DAY = dt.datetime(1899, 12, 30)  # day 0 of spreadsheets, which count a 29 February 1900 that never was
_NOT_RECORDED = dt.date(1980, 1, 1)


@dataclass(frozen=True, slots=True)
class Times:
    """The times of a column.

    Attributes
    ----------
    values : Series
        Naive local times; NaT for blank or unread cells.
    unread : tuple of int
        Places of cells that are not times, or whose day and month cannot be told apart.
    unclear : bool
        Whether the column leaves open which comes first, day or month.
    """

    values: pd.Series
    unread: tuple[int, ...]
    unclear: bool


def parse_times(cells: Sequence[str]) -> Times:
    """Read times: ISO with or without a zone, ``27.03.2021 15:58``, ``3/27/21 15:58:32``, ``3:58:32 PM GMT+8``.

    A date of 1980-01-01 stands for "not recorded" (anonymised LimeSurvey). Times without a zone are local already. A
    column that holds nothing but numbers from 30 000 to 69 999 was stored by a spreadsheet as days since 1899-12-30.
    """
    texts = [text for c in set(cells) if (text := tidy(c))]
    if not texts:
        return Times(pd.Series(pd.NaT, index=range(len(cells)), dtype="datetime64[s]"), (), False)
    if all(map(_SERIAL.fullmatch, texts)):
        days = [_FIRST_DAY + dt.timedelta(days=float(tidy(c).replace(",", "."))) if tidy(c) else None for c in cells]
        return Times(pd.to_datetime(pd.Series(days, dtype=object)).dt.round("s").astype("datetime64[s]"), (), False)
    shapes = {
        c: next(((name, m) for name, s in _SHAPES.items() if (m := s.fullmatch(tidy(c)))), None) for c in set(cells)
    }
    parsed = [shapes[c] for c in cells]
    order = _slash_order([m for name, m in filter(None, parsed) if name == "slash"])
    times: list[dt.datetime | None] = []
    unread = []
    for place, (cell, match) in enumerate(zip(cells, parsed, strict=True)):
        unclear = match is not None and match[0] == "slash" and not order
        moment = _moment(*match, order) if match and not unclear else None
        if moment is None and tidy(cell):
            unread.append(place)
        times.append(None if moment is None or moment.date() == _NOT_RECORDED else moment)
    values = pd.to_datetime(pd.Series(times, dtype=object)).astype("datetime64[s]")
    return Times(values, tuple(unread), not order)


def _slash_order(matches: Sequence[re.Match[str]]) -> str:
    """Tell whether a column writes month or day first: "mdy", "dmy", or "" when it cannot be told."""
    day_first = any(int(m["a"]) > 12 for m in matches)
    month_first = any(int(m["b"]) > 12 for m in matches)
    return "" if matches and day_first == month_first else "dmy" if day_first else "mdy"


def _moment(shape: str, match: re.Match[str], order: str) -> dt.datetime | None:
    a, b, c = (int(match[name]) for name in "abc")
    year, month, day = (a, b, c) if shape == "ymd" else (c, a, b) if shape == "slash" and order == "mdy" else (c, b, a)
    year += 2000 if year < 100 else 0
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].upper() == "P" else 0)
    try:
        moment = dt.datetime(year, month, day, hour, minute, second)
        zone = _zone(match["zone"] or "")
        return moment if zone is None else moment.replace(tzinfo=zone).astimezone(HOME).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _zone(zone: str) -> dt.timezone | None:
    zone = zone.upper()
    if zone in ("EET", "EEST", ""):
        return dt.timezone(dt.timedelta(hours=2 if zone == "EET" else 3)) if zone else None
    if offset := re.search(r"([+-])(\d{1,2}):?(\d{2})?$", zone):
        shift = dt.timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return dt.timezone(shift if offset[1] == "+" else -shift)
    return dt.UTC
