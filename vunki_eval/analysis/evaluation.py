"""Evaluate a project or an event in one call: what a report notebook runs."""

import os
from pathlib import Path

from vunki_eval.analysis import analyse, analyse_project
from vunki_eval.errors import Problem
from vunki_eval.project.project import Project, load_project
from vunki_eval.results.results import Results, load_results
from vunki_eval.survey.study import load_study

PREPARED = "VUNKI_RESULTS"
WHOLE = "project"


def evaluate(project: Project | Path | str | None = None, event: str = WHOLE) -> Results:
    """Read, clean, link, score and analyse an event, or all events together.

    In a batch the results are computed once for all languages. The runner names their file in the environment variable
    ``VUNKI_RESULTS``, and they are read from that file.

    Parameters
    ----------
    project : Project, Path or str, optional
        The project, or a folder inside it. If left out, the project is looked for from the current folder.
    event : str
        Event id, or ``project`` for the end-of-project report.

    Returns
    -------
    Results
        After disclosure control; nothing personal in it.

    Raises
    ------
    ConfigError, InputError, UsageError
        With every problem found.
    """
    if prepared := os.environ.get(PREPARED):
        results = load_results(Path(prepared))
        if results.event == event:
            return results
    project = project if isinstance(project, Project) else load_project(project)
    return evaluate_with_findings(project, event)[0]


def evaluate_with_findings(project: Project, event: str) -> tuple[Results, tuple[Problem, ...]]:
    """Compute results, and findings that a person should look at.

    For the whole project, a wave whose file is missing is left out, and a finding says so.
    """
    if event != WHOLE:
        study = load_study(project, event)
        return analyse(study), study.findings
    studies = [load_study(project, e.id, absent_ok=True) for e in project.events]
    for study in studies:  # the lists of participants fill in numbers that the project file leaves open
        participant_numbers = {"registered": study.event.registered, "attended": study.event.attended}
        project = project.with_event(project.event(study.event.id).model_copy(update=participant_numbers))
    results = analyse_project(project, {s.event.id: analyse(s) for s in studies}, studies)
    return results, tuple(f for s in studies for f in s.findings)
