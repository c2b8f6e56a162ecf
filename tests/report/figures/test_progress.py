"""Stages over time, indicators, money: from the register as it stood on each date."""

from collections import Counter
from typing import Any

from vunki_eval.report.figures import money_figure, stages_figure
from vunki_eval.report.figures.progress import GROUPS, stages_by_date
from vunki_eval.report.tables.terms import STAGES
from vunki_eval.results.results import Results, rows_frame
from vunki_eval.results.view import view_results

STOPPED, PLANNED, TRIED, RUNNING = GROUPS


def entry(key: str, date: str, stage: str) -> dict[str, Any]:
    return {"id": key, "event": "e", "date": date, "stage": stage, "source": ""}


HISTORY = [
    entry("a", "2020-08-15", "idea"), entry("b", "2020-08-15", "idea"), entry("a", "2021-02-20", "running"),
    entry("c", "2021-03-13", "idea"), entry("b", "2021-06-10", "paused"),
]  # fmt: skip


def test_each_date_counts_the_latest_stage_until_then() -> None:
    counted = stages_by_date(view_results(Results("project", {"stages": HISTORY}), "en"))
    assert counted == [
        ("2020-08-15", Counter({PLANNED: 2})),
        ("2021-02-20", Counter({PLANNED: 1, RUNNING: 1})),
        ("2021-03-13", Counter({PLANNED: 2, RUNNING: 1})),
        ("2021-06-10", Counter({PLANNED: 1, RUNNING: 1, STOPPED: 1})),
    ]


def test_at_most_four_dates_the_first_and_the_last_among_them() -> None:
    many = [entry("a", f"2021-{month:02}-01", "idea") for month in range(1, 13)]
    dates = [d for d, _ in stages_by_date(view_results(Results("project", {"stages": many}), "en"))]
    assert len(dates) == 4
    assert (dates[0], dates[-1]) == ("2021-01-01", "2021-12-01")


def test_every_stage_has_a_group_and_a_word() -> None:
    grouped = [s for stages in GROUPS.values() for s in stages]
    assert sorted(grouped) == sorted(STAGES)
    assert len(GROUPS) == 4


def test_small_numbers_of_the_register_are_told() -> None:
    figure = stages_figure(Results("project", {"stages": HISTORY}), "en")
    assert figure is not None
    assert "10 June 2021: stopped or paused 1, idea or plan 1" in figure.alt


def test_unknown_money_is_no_zero() -> None:
    rows = [{"key": "grant", "title": {"en": "Grant"}, "planned": 29702.52, "used": None}]
    figure = money_figure(Results("project", money=rows_frame("money", rows)), "en")
    assert figure is not None
    assert figure.data[1] == ("Grant", "€29,702.52", "no data")
    assert "used no data" in figure.alt
