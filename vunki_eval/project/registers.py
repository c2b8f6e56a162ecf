"""The public registers in ``project.toml``: the budget, and the initiatives with their stages."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from vunki_eval.errors import M_, Message
from vunki_eval.project.instrument import Code, Model, Texts

EventId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Money = Annotated[float, Field(ge=0)]
BY_TEAM = "reported by the team"
"""Source of a stage that members of the team reported, not the register."""
Stage = Literal["given_up", "paused", "idea", "planned", "tried_out", "running", "public_service", "fulfilled"]


class BudgetLine(Model):
    """A line of the budget; ``paid_by`` names the source if a single source pays the whole line."""

    key: Code
    title: Texts
    planned: Money | None = None
    used: Money | None = None
    paid_by: Literal["grant", "own"] | None = None
    source: str = ""
    date: dt.date | None = None


class Budget(Model):
    """The ``[budget]`` table, in euros.

    ``grant_used`` and ``own_used`` state what was used of each source. If left out, they follow from the lines, if
    every line says who paid.
    """

    total: Money | None = None
    grant: Money | None = None
    own: Money | None = None
    grant_used: Money | None = None
    own_used: Money | None = None
    line: tuple[BudgetLine, ...] = ()

    def used(self, source: str = "") -> float | None:
        """Sum what was used, in total or of a source ("grant", "own"); None while a part is unknown."""
        if source:
            stated: float | None = getattr(self, f"{source}_used")
            amounts = [line.used for line in self.line if line.paid_by == source]
            complete = bool(self.line) and all(line.paid_by and line.used is not None for line in self.line)
            return stated if stated is not None else sum(a for a in amounts if a is not None) if complete else None
        amounts = [line.used for line in self.line] or [self.grant_used, self.own_used]
        return None if None in amounts else sum(a for a in amounts if a is not None)


class StageOn(Model):
    """The stage of an initiative on a date."""

    date: dt.date
    stage: Stage
    source: str = ""


class Initiative(Model):
    """An ``[[initiative]]`` of the public register; ``team`` is its team at the event, as named in the answers."""

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


def team_faults(initiatives: tuple[Initiative, ...]) -> list[tuple[str, Message]]:
    """Find teams without an event, and teams that two initiatives of an event share."""
    seen: set[tuple[str | None, str]] = set()
    faults = []
    for entry in initiatives:
        team = (entry.event, " ".join(entry.team.casefold().split()))
        if entry.team and entry.event is None:
            faults.append((f"initiative.{entry.id}.team", M_("A team needs its event.")))
        elif entry.team and team in seen:
            faults.append((f"initiative.{entry.id}.team", M_("Another initiative of the event has this team.")))
        seen.add(team)
    return faults
