"""The project: read from ``surveys/project.toml`` and checked together with its instrument.

A project is a folder with ``surveys/project.toml``. `find_project` finds it from any folder inside;
`load_project` reads it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from vunki_eval.errors import M_, ConfigError, Message, Problem, UsageError
from vunki_eval.project.config import problems_of, read_toml, shown, validate
from vunki_eval.project.file_names import files_named_after, named_twice, plain_name
from vunki_eval.project.formalities import Signature, area_faults
from vunki_eval.project.instrument import Instrument, load_instrument
from vunki_eval.project.settings import (
    About,
    Config,
    Event,
    ExpectedResult,
    Export,
    Indicator,
    Method,
    Organisation,
    Place,
    ReaderOptions,
    Sourced,
)
from vunki_eval.project.style import project_theme, style_problems
from vunki_eval.project.theme import Theme
from vunki_eval.project.unfinished import refuse_unfinished

_T = TypeVar("_T")

__all__ = [
    "About",
    "Config",
    "Event",
    "ExpectedResult",
    "Export",
    "Indicator",
    "Method",
    "Organisation",
    "Place",
    "Project",
    "ReaderOptions",
    "Sourced",
    "find_project",
    "load_project",
]


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
        """Private folder of what the evaluator must check."""
        return self.root / "checks"

    @property
    def theme(self) -> Theme:
        """Theme of the project, with its font and logo files."""
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
        """Replace an event by another version of it."""
        events = tuple(event if e.id == event.id else e for e in self.events)
        return replace(self, config=self.config.model_copy(update={"events": events}))

    def signature(self, event_id: str | None = None) -> Signature | None:
        """Return the signature of an event's report (or the end-of-project report); None while it is a draft."""
        own = self.event(event_id).signed if event_id else None
        return own or self.about.signed

    def event(self, event_id: str) -> Event:
        """Return an event by its id.

        Raises
        ------
        UsageError
            If there is none; the message lists the ids.
        """
        for event in self.events:
            if event.id == event_id:
                return event
        listed = ", ".join(e.id for e in self.events) or M_("none")
        raise UsageError(
            Problem(
                "",
                0,
                "",
                M_("There is no event with that id."),
                M_("Events of this project: {listed}.", listed=listed),
                "VE-102",
            )
        )

    def synthetic(self, event_id: str | None = None) -> bool:
        """Tell whether the answers (of an event, or of any event) are invented."""
        events = self.events if event_id is None else (self.event(event_id),)
        flags = [self.about.synthetic if e.synthetic is None else e.synthetic for e in events]
        return any(flags) if flags else self.about.synthetic

    def smallest_change(self, outcome: str) -> float | None:
        """Return the smallest change that matters: from the config, else from the scale (a ratio for counts)."""
        if outcome in self.method.smallest_change:
            return self.method.smallest_change[outcome]
        return self.instrument.scale(outcome).smallest_change if self.instrument.has_scale(outcome) else None


