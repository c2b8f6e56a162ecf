"""One event, checked as far as its exports can be read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vunki_eval.errors import Problem, VunkiError
from vunki_eval.project.project import Event, Project
from vunki_eval.readers import read_export
from vunki_eval.readers.column_mapping import find_columns
from vunki_eval.readers.recognised import Recognised, recognise_exports
from vunki_eval.survey.decisions import OpenQuestion, RowMarks
from vunki_eval.survey.roster import read_roster, with_roster
from vunki_eval.survey.study import Study, load_study

EDITABLE = frozenset({"VE-340", "VE-341", "VE-342", "VE-343", "VE-346"})


@dataclass(frozen=True, slots=True)
class CheckedEvent:
    """What checking an event found.

    Attributes
    ----------
    exports : tuple of Recognised
        How every export was understood.
    study : Study or None
        None when something must be mended first.
    problems : tuple of Problem
        Why there is no study.
    editable : tuple of Question
        Answers that fit nothing, because of which there is no study, and that could be edited.
    exit_code : int
        0 nothing to do, 1 a person must look, 2 configuration, 3 input.
    """

    project: Project
    event: Event
    exports: tuple[Recognised, ...]
    study: Study | None
    problems: tuple[Problem, ...] = ()
    exit_code: int = 0
    editable: tuple[OpenQuestion, ...] = ()

    @property
    def to_settle(self) -> tuple[Problem, ...]:
        """Findings that a person must settle."""
        return tuple(f for f in self.study.findings if f.level == "look") if self.study else ()

    @property
    def questions(self) -> tuple[OpenQuestion, ...]:
        """What a person may rule on: open questions of the study, else answers that fit nothing and could be edited."""
        return self.editable if self.study is None else self.study.questions


def check_event(project: Project, event_id: str) -> CheckedEvent:
    """Read, clean and link an event's exports; faults are collected, not raised.

    Raises
    ------
    UsageError
        If there is no such event.
    """
    event = project.event(event_id)
    try:
        study = load_study(project, event.id)
    except VunkiError as error:
        exports, editable = recognise_exports(project, event.id), _editable(project, event, error.problems)
        return CheckedEvent(project, event, exports, None, error.problems, error.exit_code, editable)
    look = any(f.level == "look" for f in study.findings)
    return CheckedEvent(project, event, study.exports, study, exit_code=int(look))


def _editable(project: Project, event: Event, problems: Sequence[Problem]) -> tuple[OpenQuestion, ...]:
    """Find the answers that fit nothing among the faults of exports."""
    known = {i.code for i in project.instrument.items}
    folder = f"surveys/{event.id}/"
    questions = [
        OpenQuestion("edit", p.file.removeprefix(folder), p.row, noticed="cell", item=p.column)
        for p in problems
        if p.code in EDITABLE and p.row and p.column in known
    ]
    return _marked(project, event, questions) if questions else ()


def _marked(project: Project, event: Event, questions: Sequence[OpenQuestion]) -> tuple[OpenQuestion, ...]:
    """Mark questions on answers because of which there is no study; their exports are read once more."""
    folder = project.surveys / event.id
    instrument = with_roster(project.instrument, read_roster(folder, f"surveys/{event.id}", project.instrument))
    about = {q.file for q in questions}
    tables = {}
    for wave in instrument.wave_keys:
        for name, export in ((event.name_of(e), e) for e in event.exports(wave)):
            if name in about:
                table = read_export(folder / export.file, f"surveys/{event.id}/{name}", export)
                tables[name] = (table, find_columns(table, instrument, wave, beside=folder / export.file))
    marks = RowMarks(tables)
    return tuple(replace(q, mark=marks.of(q)) for q in questions)
