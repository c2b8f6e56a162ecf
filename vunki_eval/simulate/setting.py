"""Settings of a simulation: levels, shares, response rates, errors.

Keys that an instrument does not have are ignored, and scales or items not listed here get plain defaults, so any
instrument can be simulated. The defaults fit the Vunki mano! questionnaire; they are invented, not estimated.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from vunki_eval.project.instrument import Value


@dataclass(frozen=True, slots=True)
class Level:
    """Mean and standard deviation of a scale's items before the event (of log1p for counts)."""

    mean: float
    spread: float


def _fixed(values: Mapping[Any, Any]) -> Any:
    return field(default_factory=lambda: dict(values))


# True change from the first to the next wave that asks the scale, in its points (a ratio for log1p).
CHANGE: Mapping[str, float] = MappingProxyType({"TS": 0.7, "NW1": 1.6, "CE": 0.12, "NW7": 0.3, "VH": 0.6})

_LEVELS = {
    "TS": Level(5.8, 2.1),
    "TR": Level(5.7, 2.1),
    "TN": Level(4.9, 2.3),
    "NW1": Level(1.8, 0.85),
    "VH": Level(1.4, 1.0),
    "CE": Level(3.6, 0.95),
    "CA": Level(3.9, 0.85),
    "TT": Level(4.1, 0.8),
    "CX": Level(4.1, 0.85),
    "PS": Level(3.9, 0.85),
    "NW7": Level(3.5, 0.95),
    "SA1": Level(4.3, 0.7),
    "SA2": Level(8.3, 1.7),
    "IN1": Level(3.9, 0.9),
    "IN2": Level(3.3, 1.0),
    "FU3": Level(6.2, 2.0),
    "NW3": Level(1.6, 0.6),
    "NW6": Level(0.9, 0.6),
    "IN3N": Level(1.0, 0.5),
    "FU2a": Level(2.2, 0.7),
    "FU2b": Level(5.5, 1.5),
    "FU2c": Level(1.0, 0.5),
}
_SHARES: dict[str, dict[Value, float]] = {
    "PR1": {"municipality": 0.2, "public": 0.13, "community": 0.3, "business": 0.1, "education": 0.14, "private": 0.13},
    "PR3": {
        "antsla": 0.24, "rouge": 0.2, "setomaa": 0.08, "voru_linn": 0.2, "voru_vald": 0.2, "elsewhere": 0.08,
    },
    "PR3B": {"yes": 0.15, "no": 0.85},
    "PR4": {1: 0.14, 2: 0.38, 3: 0.36, 4: 0.12},
    "PR5": {0: 0.5, 1: 0.27, 2: 0.14, 3: 0.09},
    "PR6": {"woman": 0.62, "man": 0.36, "other": 0.02},
    "IN3C": {"yes": 0.55, "no": 0.45},
    "FU1": {
        "given_up": 0.1, "paused": 0.2, "planned": 0.25, "tried_out": 0.15, "running": 0.25, "public_service": 0.0,
        "fulfilled": 0.05,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How an event is simulated.

    Attributes
    ----------
    levels : mapping
        Level per scale or item.
    shares : mapping
        Share of each answer per nominal item; the answers of items not listed are equally likely.
    asked_of : mapping
        Items that only some people are asked: item -> (other item, its values for which the item is asked).
    by_team : tuple of str
        Items about the team, answered alike by all its members.
    role_item, team_item : str
        The items that hold role and team; people with a role in `roles_outside` belong to no team.
    teams : int
        Number of teams, each with one idea owner.
    stability : float
        Correlation of a person's true level between waves.
    shared : float
        Share of an item's variance that it shares with its scale.
    team_share : float
        Share of the variance of true changes that lies between teams. Team effects are centred over people, so they
        do not affect the mean change.
    persistence : float
        Share of the change that remains at the follow-up.
    recall_shift : float
        Shift of the remembered level before the event, in standard deviations of the item.
    response : mapping
        Share of attendees who answer, per wave.
    no_shows : float
        People who registered and did not come, as a share of those who came.
    attrition : float
        How strongly answering later depends on the first score (logits per standard deviation of the primary scales).
    blank, dont_know, refused : float
        Share of items left blank, answered "don't know", or refused.
    code_error, code_blank : float
        Share of code elements mistyped, or left blank, per wave.
    repeats, refusals, tests, partials : mapping
        Number of repeated submissions, refused consents, test rows and unfinished answers, per wave.
    omitted : mapping
        Items left out of a wave that would ask them (such as a team that is not known yet).
    start, days : date, int
        First day and length of the event.
    """

    levels: Mapping[str, Level] = _fixed(_LEVELS)
    shares: Mapping[str, Mapping[Value, float]] = _fixed(_SHARES)
    asked_of: Mapping[str, tuple[str, tuple[Value, ...]]] = _fixed(
        {"PR3B": ("PR3", ("rouge", "voru_vald")), "IN3N": ("IN3C", ("yes",))}
    )
    by_team: tuple[str, ...] = ("FU1", "FU2a", "FU2b", "FU2c")
    role_item: str = "PR2"
    team_item: str = "TM"
    roles_outside: tuple[str, ...] = ("mentor", "expert", "organiser")
    teams: int = 8
    stability: float = 0.75
    shared: float = 0.5
    team_share: float = 0.05
    persistence: float = 0.8
    recall_shift: float = -0.2
    response: Mapping[str, float] = _fixed({"pre": 0.85, "post": 0.72, "followup": 0.5})
    no_shows: float = 0.05
    attrition: float = 0.5
    blank: float = 0.012
    dont_know: float = 0.025
    refused: float = 0.005
    code_error: float = 0.03
    code_blank: float = 0.01
    repeats: Mapping[str, int] = _fixed({"post": 1})
    refusals: Mapping[str, int] = _fixed({"post": 1})
    tests: Mapping[str, int] = _fixed({"post": 1})
    partials: Mapping[str, int] = _fixed({})
    omitted: Mapping[str, tuple[str, ...]] = _fixed({"pre": ("TM",)})
    start: dt.date = dt.date(2020, 8, 13)
    days: int = 3
