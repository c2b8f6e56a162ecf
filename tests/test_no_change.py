"""Events without any change: reports must not claim one more often than chance allows (issue of the whole report)."""

from pathlib import Path

import pytest

import vunki_eval as ve
from vunki_eval.project.project import Project, load_project
from vunki_eval.simulate import simulate_event, to_plain

CLAIMS = {"clear_gain", "clear_decline", "gain", "decline", "smaller_than_matters"}
EVENTS = 200
MOST = 18


def write_event(root: Path, project: Project, seed: int) -> None:
    simulated = simulate_event(project.instrument, n=92, seed=seed, change={})
    folder = root / "surveys" / "2021-online"
    for wave in ("pre", "post"):
        (folder / f"{wave}.csv").write_text(to_plain(simulated, wave), "utf-8")
    (folder / "decisions.csv").unlink(missing_ok=True)


@pytest.mark.slow
def test_at_most_18_of_200_reports_without_a_change_claim_one(own_project: Path) -> None:
    project = load_project(own_project)
    claiming = 0
    for seed in range(EVENTS):
        write_event(own_project, project, seed)
        verdicts = ve.analyse(ve.load_study(project, "2021-online")).verdicts
        primary = verdicts[verdicts["outcome"].isin(project.primary_outcomes)]
        assert len(primary) == 3
        claiming += bool(set(primary["verdict"]) & CLAIMS)
    assert claiming <= MOST, f"{claiming} of {EVENTS} reports claim a change that is not there"
