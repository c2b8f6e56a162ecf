"""One event: the headline that is always there, numbers that do not depend on order or ids, contracts of the tables."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats as distributions

from vunki_eval import stats
from vunki_eval.analysis import analyse
from vunki_eval.results.results import Results, find, from_dict, one, to_dict, to_json
from vunki_eval.survey.study import Study

Make = Callable[..., Study]
Analysed = Callable[..., Results]
PRIMARY = ("A", "N1")


def headline(results: Results, outcome: str = "A") -> dict[str, Any]:
    row = one(results, outcome=outcome, statistic="change", group="all", wave="post")
    assert row is not None
    return row


def row(results: Results, outcome: str, statistic: str, wave: str = "post", group: str = "all") -> dict[str, Any]:
    estimate = one(results, outcome=outcome, statistic=statistic, wave=wave, group=group)
    assert estimate is not None, (outcome, statistic, wave, group)
    return estimate


def scores(study: Study, scale: str = "A") -> pd.DataFrame:
    rows = study.scores[study.scores["scale"] == scale]
    return rows.pivot_table(index="respondent", columns="wave", values="score", dropna=False)


EDGES = {
    "no data": ({"pre": 0, "post": 0, "linked": 0}, "not_estimable", "no_wave"),
    "only before": ({"pre": 30, "post": 0, "linked": 0}, "not_estimable", "no_wave"),
    "only after": ({"pre": 0, "post": 30, "linked": 0}, "not_estimable", "no_wave"),
    "no links": ({"pre": 25, "post": 22, "linked": 0}, "ok", ""),
    "no links, few": ({"pre": 4, "post": 30, "linked": 0}, "suppressed", "below_threshold"),
    "3 pairs": ({"pre": 30, "post": 30, "linked": 3}, "suppressed", "below_threshold"),
    "7 pairs": ({"pre": 7, "post": 7, "linked": 7}, "ok", ""),
    "12 people": ({"pre": 12, "post": 12, "linked": 12}, "ok", ""),
    "1 person": ({"pre": 1, "post": 1, "linked": 1}, "suppressed", "below_threshold"),
}


@pytest.mark.parametrize(("people", "status", "reason"), EDGES.values(), ids=EDGES)
@pytest.mark.parametrize("outcome", PRIMARY)
def test_there_is_one_headline_whatever_the_data(
    analysed: Analysed, people: dict[str, int], status: str, reason: str, outcome: str
) -> None:
    results = analysed(**people)
    estimate = headline(results, outcome)
    assert (estimate["status"], estimate["reason"] or "") == (status, reason)
    numbers = [estimate[k] for k in ("estimate", "low", "high", "p", "p_adjusted", "n")]
    if status != "ok":
        assert numbers == [None] * 6
    verdicts = results.verdicts.set_index("outcome")["verdict"]
    assert verdicts[outcome] in {"ok": verdicts[outcome], "suppressed": "suppressed"}.get(status, "not_estimable")


@pytest.mark.parametrize("people", [e[0] for e in EDGES.values()], ids=EDGES)
def test_results_survive_json_without_nan(analysed: Analysed, people: dict[str, int]) -> None:
    results = analysed(**people)
    text = to_json(results)
    assert "NaN" not in text
    assert "Infinity" not in text
    assert to_json(from_dict(json.loads(text))) == text


def test_no_spread_is_said_not_computed(make: Make) -> None:
    def alike(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(A1=3.0, A2=3.0, A3=3.0, A4=3.0)

    results = analyse(make(change=alike))
    assert headline(results)["reason"] == "no_spread"
    assert row(results, "A", "alpha")["reason"] == "no_spread"
    assert row(results, "A", "mean")["estimate"] == 3.0
    assert row(results, "A", "sd")["status"] == "not_estimable"
    assert headline(results, "N1")["status"] == "ok"


def test_an_item_nobody_answered_is_left_out(make: Make) -> None:
    results = analyse(make(change=lambda frame: frame.assign(S1=np.nan)))
    assert find(results, outcome="S1").empty
    assert find(results, "distributions", item="S1").empty


def test_primary_outcome_that_was_not_asked(make: Make) -> None:
    def without(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(N1=np.nan)

    assert headline(analyse(make(change=without)), "N1")["reason"] == "no_answers"


@pytest.mark.parametrize(
    ("people", "method"),
    [
        ({"pre": 60, "post": 50, "linked": 42}, "all_data_reml"),
        ({"pre": 42, "post": 42, "linked": 42}, "paired_t"),
        ({"pre": 41, "post": 42, "linked": 40}, "paired_t"),
        ({"pre": 7, "post": 7, "linked": 7}, "described; rounded"),
        ({"pre": 30, "post": 30, "linked": 0}, "welch_unlinked"),
        ({"pre": 30, "post": 8, "linked": 0}, "described; welch_unlinked; rounded"),
    ],
)
def test_choice_of_estimate(analysed: Analysed, people: dict[str, int], method: str) -> None:
    assert headline(analysed(**people, teams=0))["method"] == method


def test_all_data_headline_is_that_of_the_statistics(make: Make) -> None:
    study = make(teams=0)
    table = scores(study)
    expected = stats.all_data_change(table["pre"], table["post"])
    estimate = headline(analyse(study))
    assert estimate["estimate"] == pytest.approx(expected.change, rel=1e-9)
    assert (estimate["low"], estimate["high"]) == pytest.approx((expected.low, expected.high), rel=1e-9)
    assert estimate["p"] == pytest.approx(expected.p, rel=1e-9)
    assert (estimate["n"], estimate["n_missing"]) == (68, 0)


def test_counts_are_ratios(make: Make) -> None:
    study = make(pre=40, post=40, linked=40, teams=0)
    table = np.log1p(scores(study, "N1"))
    expected = stats.paired_change(table["pre"], table["post"])
    estimate = headline(analyse(study), "N1")
    assert estimate["estimate"] == pytest.approx(np.exp(expected.change))
    assert (estimate["low"], estimate["high"]) == pytest.approx((np.exp(expected.low), np.exp(expected.high)))
    assert estimate["method"] == "paired_t; log1p_ratio"


def test_wider_of_plain_and_team_interval_decides(make: Make) -> None:
    rng = np.random.default_rng(4)
    lift = dict(zip((f"team {i}" for i in range(9)), rng.normal(0, 1, 9), strict=True))

    def by_team(frame: pd.DataFrame) -> pd.DataFrame:
        up = frame["TM"].map(lift) * (frame["wave"] == "post")
        return frame.assign(**{c: np.clip(np.rint(frame[c] + up), 1, 5) for c in ("A1", "A2", "A3")})

    study = make(pre=50, post=50, linked=50, change=by_team)
    estimate, plain = (row(analyse(study), "A", s) for s in ("change", "change_pairs"))
    table = scores(study)
    teams = study.scores.drop_duplicates("respondent").set_index("respondent")["team"].reindex(table.index)
    expected = stats.team_change(table["pre"], table["post"], list(teams))
    assert estimate["method"] == "paired_t; team_clustered"
    assert (estimate["low"], estimate["high"]) == pytest.approx((expected.low, expected.high))
    assert estimate["p"] == pytest.approx(expected.p)
    assert estimate["high"] - estimate["low"] > plain["high"] - plain["low"]


def test_holm_runs_over_the_primary_outcomes(analysed: Analysed) -> None:
    results = analysed()
    p = [headline(results, o)["p"] for o in PRIMARY]
    adjusted = [headline(results, o)["p_adjusted"] for o in PRIMARY]
    assert adjusted == pytest.approx(list(stats.holm(p)))
    others = find(results, statistic="change")
    assert others.loc[~others["outcome"].isin(PRIMARY), "p_adjusted"].isna().all()


def test_neither_order_nor_ids_matter(make: Make) -> None:
    study = make(followup=25)
    rng = np.random.default_rng(0)
    names = {p: f"x{i}" for p, i in zip(sorted(set(study.responses["respondent"])), rng.permutation(200), strict=False)}
    mixed = study.responses.sample(frac=1, random_state=1).reset_index(drop=True)
    mixed["respondent"] = mixed["respondent"].map(names)
    marked = study.scores.sample(frac=1, random_state=2).reset_index(drop=True)
    marked["respondent"] = marked["respondent"].map(names)
    assert to_json(analyse(replace(study, responses=mixed, scores=marked))) == to_json(analyse(study))


def test_inputs_are_not_changed(make: Make) -> None:
    study = make()
    before = study.responses.copy(deep=True), study.scores.copy(deep=True)
    analyse(study)
    pd.testing.assert_frame_equal(study.responses, before[0])
    pd.testing.assert_frame_equal(study.scores, before[1])


def test_people_without_a_score_are_counted(make: Make) -> None:
    def silent(frame: pd.DataFrame) -> pd.DataFrame:
        gone = frame.index[frame["wave"] == "post"][:8]
        out = frame.copy()
        out.loc[gone, ["A1", "A2", "A3"]] = np.nan
        return out

    results = analyse(make(change=silent))
    mean = row(results, "A", "mean")
    assert (mean["n"], mean["n_missing"]) == (42, 8)
    assert row(results, "A", "change_pairs")["n"] == 34


def test_few_people_outside_the_pairs_stay_out_of_the_means(analysed: Analysed) -> None:
    """One person who only answered before could else be solved from the two means and the change of the pairs."""
    results = analysed(pre=41, post=40, linked=40)
    before, after, pairs = (
        row(results, "A", "mean", "pre"),
        row(results, "A", "mean"),
        row(results, "A", "change_pairs"),
    )
    assert (before["n"], before["n_missing"], after["n"]) == (40, 1, 40)
    assert "linked_only" in before["method"]
    assert after["estimate"] - before["estimate"] == pytest.approx(pairs["estimate"])


@pytest.mark.slow
def test_sensitivity_rows_do_not_give_a_few_links_away(analysed: Analysed) -> None:
    assert row(analysed(inexact=6), "A", "change_exact_links")["n"] == 36
    hidden = row(analysed(inexact=3), "A", "change_exact_links")
    assert (hidden["status"], hidden["reason"], hidden["n"]) == ("suppressed", "small_difference", None)


def test_then_test_compares_the_same_people(make: Make) -> None:
    study = make(pre=40, post=40, linked=40)
    then, before = scores(study, "R")["post"], scores(study)["pre"]
    assert row(analyse(study), "A", "recalibration")["estimate"] == pytest.approx((then - before).mean())


def test_follow_up_uses_all_three_waves(make: Make) -> None:
    study = make(followup=30)
    table = scores(study)[["pre", "post", "followup"]]
    expected = stats.wave_changes(table)
    results = analyse(study)
    for statistic, contrast in (("change", "followup-pre"), ("change_since_post", "followup-post")):
        estimate = row(results, "A", statistic, "followup")
        assert estimate["estimate"] == pytest.approx(expected[contrast].estimate, rel=1e-9)
        assert estimate["low"] == pytest.approx(expected[contrast].low, rel=1e-9)


def test_groups_partition_the_people_and_are_large_enough(analysed: Analysed) -> None:
    results = analysed(pre=60, post=60, linked=60)
    groups = find(results, outcome="A", statistic="change_pairs", wave="post")
    groups = groups[groups["group"].str.startswith("PR1=")]
    assert groups["n"].sum() == 60
    assert (groups["n"] >= 5).all()
    assert groups.loc[groups["n"] < 10, "low"].isna().all()
    assert set(find(results, outcome="A", statistic="change_difference")["group"]) == set(groups["group"])


def test_flow_in_order(analysed: Analysed) -> None:
    steps = dict(zip(*(analysed().flow[c] for c in ("step", "n")), strict=True))
    assert list(steps)[:4] == ["registered", "attended", "returned_pre", "usable_pre"]
    assert steps["attended"] == 80
    assert (steps["returned_pre"], steps["usable_pre"], steps["usable_post"]) == (61, 60, 50)
    assert (steps["linked_post"], steps["linked_post_exact"], steps["linked_post_one_difference"]) == (42, 36, 6)
    assert steps["analysed_post"] == 42


def test_rates_name_their_denominators(analysed: Analysed) -> None:
    results = analysed()
    rate = row(results, "response", "response_rate", "pre")
    assert (rate["estimate"], rate["n"]) == (0.75, 80)
    assert row(results, "response", "linking_rate")["estimate"] == pytest.approx(42 / 50)


@pytest.mark.slow
def test_new_event_changes_no_random_draw(make: Make) -> None:
    one_event, other = analyse(make()), analyse(make(event="two"))
    p = [row(r, "A", "p_sign_flip")["p"] for r in (one_event, other)]
    assert p[0] == pytest.approx(p[1], abs=2e-3)
    assert p[0] == row(analyse(make()), "A", "p_sign_flip")["p"]


def test_all_columns_of_the_contract_are_plain(analysed: Analysed) -> None:
    for name, rows in to_dict(analysed()).items():
        if isinstance(rows, list):
            assert all(not isinstance(v, float) or np.isfinite(v) for r in rows for v in r.values()), name


def test_shipped_events_hold_their_truth(
    shipped_studies: dict[str, Study], shipped_results: dict[str, Results]
) -> None:
    for event, study in shipped_studies.items():
        truth = json.loads((study.project.surveys / event / "truth.json").read_text("utf-8"))
        results = shipped_results[event]
        for outcome in study.project.primary_outcomes:
            estimate, true_change = (
                headline(results, outcome),
                truth["scales"][outcome]["change"]["post"]["all_attendees"],
            )
            assert estimate["low"] <= true_change <= estimate["high"], (event, outcome)


def test_meta_holds_words_for_everything(shipped_results: dict[str, Results]) -> None:
    results = shipped_results["2020-antsla"]
    meta = results.meta
    for r in results.distributions.to_dict("records"):
        item = meta["items"][r["item"]]
        assert set(item["text"]) == {"et", "en"}
        if item["kind"] != "number" and r["answer"] not in ("total", "missing"):
            assert set(meta["answers"][item["response_set"]][r["answer"]]) == {"et", "en"}, r
    outcomes = set(results.estimates["outcome"]) - {"response", "teams"}
    assert outcomes <= set(meta["outcomes"]) | set(meta["items"])


@pytest.mark.slow
def test_an_event_is_analysed_quickly(shipped_studies: dict[str, Study], shipped_results: dict[str, Results]) -> None:
    start = time.process_time()
    analyse(shipped_studies["2020-antsla"])
    assert time.process_time() - start < 15


def test_a_groups_difference_is_welchs_over_the_paired_differences(make: Make) -> None:
    study = make(pre=160, post=160, linked=160, teams=0)
    results = analyse(study)
    table = scores(study)
    gain = (table["post"] - table["pre"]).dropna()
    sector = study.responses.groupby("respondent")["PR1"].first().reindex(gain.index)
    rows = find(results, outcome="A", statistic="change_difference", wave="post")
    checked = 0
    for estimate in rows[rows["group"].str.startswith("PR1=")].to_dict("records"):
        name = estimate["group"].partition("=")[2]
        inside, rest = gain[sector == name].to_numpy(), gain[sector != name].to_numpy()
        if estimate["low"] is None or name == "_other":
            continue
        v, w = inside.var(ddof=1) / inside.size, rest.var(ddof=1) / rest.size
        df = (v + w) ** 2 / (v**2 / (inside.size - 1) + w**2 / (rest.size - 1))
        half = distributions.t.isf(0.025, df) * np.sqrt(v + w)
        gap = inside.mean() - rest.mean()
        decimals = 0.051 if "rounded" in estimate["method"] else 1e-8
        assert estimate["estimate"] == pytest.approx(gap, abs=decimals)
        assert (estimate["low"], estimate["high"]) == pytest.approx((gap - half, gap + half), abs=decimals)
        checked += 1
    assert checked


def test_no_group_is_made_of_where_people_began(analysed: Analysed) -> None:
    results = analysed(pre=60, post=60, linked=60)
    variables = {g.partition("=")[0] for g in results.estimates["group"] if g != "all"}
    assert variables == {"PR1"}


def test_attrition_is_bonetts_difference_of_first_scores(make: Make) -> None:
    study = make(pre=70, post=45, linked=40, teams=0)
    estimate = row(analyse(study), "A", "smd_attrition", "pre")
    first = scores(study)["pre"].dropna()
    returned = set(study.responses.loc[study.responses["wave"] == "post", "respondent"])
    again, gone = (first[[(r in returned) is here for r in first.index]].to_numpy() for here in (True, False))
    s = np.sqrt((again.var(ddof=1) + gone.var(ddof=1)) / 2)
    d = (again.mean() - gone.mean()) / s
    va, vg, da, dg = again.var(ddof=1), gone.var(ddof=1), again.size - 1, gone.size - 1
    se = np.sqrt(d**2 * (va**2 / da + vg**2 / dg) / (8 * s**4) + (va / da + vg / dg) / s**2)
    z = distributions.norm.isf(0.025)
    assert (estimate["low"], estimate["high"]) == pytest.approx((d - z * se, d + z * se), rel=1e-7)
    assert estimate["n"] == again.size + gone.size
