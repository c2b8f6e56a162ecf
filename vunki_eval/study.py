"""A study: one event's cleaned, linked and scored answers. Personal data; in memory only."""

from dataclasses import dataclass, field

import pandas as pd

from vunki_eval.errors import Problem
from vunki_eval.project import Event, Project


@dataclass(frozen=True, slots=True)
class Input:
    """A file that was read, for the manifest."""

    path: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Study:
    """What was measured at one event.

    Attributes
    ----------
    responses : DataFrame
        One row per usable response (consent given, duplicates settled). Columns: ``respondent`` (random id, the same
        for all linked responses of a person), ``wave``, ``file``, ``sheet``, ``row`` (physical, from 1), ``submitted``
        (naive local Timestamp or NaT), ``link_method`` (exact, one_difference, id, none), then the items: numbers and
        ordered answers as float (NaN = blank or user-missing), nominal answers as the option's value (str or None),
        texts as str or None, multiple answers as one 0/1/NaN column per option named ``CODE.value``. Codes of linking
        are not in it.
    nonresponse : DataFrame
        User-missing answers, apart from blanks: ``response`` (index label of ``responses``), ``item``, ``code``.
    scores : DataFrame
        Long: ``respondent``, ``wave``, ``scale``, ``score`` (scale points; counts as given, not yet logged),
        ``answered``, ``items``, ``complete`` (bool: every item that applies was answered), ``link_method``, ``team``.
        Rows without enough answers have score NaN.
    flow : DataFrame
        ``step``, ``wave``, ``n``, ``reason``; see `vunki_eval.link`.
    log : DataFrame
        Every change beyond plain label coding: ``file``, ``sheet``, ``row``, ``column``, ``rule``. Private.
    findings : tuple of Problem
        What a person should look at; never stops the analysis.
    inputs : tuple of Input
        Files read.
    false_link_share : float
        Expected share of wrong links among all links (NaN when nothing was linked by code).
    """

    project: Project
    event: Event
    responses: pd.DataFrame
    nonresponse: pd.DataFrame
    scores: pd.DataFrame
    flow: pd.DataFrame
    log: pd.DataFrame
    findings: tuple[Problem, ...] = ()
    inputs: tuple[Input, ...] = ()
    false_link_share: float = field(default=float("nan"))

    def __repr__(self) -> str:
        """Say how many, never who: a study holds personal data."""
        return f"<Study of {self.event.id}: {len(self.responses)} responses, not shown>"

    def _repr_html_(self) -> str:
        return repr(self).replace("<", "&lt;").replace(">", "&gt;")
