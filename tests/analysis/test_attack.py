"""An attacker with every published table and linear programming: no hidden or merged small count is found.

The attacker's program is written anew here and shares nothing with the disclosure control.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats as distributions
from scipy.optimize import linprog

from vunki_eval.analysis import analyse, analyse_project
from vunki_eval.analysis.items import distributions as true_counts
from vunki_eval.analysis.network import ties as true_ties
from vunki_eval.analysis.respondents import blank_few_unpaired, respondents_of
from vunki_eval.project.project import Project
from vunki_eval.results.results import Results, to_dict
from vunki_eval.survey.study import Study

Row = dict[str, Any]
T = 5
SIZES = {
    "60": {"pre": 60, "post": 50, "linked": 42},
    "30": {"pre": 30, "post": 28, "linked": 26},
    "20 unlinked": {"pre": 20, "post": 20, "linked": 0},
    "12": {"pre": 12, "post": 12, "linked": 12},
    "11 of 12": {"pre": 12, "post": 11, "linked": 11},
    "12 and 10": {"pre": 12, "post": 10, "linked": 7, "seed": 203},
    "31 and 29": {"pre": 31, "post": 29, "linked": 25, "seed": 204, "followup": 12},
    "6": {"pre": 6, "post": 6, "linked": 6},
    "5": {"pre": 5, "post": 5, "linked": 5, "seed": 101},
    "three waves": {"pre": 50, "post": 45, "linked": 40, "followup": 16},
}
SHARES = (
    "share",
    "ceiling_share",
    "share_up",
    "share_same",
    "share_down",
    "response_rate",
    "linking_rate",
    "retention",
)


QUICK = ("60", "12", "5")
"""The others, and the shipped events, are for the slow tests."""
PARAMS = [pytest.param(s, marks=() if s in QUICK else pytest.mark.slow)
          for s in (*SIZES, "2020-antsla", "2021-online")]  # fmt: skip


@pytest.fixture(params=PARAMS)
def attacked(request: pytest.FixtureRequest, make: Callable[..., Study]) -> tuple[Study, dict[str, Any]]:
    if request.param in SIZES:
        study = make(**SIZES[request.param])
        return study, to_dict(request.getfixturevalue("analysed")(**SIZES[request.param]))
    study = request.getfixturevalue("shipped_studies")[request.param]
    return study, to_dict(request.getfixturevalue("synthetic_results")[request.param])


def places(answer: str, labels: list[str]) -> list[int]:
    """Which answers a published cell holds."""
    if answer in labels:
        return [labels.index(answer)]
    low, _, high = answer.partition("-")
    return [i for i, v in enumerate(labels) if float(low) <= float(v) <= float(high)]


def ends(
    equations: list[tuple[np.ndarray, float, float]], size: int, most: float, goal: np.ndarray
) -> tuple[float, float]:
    rows = np.array([w for w, _, _ in equations] + [-w for w, _, _ in equations])
    upper = np.array([h for _, _, h in equations] + [-low for _, low, _ in equations]) + 1e-6
    bounds = []
    for sign in (1, -1):
        solved = linprog(sign * goal, A_ub=rows, b_ub=upper, bounds=[(0, most)] * size)
        assert solved.status == 0, "what is published contradicts itself"
        bounds.append(sign * solved.fun)
    return bounds[0], bounds[1]


def knowledge(results: dict[str, Any], item: str, wave: str, labels: list[str]) -> tuple[list[Any], float] | None:
    """Collect everything linear that is published of an item's answers."""
    rows = [r for r in results["distributions"] if (r["item"], r["wave"]) == (item, wave)]
    total = next((r["n"] for r in rows if r["answer"] == "total"), None)
    if total is None:
        return None
    equations = [(np.ones(len(labels)), float(total), float(total))]
    for r in rows:
        if r["answer"] not in ("total", "missing") and r["n"] is not None:
            weights = np.isin(range(len(labels)), places(r["answer"], labels)).astype(float)
            equations.append((weights, float(r["n"]), float(r["n"])))
    values = np.array([float(v) for v in labels])
    published = {r["statistic"]: r for r in results["estimates"]
            if (r["outcome"], r["wave"], r["group"], r["status"]) == (item, wave, "all", "ok")}  # fmt: skip
    equations += list(moments(published, values, total, results["meta"]["level"]))
    if "share" in published and published["share"]["method"].startswith("answers="):
        cell = published["share"]["method"].split("; ")[0].removeprefix("answers=")
        k = round(published["share"]["estimate"] * total)
        equations.append((np.isin(range(len(labels)), places(cell, labels)).astype(float), k, k))
    if "ceiling_share" in published:
        k = round(published["ceiling_share"]["estimate"] * total)
        equations.append((np.eye(len(labels))[-1], k, k))
    if "net_promoter" in published:
        points = published["net_promoter"]["estimate"] * total / 100
        equations.append((np.where(values >= 9, 1.0, np.where(values <= 6, -1.0, 0.0)), points - 1e-6, points + 1e-6))
    return equations, float(total)


