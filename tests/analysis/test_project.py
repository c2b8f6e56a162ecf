"""All events together: averages of these events, contrasts, indicators, registers; with any subset of data."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats as distributions

from vunki_eval import stats
from vunki_eval.analysis import analyse, analyse_project
from vunki_eval.analysis.public_facts import register_facts
from vunki_eval.project.project import Config, Project, load_project
from vunki_eval.results.results import Results, find, from_dict, one, to_dict, to_json
from vunki_eval.survey.study import Study

Make = Callable[..., Study]
EventResults = dict[str, Results]


@pytest.fixture(scope="module")
def studies(make: Make) -> list[Study]:
    return [make(teams=0), make(pre=70, post=66, linked=60, seed=2, shift=0.3, event="two")]


@pytest.fixture(scope="module")
def event_results(studies: list[Study]) -> EventResults:
    return {s.event.id: analyse(s) for s in studies}


@pytest.fixture(scope="module")
def project_results(small: Project, event_results: EventResults, studies: list[Study]) -> Results:
    return analyse_project(small, event_results, studies)


def row(results: Results, outcome: str, statistic: str, event: str = "project", **where: Any) -> dict[str, Any]:
    estimate = one(
        results, event=event, outcome=outcome, statistic=statistic, **{"group": "all", "wave": "post", **where}
    )
    assert estimate is not None
    return estimate


def test_every_event_keeps_its_rows(project_results: Results, event_results: EventResults) -> None:
    for event, results in event_results.items():
        for name in ("estimates", "distributions", "flow", "ties"):
            assert to_dict(results)[name] == [r for r in to_dict(project_results)[name] if r["event"] == event]


def headline(study: Study, outcome: str = "A") -> tuple[float, float, float, int]:
    rows = study.scores[study.scores["scale"] == outcome]
    table = rows.pivot_table(index="respondent", columns="wave", values="score", dropna=False)
    table = np.log1p(table) if outcome == "N1" else table
    estimate = stats.all_data_change(table["pre"], table["post"])
    return estimate.change, estimate.se, estimate.df, estimate.n_pairs + estimate.n_before_only + estimate.n_after_only


def test_average_weighs_people_equally(make: Make, small: Project) -> None:
    studies = [make(teams=0), make(pre=70, post=60, linked=50, seed=2, teams=0, event="two")]
    project_results = analyse_project(small, {s.event.id: analyse(s) for s in studies})
    parts = [headline(s) for s in studies]
    change, se, df, people = (list(column) for column in zip(*parts, strict=True))
    expected = stats.stratified_average(change, se, people, df)
    estimate = row(project_results, "A", "change")
    assert estimate["estimate"] == pytest.approx(expected.estimate, rel=1e-7)
    assert (estimate["low"], estimate["high"]) == pytest.approx((expected.low, expected.high), rel=1e-6)
    assert estimate["p"] == pytest.approx(expected.p, rel=1e-5)
    assert estimate["n"] == sum(people)
    same = row(project_results, "A", "equivalence")
    half = float(distributions.t.isf(0.05, expected.df)) * expected.se
    assert same["high"] - same["low"] == pytest.approx(2 * half, rel=1e-6)


def test_contrast_is_the_later_event_minus_the_first(project_results: Results, event_results: EventResults) -> None:
    estimate = row(project_results, "A", "change_contrast", group="event=two")
    one_event, two = (row(event_results[e], "A", "change", e) for e in ("one", "two"))
    assert estimate["estimate"] == pytest.approx(two["estimate"] - one_event["estimate"])
    assert estimate["low"] < estimate["estimate"] < estimate["high"]
    assert estimate["p"] is None
    ratio = row(project_results, "N1", "change_contrast", group="event=two")["estimate"]
    expected = [row(event_results[e], "N1", "change", e)["estimate"] for e in ("one", "two")]
    assert ratio == pytest.approx(expected[1] / expected[0])


def test_one_headline_per_event_and_outcome(project_results: Results) -> None:
    rows = find(project_results, statistic="change", group="all", wave="post")
    rows = rows[rows["outcome"].isin(["A", "N1"])]
    assert sorted(zip(rows["event"], rows["outcome"], strict=True)) == [
        (e, o) for e in ("one", "project", "two") for o in ("A", "N1")
    ]


def test_holm_over_the_averages(project_results: Results) -> None:
    rows = [row(project_results, o, "change") for o in ("A", "N1")]
    assert [r["p_adjusted"] for r in rows] == pytest.approx(list(stats.holm([r["p"] for r in rows])))


def test_modes_that_differ_are_a_reason(project_results: Results) -> None:
    reasons = project_results.verdicts[project_results.verdicts["event"] == "project"].set_index("outcome")["reasons"]
    assert "mode" in reasons["A"]


def test_counts_are_pooled_over_people(project_results: Results, studies: list[Study]) -> None:
    values = np.concatenate([s.responses.loc[s.responses["wave"] == "post", "N1"].dropna() for s in studies])
    estimate = row(project_results, "N1", "median")
    assert estimate["estimate"] == np.median(values)
    assert (estimate["n"], estimate["method"]) == (values.size, "order_statistics; all_people")


def test_without_studies_everything_else_is_there(
    small: Project, event_results: EventResults, project_results: Results
) -> None:
    bare = analyse_project(small, event_results)
    assert row(bare, "A", "change") == row(project_results, "A", "change")
    assert one(bare, event="project", outcome="N1", statistic="median", group="all", wave="post") is None


def test_results_read_from_json_give_the_same(
    small: Project, event_results: EventResults, studies: list[Study]
) -> None:
    read = {e: from_dict(json.loads(to_json(r))) for e, r in event_results.items()}
    assert to_json(analyse_project(small, read, studies)) == to_json(analyse_project(small, event_results, studies))


def test_a_single_event_is_its_own_average(small: Project, event_results: EventResults) -> None:
    estimate = row(analyse_project(small, {"one": event_results["one"]}), "A", "change")
    own = row(event_results["one"], "A", "change", "one")
    assert estimate["method"] == "one_event"
    assert [estimate[k] for k in ("estimate", "low", "high", "n")] == pytest.approx(
        [own[k] for k in ("estimate", "low", "high", "n")]
    )


@pytest.mark.parametrize(
    ("people", "status", "reason"),
    [
        ({"pre": 3, "post": 3, "linked": 3}, "suppressed", "below_threshold"),
        ({"pre": 7, "post": 7, "linked": 7}, "not_estimable", "too_few_pairs"),
        ({"pre": 30, "post": 0, "linked": 0}, "not_estimable", "no_wave"),
    ],
)
def test_averages_that_cannot_be_say_why(
    small: Project, make: Make, people: dict[str, int], status: str, reason: str
) -> None:
    study = make(**people)
    estimate = row(analyse_project(small, {"one": analyse(study)}, [study]), "A", "change")
    assert (estimate["status"], estimate["reason"], estimate["estimate"]) == (status, reason, None)


def test_public_facts_alone_make_an_honest_report(shipped_project: Any) -> None:
    project = load_project(shipped_project)
    results = analyse_project(project, {})
    assert "NaN" not in to_json(results)
    heads = find(results, event="project", statistic="change")
    assert list(heads["outcome"]) == list(project.primary_outcomes)
    assert set(heads["status"]) == {"not_estimable"}
    status = results.indicators.set_index("key")["status"]
    assert status["trust"] == "no_data"
    assert status["initiatives"] == "mostly_met"
    assert len(results.initiatives) == len(project.config.initiatives)
    verdicts = results.verdicts.set_index("outcome")
    assert verdicts.loc["result:trust", "strength"] == "none"
    assert set(results.facts.loc[results.facts["event"] == "2020-antsla", "key"]) >= {"registered", "start", "place_et"}


def config(**more: Any) -> dict[str, Any]:
    return {
        "indicator": [
            {"key": "people", "title": {"en": "p"}, "target": 200.0, "baseline": 0.0, "statistic": "fact:attended"},
            {"key": "gain", "title": {"en": "g"}, "target": 0.3, "baseline": 0.0, "statistic": "A.change"},
            {"key": "teams", "title": {"en": "t"}, "unit": {"en": "%"}, "statistic": "teams.share_three_sectors"},
            {"key": "nothing", "title": {"en": "n"}, "target": 3.0, "statistic": "XX.median"},
            {"key": "later", "title": {"en": "l"}, "target": 3.0, "due": dt.date(2030, 1, 1)},
            {"key": "given", "title": {"en": "g"}, "target": 3.0, "actual": 2.5, "source": "a list"},
        ],
        "result": [
            {"key": "r", "title": {"en": "r"}, "outcomes": ["A"], "indicators": ["gain"]},
            {"key": "s", "title": {"en": "s"}, "indicators": ["given"]},
        ],
        **more,
    }


@pytest.fixture(scope="module")
def logframe(small: Project, event_results: EventResults, studies: list[Study]) -> Results:
    more = {**small.config.model_dump(by_alias=True), **config()}
    project = replace(small, config=Config.model_validate(more))
    return analyse_project(project, event_results, studies)


def test_indicators_take_their_numbers_from_the_results(logframe: Results) -> None:
    rows = logframe.indicators.set_index("key")
    assert (rows.loc["people", "actual"], rows.loc["people", "status"]) == (170.0, "mostly_met")
    assert rows.loc["gain", "actual"] == row(logframe, "A", "change")["estimate"]
    share = row(logframe, "teams", "share_three_sectors")["estimate"]
    assert rows.loc["teams", "actual"] == pytest.approx(100 * share)
    assert rows.loc["teams", "status"] == "no_target"
    assert rows.loc["nothing", "status"] == "no_data"
    assert rows.loc["later", "status"] == "not_due"
    assert (rows.loc["given", "actual"], rows.loc["given", "status"]) == (2.5, "mostly_met")


def test_expected_results_have_a_status_and_a_strength(logframe: Results) -> None:
    rows = logframe.verdicts.set_index("outcome")
    mine = rows[rows["event"] == "project"]
    assert rows.loc["result:r", "verdict"] == mine.loc["A", "verdict"]
    assert rows.loc["result:r", "strength"] == mine.loc["A", "strength"]
    assert (rows.loc["result:s", "verdict"], rows.loc["result:s", "strength"]) == ("mostly_met", "documented")


def test_registers(small: Project) -> None:
    stages = [{"date": dt.date(2020, 3, 1), "stage": "idea"}, {"date": dt.date(2020, 9, 1), "stage": "running"}]
    entries = [
        {"id": "a", "title": {"en": "a"}, "event": "one", "stages": stages[::-1]},
        {"id": "b", "title": {"en": "b"}, "event": "one", "stages": [{**stages[0], "stage": "paused"}]},
        {"id": "c", "title": {"en": "c"}, "event": "two", "stages": [{"date": dt.date(2020, 8, 1), "stage": "idea"}]},
    ]
    lines = [{"key": "venue", "title": {"en": "venue"}, "planned": 100.0, "used": 90.0}]
    more = {"initiative": entries, "budget": {"total": 1700.0, "line": lines}}
    project = replace(small, config=Config.model_validate({**small.config.model_dump(by_alias=True), **more}))
    facts = register_facts(project, project.config.initiatives)
    assert (facts["initiatives"], facts["initiatives_followed"], facts["initiatives_working"]) == (3, 2, 1)
    assert facts["initiatives_at_work"] == 0.5
    assert facts["euros_per_participant"] == pytest.approx(10)
    results = analyse_project(project, {})
    assert list(results.initiatives["stage"]) == ["running", "paused", "idea"]
    money = results.money.set_index("key")
    assert (money.loc["total", "planned"], money.loc["total", "used"], money.loc["venue", "used"]) == (1700, 90, 90)


def test_unknown_numbers_stay_unknown(small: Project) -> None:
    events = [{**e.model_dump(by_alias=True), "attended": {}} for e in small.events]
    project = replace(small, config=Config.model_validate({**small.config.model_dump(by_alias=True), "event": events}))
    results = analyse_project(project, {})
    rows = results.facts[results.facts["event"] == "project"].set_index("key")
    assert rows.loc["attended_total", "status"] == "no_data"
    assert rows.loc["attended_total", "value"] is None
    assert rows.loc["euros_per_participant", "value"] is None
    rows = results.facts[results.facts["event"] == "one"].set_index("key")
    assert (rows.loc["attended", "value"], rows.loc["attended", "status"]) == (None, "no_data")


def test_another_event_leaves_the_first_untouched(small: Project, event_results: EventResults) -> None:
    alone = to_dict(analyse_project(small, {"one": event_results["one"]}))
    both = to_dict(analyse_project(small, event_results))
    for name in ("estimates", "distributions", "verdicts"):
        mine = [[r for r in data[name] if r["event"] == "one"] for data in (alone, both)]
        assert mine[0] == mine[1]


def test_other_choices_are_averages_of_the_events_own_estimates(
    project_results: Results, event_results: EventResults
) -> None:
    rows = [row(event_results[e], "A", "change_pairs", e) for e in ("one", "two")]
    n = np.array([r["n"] for r in rows], float)
    change = np.array([r["estimate"] for r in rows])
    se = np.array([(r["high"] - r["low"]) / 2 / distributions.t.isf(0.025, r["n"] - 1) for r in rows])
    weight = n / n.sum()
    spread = np.sum(weight**2 * se**2)
    df = spread**2 / np.sum((weight**2 * se**2) ** 2 / (n - 1))
    half = distributions.t.isf(0.025, df) * np.sqrt(spread)
    estimate = row(project_results, "A", "change_pairs")
    assert estimate["estimate"] == pytest.approx(weight @ change, rel=1e-6)
    assert (estimate["low"], estimate["high"]) == pytest.approx(
        (weight @ change - half, weight @ change + half), rel=1e-6
    )
    assert estimate["n"] == n.sum()
    heads = [row(event_results[e], "A", "change", e)["estimate"] for e in ("one", "two")]
    assert row(project_results, "A", "change_equal_events")["estimate"] == pytest.approx(np.mean(heads), rel=1e-6)


def test_what_one_event_lacks_is_no_average_of_all(small: Project, event_results: EventResults) -> None:
    first = event_results["one"]
    hidden = first.estimates.copy()
    place = (hidden["outcome"] == "A") & (hidden["statistic"] == "change_exact_links") & (hidden["group"] == "all")
    hidden.loc[place, ["status", "estimate", "low", "high", "n"]] = ["suppressed", None, None, None, None]
    results = analyse_project(small, {**event_results, "one": replace(first, estimates=hidden)})
    assert one(results, event="project", outcome="A", statistic="change_exact_links", group="all", wave="post") is None


@pytest.mark.parametrize("change", [{"status": "suppressed", "estimate": None}, {"method": "t_interval; rounded"}])
def test_a_mean_that_one_event_hides_or_rounds_does_not_follow_from_the_others(
    small: Project, event_results: EventResults, studies: list[Study], change: dict[str, Any]
) -> None:
    first = event_results["one"]
    table = first.estimates.copy()
    place = (table["outcome"] == "N1") & (table["statistic"] == "mean") & (table["wave"] == "post")
    for name, value in change.items():
        table.loc[place, name] = value
    project_results = analyse_project(small, {**event_results, "one": replace(first, estimates=table)}, studies)
    for statistic in ("mean", "sd"):
        estimate = row(project_results, "N1", statistic)
        assert (estimate["status"], estimate["estimate"], estimate["n"]) == ("suppressed", None, None)
    assert row(project_results, "N1", "median")["status"] == "ok"


def test_money_used_is_the_sum_of_its_lines_and_unknown_while_one_is(
    small: Project, event_results: EventResults
) -> None:
    def money(second: float | None) -> Results:
        lines = [
            {"key": "venue", "title": {"en": "v"}, "planned": 600.0, "used": 500.0, "source": "accounts"},
            {"key": "food", "title": {"en": "f"}, "planned": 400.0, "used": second, "source": "accounts"},
        ]
        data = small.config.model_dump(by_alias=True)
        data["budget"] = {"total": 1000.0, "grant": 900.0, "own": 100.0, "line": lines}
        return analyse_project(replace(small, config=Config.model_validate(data)), event_results)

    full, open_ = money(250.5), money(None)
    used = full.money.set_index("key")["used"]
    assert used["total"] == 750.5
    assert (used["venue"], used["food"]) == (500.0, 250.5)
    assert open_.money.set_index("key").loc["total", "used"] is None
    facts = full.facts[full.facts["event"] == "project"].set_index("key")["value"]
    assert facts["euros_per_participant"] == pytest.approx(1000 / (80 + 90))
    assert facts["euros_per_initiative"] is None
