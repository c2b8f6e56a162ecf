"""Differences between groups and attrition as the results hold them, against R and against scipy.

R 4.2, on the scores of this study: ``t.test(d[inside], d[!inside])`` with ``d`` the change of each pair (of ``log1p``
for the count, then ``exp``); Bonett's (2008) interval of a standardised difference written out from its formula.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats as distributions

from vunki_eval.results.results import Results, find, one
from vunki_eval.survey.study import Study

PEOPLE = {"pre": 160, "post": 150, "linked": 140}
WELCH = {
    ("A", "business"): (0.00924829831311036, -0.178042638131359, 0.19653923475758, 31),
    ("A", "community"): (-0.0238461538461539, -0.189544779391595, 0.141852471699288, 65),
    ("A", "municipality"): (0.0703004622496148, -0.127467182283292, 0.268068106782521, 22),
    ("A", "public"): (-0.0375577812018489, -0.268916255350956, 0.193800692947258, 22),
    ("N1", "business"): (0.865833550209108, 0.581291150251767, 1.28965964189032, 31),
    ("N1", "community"): (0.893487124536784, 0.635150480034563, 1.25689780108419, 65),
    ("N1", "municipality"): (0.97682639278569, 0.679124320589243, 1.40502964290073, 22),
    ("N1", "public"): (1.52570248517109, 0.931301402286776, 2.4994787590156, 22),
}
BONETT = {
    "A": (0.0636627713399797, -0.442571602628845, 0.571348005824863),
    "N1": (0.0910797430922458, -0.31747834904621, 0.501713522485339),
}


@pytest.fixture(scope="module")
def study(make: Callable[..., Study]) -> Study:
    return make(**PEOPLE)


@pytest.fixture(scope="module")
def results(analysed: Callable[..., Results]) -> Results:
    return analysed(**PEOPLE)


def numbers(row: dict[str, Any]) -> tuple[float, float, float]:
    return row["estimate"], row["low"], row["high"]


def waves(study: Study, outcome: str) -> pd.DataFrame:
    rows = study.scores[study.scores["scale"] == outcome]
    table = rows.pivot_table(index="respondent", columns="wave", values="score", dropna=False)
    return np.log1p(table) if outcome == "N1" else table


@pytest.mark.parametrize(("outcome", "group"), WELCH)
def test_a_group_against_the_rest_equals_r(results: Results, outcome: str, group: str) -> None:
    row = one(results, outcome=outcome, statistic="change_difference", wave="post", group=f"PR1={group}")
    assert row is not None
    *expected, n = WELCH[outcome, group]
    assert numbers(row) == pytest.approx(tuple(expected), rel=1e-8)
    assert (row["n"], row["p"]) == (n, None)


@pytest.mark.parametrize("outcome", BONETT)
def test_attrition_equals_r(results: Results, outcome: str) -> None:
    row = one(results, outcome=outcome, statistic="smd_attrition", wave="pre", group="all")
    assert row is not None
    assert numbers(row) == pytest.approx(BONETT[outcome], rel=1e-8)


@pytest.mark.parametrize("outcome", ["A", "N1"])
def test_groups_equal_welch_on_the_changes(study: Study, results: Results, outcome: str) -> None:
    table = waves(study, outcome).dropna(subset=["pre", "post"])
    change, sector = table["post"] - table["pre"], study.responses.drop_duplicates("respondent").set_index("respondent")
    rows = find(results, outcome=outcome, statistic="change_difference", wave="post")
    sectors = {r["group"].removeprefix("PR1="): r for r in rows.to_dict("records") if r["group"].startswith("PR1=")}
    assert set(sectors) == {g for o, g in WELCH if o == outcome}
    for name, row in sectors.items():
        inside = (sector.loc[change.index, "PR1"] == name).to_numpy()
        test = distributions.ttest_ind(change[inside], change[~inside], equal_var=False)
        gap, limits = change[inside].mean() - change[~inside].mean(), test.confidence_interval(0.95)
        expected = np.array([gap, limits.low, limits.high])
        assert numbers(row) == pytest.approx(tuple(np.exp(expected) if outcome == "N1" else expected), rel=1e-8)


def test_no_group_is_split_by_where_people_began(results: Results) -> None:
    variables = {g.partition("=")[0] for g in find(results, statistic="change_difference")["group"]}
    assert variables == {"PR1"}
