"""The truth table of verdicts, strength with its reasons, indicators and expected results."""

import datetime as dt
import itertools
from dataclasses import replace
from typing import Any

import pytest

from vunki_eval.analysis.evidence import (
    CLAIMED,
    CLAIMS,
    STRENGTHS,
    expected_result,
    indicator_status,
    is_small,
    reasons,
    strength,
    verdict,
    without_teams,
)
from vunki_eval.language.causal_wording import banned
from vunki_eval.project.project import ExpectedResult, Indicator
from vunki_eval.results.estimates import EstimateRow, Flag
from vunki_eval.results.results import Record


def change(
    estimate: float | None, low: float | None, high: float | None, p: float | None = 0.01, **more: Any
) -> EstimateRow:
    row = EstimateRow("A", "post", "change", estimate, low, high, p, p_adjusted=p, flags=(Flag.PAIRS,))
    return replace(row, **more)


def ninety(low: float, high: float) -> EstimateRow:
    return change((low + high) / 2, low, high, statistic="equivalence")


TABLE = [
    # p_h, 95 % interval, 90 % interval, verdict; smallest change 0.5
    (0.001, (0.50, 1.10), (0.55, 1.05), "clear_gain"),
    (0.001, (-1.10, -0.50), (-1.05, -0.55), "clear_decline"),
    (0.010, (0.05, 0.55), (0.10, 0.49), "smaller_than_matters"),
    (0.010, (-0.55, -0.05), (-0.49, -0.10), "smaller_than_matters"),
    (0.010, (0.10, 0.90), (0.15, 0.85), "gain"),
    (0.010, (-0.90, -0.10), (-0.85, -0.15), "decline"),
    (0.010, (0.49, 0.90), (0.53, 0.85), "gain"),
    (0.200, (-0.10, 0.50), (-0.05, 0.45), "no_meaningful_change"),
    (0.050, (0.01, 0.55), (0.05, 0.49), "no_meaningful_change"),
    (0.200, (-0.10, 0.70), (-0.05, 0.60), "cannot_tell"),
    (0.060, (0.02, 0.80), (0.10, 0.70), "cannot_tell"),
    (0.200, (-0.60, 0.30), (-0.50, 0.20), "cannot_tell"),
]


@pytest.mark.parametrize(("p", "limits", "inner", "expected"), TABLE)
def test_truth_table(p: float, limits: tuple[float, float], inner: tuple[float, float], expected: str) -> None:
    row = change(sum(limits) / 2, *limits, p)
    assert verdict(row, ninety(*inner), margin=0.5) == expected


@pytest.mark.parametrize(("p", "limits", "inner", "expected"), TABLE)
def test_where_less_is_better_the_table_is_mirrored(
    p: float, limits: tuple[float, float], inner: tuple[float, float], expected: str
) -> None:
    row = change(-sum(limits) / 2, -limits[1], -limits[0], p)
    assert verdict(row, ninety(-inner[1], -inner[0]), margin=0.5, direction=-1) == expected


def test_negative_control_is_not_turned() -> None:
    assert verdict(change(-0.5, -0.9, -0.1), None, margin=0.2, direction=0) == "decline"


def test_ratios_are_judged_on_their_logarithm() -> None:
    assert verdict(change(1.6, 1.26, 2.0), ninety(1.3, 1.9), margin=1.25, ratio=True) == "clear_gain"
    assert verdict(change(0.6, 0.5, 0.79), ninety(0.52, 0.78), margin=1.25, ratio=True) == "clear_decline"
    assert verdict(change(1.0, 0.9, 1.2, 0.6), ninety(0.81, 1.24), margin=1.25, ratio=True) == "no_meaningful_change"
    assert verdict(change(1.0, 0.8, 1.2, 0.6), ninety(0.79, 1.2), margin=1.25, ratio=True) == "cannot_tell"


def test_adjusted_p_decides() -> None:
    assert verdict(change(0.5, 0.1, 0.9, 0.03, p_adjusted=0.06), ninety(0.2, 0.8), margin=0.3) == "cannot_tell"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (change(0.5, None, None, None), "described"),
        (change(None, None, None, None, status="suppressed"), "suppressed"),
        (change(None, None, None, None, status="not_estimable"), "not_estimable"),
    ],
)
def test_without_an_interval_nothing_is_concluded(row: EstimateRow, expected: str) -> None:
    assert verdict(row, None, margin=0.5) == expected


