"""Check one event, as far as its exports can be read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vunki_eval.errors import Problem, VunkiError
from vunki_eval.project.project import Event, Project
from vunki_eval.readers import read_export
from vunki_eval.readers.column_mapping import find_columns
from vunki_eval.readers.mapping_report import Recognised, recognise_exports
from vunki_eval.survey.decisions import OpenQuestion, RowMarks
from vunki_eval.survey.roster import read_roster, with_roster
from vunki_eval.survey.study import Study, load_study

# Problems of single cells, which a decision can edit.
EDITABLE = frozenset({"VE-340", "VE-341", "VE-342", "VE-343", "VE-346"})


@dataclass(frozen=True, slots=True)
class CheckedEvent:
    """An event with its exports, its study if they could be read, and the problems.

    Attributes
    ----------
    exports : tuple of Recognised
        How every export was understood.
    study : Study or None
        None if something must be corrected first.
    problems : tuple of Problem
        Why there is no study.
    editable : tuple of OpenQuestion
        Invalid answers that prevent the study and that a decision could edit.
    exit_code : int
        0 nothing to do, 1 a person must settle something, 2 error in the configuration, 3 error in the input.
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
        """The findings that a person must settle."""
        return tuple(f for f in self.study.findings if f.level == "look") if self.study else ()

    @property
    def questions(self) -> tuple[OpenQuestion, ...]:
        """The questions that a person may rule on: those of the study or, without one, the invalid answers."""
        return self.editable if self.study is None else self.study.questions


def check_event(project: Project, event_id: str) -> CheckedEvent:
    """Read, clean and link an event's exports; collect problems instead of raising them.

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
    has_open = any(f.level == "look" for f in study.findings)
    return CheckedEvent(project, event, study.exports, study, exit_code=int(has_open))


def _editable(project: Project, event: Event, problems: Sequence[Problem]) -> tuple[OpenQuestion, ...]:
    """Turn problems with single answers into questions."""
    codes = {i.code for i in project.instrument.items}
    folder = f"surveys/{event.id}/"
    questions = [
        OpenQuestion("edit", p.file.removeprefix(folder), p.row, noticed="cell", item=p.column)
        for p in problems
        if p.code in EDITABLE and p.row and p.column in codes
    ]
    return _with_marks(project, event, questions) if questions else ()


def _with_marks(project: Project, event: Event, questions: Sequence[OpenQuestion]) -> tuple[OpenQuestion, ...]:
    """Add marks to questions on invalid answers; without a study, their exports must be read once more."""
    folder = project.surveys / event.id
    instrument = with_roster(project.instrument, read_roster(folder, f"surveys/{event.id}", project.instrument))
    files = {q.file for q in questions}
    tables = {}
    for wave in instrument.wave_keys:
        for name, export in ((event.name_of(e), e) for e in event.exports(wave)):
            if name in files:
                table = read_export(folder / export.file, f"surveys/{event.id}/{name}", export)
                tables[name] = (table, find_columns(table, instrument, wave, beside=folder / export.file))
    marks = RowMarks(tables)
    return tuple(replace(q, mark=marks.of(q)) for q in questions)
