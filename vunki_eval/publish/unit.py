"""A unit of work (one report), its plan and its outcome: plain data that can be sent to another process."""

from dataclasses import dataclass
from pathlib import Path

from vunki_eval.errors import M_, BuildError, Message, Problem, VunkiError


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """What to build for a unit: its languages and formats, and whether it needs building at all."""

    event: str
    languages: tuple[str, ...]
    formats: tuple[str, ...]
    needed: bool
    why: Message


@dataclass(frozen=True, slots=True)
class Built:
    """A unit that was built: counts of responses for the closing table, and the findings of cleaning and linking."""

    event: str
    counts: dict[str, int | None]
    findings: tuple[Problem, ...]
    seconds: float = 0.0
    built: bool = True


@dataclass(frozen=True, slots=True)
class Failed:
    """A unit that could not be built: every problem, and the exit code for problems of that kind."""

    event: str
    problems: tuple[Problem, ...]
    exit_code: int


Outcome = Built | Failed


@dataclass(frozen=True, slots=True)
class Task:
    """Everything a process needs to build one unit.

    Attributes
    ----------
    root, work : Path
        The project's folder and the run's private folder.
    plan : BuildPlan
        What to build.
    engine : str
        See `vunki_eval.publish.engine.run_notebook`.
    parallel : bool
        Whether the unit may build its languages at the same time, because processors are idle.
    """

    root: Path
    work: Path
    plan: BuildPlan
    engine: str = "auto"
    parallel: bool = False


def failed(event: str, error: Exception) -> Failed:
    """Turn an error into the outcome of its unit."""
    if isinstance(error, VunkiError):
        return Failed(event, error.problems, error.exit_code)
    if isinstance(error, OSError):
        from vunki_eval.publish.files import write_problem

        return Failed(event, (write_problem(error, f"reports/{event}/"),), BuildError.exit_code)
    return Failed(event, (fault(error),), VunkiError.exit_code)


def fault(error: Exception) -> Problem:
    """Describe an unexpected error by its type and place, never by its message: that may hold an answer."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        module = Path(trace.tb_frame.f_code.co_filename)
        if "vunki_eval" in module.parts:
            place = f"{module.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    problem = M_("This is a bug in the program ({name} at {place}).", name=type(error).__name__, place=place)
    return Problem("", 0, "", problem, M_("Please report it; the other reports are not affected."), "VE-900")
