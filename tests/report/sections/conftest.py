"""Results in every state a report may meet: full, sparse, empty."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from vunki_eval.results.results import Results, from_dict, to_json

NUMBERS = ["estimate", "low", "high", "p", "p_adjusted", "n"]


def sparse(full: Results) -> Results:
    """Suppress every change and every distribution, and drop the number of people who came."""
    estimates = full.estimates.copy()
    hidden = estimates["statistic"].str.startswith(("change", "share", "g_av", "median", "alpha"))
    estimates.loc[hidden, NUMBERS] = None
    estimates.loc[hidden, "status"] = "suppressed"
    estimates.loc[hidden, "reason"] = "below_threshold"
    estimates.loc[estimates["statistic"] == "omega", ["estimate", "status", "reason"]] = [
        None,
        "not_estimable",
        "heywood",
    ]
    answers = full.distributions.copy()
    answers[["n", "share"]] = None
    answers["status"] = "suppressed"
    verdicts = full.verdicts.copy()
    primary = verdicts["outcome"].isin(full.meta["primary"])
    verdicts.loc[primary, "verdict"] = "suppressed"
    verdicts.loc[primary, "strength"] = "none"
    flow = full.flow.copy()
    flow.loc[flow["step"].isin(["registered", "attended"]), "n"] = None
    facts = full.facts[~full.facts["key"].isin(["attended", "registered", "teams"])]
    return replace(full, estimates=estimates, distributions=answers, verdicts=verdicts, flow=flow, facts=facts)


def foreign(full: Results) -> Results:
    """Rename every outcome and item to a code that no section knows, as with another instrument."""
    codes = sorted({*full.meta["outcomes"], *full.meta["items"]}, key=len, reverse=True)
    text = to_json(full)
    for code in codes:
        text = text.replace(f'"{code}"', f'"Z_{code}"').replace(f'"{code}=', f'"Z_{code}=')
    return from_dict(json.loads(text))


@pytest.fixture(scope="session")
def states(synthetic_results: dict[str, Results], shipped_project: Path) -> dict[str, Results]:
    """Results by state: events, project, suppressed, foreign instrument, without rows, empty, without surveys."""
    from vunki_eval.analysis import analyse_project
    from vunki_eval.project.project import load_project

    first = synthetic_results["2020-antsla"]
    return {
        **synthetic_results,
        "sparse": sparse(first),
        "foreign": foreign(first),
        "rowless": Results(first.event, first.meta),
        "nothing": Results("nothing"),
        "no-surveys": analyse_project(load_project(shipped_project), {}),
    }
