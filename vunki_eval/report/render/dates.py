"""The date of a report, as its files carry it and as readers see it; never the clock's."""

import datetime
import os

from vunki_eval.results.blocks import Cover

EARLIEST = datetime.date(1980, 1, 1)  # a ZIP archive, such as a Word file, holds no earlier date


def report_date(cover: Cover) -> datetime.date:
    """Return the cover's date, else the day of SOURCE_DATE_EPOCH, else a fixed day."""
    try:
        return max(datetime.date.fromisoformat(cover.date), EARLIEST)
    except ValueError:
        epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch.isdecimal() or len(epoch) > 11:  # more digits would lie beyond the year 5000
        return EARLIEST
    return max(datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date(), EARLIEST)


def shown_date(cover: Cover) -> str:
    """Return the cover's date as its language writes it, or unchanged if date or language is not known."""
    from babel import Locale

    from vunki_eval.language.formats import date
    from vunki_eval.language.localizer import LOCALES

    try:
        return date(datetime.date.fromisoformat(cover.date), Locale.parse(LOCALES[cover.language]))
    except (ValueError, KeyError):
        return cover.date
