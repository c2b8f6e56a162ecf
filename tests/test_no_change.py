"""Events without any change: reports must not claim one more often than chance allows (issue of the whole report)."""

from pathlib import Path

import pytest

import vunki_eval as ve
from vunki_eval.project.project import Project, load_project
from vunki_eval.simulate import simulate_event, to_plain

CLAIMS = {"clear_gain", "clear_decline", "gain", "decline", "smaller_than_matters"}


def write_event(root: Path, project: Project, seed: int) -> None:
    simulated = simulate_event(project.instrument, n=92, seed=seed, change={})
    folder = root / "surveys" / "2021-online"
    for wave in ("pre", "post"):
        (folder / f"{wave}.csv").write_text(to_plain(simulated, wave), "utf-8")
    (folder / "decisions.csv").unlink(missing_ok=True)


@pytest.mark.slow
@pytest.mark.parametrize(("events", "most"), [(25, 4), pytest.param(200, 18, marks=pytest.mark.deep)])
def test_reports_without_a_change_seldom_claim_one(own_project: Path, events: int, most: int) -> None:
    project = load_project(own_project)
    claiming = 0
    for seed in range(events):
        write_event(own_project, project, seed)
        verdicts = ve.analyse(ve.load_study(project, "2021-online")).verdicts
        primary = verdicts[verdicts["outcome"].isin(project.primary_outcomes)]
        assert len(primary) == 3
        claiming += bool(set(primary["verdict"]) & CLAIMS)
    assert claiming <= most, f"{claiming} of {events} reports claim a change that is not there"