def test_without_a_declared_smallest_change_nothing_is_clear_or_small() -> None:
    assert verdict(change(2.0, 1.5, 2.5), None, margin=None) == "gain"
    assert verdict(change(0.0, -0.01, 0.01, 0.9), ninety(-0.01, 0.01), margin=None) == "cannot_tell"


def test_no_change_is_said_only_after_the_equivalence_test() -> None:
    row = change(0.1, -0.1, 0.3, 0.3)
    assert verdict(row, None, margin=0.5) == "cannot_tell"
    assert verdict(row, change(None, None, None, status="not_estimable"), margin=0.5) == "cannot_tell"
    assert not is_small(ninety(-0.5, 0.4), 0.5)


@pytest.mark.parametrize("verdict_key", CLAIMED)
def test_strength_falls_one_step_for_each_reason(verdict_key: str) -> None:
    names = ["attrition", "linking", "interval", "reliability", "mode"]
    assert [strength(verdict_key, names[:n]) for n in range(5)] == ["strong", "moderate", "weak", "none", "none"]
    assert strength(verdict_key, ["mode", "mode"]) == "moderate"


def test_where_no_change_is_stated_there_is_no_evidence_of_one() -> None:
    assert strength("cannot_tell", []) == "none"
    assert strength("suppressed", []) == "none"
    assert strength("described", []) == "weak"
    assert strength("exploratory", []) is None


def estimates(**more: EstimateRow) -> list[EstimateRow]:
    base = {
        ("A", "post", "change"): change(0.6, 0.3, 0.9),
        ("A", "post", "change_pairs"): change(0.6, 0.3, 0.9),
        ("A", "post", "p_wilcoxon"): change(50, None, None, 0.001),
        ("A", "pre", "alpha"): change(0.8, 0.7, 0.9),
        ("A", "pre", "ceiling_share"): change(0.1, 0.05, 0.2),
        ("response", "post", "linking_rate"): change(0.85, 0.8, 0.9),
        ("response", "post", "retention"): change(0.8, None, None),
    }
    for name, row in more.items():
        outcome, wave, statistic = name.split("__")
        base[outcome, wave, statistic] = row
    return [replace(r, outcome=o, wave=w, statistic=s) for (o, w, s), r in base.items()]


REASONS = {
    "attrition": {"response__post__retention": change(0.69, None, None)},
    "linking": {"response__post__linking_rate": change(0.69, 0.6, 0.8)},
    "interval": {"A__post__change": change(0.4, -0.1, 0.9, 0.1), "A__post__change_pairs": change(0.4, -0.1, 0.9, 0.1),
                 "A__post__p_wilcoxon": change(50, None, None, 0.2)},
    "reliability": {"A__post__alpha": change(0.7, 0.59, 0.8)},
    "ceiling": {"A__pre__ceiling_share": change(0.16, 0.1, 0.3)},
    "clustering": {"A__post__design_effect_05": change(1.3, None, None)},
    "sensitivity": {"A__post__change_exact_links": change(0.3, -0.1, 0.7)},
}  # fmt: skip


def test_without_a_flaw_there_is_no_reason() -> None:
    assert reasons(estimates(), "A", margin=0.5) == []


@pytest.mark.parametrize(("name", "flaw"), REASONS.items(), ids=REASONS)
def test_each_reason_alone(name: str, flaw: dict[str, EstimateRow]) -> None:
    assert reasons(estimates(**flaw), "A", margin=0.5) == [name]


def test_modes_that_differ_and_teams_that_matter() -> None:
    assert reasons(estimates(), "A", margin=0.5, modes=["onsite", "online"]) == ["mode"]
    assert reasons(estimates(), "A", margin=0.5, modes=["onsite", "onsite"]) == []
    assert reasons(estimates(), "A", margin=0.5, verdict_of_plain="clear_gain") == ["clustering"]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("A__post__p_sign_flip", change(0.6, None, None, 0.2)),
        ("A__post__change_complete_items", change(0.2, -0.3, 0.7)),
        ("A__post__change_shifted_25", change(0.2, -0.1, 0.5)),
        ("A__post__change_all_items", change(-0.5, -0.9, -0.1)),
    ],
)
def test_sensitivity_strip_that_disagrees(name: str, row: EstimateRow) -> None:
    assert reasons(estimates(**{name: row}), "A", margin=0.5) == ["sensitivity"]


def test_hidden_rows_say_nothing() -> None:
    hidden = change(None, None, None, None, status="suppressed")
    assert reasons(estimates(A__post__change_exact_links=hidden), "A", margin=0.5) == []


