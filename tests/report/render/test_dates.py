import datetime as dt

import pytest

from vunki_eval.report.render.dates import report_date, shown_date


@pytest.mark.parametrize(
    ("date", "epoch", "expected"),
    [
        ("2020-10-01", "4102444800", dt.date(2020, 10, 1)),
        ("", "1600000000", dt.date(2020, 9, 13)),
        ("", "", dt.date(1980, 1, 1)),
        ("", "nonsense", dt.date(1980, 1, 1)),
        ("", "0", dt.date(1980, 1, 1)),
        ("1. oktoober", "", dt.date(1980, 1, 1)),
    ],
)
def test_the_date_is_the_covers_or_fixed(demo, monkeypatch, date, epoch, expected):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert report_date(demo.cover(date=date)) == expected


@pytest.mark.parametrize(
    ("language", "date", "expected"),
    [
        ("et", "2020-10-01", "1. oktoober 2020"),
        ("vro", "2020-10-01", "1. oktoober 2020"),
        ("en", "2020-10-01", "1 October 2020"),
        ("fi", "2020-10-01", "2020-10-01"),
        ("et", "sügisel", "sügisel"),
        ("et", "", ""),
    ],
)
def test_readers_see_it_in_their_language(demo, language, date, expected):
    assert shown_date(demo.cover(language=language, date=date)) == expected
