"""What teams tell of their ideas at follow-up, and how it joins the public register of initiatives.

The register is public, people's answers are not. So a stage that a team reports becomes an entry of the register only
when at least two of its members answered, all who answered agree, the day is known, and the answer's own count is
published for the event (so that the entry tells nothing of a count that is kept back). An entry that the register
itself has from after the event always stands. Hours, euros and partners of a single team are never taken from answers.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from vunki_eval.errors import Problem
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.project import Event
from vunki_eval.project.registers import BY_TEAM, Initiative, StageOn
from vunki_eval.readers.wording import label_key
from vunki_eval.survey.score import team_of_people

WAVE, STAGE = "followup", "FU1"
LEAST = 2
"""Fewer members than this are no team's report."""
AT_WORK = ("tried_out", "running", "public_service", "fulfilled")
FILE = "surveys/project.toml"


@dataclass(frozen=True, slots=True)
class TeamReport:
    """What the members of a team who answered say of their idea's stage, an entry per member.

    Attributes
    ----------
    team : str
        The team's name, reduced to what is compared (`label_key`): no case, no punctuation.
    stages : tuple of str
    """

    team: str
    stages: tuple[str, ...]

    @property
    def agreed(self) -> str | None:
        """The stage that two members or more report and nobody of the team contradicts."""
        return self.stages[0] if len(self.stages) >= LEAST and len(set(self.stages)) == 1 else None

    def __repr__(self) -> str:
        """Say how many, never what."""
        return f"<TeamReport of {len(self.stages)} members, not shown>"


def asks_stage(instrument: Instrument) -> bool:
    """Tell whether a questionnaire asks where a team's idea stands."""
    return any(i.code == STAGE for i in instrument.items)


def team_reports(responses: pd.DataFrame, scores: pd.DataFrame) -> tuple[TeamReport, ...]:
    """Gather the stages that people report at follow-up by the team they named there or in another wave."""
    if STAGE not in responses:
        return ()
    said = responses.loc[responses["wave"] == WAVE, ["respondent", STAGE]].dropna()
    known = said.join(team_of_people(scores), on="respondent", how="inner")
    known = known.assign(team=[label_key(str(t)) for t in known["team"]])
    return tuple(
        TeamReport(str(team), tuple(sorted(map(str, part))))
        for team, part in known[known["team"] != ""].groupby("team", sort=True)[STAGE]
    )


def reported_on(responses: pd.DataFrame) -> dt.date | None:
    """Day of the last answer of the follow-up, None where the export holds no times."""
    times = responses.loc[responses["wave"] == WAVE, "submitted"].dropna() if "submitted" in responses else []
    return pd.Timestamp(max(times)).date() if len(times) else None


def joined(
    entries: Iterable[Initiative], event: Event, reports: Sequence[TeamReport], on: dt.date | None,
    published: Collection[str],
) -> list[Initiative]:  # fmt: skip
    """Give the register with the stages that teams report.

    Parameters
    ----------
    entries : iterable of Initiative
    event : Event
        Entries of other events stay as they are.
    reports : sequence of TeamReport
    on : date or None
        Day of the reports; nothing joins without it.
    published : collection of str
        Stages whose count of answers is published for the event.
    """
    agreed = {r.team: r.agreed for r in reports if r.agreed in published}
    out = []
    for entry in entries:
        stage = agreed.get(label_key(entry.team)) if entry.event == event.id and entry.team else None
        joins = stage is not None and on is not None and standing(entry, event, on) is None
        told = [StageOn.model_validate({"date": on, "stage": stage, "source": BY_TEAM})] if joins else []
        out.append(entry.model_copy(update={"stages": (*entry.stages, *told)}) if told else entry)
    return out


def standing(entry: Initiative, event: Event, on: dt.date) -> StageOn | None:
    """Give the register's own stage on a day, of those from after the event."""
    end = event.actual.end or event.actual.start
    own = [s for s in entry.stages if (end is None or s.date > end) and s.date <= on]
    return max(own, key=lambda s: s.date, default=None)


def stage_findings(
    entries: Iterable[Initiative], event: Event, reports: Sequence[TeamReport], on: dt.date | None, teams: Iterable[str]
) -> Iterator[Problem]:
    """Say where members of a team disagree, or their report differs from the register; it names no person.

    Parameters
    ----------
    entries : iterable of Initiative
    event : Event
    reports : sequence of TeamReport
    on : date or None
    teams : iterable of str
        Every team that somebody named.
    """
    by_team, named = {r.team: r for r in reports}, {label_key(str(t)) for t in teams}
    for entry in entries:
        if entry.event != event.id or not entry.team:
            continue
        where, report = f"initiative.{entry.id}", by_team.get(label_key(entry.team))
        if named and label_key(entry.team) not in named:
            said = "No answer names the initiative's team."
            yield Problem(FILE, 0, f"{where}.team", said, "Write the team as the answers do.", "VE-774")
        elif report is not None and len(set(report.stages)) > 1:
            said = "Members of the team report different stages; the register's own entry stands."
            hint = "Ask the team, and enter the stage with its date and source."
            yield Problem(FILE, 0, f"{where}.stages", said, hint, "VE-775")
        elif report is not None and report.agreed and on is not None:
            own = standing(entry, event, on)
            if own is not None and own.stage != report.agreed:
                said = "The team reports another stage than the register; the register's own entry stands."
                hint = "Ask which one holds, and correct the register if it is out of date."
                yield Problem(FILE, 0, f"{where}.stages", said, hint, "VE-776")
