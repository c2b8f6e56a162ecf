"""The self-check passes and fails what it should."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from vunki_eval.report.commentary import Advice, Commentary
from vunki_eval.report.sections import selfcheck
from vunki_eval.report.sections.selfcheck import CRITERIA
from vunki_eval.results.blocks import Table, paragraph
from vunki_eval.results.results import Results


def rows(results: Results, commentary: Commentary | None = None) -> dict[str, str]:
    table = next(b for b in selfcheck(results, "en", commentary).blocks if isinstance(b, Table))
    return {row[1]: row[2].split("\N{NO-BREAK SPACE}")[1] for row in table.rows}


def test_unsigned_draft_wording_fails_and_the_rest_passes(synthetic_results: dict[str, Results]) -> None:
    marks = rows(synthetic_results["2020-antsla"], Commentary(advice=(Advice("Do", "Somebody", "May 2021"),)))
    failed = {criterion for criterion, mark in marks.items() if mark == "fail"}
    assert failed == {
        "The evaluator is named", "The wording of all questions has passed an editor", "Somebody has signed the report",
    }  # fmt: skip


def test_advice_without_owner_fails(synthetic_results: dict[str, Results]) -> None:
    marks = rows(synthetic_results["2020-antsla"], Commentary(advice=(Advice("Do"),)))
    assert marks["Recommendations have an owner and a date"] == "fail"


def test_title_counts(synthetic_results: dict[str, Results]) -> None:
    results = synthetic_results["2020-antsla"]
    met = sum(v == "pass" for v in rows(results).values())
    assert selfcheck(results, "en").title.startswith(f"{met} of {len(rows(results))} criteria")


def without(results: Results, **where: object) -> Results:
    """Drop the estimates that have these values."""
    table = results.estimates
    dropped = table["outcome"].notna()
    for name, value in where.items():
        dropped &= table[name] == value
    return replace(results, estimates=table[~dropped])


def with_meta(results: Results, **meta: Any) -> Results:
    """Replace entries of the metadata."""
    return replace(results, meta={**results.meta, **meta})


def lacking_step(results: Results) -> Results:
    flow = results.flow.copy()
    flow.loc[flow["step"] == "attended", "n"] = None
    return replace(results, flow=flow)


def project(results: Results, **about: Any) -> Results:
    return with_meta(results, project={**results.meta["project"], **about})


def undeclared(results: Results) -> Results:
    outcomes = {k: {**v, "smallest_change": None} for k, v in results.meta["outcomes"].items()}
    return with_meta(results, outcomes=outcomes)


def edited(results: Results, state: str = "edited") -> Results:
    return with_meta(results, items={k: {**v, "translation": state} for k, v in results.meta["items"].items()})


def nothing_of_main(results: Results) -> Results:
    return replace(results, estimates=results.estimates[~results.estimates["outcome"].isin(results.meta["primary"])])


ADVICE = Commentary(advice=(Advice("Do", "Somebody", "May 2021"),))
OFF: dict[str, Callable[[Results], Results]] = {
    "Object, period and place are named": lambda r: project(with_meta(r, event={}), start=None),
    "Funder and applicant are named": lambda r: project(r, funder=None),
    "The evaluator is named": lambda r: project(r, evaluator={}),
    "A summary stands by itself": nothing_of_main,
    "Method and its limits are described": lambda r: with_meta(r, primary=[]),
    "The wording of all questions has passed an editor": lambda r: edited(r, "draft"),
    "Conclusions follow from numbers with intervals": lambda r: without(r, outcome="TS", statistic="change"),
    "People are protected by a threshold": lambda r: with_meta(r, threshold=2),
    "Somebody has signed the report": lambda r: with_meta(r, signed=None),
    "Flow of participants through every step": lacking_step,
    "Response rates with denominators": lambda r: without(r, statistic="response_rate"),
    "Those who answered again are compared with the others": lambda r: without(r, statistic="smd_attrition"),
    "Reliability of the scales in these data": lambda r: without(r, statistic="alpha"),
    "Main outcomes and smallest changes were declared before": undeclared,
    "Each main outcome has an estimate with an interval": lambda r: without(r, outcome="CE", statistic="change"),
}


@pytest.fixture
def whole(synthetic_results: dict[str, Results]) -> Results:
    """Results for which every criterion is met."""
    return edited(
        with_meta(project(synthetic_results["2020-antsla"], evaluator={"name": "Evaluator"}), signed={"by": "E"})
    )


def test_everything_can_be_met(whole: Results) -> None:
    assert set(rows(whole, ADVICE).values()) == {"pass"}


@pytest.mark.parametrize("criterion", OFF)
def test_a_criterion_fails_without_its_input(whole: Results, criterion: str) -> None:
    assert rows(OFF[criterion](whole), ADVICE)[criterion] == "fail"


def test_every_criterion_is_turned_off_by_some_test() -> None:
    met_by_commentary = {"Recommendations have an owner and a date", "No reason for a change is claimed"}
    assert {c for _, c, _, _ in CRITERIA} == set(OFF) | met_by_commentary


def test_a_reason_claimed_by_the_evaluator_fails(whole: Results) -> None:
    commentary = Commentary(comments={"trust": (paragraph("The event caused more trust."),)}, advice=ADVICE.advice)
    assert rows(whole, commentary)["No reason for a change is claimed"] == "fail"
