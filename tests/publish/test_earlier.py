"""What changed since the last report: kept inside the build, stable when built again, silent about few people."""

from dataclasses import replace
from pathlib import Path

import pytest

from vunki_eval.publish.earlier import main_numbers, with_earlier
from vunki_eval.report.tables import earlier_table
from vunki_eval.results.results import Results, to_json

SIGNED = {"name": "Hindaja Näide", "role": "hindaja", "date": "2021-01-31"}


@pytest.fixture
def first(synthetic_results: dict[str, Results]) -> Results:
    return synthetic_results["2020-antsla"]


def changed(results: Results, *, people: int = 0, by: float = 0.1) -> Results:
    frame = results.estimates.copy()
    place = (frame["statistic"] == "change") & (frame["group"] == "all") & (frame["wave"] == "post")
    place &= frame["outcome"] == "TS"
    frame.loc[place, "estimate"] = frame.loc[place, "estimate"] + by
    frame.loc[place, "n"] = frame.loc[place, "n"] + people
    return results.with_tables(estimates=frame)


def signed(results: Results) -> Results:
    return replace(results, meta={**results.meta, "signed": SIGNED})


def published(folder: Path, results: Results) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "results.json").write_text(to_json(results), "utf-8")
    return folder


def test_nothing_is_said_the_first_time_or_when_nothing_changed(first: Results, tmp_path: Path) -> None:
    assert with_earlier(first, tmp_path) is first
    again = with_earlier(first, published(tmp_path, first))
    assert "earlier" not in again.meta
    assert earlier_table(again, "et") is None


def test_the_numbers_then_and_now(first: Results, tmp_path: Path) -> None:
    second = with_earlier(changed(first), published(tmp_path, first))
    for language in ("et", "en"):
        table = earlier_table(second, language)
        assert table is not None
        ((_, then, now, n_then, n_now),) = table.rows
        assert then != now
        assert n_then == n_now != "–"


def test_building_again_gives_the_same(first: Results, tmp_path: Path) -> None:
    second = with_earlier(changed(first), published(tmp_path, first))
    third = with_earlier(changed(first), published(tmp_path, second))
    assert to_json(third) == to_json(second)


def test_few_people_more_or_fewer_are_not_given_away(first: Results, tmp_path: Path) -> None:
    second = with_earlier(changed(first, people=-1), published(tmp_path, first))
    row = second.meta["earlier"]["last"]["changes"]["TS"]
    assert set(row.values()) == {None}
    table = earlier_table(second, "en")
    assert table is not None
    assert table.rows[0][1] == "•"
    assert "few people" in table.note
    many = with_earlier(changed(first, people=-5), published(tmp_path, first))
    assert many.meta["earlier"]["last"]["changes"]["TS"]["n"] is not None


def test_a_signed_report_is_compared_with_the_signed_one(first: Results, tmp_path: Path) -> None:
    draft = with_earlier(changed(first), published(tmp_path, first))
    final = with_earlier(signed(changed(first)), published(tmp_path, draft))
    assert earlier_table(final, "en") is None
    later = with_earlier(signed(changed(first, by=0.5)), published(tmp_path, final))
    table = earlier_table(later, "en")
    assert table is not None
    assert later.meta["earlier"]["signed"] == main_numbers(signed(changed(first)))


def test_a_damaged_report_is_as_none(first: Results, tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text("{")
    assert with_earlier(first, tmp_path) is first
