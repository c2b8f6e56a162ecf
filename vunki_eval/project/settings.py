"""The tables of ``surveys/project.toml``, and the checks that hold between them."""

import datetime as dt
import difflib
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from vunki_eval.errors import M_, Message, joined
from vunki_eval.project.config import Faults
from vunki_eval.project.event_kind import EventKind, event_kind, event_kinds
from vunki_eval.project.formalities import Area, Claim, EventClaim, Signature
from vunki_eval.project.instrument import Code, Model, Texts
from vunki_eval.project.registers import Budget, EventId, Initiative, team_faults
from vunki_eval.project.style import Style
from vunki_eval.project.version_1 import NEWEST, complete_project

# "project" is the end-of-project report's folder; the others are not allowed as file names on Windows.
RESERVED = frozenset(
    {"project", "con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}
)


class Sourced(Model):
    """A public number, with the source and date it was taken from; ``value`` None prints as "no data"."""

    value: float | None = None
    source: str = ""
    date: dt.date | None = None
    note: dict[str, str] = {}


class Organisation(Model):
    """Applicant, partner or evaluator."""

    name: str
    registry_code: str = ""
    url: str = ""


class About(Model):
    """The ``[project]`` table; ``signed`` applies to the end-of-project report and to events without their own."""

    id: EventId
    title: Texts
    summary: dict[str, str] = {}
    start: dt.date
    end: dt.date
    funder: Texts
    programme: dict[str, str] = {}
    measure: dict[str, str] = {}
    applicant: Organisation
    partners: tuple[Organisation, ...] = ()
    evaluator: Organisation | None = None
    area: dict[str, str] = {}
    event_kind: str | EventKind = "üritus"
    languages: tuple[str, ...] = ("et", "en")
    synthetic: bool = False
    report_date: dt.date | None = None
    signed: Signature | None = None

    @property
    def kind(self) -> EventKind:
        """The words for the kind of event that is evaluated."""
        return event_kind(self.event_kind) if isinstance(self.event_kind, str) else self.event_kind


class Method(Model):
    """The ``[method]`` table: choices that were declared before the data were seen."""

    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    primary_outcomes: tuple[Code, ...] = ()
    smallest_change: dict[str, float] = {}
    suppression_threshold: Annotated[int, Field(ge=3, le=50)] = 5
    seed: int = 20190901


class Place(Model):
    """When, where and how an event was planned or held."""

    start: dt.date | None = None
    end: dt.date | None = None
    place: dict[str, str] = {}
    mode: Literal["onsite", "online", "mixed"] | None = None
    source: str = ""


class ReaderOptions(Model):
    """How to read an export, where its content does not tell."""

    reader: str = ""
    encoding: str = ""
    delimiter: str = ""
    decimal: Literal["", ".", ","] = ""
    sheet: str = ""
    header_row: int | None = None


class Export(ReaderOptions):
    """A wave's export with its reading options."""

    file: str


class Event(Model):
    """An ``[[event]]``; ``waves`` maps each wave to one or more files below ``surveys/<event id>/``.

    If ``waves`` is left out, files named after a wave (``pre.csv``, ``post.xlsx``) are its exports.
    """

    id: EventId
    title: Texts
    planned: Place = Place()
    actual: Place = Place()
    registered: Sourced = Sourced()
    attended: Sourced = Sourced()
    teams: Sourced = Sourced()
    waves: dict[Code, str | Export | tuple[str | Export, ...]] = {}
    participants: str = ""
    reading: ReaderOptions = ReaderOptions()
    signed: Signature | None = None
    claim: EventClaim = EventClaim()
    synthetic: bool | None = None
    note: dict[str, str] = {}

    def exports(self, wave: str) -> tuple[Export, ...]:
        """List the exports of a wave; one given only as a file name takes the event's reading options."""
        exports = self.waves.get(wave, ())
        exports = (exports,) if isinstance(exports, str | Export) else exports
        common = self.reading.model_dump()
        return tuple(e if isinstance(e, Export) else Export(file=e, **common) for e in exports)

    def name_of(self, export: Export) -> str:
        """Name an export for messages and decisions: with its sheet if several sheets of the workbook are read."""
        files = [e.file for wave in self.waves for e in self.exports(wave)]
        return f"{export.file}[{export.sheet}]" if files.count(export.file) > 1 else export.file


class Indicator(Model):
    """An ``[[indicator]]`` of the logframe; ``statistic`` names the result from which its actual value is taken.

    ``statistic`` is ``fact:<key>`` (sum over events) or ``<outcome>.<statistic>`` of the estimates.
    """

    key: Code
    title: Texts
    unit: dict[str, str] = {}
    baseline: float | None = None
    target: float | None = None
    approximate: bool = False
    actual: float | None = None
    statistic: str = ""
    due: dt.date | None = None
    result: Code | None = None
    evidence: dict[str, str] = {}
    source: str = ""
    date: dt.date | None = None


class ExpectedResult(Model):
    """A ``[[result]]`` that the project promised: measured by outcomes, indicators or a register."""

    key: Code
    title: Texts
    outcomes: tuple[Code, ...] = ()
    indicators: tuple[Code, ...] = ()


class Fact(Model):
    """A ``[[fact]]``: a public number or sentence about the project, never without its source."""

    key: Code
    event: EventId | None = None
    title: Texts
    value: float | str | None = None
    unit: str = ""
    source: str
    date: dt.date | None = None


class Retention(Model):
    """The ``[retention]`` table: until when the answers are stored."""

    retain_until: dt.date | None = None


class ResearchPackage(Model):
    """The ``[export]`` table: disclosure limits and licence of the research package.

    ``quasi_identifiers`` are items by which people in the area might recognise somebody; if empty, all profile items.
    Without a ``licence`` the package says that its owner has chosen none.
    """

    quasi_identifiers: tuple[Code, ...] = ()
    k: Annotated[int, Field(ge=5, le=50)] = 5
    licence: str = ""
    authors: tuple[str, ...] = ()


class Config(Model):
    """The whole file ``project.toml``."""

    schema_: Annotated[int, Field(alias="schema")] = NEWEST
    about: Annotated[About, Field(alias="project")]
    instrument: str = "instrument.toml"
    budget: Budget = Budget()
    area: Area | None = None
    claim: Claim = Claim()
    method: Method = Method()
    events: Annotated[tuple[Event, ...], Field(alias="event")] = ()
    results: Annotated[tuple[ExpectedResult, ...], Field(alias="result")] = ()
    indicators: Annotated[tuple[Indicator, ...], Field(alias="indicator")] = ()
    initiatives: Annotated[tuple[Initiative, ...], Field(alias="initiative")] = ()
    facts: Annotated[tuple[Fact, ...], Field(alias="fact")] = ()
    retention: Retention = Retention()
    style: Style = Style()
    export: ResearchPackage = ResearchPackage()

    @model_validator(mode="before")
    @classmethod
    def _completed(cls, data: Any) -> Any:
        return complete_project(data)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        faults = _kind_faults(self.about.event_kind)
        for name in ("events", "initiatives", "results", "indicators"):
            ids = [getattr(x, "id", None) or x.key for x in getattr(self, name)]
            faults += [
                (f"{name[:-1]}.{i}", M_("The id is used twice.")) for i in sorted({i for i in ids if ids.count(i) > 1})
            ]
        event_ids = {e.id for e in self.events}
        faults += [(f"event.{e.id}", M_("This id is reserved.")) for e in self.events if e.id in RESERVED]
        for kind, entries in (("initiative", self.initiatives), ("fact", self.facts)):
            faults += [
                (
                    f"{kind}.{getattr(x, 'id', getattr(x, 'key', ''))}.event",
                    M_("There is no event {event}.", event=repr(x.event)),
                )
                for x in entries
                if x.event is not None and x.event not in event_ids
            ]
        faults += team_faults(self.initiatives)
        parts, total = [self.budget.used("grant"), self.budget.used("own")], self.budget.used()
        if total is not None and None not in parts and abs(sum(p or 0 for p in parts) - total) >= 0.005:  # half a cent
            faults.append(
                ("budget.grant_used", M_("The amounts used of the sources do not add up to those of the lines."))
            )
        if self.about.end < self.about.start:
            faults.append(("project.end", M_("The end is before the start.")))
        if faults:
            raise Faults(faults)
        return self


def _kind_faults(kind: str | EventKind) -> list[tuple[str, Message]]:
    """Find a kind of event that is not known."""
    if not isinstance(kind, str):
        return []
    names = [*event_kinds(), *(k.en.singular for k in event_kinds().values())]
    if kind in names:
        return []
    near = difflib.get_close_matches(kind, names, n=1)
    known = M_("Known: {kinds}; or a table of its forms.", kinds=", ".join(event_kinds()))
    if near:
        known = M_("Did you mean {near}?", near=repr(near[0]))
    return [("project.event_kind", joined(" ", (M_("There is no kind of event {kind}.", kind=repr(kind)), known)))]