def moments(published: dict[str, Row], values: np.ndarray, n: float, level: float) -> Any:
    """The sum of the answers by the mean, the sum of their squares by the standard deviation or the interval."""
    mean = published.get("mean")
    if mean is None:
        return
    rounding = 0.05 if "rounded" in mean["method"] else 0.0
    low, high = mean["estimate"] - rounding, mean["estimate"] + rounding
    yield values, n * low, n * high
    spread = None
    if mean["low"] is not None:
        factor = np.sqrt(n) / distributions.t.isf((1 - level) / 2, n - 1)
        width = (mean["high"] - mean["low"]) / 2
        spread = (max(width - rounding, 0) * factor, (width + rounding) * factor)
    if "sd" in published and "rounded" not in published["sd"]["method"]:
        spread = (published["sd"]["estimate"],) * 2
    if spread:
        yield values**2, (n - 1) * spread[0] ** 2 + n * low**2 - 1e-4, (n - 1) * spread[1] ** 2 + n * high**2 + 1e-4


def ordered_items(study: Study) -> dict[str, list[str]]:
    instrument = study.project.instrument
    labels = {}
    for item in instrument.items:
        response_set = instrument.response_set(item)
        if response_set and response_set.ordered and item.kind == "single":
            labels[item.code] = [str(v) for v in response_set.values]
    return labels


def truth_of(study: Study) -> dict[tuple[str, str], dict[str, int]]:
    """Count the answers of all whose answers are in the tables."""
    study = blank_few_unpaired(study, respondents_of(study), T)
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for r in true_counts(study):
        counts.setdefault((r["item"], r["wave"]), {})[r["answer"]] = r["n"]
    return counts


def test_no_hidden_cell_can_be_bounded(attacked: tuple[Study, dict[str, Any]]) -> None:
    study, results = attacked
    for item, labels in ordered_items(study).items():
        for wave in ("pre", "post", "followup"):
            hidden = [r for r in results["distributions"] if (r["item"], r["wave"]) == (item, wave)
                      and r["status"] == "suppressed" and r["answer"] != "total"]  # fmt: skip
            equations = knowledge(results, item, wave, labels) if hidden else None
            for r in hidden if equations else ():
                goal = np.isin(range(len(labels)), places(r["answer"], labels)).astype(float)
                low, high = ends(equations[0], len(labels), equations[1], goal)  # type: ignore[index]
                assert high - low >= T - 1e-3, (item, wave, r["answer"])


def test_no_merged_answer_of_few_people_is_found(attacked: tuple[Study, dict[str, Any]]) -> None:
    """Answers of 1-4 people inside a band: not known to have been given, or not within five."""
    study, results = attacked
    truth = truth_of(study)
    for item, labels in ordered_items(study).items():
        for wave in ("pre", "post", "followup"):
            counts = truth.get((item, wave), {})
            for i, label in enumerate(labels):
                if not 0 < counts.get(label, 0) < T:
                    continue
                equations = knowledge(results, item, wave, labels)
                if equations is None:
                    continue
                low, high = ends(*[equations[0], len(labels), equations[1]], np.eye(len(labels))[i])
                assert high - low >= T - 1e-3 or low < 0.5, (item, wave, label, low, high)
                assert round(low) != round(high), (item, wave, label)


@pytest.mark.parametrize("level", [0.6, 0.99])
def test_intervals_of_another_level_tell_no_more(small: Project, make: Callable[..., Study], level: float) -> None:
    """The width of a mean's interval tells how far answers lie apart: how far, depends on its level."""
    method = small.method.model_copy(update={"level": level})
    project = replace(small, config=small.config.model_copy(update={"method": method}))
    study = make(pre=24, post=20, linked=18, seed=204, project=project)
    results = to_dict(analyse(study))
    assert results["meta"]["level"] == level
    test_no_hidden_cell_can_be_bounded((study, results))
    test_no_merged_answer_of_few_people_is_found((study, results))


def test_no_hidden_tie_can_be_bounded(attacked: tuple[Study, dict[str, Any]]) -> None:
    _, results = attacked
    for wave in ("pre", "post", "followup"):
        rows = {(r["from_sector"], r["to_sector"]): r for r in results["ties"] if r["wave"] == wave}
        base = {s: r["n"] for (s, o), r in rows.items() if o == "all" and s != "all"}
        for column in {o for _, o in rows} - {"all"}:
            hidden = [s for s in base if rows[s, column]["n"] is None]
            total = rows["all", column]["n"]
            if total is None:
                continue
            left = total - sum(rows[s, column]["n"] for s in base if s not in hidden)
            for s in hidden:
                others = sum(base[o] for o in hidden if o != s)
                assert min(base[s], left) - max(0, left - others) >= T, (wave, s, column)


