"""The end-of-project report's tables side by side: nothing in them that the events do not publish themselves."""

from dataclasses import replace
from typing import Any

import pytest

from vunki_eval import sections
from vunki_eval.language import localizer
from vunki_eval.report.tables.over_events import attrition_over_events, flow_over_events, ratings_over_events
from vunki_eval.report.tables.side_by_side import MAX_EVENTS, Measure, estimate, plain, side_by_side
from vunki_eval.results.blocks import Table
from vunki_eval.results.results import Results, rows_frame
from vunki_eval.results.view import view_results

EVENTS = ("2020-antsla", "2021-online")
BODY = (
    "participants_project",
    "outcomes_project",
    "networking_project",
    "experience_project",
    "open_answers_project",
    "volunteers_project",
    "groups_project",
    "sensitivity",
    "annex_items_project",
    "annex_attrition_project",
)


@pytest.mark.parametrize("name", BODY)
def test_every_topic_is_filled_on_the_synthetic_project(synthetic_results: dict[str, Results], name: str) -> None:
    section = getattr(sections, name)(synthetic_results["project"], "et")
    assert any(isinstance(b, Table) for b in section.blocks)


def test_cells_are_the_events_own_numbers(synthetic_results: dict[str, Results]) -> None:
    whole = synthetic_results["project"]
    table = ratings_over_events(whole, "en", ["PS1"])
    assert table is not None
    cells = {row[0]: row[1:] for row in table.rows}
    for place, event in enumerate(EVENTS):
        own = view_results(synthetic_results[event], "en").number("SA1", "share")
        assert own is not None
        cell = cells["Satisfied or very satisfied"][place]
        assert cell.startswith(localizer("en").percent(own.estimate))
        assert cell.endswith(f"n = {own.n}")


def test_flow_adds_up_and_a_missing_count_is_no_zero(synthetic_results: dict[str, Results]) -> None:
    whole = synthetic_results["project"]
    table = flow_over_events(whole, "en")
    assert table is not None
    came = next(r for r in table.rows if r[0] == "Came")
    assert int(came[1]) + int(came[2]) == int(came[3])
    flow = whole.flow.copy()
    flow.loc[(flow["event"] == EVENTS[0]) & (flow["step"] == "attended"), "n"] = None
    table = flow_over_events(replace(whole, flow=flow), "en")
    assert table is not None
    assert next(r for r in table.rows if r[0] == "Came")[1::2] == ("–", "–")


def test_what_an_event_keeps_back_carries_the_mark(synthetic_results: dict[str, Results]) -> None:
    whole = synthetic_results["project"]
    rows = whole.estimates.copy()
    hidden = (rows["event"] == EVENTS[0]) & (rows["statistic"] == "smd_attrition") & (rows["outcome"] == "TS")
    rows.loc[hidden, ["status", "estimate", "low", "high", "n"]] = ["suppressed", None, None, None, None]
    table = attrition_over_events(replace(whole, estimates=rows), "en")
    assert table is not None
    assert table.rows[0][1] == localizer("en").hidden
    assert "kept back" in table.note


def test_many_events_are_summed_up_by_lowest_middle_and_highest() -> None:
    ids = [f"e{k}" for k in range(MAX_EVENTS + 2)]
    blank: dict[str, Any] = dict.fromkeys(("low", "high", "p", "p_adjusted", "n_missing", "method", "reason"))
    rows = [
        {"event": e, "outcome": "X", "group": "all", "wave": "post", "statistic": "mean", "estimate": float(k),
         "n": 20 + k, "status": "ok", **blank}
        for k, e in enumerate(ids)
    ]  # fmt: skip
    rows[0] |= {"status": "suppressed", "estimate": None, "n": None}
    results = Results("project", {"events": {e: {} for e in ids}}, rows_frame("estimates", rows))
    table = side_by_side(results, "en", [Measure("x", estimate("X", "mean", "post", plain(0)))], "x", "X")
    assert table is not None
    assert [c.title for c in table.columns[1:]] == ["Events with a number", "Lowest", "Middle", "Highest"]
    assert table.rows == (("x", "5", "1, n = 21", "3, n = 23", "5, n = 25"),)


def test_people_are_told_apart_from_attendances(synthetic_results: dict[str, Results]) -> None:
    whole = synthetic_results["project"]
    facts = whole.facts
    values = facts.set_index(["event", "key"])["value"]
    title = sections.participants_project(whole, "en").title
    assert title.startswith(
        f"{values['project', 'attended_total']} attendances by {values['project', 'people_unique']}"
    )
    unknown = replace(whole, facts=facts[facts["key"] != "people_unique"])
    assert "not known" in sections.participants_project(unknown, "en").title


def test_questions_that_nobody_answered_are_not_listed(states: dict[str, Results]) -> None:
    section = sections.annex_items_project(states["no-surveys"], "et")
    assert not any(isinstance(b, Table) for b in section.blocks)
