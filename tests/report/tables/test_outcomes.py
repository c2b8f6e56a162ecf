"""Tables of outcomes: one row each, worded as everywhere else in the report."""

import pandas as pd
import pytest

from vunki_eval import tables
from vunki_eval.report.tables.alternatives import ALTERNATIVES, agrees, alternatives, group_values, variables
from vunki_eval.results.results import Results
from vunki_eval.results.view import view_results

EVENT = "2020-antsla"


def test_outcome_table_says_what_the_text_says(synthetic_results: dict[str, Results]) -> None:
    view, table = view_results(synthetic_results[EVENT], "et"), tables.outcome_table(synthetic_results[EVENT], "et")
    assert table is not None
    for key, row in zip(view.primary, table.rows, strict=True):
        change, pairs = view.change(key), view.number(key, "change_pairs")
        assert change is not None
        assert pairs is not None
        assert (row[0], row[3]) == (view.title(key), view.change_text(key, change))
        assert row[6] == f"{change.n} ({pairs.n})"
        assert row[1] == view.level(key, "pre")
    assert [c.align for c in table.columns][1:3] == ["decimal", "decimal"]


def test_kept_back_rows_carry_the_mark_and_its_note(suppressed_results: Results) -> None:
    table = tables.outcome_table(suppressed_results, "en")
    assert table is not None
    assert {row[3] for row in table.rows} == {"•"}
    assert "• kept back: fewer than 5 people." in table.note


@pytest.fixture
def suppressed_results(synthetic_results: dict[str, Results]) -> Results:
    full = synthetic_results[EVENT]
    frame: pd.DataFrame = full.estimates.copy()
    selected = frame["statistic"].str.startswith("change")
    frame.loc[selected, ["estimate", "low", "high", "p", "p_adjusted", "n"]] = None
    frame.loc[selected, "status"] = "suppressed"
    return full.with_tables(estimates=frame)


def test_not_estimable_rows_say_why(synthetic_results: dict[str, Results]) -> None:
    full = synthetic_results[EVENT]
    frame = full.estimates.copy()
    selected = (frame["statistic"] == "change") & (frame["outcome"] == "TS")
    frame.loc[selected, ["estimate", "low", "high"]] = None
    frame.loc[selected, ["status", "reason"]] = ["not_estimable", "no_spread"]
    table = tables.outcome_table(full.with_tables(estimates=frame), "en")
    assert table is not None
    assert table.rows[0][3] == "all answers are alike"


def test_verdicts_with_strength_and_reasons(synthetic_results: dict[str, Results]) -> None:
    table = tables.verdict_table(synthetic_results[EVENT], "en")
    assert table is not None
    assert len(table.rows) == 3
    assert all(len(row) == 4 and all(row) for row in table.rows)


def test_sensitivity_marks_what_differs(synthetic_results: dict[str, Results]) -> None:
    full = synthetic_results[EVENT]
    view = view_results(full, "en")
    frame = full.estimates.copy()
    selected = (frame["statistic"] == "change_exact_links") & (frame["outcome"] == "TS") & (frame["group"] == "all")
    frame.loc[selected, ["estimate", "low", "high"]] = [-1.0, -2.0, -0.5]
    changed = full.with_tables(estimates=frame)
    table = tables.sensitivity_table(changed, "en")
    assert table is not None
    row = next(r for r in table.rows if r[0] == ALTERNATIVES["change_exact_links"])
    assert row[1].startswith("≠ \N{MINUS SIGN}1.0")
    estimate = view_results(changed, "en").number("TS", "change_exact_links")
    assert estimate is not None
    assert agrees(view_results(changed, "en"), "TS", estimate) is False
    headline = view.change("TS")
    assert headline is not None
    assert agrees(view, "TS", headline) is True
    assert alternatives(view)[0] == "change"


def test_groups_are_those_of_the_profile(synthetic_results: dict[str, Results]) -> None:
    view = view_results(synthetic_results[EVENT], "en")
    assert "PR1" in variables(view)
    groups = group_values(view, "PR1")
    assert all(g.startswith("PR1=") for g in groups)
    order = [
        view.order("PR1").index(g.removeprefix("PR1=")) for g in groups if g.removeprefix("PR1=") in view.order("PR1")
    ]
    assert order == sorted(order)
    table = tables.groups_table(synthetic_results[EVENT], "en")
    assert table is not None
    assert {row[0] for row in table.rows} <= {view.answer("PR1", g.removeprefix("PR1=")) for g in groups}


def test_attrition_and_counts(synthetic_results: dict[str, Results]) -> None:
    attrition = tables.attrition_table(synthetic_results[EVENT], "et")
    counts = tables.counts_table(synthetic_results[EVENT], "et", ("NW4",))
    assert attrition is not None
    assert counts is not None
    assert all("kuni" in row[1] for row in attrition.rows if row[2] != "–")
    assert counts.rows[0][2].count("–") == 1


@pytest.mark.parametrize(
    "name", ["outcome", "verdict", "groups", "sensitivity", "attrition", "counts", "indicator", "initiatives", "money",
             "facts", "events", "profile", "themes", "reliability"],
)  # fmt: skip
def test_without_rows_there_is_no_table(name: str) -> None:
    assert getattr(tables, f"{name}_table")(Results("nothing"), "en") is None
