"""A unit of work, what it needs and what became of it: plain data that can be sent to another process."""

from dataclasses import dataclass
from pathlib import Path

from vunki_eval.errors import BuildError, Problem, VunkiError


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """What a unit needs: which languages and formats to build, or nothing when it is fresh."""

    event: str
    languages: tuple[str, ...]
    formats: tuple[str, ...]
    needed: bool
    why: str


@dataclass(frozen=True, slots=True)
class Built:
    """What a build found: the counts of the closing table and the findings that a person must settle."""

    event: str
    counts: dict[str, int | None]
    findings: tuple[Problem, ...]
    seconds: float = 0.0
    built: bool = True


@dataclass(frozen=True, slots=True)
class Failed:
    """A unit that could not be built, with every problem and the exit code of its kind."""

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
    plan : Plan
        The unit.
    engine : str
        See `vunki_eval.publish.engine.run_notebook`.
    together : bool
        Whether a unit may make its languages at the same time: there are processors to spare.
    keys : Path, optional
        Folder of a key made for this unit alone: results do not depend on it; None for the project's own.
    """

    root: Path
    work: Path
    plan: BuildPlan
    engine: str = "auto"
    together: bool = False
    keys: Path | None = None


def failed(event: str, error: Exception) -> Failed:
    """Turn an error into an outcome."""
    if isinstance(error, VunkiError):
        return Failed(event, error.problems, error.exit_code)
    if isinstance(error, OSError):
        from vunki_eval.publish.store import unwritten

        return Failed(event, (unwritten(error, f"reports/{event}"),), BuildError.exit_code)
    return Failed(event, (fault(error),), VunkiError.exit_code)


def fault(error: Exception) -> Problem:
    """Name the place of an unexpected error, never its message: that may hold an answer."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        name = Path(trace.tb_frame.f_code.co_filename)
        if "vunki_eval" in name.parts:
            place = f"{name.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    problem = f"This is a fault of the program ({type(error).__name__} at {place})."
    return Problem("", 0, "", problem, "Please report it; the other reports are not touched.", "VE-900")
