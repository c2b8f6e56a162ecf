"""The parts of an analysis one by one: answers, networks, groups, levels, response, and rows that say why."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from vunki_eval import stats
from vunki_eval.analysis import analyse
from vunki_eval.analysis.describe import _quantile
from vunki_eval.analysis.items import count_bands, distributions
from vunki_eval.analysis.network import network_rows, team_facts, ties
from vunki_eval.analysis.outcomes import merge_groups
from vunki_eval.analysis.public_facts import idea_facts
from vunki_eval.analysis.respondents import attribute, outcome_of, plan_of, respondents_of
from vunki_eval.analysis.response import attrition, flow
from vunki_eval.analysis.rows import attempt, empty_row, seed_of
from vunki_eval.errors import Problem, StatisticsError
from vunki_eval.results.estimates import EstimateRow
from vunki_eval.results.results import Results, find, one
from vunki_eval.survey.study import Study

Make = Callable[..., Study]
Analysed = Callable[..., Results]


def test_seeds_depend_on_their_purpose_alone() -> None:
    assert seed_of(1, "a", "b") == seed_of(1, "a", "b")
    assert len({seed_of(1, "a", "b"), seed_of(1, "b", "a"), seed_of(2, "a", "b"), seed_of(1, "a")}) == 4


def test_what_cannot_be_computed_is_a_row_with_a_reason() -> None:
    def fails() -> dict[str, Any]:
        raise StatisticsError(Problem("", 0, "", "No spread.", "Show it.", "VE-604"))

    assert attempt("A", "post", "change", fails) == empty_row("A", "post", "change", "no_spread")
    assert attempt("A", "post", "x", lambda: EstimateRow("A", "post", "x", 1.0)).estimate == 1.0


@pytest.mark.parametrize(
    ("labels", "merged"),
    [
        (["a"] * 9 + ["b"] * 8, {"a": 9, "b": 8}),
        (["a"] * 9 + ["b"] * 8 + ["c"] * 3 + ["d"] * 2, {"a": 9, "b": 8, "_other": 5}),
        (["a"] * 9 + ["b"] * 8 + ["c"] * 7 + ["d"] * 2, {"a": 9, "b": 8, "_other": 9}),
        (["a"] * 9 + ["b"] * 8 + [""], {"a": 9, "_other": 9}),
        (["a"] * 9 + ["b"] * 2, None),
        (["a"] * 20, None),
        ([""] * 20, None),
    ],
)
def test_groups_are_merged_until_none_is_left_over(labels: list[str], merged: dict[str, int] | None) -> None:
    labels_merged = merge_groups(np.array(labels, dtype=object), 5)
    assert (
        None if labels_merged is None else {str(g): int((labels_merged == g).sum()) for g in set(labels_merged)}
    ) == merged


def test_counts_of_answers(make: Make) -> None:
    study = make()
    rows = {(r["item"], r["wave"], r["answer"]): r["n"] for r in distributions(study)}
    post = study.responses[study.responses["wave"] == "post"]
    assert rows["A1", "post", "3"] == (post["A1"] == 3).sum()
    assert rows["A1", "post", "total"] == 50
    assert rows["PR1", "post", "community"] == (post["PR1"] == "community").sum()
    assert rows["NW8", "post", "public"] == post["NW8.public"].sum()
    assert rows["N1", "post", "3-5"] == post["N1"].between(3, 5).sum()
    assert not [k for k in rows if k[0] in ("TM", "R1") and k[1] == "pre"]


def test_refusals_stand_apart(make: Make) -> None:
    study = make()
    place = study.responses.index[study.responses["wave"] == "post"][:6]
    refused = pd.DataFrame({"response": place, "item": "A1", "code": -99})
    answers = study.responses.copy()
    answers.loc[place, "A1"] = np.nan
    rows = distributions(replace(study, responses=answers, nonresponse=refused))
    mine = {r["answer"]: r["n"] for r in rows if (r["item"], r["wave"]) == ("A1", "post")}
    assert (mine["total"], mine["missing"]) == (44, 6)


def test_bands_of_counts_end_at_the_range(make: Make) -> None:
    item = make().project.instrument.item("N1")
    assert count_bands(item) == ["0", "1-2", "3-5", "6-10", "11-20", "21-50", "51-500"]
    assert count_bands(item.model_copy(update={"range": (0, 10)})) == ["0", "1-2", "3-5", "6-10"]


def test_an_attribute_is_the_first_one_said(make: Make) -> None:
    study = make()
    people = pd.Index(["p0", "p1", "nobody"])
    answers = study.responses.copy()
    mine = answers["respondent"] == "p0"
    answers.loc[mine & (answers["wave"] == "pre"), "PR1"] = None
    answers.loc[mine & (answers["wave"] == "post"), "PR1"] = "business"
    sectors = attribute(replace(study, responses=answers), "PR1", people)
    assert sectors[0] == "business"
    assert sectors[2] == ""


def test_people_are_ordered_by_their_answers(make: Make) -> None:
    study = make(followup=20)
    outcome = outcome_of(study, study.project.instrument.scale("A"), respondents_of(study))
    first = outcome.wave("pre")
    assert (np.diff(first[np.isfinite(first)]) >= 0).all()
    assert outcome.people_in("pre", "post") == 68
    assert outcome.only("pre", "post") == 26
    assert outcome.wave("unknown").shape == first.shape


def test_ties_are_counted_by_own_sector(make: Make) -> None:
    study = make()
    post = study.responses[study.responses["wave"] == "post"]
    counts = {(r["from_sector"], r["to_sector"]): r["n"] for r in ties(study) if r["wave"] == "post"}
    mine = post[post["PR1"] == "community"]
    assert counts["community", "business"] == mine["NW8.business"].sum()
    assert counts["community", "all"] == len(mine)
    assert counts["all", "business"] == post["NW8.business"].sum()
    assert sum(n for (s, o), n in counts.items() if o == "all" and s != "all") == counts["all", "all"] == 50


def test_namings_outside_the_own_sector_against_chance(make: Make) -> None:
    def only_own(frame: pd.DataFrame) -> pd.DataFrame:
        ticks = {
            c: (frame["PR1"] == c.split(".")[1]).astype(float).where(frame[c].notna()) for c in frame if "NW8." in c
        }
        return frame.assign(**ticks)

    study = make(change=only_own)
    rows = {r.statistic: r for r in network_rows(study, plan_of(study))}
    assert rows["cross_sector_namings"].estimate == 0.0
    assert rows["cross_sector_namings"].p == pytest.approx(1e-4)
    shares = study.responses.loc[study.responses["wave"] == "post", "PR1"].value_counts(normalize=True)
    assert rows["cross_sector_expected"].estimate == pytest.approx(1 - (shares**2).sum())
    assert rows["sectors_named"].status == "not_estimable"


def test_diversity_of_named_sectors(make: Make, analysed: Analysed) -> None:
    study = make()
    post = study.responses[study.responses["wave"] == "post"]
    counts = [post[c].sum() for c in post if "NW8." in c]
    estimate = one(analysed(), outcome="NW8", statistic="blau")
    assert estimate is not None
    assert estimate["estimate"] == pytest.approx(stats.network.blau(counts))


def test_teams_with_three_sectors(make: Make) -> None:
    people = {"p0": ("a", "public"), "p1": ("a", "business"), "p2": ("a", "community"), "p3": ("b", "public"),
              "p4": ("b", "public"), "p5": ("", "community")}  # fmt: skip

    def seated(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame[frame["respondent"].isin(people)].reset_index(drop=True)
        return frame.assign(
            TM=[people[r][0] for r in frame["respondent"]], PR1=[people[r][1] for r in frame["respondent"]]
        )

    study = make(change=seated)
    assert team_facts(study) == {"teams_known": 2, "teams_three_sectors": 1, "share_teams_three_sectors": 0.5}
    assert team_facts(make(teams=0)) == {}


def test_ideas_at_work_by_the_half_of_the_team(make: Make) -> None:
    stages = {"team 0": "running", "team 1": "paused"}
    study = make(followup=40, teams=2)
    answers = study.responses.copy()
    later = answers["wave"] == "followup"
    answers["FU1"] = answers["TM"].map(stages).where(later)
    assert idea_facts(replace(study, responses=answers)) == {"ideas_followed": 2, "ideas_at_work": 1}
    assert idea_facts(study) == {}


def test_levels_of_a_scale(make: Make, analysed: Analysed) -> None:
    study = make()
    scores = study.scores[(study.scores["scale"] == "A") & (study.scores["wave"] == "post")]["score"]
    results = analysed()
    for statistic, value in {"mean": scores.mean(), "sd": scores.std(), "median": scores.median(),
                             "q1": scores.quantile(0.25), "q3": scores.quantile(0.75)}.items():  # fmt: skip
        estimate = one(results, outcome="A", statistic=statistic, wave="post", group="all")
        assert estimate is not None
        assert estimate["estimate"] == pytest.approx(value), statistic


def test_reliability_needs_twenty_people(analysed: Analysed) -> None:
    few = one(analysed(pre=12, post=12, linked=12), outcome="A", statistic="alpha", wave="pre")
    many = one(analysed(), outcome="A", statistic="alpha", wave="pre")
    assert few is not None
    assert many is not None
    assert (few["status"], few["reason"]) == ("not_estimable", "too_few")
    assert many["low"] < many["estimate"] < many["high"]
    assert many["method"] == "feldt"


def test_reversed_items_are_turned_before_reliability(make: Make, analysed: Analysed) -> None:
    study = make()
    pre = study.responses[study.responses["wave"] == "pre"]
    turned = pre[["A1", "A2", "A3"]].assign(A4=6 - pre["A4"])
    estimate = one(analysed(), outcome="A", statistic="alpha", wave="pre")
    assert estimate is not None
    assert estimate["estimate"] == pytest.approx(stats.cronbach_alpha(turned).value)


def test_those_who_came_back_against_those_who_did_not(make: Make) -> None:
    study = make()
    outcome = outcome_of(study, study.project.instrument.scale("A"), respondents_of(study))
    scores = study.scores[(study.scores["scale"] == "A") & (study.scores["wave"] == "pre")].set_index("respondent")
    back = set(study.responses.loc[study.responses["wave"] == "post", "respondent"])
    again = scores.loc[[p in back for p in scores.index], "score"]
    gone = scores.loc[[p not in back for p in scores.index], "score"]
    estimate = attrition(outcome, "pre", "post", plan_of(study))
    assert estimate is not None
    assert estimate.estimate == pytest.approx(stats.standardised_difference(again, gone).value)
    assert estimate.n == 60


def test_loss_of_few_people_is_not_compared(analysed: Analysed) -> None:
    estimate = one(analysed(pre=41, post=40, linked=40), outcome="A", statistic="smd_attrition")
    assert estimate is not None
    assert estimate["status"] == "suppressed"


def test_flow_tells_the_main_loss(make: Make) -> None:
    study = make()
    steps = pd.DataFrame({
        "step": ["returned_pre", "usable_pre", "linked_post"], "wave": ["pre", "pre", "post"], "n": [64, 60, 42],
        "reason": ["", "duplicate", "ambiguous"],
    })  # fmt: skip
    rows = {r["step"]: r for r in flow(replace(study, flow=steps), {"post": 40})}
    assert (rows["returned_pre"]["n"], rows["usable_pre"]["reason"]) == (64, "duplicate")
    assert (rows["linked_post"]["n"], rows["linked_post"]["reason"]) == (42, "ambiguous")
    assert rows["analysed_post"]["n"] == 40


def test_index_without_exclusion_is_compared(shipped_results: dict[str, Results]) -> None:
    estimate = one(shipped_results["2020-antsla"], outcome="TS", statistic="change_all_items")
    assert estimate is not None
    assert estimate["status"] == "ok"


def test_only_primary_outcomes_get_a_verdict(analysed: Analysed, make: Make) -> None:
    results = analysed()
    assert set(results.verdicts["outcome"]) == {"A", "N1"}
    project = make().project
    method = project.config.method.model_copy(update={"primary_outcomes": ("A",)})
    study = make(project=replace(project, config=project.config.model_copy(update={"method": method})))
    verdicts = analyse(study).verdicts.set_index("outcome")
    assert verdicts.loc["N1", "verdict"] == "exploratory"
    assert verdicts.loc["N1", "strength"] is None
    assert find(analyse(study), outcome="N1", statistic="p_sign_flip").empty


@pytest.mark.parametrize(
    ("values", "share", "cut"),
    [
        ([*[1] * 20, *[4] * 23, *[6] * 3, *[7] * 16], 0.75, 7.0),  # 6.75 would say that three people answered 6
        ([*[1] * 20, *[4] * 23, *[6] * 6, *[8] * 13], 0.75, 6.0),
        ([*[1] * 15, *[2] * 15, *[3] * 30], 0.5, 2.5),  # between two bands: their counts say it too
        ([*[1] * 15, *[7] * 3, *[8] * 12, *[9] * 30], 0.5, 8.5),  # 15 and 30 people below: nobody is alone
        ([*[1] * 27, *[7] * 3, *[8] * 30], 0.5, 7.0),
        ([0.25, 0.5, 3.75, 4.0], 0.5, 2.125),  # means of answers, no counts
    ],
)
def test_a_quantile_of_counts_tells_of_no_few(values: list[float], share: float, cut: float, make: Make) -> None:
    plan = plan_of(make())
    assert _quantile(np.array(values, dtype=float), share, plan) == cut
