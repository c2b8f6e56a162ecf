"""The public registers of a project as its file holds them: the budget, and the initiatives with their stages."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from vunki_eval.project.instrument import Code, Model, Texts

EventId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Money = Annotated[float, Field(ge=0)]
BY_TEAM = "reported by the team"
"""Source of a stage that a team's members reported, not the register itself."""
Stage = Literal["given_up", "paused", "idea", "planned", "tried_out", "running", "public_service", "fulfilled"]


class BudgetLine(Model):
    """A line of the budget; ``paid_by`` says out of which source, where one source pays the whole line."""

    key: Code
    title: Texts
    planned: Money | None = None
    used: Money | None = None
    paid_by: Literal["grant", "own"] | None = None
    source: str = ""
    date: dt.date | None = None


class Budget(Model):
    """The ``[budget]`` table, in euros.

    What was used of each source stands in ``grant_used`` and ``own_used``, or follows from lines that all say who paid.
    """

    total: Money | None = None
    grant: Money | None = None
    own: Money | None = None
    grant_used: Money | None = None
    own_used: Money | None = None
    line: tuple[BudgetLine, ...] = ()

    def used(self, source: str = "") -> float | None:
        """Give what was used, altogether or of a source ("grant", "own"); None while a part of it is not known."""
        if source:
            given: float | None = getattr(self, f"{source}_used")
            lines = [line.used for line in self.line if line.paid_by == source]
            known = bool(self.line) and all(line.paid_by and line.used is not None for line in self.line)
            return given if given is not None else sum(u for u in lines if u is not None) if known else None
        every = [line.used for line in self.line] or [self.grant_used, self.own_used]
        return None if None in every else sum(u for u in every if u is not None)


class StageOn(Model):
    """The stage of an initiative on a date."""

    date: dt.date
    stage: Stage
    source: str = ""


class Initiative(Model):
    """An ``[[initiative]]`` of the public register; ``team`` is its team at the event, as people name it in answers."""

    id: EventId
    title: Texts
    event: EventId | None = None
    team: str = ""
    owner: str | Texts = ""
    municipality: dict[str, str] = {}
    need: dict[str, str] = {}
    sectors: tuple[str, ...] = ()
    stages: tuple[StageOn, ...] = ()
    mentoring_hours: float | None = None
    volunteer_hours: float | None = None
    money_raised: Money | None = None
    partners: int | None = None
    source: str = ""
    date: dt.date | None = None


def team_faults(initiatives: tuple[Initiative, ...]) -> list[tuple[str, str]]:
    """Find teams without an event, and teams that two initiatives of an event claim."""
    seen: set[tuple[str | None, str]] = set()
    faults = []
    for entry in initiatives:
        place = (entry.event, " ".join(entry.team.casefold().split()))
        if entry.team and entry.event is None:
            faults.append((f"initiative.{entry.id}.team", "A team needs its event."))
        elif entry.team and place in seen:
            faults.append((f"initiative.{entry.id}.team", "Another initiative of the event has this team."))
        seen.add(place)
    return faults
