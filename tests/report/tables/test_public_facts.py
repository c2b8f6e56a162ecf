"""Tables of public facts: unknown is never 0, and small numbers are not suppressed."""

import re
from typing import Any

import pytest

from vunki_eval import tables
from vunki_eval.report.tables.public_facts import indicator_value, latest_stages, when_and_where
from vunki_eval.results.results import Results, rows_frame
from vunki_eval.results.view import view_results


def indicator(**values: Any) -> dict[str, Any]:
    return {
        "key": "k",
        "title": {"en": "Title", "et": "Pealkiri"},
        "unit": {"en": "people", "et": "inimest"},
        "baseline": 0,
        "target": 200,
        "actual": None,
        "status": "no_data",
        "evidence": {},
        "source": "",
        "date": None,
        "approximate": True,
        **values,
    }


@pytest.mark.parametrize(
    ("values", "name", "text"),
    [
        ({}, "actual", "andmed puuduvad"),
        ({"status": "not_due"}, "actual", "ei ole veel mõõdetud"),
        ({"actual": 176}, "actual", "176"),
        ({"actual": 0.68}, "actual", "0,68"),
        ({}, "target", "ca 200"),
        ({"target": None}, "target", "–"),
        ({"unit": {"et": "€"}, "target": 33002.8, "approximate": False}, "target", "33\xa0002,80\xa0€"),
        ({"unit": {"et": "%"}, "actual": 33.3}, "actual", "33,3\xa0%"),
        ({"unit": {"et": "%"}, "actual": 50.0}, "actual", "50\xa0%"),
    ],
)
def test_indicator_values(values: dict[str, Any], name: str, text: str) -> None:
    assert indicator_value(view_results(Results("project"), "et"), indicator(**values), name) == text


def test_logframe_row() -> None:
    rows = [indicator(actual=176, status="mostly_met", source="list", date="2021-03-13")]
    table = tables.indicator_table(Results("project", indicators=rows_frame("indicators", rows)), "en")
    assert table is not None
    assert table.rows == (
        ("Title, people", "0", "ca 200", "176", "◆\N{NO-BREAK SPACE}mostly reached", "list; 13 March 2021"),
    )


def test_latest_stage_of_each_initiative() -> None:
    rows = [
        {"id": "a", "event": "e", "title": {"en": "A"}, "stage": "idea", "date": "2020-08-15"},
        {"id": "a", "event": "e", "title": {"en": "A"}, "stage": "running", "date": "2021-02-20"},
        {"id": "b", "event": "f", "title": {"en": "B"}, "stage": "idea", "date": None},
    ]
    results = Results("project", initiatives=rows_frame("initiatives", rows))
    assert [r["stage"] for r in latest_stages(view_results(results, "en"))] == ["running", "idea"]
    assert [r["id"] for r in latest_stages(view_results(results, "en"), "f")] == ["b"]
    table = tables.initiatives_table(results, "en")
    assert table is not None
    assert table.rows == (("A", "running", "20 February 2021"), ("B", "idea", "–"))


def test_place_and_time_say_nothing_twice() -> None:
    view = view_results(Results("project"), "en")
    place = {"start": "2021-03-11", "end": "2021-03-13", "place": {"en": "online"}, "mode": "online"}
    assert when_and_where(view, place) == "11–13 March 2021, online"
    assert when_and_where(view, {"place": {"en": "Värska"}, "mode": "onsite"}) == "Värska, on site"
    assert when_and_where(view, None) == "no data"


def test_events_keep_planned_and_held_apart(synthetic_results: dict[str, Results]) -> None:
    table = tables.events_table(synthetic_results["project"], "et")
    assert table is not None
    first, second = table.rows
    assert first[1:3] == ("12.–14. märts 2020, Kuldre, kohapeal", "13.–15. august 2020, Antsla, kohapeal")
    assert second[2] == "11.–13. märts 2021, veebis"
    assert first[3] == "92"


def test_public_numbers_stand_with_their_sources(synthetic_results: dict[str, Results]) -> None:
    table = tables.facts_table(synthetic_results["project"], "en")
    assert table is not None
    assert ("Ideas at events I–VI together (another source)", "63", "kylauudis.ee", "12 September 2023") in table.rows
    assert all(row[2] != "–" for row in table.rows)


def test_unknown_money_says_so(synthetic_results: dict[str, Results]) -> None:
    table = tables.money_table(synthetic_results["project"], "en")
    assert table is not None
    assert table.rows[0][:3] == ("Total budget", "€33,002.80", "no data")


def test_profile_hides_what_is_kept_back(synthetic_results: dict[str, Results]) -> None:
    results = synthetic_results["2020-antsla"]
    frame = results.distributions.copy()
    selected = (frame["item"] == "PR1") & (frame["answer"] == "business")
    frame.loc[selected, ["n", "share"]] = None
    frame.loc[selected, "status"] = "suppressed"
    table = tables.profile_table(results.with_tables(distributions=frame), "en")
    assert table is not None
    assert ("Sector", "business", "•", "–") in table.rows
    assert "fewer than 5" in table.note


def test_themes_are_counts() -> None:
    rows = [
        {"event": "e", "wave": "post", "item": "OQ1", "theme": "people", "n": 21, "status": "ok"},
        {"event": "e", "wave": "post", "item": "OQ1", "theme": "time", "n": None, "status": "suppressed"},
    ]
    table = tables.themes_table(Results("e", themes=rows_frame("themes", rows)), "en")
    assert table is not None
    assert [row[1:] for row in table.rows] == [("people", "21"), ("time", "•")]


def test_agreement_stands_beside_the_themes(synthetic_results: dict[str, Results]) -> None:
    results = synthetic_results["2020-antsla"]
    table = tables.themes_table(results, "en")
    assert table is not None
    assert table.columns[-1].title == "Kappa"
    frame = results.estimates
    computed = frame[(frame["statistic"] == "kappa") & (frame["group"] != "all") & (frame["status"] == "ok")]
    assert sum(row[-1] != "–" for row in table.rows) == computed["estimate"].notna().sum() > 0
    assert all(re.fullmatch(r"[01]\.\d\d \([\d.−]+–\d\.\d\d\)|–", row[-1]) for row in table.rows)
