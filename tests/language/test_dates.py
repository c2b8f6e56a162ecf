"""Dates and periods, month and year written once."""

import datetime as dt

import pytest

from vunki_eval.language import localizer


@pytest.mark.parametrize(
    ("start", "end", "estonian", "english"),
    [
        ("2020-08-13", "2020-08-15", "13.–15. august 2020", "13–15 August 2020"),
        ("2020-09-30", "2020-10-02", "30. september – 2. oktoober 2020", "30 September – 2 October 2020"),
        ("2019-12-30", "2020-01-02", "30. detsember 2019 – 2. jaanuar 2020", "30 December 2019 – 2 January 2020"),
        ("2021-03-11", None, "11. märts 2021", "11 March 2021"),
        ("2021-03-11", "2021-03-11", "11. märts 2021", "11 March 2021"),
    ],
)
def test_period(start: str, end: str | None, estonian: str, english: str) -> None:
    assert localizer("et").period(start, end) == estonian
    assert localizer("en").period(start, end) == english


def test_month_and_date_take_dates_and_texts() -> None:
    assert localizer("et").month(dt.date(2020, 8, 13)) == "august 2020"
    assert localizer("en").date("2020-08-13T10:00:00") == "13 August 2020"