def test_ties_of_a_sector_are_neither_none_nor_all(attacked: tuple[Study, dict[str, Any]]) -> None:
    _, results = attacked
    for r in results["ties"]:
        if r["status"] == "ok" and "all" not in (r["from_sector"], r["to_sector"]):
            base = next(x["n"] for x in results["ties"] if (x["wave"], x["from_sector"], x["to_sector"])
                        == (r["wave"], r["from_sector"], "all"))  # fmt: skip
            assert T <= r["n"] <= base - T


def test_nothing_small_is_printed(attacked: tuple[Study, dict[str, Any]]) -> None:
    _, results = attacked
    small = range(1, T)
    for name in ("estimates", "distributions", "ties", "themes"):
        for r in results[name]:
            if r["status"] != "ok":
                assert r["n"] is None
                assert r.get("share") is None
                assert r.get("estimate") is None
            else:
                assert r["n"] not in small, r
    totals = {(r["item"], r["wave"]): r["n"] for r in results["distributions"] if r["answer"] == "total"}
    for r in results["distributions"]:
        if r["answer"] not in ("total", "missing") and r["status"] == "ok":
            assert totals[r["item"], r["wave"]] - r["n"] not in small, r
    for r in results["estimates"]:
        if r["statistic"] in SHARES and r["status"] == "ok" and r["n"]:
            k = round(r["estimate"] * r["n"])
            assert k not in small, r
            assert r["n"] - k not in small, r
        if r["group"] != "all":
            assert not r["n_missing"], r


def test_shares_who_moved_do_not_give_each_other_away(attacked: tuple[Study, dict[str, Any]]) -> None:
    """At most one of the three where one is hidden, and then no probability of superiority."""
    _, results = attacked
    published: dict[Any, set[str]] = {}
    for r in results["estimates"]:
        if r["statistic"] in ("share_up", "share_same", "share_down", "superiority") and r["status"] == "ok":
            published.setdefault((r["outcome"], r["wave"]), set()).add(r["statistic"])
    for statistics in published.values():
        assert len(statistics) in (1, 4), statistics


def test_groups_leave_no_remainder(attacked: tuple[Study, dict[str, Any]]) -> None:
    """Groups are all shown or merged: together they are everybody, so nothing is left to subtract."""
    _, results = attacked
    pairs = {r["outcome"]: r for r in results["estimates"] if r["statistic"] == "change_pairs" and r["group"] == "all"
             and r["wave"] == "post"}  # fmt: skip
    sums: dict[tuple[str, str], int] = {}
    for r in results["estimates"]:
        if r["statistic"] == "change_pairs" and "=" in r["group"]:
            assert r["status"] == "ok"
            key = r["outcome"], r["group"].split("=")[0]
            sums[key] = sums.get(key, 0) + r["n"]
    for (outcome, _), n in sums.items():
        assert n == pairs[outcome]["n"]


def test_nested_subsets_differ_by_enough(attacked: tuple[Study, dict[str, Any]]) -> None:
    _, results = attacked
    pairs = {r["outcome"]: r["n"] for r in results["estimates"] if r["statistic"] == "change_pairs"
             and (r["group"], r["wave"], r["status"]) == ("all", "post", "ok")}  # fmt: skip
    for r in results["estimates"]:
        if r["statistic"] in ("change_exact_links", "change_complete_items") and r["status"] == "ok":
            assert pairs[r["outcome"]] - r["n"] not in range(1, T), r


def test_no_extreme_answer_is_printed(attacked: tuple[Study, dict[str, Any]]) -> None:
    """No minimum, maximum or outlier; quartiles and ends of a median's interval have as many people beyond them."""
    study, results = attacked
    assert not [r for r in results["estimates"] if r["statistic"].startswith(("min", "max", "outlier", "range"))]
    for r in results["estimates"]:
        scores = study.scores[(study.scores["scale"] == r["outcome"]) & (study.scores["wave"] == r["wave"])]["score"]
        if scores.empty or r["status"] != "ok" or r["group"] != "all":
            continue
        low, high = (r["low"], r["high"]) if r["statistic"] == "median" else (r["estimate"], r["estimate"])
        if r["statistic"] in ("median", "q1") and low is not None:
            assert (scores <= low + 0.051).sum() >= T, r
        if r["statistic"] in ("median", "q3") and high is not None:
            assert (scores >= high - 0.051).sum() >= T, r