def test_teams_change_the_verdict() -> None:
    headline, plain = change(0.6, 0.4, 0.8, 0.001), change(0.6, 0.52, 0.68, 0.0001)
    assert without_teams(headline, plain, ninety(0.43, 0.77), margin=0.5) == "clear_gain"
    assert without_teams(headline, change(0.6, 0.45, 0.75), ninety(0.43, 0.77), margin=0.5) is None
    assert without_teams(headline, None, None, margin=0.5) is None


def test_without_teams_narrows_the_90_percent_interval_too() -> None:
    headline, plain = change(0.2, -0.3, 0.7, 0.4), change(0.2, -0.05, 0.45, 0.1)
    assert without_teams(headline, plain, ninety(-0.2, 0.6), margin=0.5) == "no_meaningful_change"


def indicator(**more: Any) -> Indicator:
    return Indicator.model_validate({"key": "x", "title": {"en": "x"}, **more})


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(20.0, "met"), (25.0, "met"), (19.9, "mostly_met"), (16.0, "mostly_met"), (15.9, "partly_met"),
     (10.0, "partly_met"), (9.9, "not_met"), (0.0, "not_met"), (None, "no_data")],
)  # fmt: skip
def test_status_of_an_indicator(actual: float | None, expected: str) -> None:
    assert indicator_status(indicator(baseline=0, target=20), actual, None) == expected


def test_indicator_from_its_baseline_and_downwards() -> None:
    assert indicator_status(indicator(baseline=10, target=20), 18, None) == "mostly_met"
    assert indicator_status(indicator(baseline=20, target=10), 9, None) == "met"
    assert indicator_status(indicator(baseline=0, target=0), 0.1, None) == "met"
    assert indicator_status(indicator(baseline=0, target=0), 0.0, None) == "not_met"
    assert indicator_status(indicator(), 5.0, None) == "no_target"


def test_what_is_due_later_is_not_due_yet() -> None:
    later = indicator(target=3, due=dt.date(2022, 3, 13))
    assert indicator_status(later, None, dt.date(2021, 12, 31)) == "not_due"
    assert indicator_status(later, 3.0, dt.date(2021, 12, 31)) == "met"  # known early
    assert indicator_status(later, None, dt.date(2022, 3, 13)) == "no_data"


def result(**more: Any) -> ExpectedResult:
    return ExpectedResult.model_validate({"key": "r", "title": {"en": "r"}, **more})


def judged(outcome: str, verdict_key: str, event: str = "project") -> Record:
    return {"event": event, "outcome": outcome, "verdict": verdict_key, "strength": "moderate", "reasons": ["mode"]}


def measured(key: str, status: str, source: str = "list", by_people: bool = False) -> Record:
    return {"key": key, "status": status, "source": source, "measured": by_people}


def test_expected_result_by_its_outcome() -> None:
    row = expected_result(result(outcomes=["TS"], indicators=["i"]), [judged("TS", "gain")], [measured("i", "met")])
    assert (row["outcome"], row["verdict"], row["strength"], row["reasons"]) == (
        "result:r",
        "gain",
        "moderate",
        ["mode"],
    )


def test_expected_result_needs_the_verdict_on_all_events() -> None:
    row = expected_result(result(outcomes=["TS"]), [judged("TS", "gain", "2020-antsla")], [])
    assert (row["verdict"], row["strength"]) == ("no_data", "none")


def test_expected_result_by_registers() -> None:
    wanted = result(outcomes=["VH"], indicators=["a", "b", "c"])
    rows = [measured("a", "met"), measured("b", "partly_met"), measured("c", "not_due")]
    row = expected_result(wanted, [judged("VH", "exploratory")], rows)
    assert (row["verdict"], row["strength"]) == ("partly_met", "documented")
    assert expected_result(wanted, [], [measured("a", "met", source="")])["strength"] == "reported"
    assert expected_result(wanted, [], [measured("a", "met", by_people=True)])["strength"] == "reported"
    assert expected_result(wanted, [], [measured("a", "not_due")])["verdict"] == "not_due"
    assert expected_result(wanted, [], [measured("a", "no_data")])["verdict"] == "no_data"


def test_claims_exist_for_every_verdict_and_never_overlap() -> None:
    for verdict_key in (*CLAIMED, "cannot_tell", "described", "suppressed", "not_estimable", "exploratory"):
        may, may_not = CLAIMS[verdict_key]
        assert may
        assert "reason" in may_not
        assert not set(may) & set(may_not)
    assert not [k for pair in CLAIMS.values() for key in itertools.chain(*pair) if (k := banned(key, "en"))]
    assert STRENGTHS[-1] == "none"
