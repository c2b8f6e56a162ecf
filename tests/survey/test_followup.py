"""Teams' reports at follow-up: what joins the register, what is only found, and what never leaves the study."""

import csv
import datetime as dt
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import vunki_eval as ve
from vunki_eval.analysis import analyse_project
from vunki_eval.errors import ConfigError
from vunki_eval.privacy.documents.write import privacy_documents
from vunki_eval.project.project import Event
from vunki_eval.project.registers import BY_TEAM, Initiative
from vunki_eval.publish.quality import check_event, write_check
from vunki_eval.questionnaire.form import consent_text
from vunki_eval.report.tables import initiatives_table
from vunki_eval.survey.followup import (
    TeamReport,
    reported_on,
    stage_findings,
    team_reports,
    with_team_stages,
)

EVENT = "2020-antsla"
ON = dt.date(2021, 2, 28)
HELD = Event.model_validate({
    "id": "e", "title": {"en": "e"}, "actual": {"start": dt.date(2020, 8, 13), "end": dt.date(2020, 8, 15)},
})  # fmt: skip
ALL = {"running", "paused", "planned"}


def entry(*stages: tuple[dt.date, str], team: str = "Team 1", event: str = "e") -> Initiative:
    dated = [{"date": day, "stage": stage} for day, stage in stages]
    return Initiative.model_validate(
        {"id": "a", "title": {"en": "a"}, "event": event, "team": team, "stages": tuple(dated)}
    )


def report(*stages: str) -> TeamReport:
    return TeamReport("team 1", stages)


def added(own: Initiative, team_report: TeamReport, *, on: dt.date | None = ON, published: set[str] = ALL) -> list[str]:
    after = with_team_stages([own], HELD, [team_report], on, published)[0].stages[len(own.stages) :]
    assert all((s.date, s.source) == (ON, BY_TEAM) for s in after)
    return [s.stage for s in after]


def codes(own: Initiative, team_report: TeamReport, teams: tuple[str, ...] = ("Team 1",)) -> list[str]:
    return [f.code for f in stage_findings([own], HELD, [team_report], ON, teams)]


BEFORE, AFTER, LATER = (dt.date(2020, 8, 15), "idea"), (dt.date(2021, 2, 1), "paused"), (dt.date(2021, 5, 1), "paused")


def test_two_members_who_agree_make_a_report() -> None:
    assert added(entry(BEFORE), report("running", "running")) == ["running"]
    assert added(entry(BEFORE), report("running")) == []
    assert added(entry(BEFORE), report("paused", "running", "running")) == []
    assert repr(report("running", "running")) == "<TeamReport of 2 members, not shown>"


def test_an_entry_from_after_the_event_stands() -> None:
    assert added(entry(BEFORE, AFTER), report("running", "running")) == []
    assert added(entry(BEFORE, LATER), report("running", "running")) == ["running"]


def test_nothing_joins_without_a_day_or_where_the_count_is_kept_back() -> None:
    assert added(entry(BEFORE), report("running", "running"), on=None) == []
    assert added(entry(BEFORE), report("running", "running"), published={"paused"}) == []
    assert added(entry(BEFORE, event="f"), report("running", "running")) == []
    assert added(entry(BEFORE, team=""), TeamReport("", ("running", "running"))) == []


def test_disagreement_is_found_and_names_nobody() -> None:
    assert codes(entry(BEFORE), report("paused", "running")) == ["VE-775"]
    assert codes(entry(BEFORE, AFTER), report("running", "running")) == ["VE-776"]
    assert codes(entry(BEFORE, AFTER), report("paused", "paused")) == []
    assert codes(entry(BEFORE, AFTER), report("running")) == []
    assert codes(entry(BEFORE, LATER), report("running", "running")) == []
    assert codes(entry(team="Team 9"), report("running")) == ["VE-774"]
    assert codes(entry(team="TEAM  1"), report("running")) == []
    (found,) = stage_findings([entry(BEFORE)], HELD, [report("paused", "running")], ON, ["Team 1"])
    assert str(found).startswith(
        "surveys/project.toml:initiative.a.stages: Members of the team report different stages"
    )
    assert "running" not in str(found)


def test_reports_by_team_whatever_their_spelling() -> None:
    frame = pd.DataFrame({
        "respondent": ["a", "b", "c", "d"], "wave": ["followup", "followup", "followup", "post"],
        "FU1": ["running", "running", None, "paused"],
        "submitted": pd.to_datetime(["2021-02-01", ON, None, None]),
    })  # fmt: skip
    scores = pd.DataFrame({"respondent": ["a", "b", "c", "d"], "team": ["Team 1", "team  1", "Team 1", "Team 1"]})
    assert team_reports(frame, scores) == (report("running", "running"),)
    assert reported_on(frame) == ON
    assert reported_on(frame.assign(submitted=pd.NaT)) is None
    assert team_reports(frame.drop(columns="FU1"), scores) == ()