ONCE = {
    "a few before": {"pre": 59, "post": 56, "linked": 56},
    "a few of both": {"pre": 33, "post": 33, "linked": 30},
    "a few before, many after": {"pre": 42, "post": 60, "linked": 40},
    "a few in the follow-up": {"pre": 50, "post": 50, "linked": 40, "followup": 42},
}


@pytest.mark.parametrize("sizes", ONCE.values(), ids=ONCE)
def test_the_few_who_answered_once_are_not_solved(analysed: Callable[..., Results], sizes: dict[str, int]) -> None:
    """Means of two waves, change of pairs, of everybody and Welch's: equations for the sums of who answered once."""
    results = to_dict(analysed(**sizes))
    rows = [r for r in results["estimates"] if r["group"] == "all" and r["status"] == "ok"]
    published = {(r["outcome"], r["wave"], r["statistic"]): r for r in rows}
    pairs = {
        (outcome, wave): r["n"] for (outcome, wave, statistic), r in published.items() if statistic == "change_pairs"
    }
    assert ("A", "post") in pairs
    for (outcome, wave), n in pairs.items():
        before, after = (published[outcome, w, "mean"]["n"] for w in ("pre", wave))
        assert not {before - n, after - n} & set(range(1, T)), (outcome, wave)
        for statistic, everybody in (("change_all_data", before + after - n), ("change_welch", before + after)):
            if (outcome, wave, statistic) in published:
                assert published[outcome, wave, statistic]["n"] == everybody, (outcome, wave, statistic)
    for item in ("A1", "A2", "A3"):
        for wave in ("pre", "post"):
            total = [r["n"] for r in results["distributions"]
                     if (r["item"], r["wave"], r["answer"]) == (item, wave, "total")]  # fmt: skip
            assert total == [published["A", wave, "mean"]["n"]], (item, wave)
    if ("A", "post", "change_welch") in published:
        means = [published["A", wave, "mean"]["estimate"] for wave in ("pre", "post")]
        assert published["A", "post", "change_welch"]["estimate"] == pytest.approx(means[1] - means[0])


def test_options_of_multiple_answers_are_not_found_by_their_sum(attacked: tuple[Study, dict[str, Any]]) -> None:
    _, results = attacked
    published = {(r["outcome"], r["wave"]) for r in results["estimates"]
            if r["statistic"] in ("sectors_named", "blau") and r["status"] == "ok"}  # fmt: skip
    hidden = {(r["item"], r["wave"]) for r in results["distributions"] if r["status"] == "suppressed"}
    assert not published & hidden


def test_project_adds_no_way_in(small: Project, make: Callable[..., Study]) -> None:
    """With an event of 3 people beside one of 60 the totals of both would give the three away."""
    studies = [make(), make(pre=3, post=3, linked=3, event="two")]
    project_results = analyse_project(small, {s.event.id: analyse(s) for s in studies}, studies)
    own = project_results.estimates[project_results.estimates["event"] == "project"]
    assert not len(own[own["statistic"] == "mean"])
    change = own[(own["statistic"] == "change") & (own["outcome"] == "A")].iloc[0]
    assert (change["n"], change["method"]) == (68, "one_event")


def test_removing_one_of_five_shows_nothing_new(make: Callable[..., Study]) -> None:
    """Five people chose the lowest answer; without one of them it must not be there, nor its neighbours say so."""

    def low(people: list[str]) -> Callable[[pd.DataFrame], pd.DataFrame]:
        def change(frame: pd.DataFrame) -> pd.DataFrame:
            mark = frame["respondent"].isin(people) & (frame["wave"] == "post")
            return frame.assign(S1=frame["S1"].where(frame["S1"].isna() | (frame["S1"] > 3), 4).mask(mark, 1))

        return change

    def cells(people: list[str]) -> dict[str, int | None]:
        results: Results = analyse(make(change=low(people)))
        rows = results.distributions[results.distributions["item"] == "S1"]
        return dict(zip(rows["answer"], rows["n"], strict=True))

    five, four = cells([f"p{i}" for i in range(5)]), cells([f"p{i}" for i in range(4)])
    assert five["1"] == 5
    assert all(n is None or n >= T or n == 0 for n in four.values())
    assert "1" not in four or four["1"] is None


def test_hidden_sector_of_one_is_nowhere(make: Callable[..., Study]) -> None:
    def alone(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(PR1=np.where(frame["respondent"] == "p0", "public",
                                         np.where(frame["PR1"] == "public", "community", frame["PR1"])))  # fmt: skip

    study = make(change=alone)
    assert any(r["from_sector"] == "public" for r in true_ties(study))
    results = to_dict(analyse(study))
    assert not [r for r in results["ties"] if r["from_sector"] == "public"]
    assert not [r for r in results["distributions"] if r["item"] == "PR1" and r["answer"] == "public"]
    assert not [r for r in results["estimates"] if r["group"] == "PR1=public"]
