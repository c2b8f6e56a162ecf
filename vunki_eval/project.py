"""The project: what is evaluated, read from ``surveys/project.toml`` and checked as a whole.

A project is a folder with ``surveys/project.toml``. `find_project` looks for it from any folder inside; `load_project`
reads it together with its instrument.
"""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from vunki_eval.config import Faults, read_toml, shown, validate
from vunki_eval.errors import ConfigError, Problem, UsageError
from vunki_eval.formalities import Area, Claim, EventClaim, Signature, area_faults
from vunki_eval.instrument import Code, Instrument, Model, Texts, load_instrument
from vunki_eval.named_files import named_twice, plain_name
from vunki_eval.registers import Budget, EventId, Initiative, team_faults
from vunki_eval.style import Style, project_theme, style_problems
from vunki_eval.theme import Theme
from vunki_eval.waves import named_after

# "project" is the end-of-project report's folder; the others are no file names on Windows.
RESERVED = frozenset(
    {"project", "con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}
)


class Sourced(Model):
    """A public number with where and when it was read; ``value`` None prints as "no data"."""

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
    """The ``[project]`` table; ``signed`` signs the end-of-project report and every event's that has no own one."""

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
    languages: tuple[str, ...] = ("et", "en")
    synthetic: bool = False
    report_date: dt.date | None = None
    signed: Signature | None = None


class Method(Model):
    """The ``[method]`` table: what was declared before the data."""

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
    """How to read an export when the file alone does not tell."""

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
    """An ``[[event]]``; ``waves`` maps a wave to a file (or several) below ``surveys/<event id>/``.

    Where ``waves`` is left out, files named after a wave (``pre.csv``, ``post.xlsx``) are its exports.
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
        """Give the exports of a wave, with the event's reading options where the wave has none of its own."""
        given = self.waves.get(wave, ())
        many = (given,) if isinstance(given, str | Export) else given
        common = self.reading.model_dump()
        return tuple(e if isinstance(e, Export) else Export(file=e, **common) for e in many)

    def name_of(self, export: Export) -> str:
        """Name an export in messages and decisions: with its sheet where several sheets of a workbook are read."""
        files = [e.file for wave in self.waves for e in self.exports(wave)]
        return f"{export.file}[{export.sheet}]" if files.count(export.file) > 1 else export.file


class Indicator(Model):
    """An ``[[indicator]]`` of the logframe; ``statistic`` names a number of Results that the actual is taken from.

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
    """The ``[retention]`` table."""

    retain_until: dt.date | None = None


class ResearchPackage(Model):
    """The ``[export]`` table: what the research package may tell of a person, and under which licence it goes out.

    ``quasi_identifiers`` are the items by which people of the area may recognise somebody; all profile items when
    empty. Without a ``licence`` the package says that none was chosen: that is for its owner to decide.
    """

    quasi_identifiers: tuple[Code, ...] = ()
    k: Annotated[int, Field(ge=5, le=50)] = 5
    licence: str = ""
    authors: tuple[str, ...] = ()


class Config(Model):
    """The file ``project.toml`` as a whole."""

    schema_: Annotated[int, Field(alias="schema")] = 1
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

    @model_validator(mode="after")
    def _whole(self) -> Self:
        faults: list[tuple[str, str]] = []
        for name in ("events", "initiatives", "results", "indicators"):
            ids = [getattr(x, "id", None) or x.key for x in getattr(self, name)]
            faults += [
                (f"{name[:-1]}.{i}", "The id is used twice.") for i in sorted({i for i in ids if ids.count(i) > 1})
            ]
        known = {e.id for e in self.events}
        faults += [(f"event.{e.id}", "This id is reserved.") for e in self.events if e.id in RESERVED]
        for kind, entries in (("initiative", self.initiatives), ("fact", self.facts)):
            faults += [
                (f"{kind}.{getattr(x, 'id', getattr(x, 'key', ''))}.event", f"There is no event {x.event!r}.")
                for x in entries
                if x.event is not None and x.event not in known
            ]
        faults += team_faults(self.initiatives)
        parts, whole = [self.budget.used("grant"), self.budget.used("own")], self.budget.used()
        if whole is not None and None not in parts and abs(sum(p or 0 for p in parts) - whole) >= 0.005:
            faults.append(("budget.grant_used", "What was used of the sources is not what the lines add up to."))
        if self.about.end < self.about.start:
            faults.append(("project.end", "It lies before the start."))
        if faults:
            raise Faults(faults)
        return self


@dataclass(frozen=True, slots=True)
class Project:
    """A project on disk: its folder, its configuration and its instrument."""

    root: Path
    config: Config
    instrument: Instrument

    @property
    def surveys(self) -> Path:
        """Folder of configuration and exports."""
        return self.root / "surveys"

    @property
    def reports(self) -> Path:
        """Folder of published reports."""
        return self.root / "reports"

    @property
    def checks(self) -> Path:
        """Private folder of what an evaluator must look at."""
        return self.root / "checks"

    @property
    def theme(self) -> Theme:
        """The project's look, its font and logo files read."""
        return project_theme(self.config.style, self.surveys)

    @property
    def about(self) -> About:
        """The ``[project]`` table."""
        return self.config.about

    @property
    def method(self) -> Method:
        """The ``[method]`` table."""
        return self.config.method

    @property
    def events(self) -> tuple[Event, ...]:
        """All events, in the order of the file."""
        return self.config.events

    @property
    def primary_outcomes(self) -> tuple[str, ...]:
        """Keys of the primary outcomes: those of the config, else the instrument's primary scales."""
        return self.method.primary_outcomes or tuple(s.key for s in self.instrument.scales if s.primary)

    def with_event(self, event: Event) -> "Project":
        """Give the project with an event exchanged for what is known of it now."""
        events = tuple(event if e.id == event.id else e for e in self.events)
        return replace(self, config=self.config.model_copy(update={"events": events}))

    def signature(self, event_id: str | None = None) -> Signature | None:
        """Give who signed an event's report (or the end-of-project report); None while it is a draft."""
        own = self.event(event_id).signed if event_id else None
        return own or self.about.signed

    def event(self, event_id: str) -> Event:
        """Give an event by its id.

        Raises
        ------
        UsageError
            If there is none; the message lists the ids.
        """
        for event in self.events:
            if event.id == event_id:
                return event
        listed = ", ".join(e.id for e in self.events) or "none"
        raise UsageError(
            Problem("", 0, "", "There is no event of that name.", f"Events of this project: {listed}.", "VE-102")
        )

    def synthetic(self, event_id: str | None = None) -> bool:
        """Tell whether the answers (of an event, or of any event) are invented."""
        chosen = self.events if event_id is None else (self.event(event_id),)
        marks = [self.about.synthetic if e.synthetic is None else e.synthetic for e in chosen]
        return any(marks) if marks else self.about.synthetic

    def smallest_change(self, outcome: str) -> float | None:
        """Smallest change that matters: the config's, else the scale's (a ratio for counts)."""
        if outcome in self.method.smallest_change:
            return self.method.smallest_change[outcome]
        return self.instrument.scale(outcome).smallest_change if self.instrument.has_scale(outcome) else None


def find_project(start: Path | None = None) -> Path:
    """Find the project's folder: ``start`` or the nearest folder above it that holds ``surveys/project.toml``.

    Raises
    ------
    UsageError
        If there is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "surveys" / "project.toml").is_file():
            return folder
    raise UsageError(
        Problem(
            "", 0, "", "This folder is not inside a project: no surveys/project.toml here or above.",
            "Go to the project's folder, or start one with `vunki-eval new DIR`.", "VE-101",
        )
    )  # fmt: skip


def load_project(root: Path | str | None = None) -> Project:
    """Read a project.

    Parameters
    ----------
    root : Path or str, optional
        A folder inside the project; the current one if left out.

    Returns
    -------
    Project

    Raises
    ------
    UsageError
        If there is no project.
    ConfigError
        With every fault of both files.
    """
    folder = find_project(Path(root) if root is not None else None)
    path = folder / "surveys" / "project.toml"
    problems: list[Problem] = []
    config = _caught(problems, lambda: validate(Config, read_toml(path), path))
    name = config.instrument if config else "instrument.toml"
    if not (path.parent / name).resolve().is_relative_to(path.parent.resolve()):
        problem = "The instrument must lie inside surveys/."
        raise ConfigError(Problem(shown(path), 0, "instrument", problem, "Name a file there.", "VE-207"))
    instrument = _caught(problems, lambda: load_instrument(path.parent / name))
    if config and instrument:
        problems += _cross_faults(config, instrument, shown(path))
        problems += style_problems(config.style, path.parent, config.about.languages, shown(path))
    if problems or config is None or instrument is None:
        raise ConfigError(problems)
    keys = instrument.wave_keys
    events = [e.model_copy(update={"waves": e.waves or named_after(path.parent / e.id, keys)}) for e in config.events]
    return Project(folder, config.model_copy(update={"events": tuple(events)}), instrument)


def _caught(problems: list[Problem], make: Any) -> Any:
    try:
        return make()
    except ConfigError as error:
        problems.extend(error.problems)
        return None


def _cross_faults(config: Config, instrument: Instrument, file: str) -> list[Problem]:
    """Faults between the project and its instrument."""
    faults: list[tuple[str, str]] = []
    scales, waves = {s.key for s in instrument.scales}, set(instrument.wave_keys)
    for name in ("primary_outcomes", "smallest_change"):
        for key in getattr(config.method, name):
            if key not in scales:
                faults.append((f"method.{name}", f"The instrument has no scale {key!r}."))
    profile = {i.code for i in instrument.items if i.kind == "single"}
    faults += [
        ("export.quasi_identifiers", f"The instrument has no item {code!r} with single answers.")
        for code in config.export.quasi_identifiers
        if code not in profile
    ]
    for event in config.events:
        faults += [
            (
                f"event.{event.id}.waves.{w}",
                f"The instrument has no wave {w!r}; known: {', '.join(instrument.wave_keys)}.",
            )
            for w in event.waves
            if w not in waves
        ]
        named = [(e.file, e.sheet) for w in event.waves for e in event.exports(w)]
        faults += [
            (f"event.{event.id}.waves.{w}", "A file must lie inside the event's folder and have a plain relative name.")
            for w in event.waves
            if not all(plain_name(e.file) for e in event.exports(w))
        ]
        faults += [(f"event.{event.id}.waves", said) for said in named_twice(named)]
        faults += [
            (f"event.{event.id}.{key}", "A file must lie inside the event's folder and have a plain relative name.")
            for key, file in (
                ("participants", event.participants),
                ("claim.agenda", event.claim.agenda),
                ("claim.signed_list", event.claim.signed_list),
            )
            if file and not plain_name(file)
        ]
    faults += area_faults(config.area, instrument) if config.area else []
    missing = [lang for lang in config.about.languages if lang not in instrument.languages]
    faults += [("project.languages", f"The instrument has no wording in {lang!r}.") for lang in missing]
    faults += _result_faults(config, instrument) + _target_faults(config, instrument)
    return [Problem(file, 0, where, what, "Correct the entry.", "VE-207") for where, what in faults]


def _result_faults(config: Config, instrument: Instrument) -> list[tuple[str, str]]:
    """Results that name an indicator or an outcome nobody knows, and indicators of unknown results."""
    indicators, results = {i.key for i in config.indicators}, {r.key for r in config.results}
    measured = {s.key for s in instrument.scales} | {i.code for i in instrument.items}
    faults = []
    for result in config.results:
        where = f"result.{result.key}"
        faults += [(where, f"There is no indicator {k!r}.") for k in result.indicators if k not in indicators]
        faults += [(where, f"The instrument has no scale or item {k!r}.") for k in result.outcomes if k not in measured]
    for indicator in config.indicators:
        if indicator.result is not None and indicator.result not in results:
            faults.append((f"indicator.{indicator.key}.result", f"There is no result {indicator.result!r}."))
    return faults


def _target_faults(config: Config, instrument: Instrument) -> list[tuple[str, str]]:
    """Targets for a change that lie below the smallest change that matters: they could be met by nothing."""
    faults = []
    for indicator in config.indicators:
        outcome, _, statistic = indicator.statistic.partition(".")
        if statistic != "change" or indicator.target is None or not instrument.has_scale(outcome):
            continue
        smallest = config.method.smallest_change.get(outcome, instrument.scale(outcome).smallest_change)
        if smallest is not None and abs(indicator.target) < smallest:
            what = f"The target lies below the smallest change that matters of {outcome} ({smallest:g})."
            faults.append((f"indicator.{indicator.key}.target", what))
    return faults