def change(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")


def test_a_team_needs_its_event_and_belongs_to_one_initiative(own_project: Path) -> None:
    change(own_project / "surveys" / "project.toml", ('"Meeskond 6"', '"meeskond  3"'))
    with pytest.raises(ConfigError, match=r"initiative.synthetic-02.team: Another initiative of the event has this"):
        ve.load_project(own_project)
    change(own_project / "surveys" / "project.toml", ('event = "2020-antsla"\nteam = "meeskond', 'team = "meeskond'))
    with pytest.raises(ConfigError, match=r"initiative.synthetic-02.team: A team needs its event"):
        ve.load_project(own_project)


@pytest.mark.slow
def test_the_simulated_teams_join_the_register(own_project: Path) -> None:
    project = ve.load_project(own_project)
    study = ve.load_study(project, EVENT)
    results = ve.analyse(study)
    rows = results.initiatives.set_index("id")
    assert not {f.code for f in study.findings} & {"VE-774", "VE-775", "VE-776"}
    joins = rows[rows["stage_source"] == BY_TEAM]
    assert dict(joins["stage"]) == {"synthetic-03": "running", "synthetic-05": "paused", "synthetic-06": "running"}
    assert set(joins["date"]) == {"2021-02-28"}
    whole = analyse_project(project, {EVENT: results})
    assert dict(whole.initiatives.set_index("id").loc[joins.index, "stage"]) == dict(joins["stage"])
    assert [s["id"] for s in whole.meta["stages"] if s["source"] == BY_TEAM] == list(joins.index)
    facts = whole.facts[whole.facts["event"] == "project"].set_index("key")["value"]
    assert (facts["initiatives_followed"], facts["initiatives_working"]) == (12, 5)
    alone = analyse_project(project, {})
    assert BY_TEAM not in set(alone.initiatives["stage_source"])
    for language, said in (
        ("en", "reported by the team, 28 February 2021"),
        ("et", "meeskonna teatel, 28. veebruar 2021"),
    ):
        table = initiatives_table(whole, language)
        assert table is not None
        assert [r[-1] for r in table.rows].count(said) == 3


@pytest.mark.slow
def test_a_stage_that_few_people_tell_stays_out(own_project: Path) -> None:
    later = ', { date = 2021-02-20, stage = "tried_out", source = "synthetic" }'
    change(own_project / "surveys" / "project.toml", (later, ""))
    results = ve.analyse(ve.load_study(ve.load_project(own_project), EVENT))
    said = results.distributions[results.distributions["item"] == "FU1"]["answer"]
    assert "tried_out" not in set(said)
    row = results.initiatives.set_index("id").loc["synthetic-02"]
    assert (row["stage_source"] == BY_TEAM, row["date"]) == (False, "2020-08-15")


def test_the_check_tells_disagreement_and_writes_the_sheet(own_project: Path) -> None:
    toml = own_project / "surveys" / "project.toml"
    change(toml, ('"Meeskond 8"', '"Meeskond 80"'))
    change(toml, ('date = 2021-02-20, stage = "given_up"', 'date = 2021-02-20, stage = "running"'))
    later = own_project / "surveys" / EVENT / "followup.csv"
    lines = later.read_text("utf-8").splitlines(keepends=True)
    at = next(k for k, line in enumerate(lines) if '"Meeskond 3"' in line and '"toimib"' in line)
    lines[at] = lines[at].replace('"toimib"', '"pausil"')
    alone = next(k for k, line in enumerate(lines) if '"Meeskond 5"' in line)
    lines[alone] = lines[alone].replace('"Meeskond 5"', '"Omapead"')
    later.write_text("".join(lines), "utf-8")
    checked = check_event(ve.load_project(own_project), EVENT)
    assert checked.study is not None
    assert checked.exit_code == 0
    found = {f.code: f for f in checked.study.findings if f.code in ("VE-774", "VE-775", "VE-776")}
    assert {c: f.column.split(".")[1] for c, f in found.items()} == {
        "VE-774": "synthetic-06", "VE-775": "synthetic-01", "VE-776": "synthetic-08",
    }  # fmt: skip
    folder = write_check(checked, "et")
    with (folder / "teams.csv").open(encoding="utf-8", newline="") as file:
        sheet = list(csv.DictReader(file))
    rows = {r["initiative"]: r for r in sheet}
    assert all(r["reported"] == r["FU2a_median"] == "" for r in sheet if r["members"] == "1")
    assert any(r["members"] == "1" for r in sheet)
    assert not any(r["team"] for r in sheet if not r["initiative"])
    assert any(not r["initiative"] for r in sheet)
    assert rows["synthetic-01"]["reported"] == "paused 1; running 2"
    assert (rows["synthetic-08"]["register"], rows["synthetic-08"]["reported"][:8]) == ("running", "given_up")
    assert float(rows["synthetic-08"]["FU2a_median"]) >= 0
    assert "meeskonna liikmed" in (folder / "quality.html").read_text("utf-8").casefold()


@pytest.mark.parametrize(
    ("language", "notice"), [("et", "vähemalt kaks meeskonna liiget"), ("en", "two members of a team")]
)
def test_people_are_told_before_they_answer(own_project: Path, language: str, notice: str) -> None:
    project = ve.load_project(own_project)
    consent = " ".join(consent_text(project, language))
    paper = " ".join(t for p in privacy_documents(project, language) for part in p.parts for t in part.text)
    assert (consent.count(notice), paper.count(notice)) == (1, 1)
    items = tuple(i for i in project.instrument.items if i.code != "FU1")
    without = replace(project, instrument=project.instrument.model_copy(update={"items": items}))
    assert notice not in " ".join(consent_text(without, language))