def find_project(start: Path | None = None) -> Path:
    """Find the project's folder: ``start`` or the nearest folder above it with ``surveys/project.toml``.

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
            "", 0, "", M_("This folder is not inside a project: no surveys/project.toml here or above."),
            M_("Go to the project's folder, or start one with `vunki-eval new DIR`."), "VE-101",
        )
    )  # fmt: skip


def load_project(root: Path | str | None = None, *, unfinished_ok: bool = False) -> Project:
    """Read and check a project.

    Parameters
    ----------
    root : Path or str, optional
        A folder inside the project; the current one if left out.
    unfinished_ok : bool
        Load the project although an erasure is unfinished; for finishing it.

    Returns
    -------
    Project

    Raises
    ------
    UsageError
        If there is no project, or an erasure in it is unfinished.
    ConfigError
        With every fault of both files.
    """
    folder = find_project(Path(root) if root is not None else None)
    path = folder / "surveys" / "project.toml"
    if not unfinished_ok:
        refuse_unfinished(path.parent)
    problems: list[Problem] = []
    config = _caught(problems, lambda: validate(Config, read_toml(path), path))
    name = config.instrument if config else "instrument.toml"
    if not (path.parent / name).resolve().is_relative_to(path.parent.resolve()):
        problem = M_("The instrument must be inside surveys/.")
        raise ConfigError(Problem(shown(path), 0, "instrument", problem, M_("Name a file there."), "VE-207"))
    instrument = _caught(problems, lambda: load_instrument(path.parent / name))
    if config and instrument:
        problems += _cross_faults(config, instrument, path)
        problems += style_problems(config.style, path.parent, config.about.languages, shown(path))
    if problems or config is None or instrument is None:
        raise ConfigError(problems)
    keys = instrument.wave_keys
    events = [
        e.model_copy(update={"waves": e.waves or files_named_after(path.parent / e.id, keys)}) for e in config.events
    ]
    return Project(folder, config.model_copy(update={"events": tuple(events)}), instrument)


def _caught(problems: list[Problem], load: Callable[[], _T]) -> _T | None:
    """Load a file; collect its problems instead of stopping, so that those of both files are reported."""
    try:
        return load()
    except ConfigError as error:
        problems.extend(error.problems)
        return None


def _cross_faults(config: Config, instrument: Instrument, path: Path) -> list[Problem]:
    """Find what the project names but its instrument does not have, and unusable file names."""
    faults: list[tuple[str, Message]] = []
    scales, waves = {s.key for s in instrument.scales}, set(instrument.wave_keys)
    for name in ("primary_outcomes", "smallest_change"):
        for key in getattr(config.method, name):
            if key not in scales:
                faults.append((f"method.{name}", M_("The instrument has no scale {key}.", key=repr(key))))
    profile = {i.code for i in instrument.items if i.kind == "single"}
    faults += [
        ("export.quasi_identifiers", M_("The instrument has no item {code} with single answers.", code=repr(code)))
        for code in config.export.quasi_identifiers
        if code not in profile
    ]
    for event in config.events:
        faults += [
            (
                f"event.{event.id}.waves.{w}",
                M_(
                    "The instrument has no wave {w}; its waves are: {wave_keys}.",
                    w=repr(w),
                    wave_keys=", ".join(instrument.wave_keys),
                ),
            )
            for w in event.waves
            if w not in waves
        ]
        files = [(e.file, e.sheet) for w in event.waves for e in event.exports(w)]
        faults += [
            (
                f"event.{event.id}.waves.{w}",
                M_("A file must be inside the event's folder and have a plain relative name."),
            )
            for w in event.waves
            if not all(plain_name(e.file) for e in event.exports(w))
        ]
        faults += [(f"event.{event.id}.waves", what) for what in named_twice(files)]
        faults += [
            (f"event.{event.id}.{key}", M_("A file must be inside the event's folder and have a plain relative name."))
            for key, file in (
                ("participants", event.participants),
                ("claim.agenda", event.claim.agenda),
                ("claim.signed_list", event.claim.signed_list),
            )
            if file and not plain_name(file)
        ]
    faults += area_faults(config.area, instrument) if config.area else []
    missing = [lang for lang in config.about.languages if lang not in instrument.languages]
    faults += [
        ("project.languages", M_("The instrument has no wording in {lang}.", lang=repr(lang))) for lang in missing
    ]
    faults += _result_faults(config, instrument) + _target_faults(config, instrument)
    return problems_of(path, faults)


def _result_faults(config: Config, instrument: Instrument) -> list[tuple[str, Message]]:
    """Find results with an unknown indicator or outcome, and indicators of unknown results."""
    indicators, results = {i.key for i in config.indicators}, {r.key for r in config.results}
    measured = {s.key for s in instrument.scales} | {i.code for i in instrument.items}
    faults = []
    for result in config.results:
        where = f"result.{result.key}"
        faults += [
            (where, M_("There is no indicator {k}.", k=repr(k))) for k in result.indicators if k not in indicators
        ]
        faults += [
            (where, M_("The instrument has no scale or item {k}.", k=repr(k)))
            for k in result.outcomes
            if k not in measured
        ]
    for indicator in config.indicators:
        if indicator.result is not None and indicator.result not in results:
            faults.append(
                (f"indicator.{indicator.key}.result", M_("There is no result {result}.", result=repr(indicator.result)))
            )
    return faults


def _target_faults(config: Config, instrument: Instrument) -> list[tuple[str, Message]]:
    """Find targets for a change below the smallest change that matters: meeting them would mean nothing."""
    faults = []
    for indicator in config.indicators:
        outcome, _, statistic = indicator.statistic.partition(".")
        if statistic != "change" or indicator.target is None or not instrument.has_scale(outcome):
            continue
        smallest = config.method.smallest_change.get(outcome, instrument.scale(outcome).smallest_change)
        if smallest is not None and abs(indicator.target) < smallest:
            what = M_(
                "The target is below the smallest change that matters of {outcome} ({smallest}).",
                outcome=outcome,
                smallest=f"{smallest:g}",
            )
            faults.append((f"indicator.{indicator.key}.target", what))
    return faults
