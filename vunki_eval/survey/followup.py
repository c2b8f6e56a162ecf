"""Add the idea stages that teams report at follow-up to the public register of initiatives.

The register is public, people's answers are not. So a reported stage enters the register only if at least two members
of the team answered, all who answered agree, the day is known, and the count of that answer is published for the event
(otherwise the entry would reveal a suppressed count). The register's own entry from after the event takes precedence.
Hours, euros and partners of a single team are never taken from answers.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from vunki_eval.errors import M_, Problem
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.project import Event
from vunki_eval.project.registers import BY_TEAM, Initiative, StageOn
from vunki_eval.readers.wording import label_key
from vunki_eval.survey.score import team_of_people

WAVE, STAGE = "followup", "FU1"
LEAST = 2
"""Members who must answer before their answers count as the team's report."""
AT_WORK = ("tried_out", "running", "public_service", "fulfilled")
FILE = "surveys/project.toml"


@dataclass(frozen=True, slots=True)
class TeamReport:
    """The stages that a team's members report for their idea, one per member who answered.

    Attributes
    ----------
    team : str
        The team's name as it is compared (`label_key`): without case and punctuation.
    stages : tuple of str
    """

    team: str
    stages: tuple[str, ...]

    @property
    def agreed(self) -> str | None:
        """The stage that at least two members report and no member contradicts; None if there is none."""
        return self.stages[0] if len(self.stages) >= LEAST and len(set(self.stages)) == 1 else None

    def __repr__(self) -> str:
        """Say how many, never what."""
        return f"<TeamReport of {len(self.stages)} members, not shown>"


def asks_stage(instrument: Instrument) -> bool:
    """Tell whether an instrument asks for the stage of a team's idea."""
    return any(i.code == STAGE for i in instrument.items)


def team_reports(responses: pd.DataFrame, scores: pd.DataFrame) -> tuple[TeamReport, ...]:
    """Group the stages reported at follow-up by the team that the respondent named there or in another wave."""
    if STAGE not in responses:
        return ()
    stages = responses.loc[responses["wave"] == WAVE, ["respondent", STAGE]].dropna()
    with_team = stages.join(team_of_people(scores), on="respondent", how="inner")
    with_team = with_team.assign(team=[label_key(str(t)) for t in with_team["team"]])
    return tuple(
        TeamReport(str(team), tuple(sorted(map(str, part))))
        for team, part in with_team[with_team["team"] != ""].groupby("team", sort=True)[STAGE]
    )


def reported_on(responses: pd.DataFrame) -> dt.date | None:
    """Find the day of the last follow-up response; None if the export holds no times."""
    times = responses.loc[responses["wave"] == WAVE, "submitted"].dropna() if "submitted" in responses else []
    return pd.Timestamp(max(times)).date() if len(times) else None


def with_team_stages(
    entries: Iterable[Initiative], event: Event, reports: Sequence[TeamReport], on: dt.date | None,
    published: Collection[str],
) -> list[Initiative]:  # fmt: skip
    """Add the stages that teams report to the register.

    Parameters
    ----------
    entries : iterable of Initiative
    event : Event
        Only its entries change.
    reports : sequence of TeamReport
    on : date or None
        Day of the reports; without it nothing is added.
    published : collection of str
        Stages whose count of answers is published for the event.
    """
    agreed = {r.team: r.agreed for r in reports if r.agreed in published}
    out = []
    for entry in entries:
        stage = agreed.get(label_key(entry.team)) if entry.event == event.id and entry.team else None
        joins = stage is not None and on is not None and registered_stage(entry, event, on) is None
        reported = [StageOn.model_validate({"date": on, "stage": stage, "source": BY_TEAM})] if joins else []
        out.append(entry.model_copy(update={"stages": (*entry.stages, *reported)}) if reported else entry)
    return out


def registered_stage(entry: Initiative, event: Event, on: dt.date) -> StageOn | None:
    """Find the register's own latest stage after the event, up to a day."""
    end = event.actual.end or event.actual.start
    own = [s for s in entry.stages if (end is None or s.date > end) and s.date <= on]
    return max(own, key=lambda s: s.date, default=None)


def stage_findings(
    entries: Iterable[Initiative], event: Event, reports: Sequence[TeamReport], on: dt.date | None, teams: Iterable[str]
) -> Iterator[Problem]:
    """Point out teams whose members disagree or whose report differs from the register; name no person.

    Parameters
    ----------
    entries : iterable of Initiative
    event : Event
    reports : sequence of TeamReport
    on : date or None
    teams : iterable of str
        Every team that a respondent named.
    """
    by_team, named = {r.team: r for r in reports}, {label_key(str(t)) for t in teams}
    for entry in entries:
        if entry.event != event.id or not entry.team:
            continue
        where, report = f"initiative.{entry.id}", by_team.get(label_key(entry.team))
        if named and label_key(entry.team) not in named:
            problem = M_("No answer names the initiative's team.")
            yield Problem(FILE, 0, f"{where}.team", problem, M_("Write the team's name as in the answers."), "VE-774")
        elif report is not None and len(set(report.stages)) > 1:
            problem = M_("Members of the team report different stages; the register's own entry stands.")
            hint = M_("Ask the team, and enter the stage with its date and source.")
            yield Problem(FILE, 0, f"{where}.stages", problem, hint, "VE-775")
        elif report is not None and report.agreed and on is not None:
            own = registered_stage(entry, event, on)
            if own is not None and own.stage != report.agreed:
                problem = M_("The team reports a different stage from the register; the register's own entry stands.")
                hint = M_("Find out which one is right, and correct the register if it is out of date.")
                yield Problem(FILE, 0, f"{where}.stages", problem, hint, "VE-776")
