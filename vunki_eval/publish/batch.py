"""Many units in one run: what is fresh is left alone, one that fails does not stop the others."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from vunki_eval.errors import Problem, VunkiError
from vunki_eval.project import Project
from vunki_eval.publish.build import Built, build_unit, counts_of
from vunki_eval.publish.fingerprint import unit_key
from vunki_eval.publish.manifest import is_fresh, read_manifest
from vunki_eval.publish.store import Store, open_store


@dataclass(frozen=True, slots=True)
class Failed:
    """A unit that could not be built, with every problem and the exit code of its kind."""

    event: str
    problems: tuple[Problem, ...]
    exit_code: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a unit needs: which languages and formats to build, or nothing when it is fresh."""

    event: str
    languages: tuple[str, ...]
    formats: tuple[str, ...]
    needed: bool
    why: str


Outcome = Built | Failed


def plan(
    project: Project, events: Sequence[str], languages: Sequence[str], formats: Sequence[str], *, force: bool = False
) -> list[Plan]:
    """Decide what must be built. Languages and formats that are published already are kept up together."""
    return [_plan_one(project, e, tuple(languages), tuple(formats), force) for e in events]


def run(
    project: Project, plans: Sequence[Plan], *, jobs: int = 0, said: Callable[[Outcome], None] = lambda _: None
) -> list[Outcome]:
    """Build and publish; outcomes come in the order of the plans.

    Parameters
    ----------
    project : Project
        The project.
    plans : sequence of Plan
        From `plan`.
    jobs : int
        Processes at a time; 0 chooses by the machine.
    said : callable
        Called with each outcome as it becomes known.
    """
    with open_store(project.reports) as store:
        outcomes = {}
        for outcome in _outcomes(project, plans, store, jobs):
            outcomes[outcome.event] = outcome
            said(outcome)
        if any(isinstance(o, Built) and o.built for o in outcomes.values()):
            from vunki_eval.publish.index import write_index

            write_index(project)
    return [outcomes[p.event] for p in plans]


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """Give the run's exit code: 0 done, 1 findings, 4 some failed, else the code of what failed."""
    failed = [o for o in outcomes if isinstance(o, Failed)]
    if failed and len(failed) < len(outcomes):
        return 5 if any(o.exit_code == 5 for o in failed) else 4
    if failed:
        return max(o.exit_code for o in failed)
    found = [f for o in outcomes if isinstance(o, Built) for f in o.findings if f.level == "look"]
    return 1 if found else 0


def _plan_one(project: Project, event: str, languages: tuple[str, ...], formats: tuple[str, ...], force: bool) -> Plan:
    folder = project.reports / event
    manifest = read_manifest(folder)
    has = manifest["parameters"] if manifest else {"languages": [], "formats": []}
    kept = tuple(x for x in project.about.languages if x in languages or x in has["languages"])
    both = tuple(dict.fromkeys((*formats, *has["formats"])))
    if force:
        return Plan(event, kept, both, True, "asked for")
    if manifest is None:
        return Plan(event, kept, both, True, "not built yet")
    if is_fresh(folder, unit_key(project, event), languages, formats):
        return Plan(event, kept, both, False, "up to date")
    return Plan(event, kept, both, True, "something it is made from has changed, or a file of it is missing")


def _outcomes(project: Project, plans: Sequence[Plan], store: Store, jobs: int) -> Iterator[Outcome]:
    for fresh in (p for p in plans if not p.needed):
        yield _published(project, fresh.event)
    needed = [p for p in plans if p.needed]
    workers = min(jobs or min(os.cpu_count() or 1, 4), len(needed))
    if workers <= 1:
        for unit in needed:
            yield _publish(store, unit.event, partial(_timed, project.root, unit, store.work))
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: dict[Future[Built], Plan] = {pool.submit(_timed, project.root, u, store.work): u for u in needed}
        for done in as_completed(waiting):
            yield _publish(store, waiting[done].event, done.result)


def _timed(root: Path, unit: Plan, work: Path) -> Built:
    started = time.monotonic()
    built = build_unit(root, unit.event, unit.languages, unit.formats, work)
    return replace(built, seconds=time.monotonic() - started)


def _publish(store: Store, event: str, result: Callable[[], Built]) -> Outcome:
    try:
        built = result()
        store.publish(event)
    except VunkiError as error:
        return Failed(event, error.problems, error.exit_code)
    except Exception as error:
        return Failed(event, (fault(error),), 5)
    return built


def fault(error: Exception) -> Problem:
    """Name the place of an unexpected error, never its message: that may hold an answer."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        name = Path(trace.tb_frame.f_code.co_filename)
        if "vunki_eval" in name.parts:
            place = f"{name.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    cause = str(error.__cause__ or "")
    remote = [line.strip() for line in cause.splitlines() if "vunki_eval" in line and line.strip().startswith("File")]
    place = (
        remote[-1].rsplit("vunki_eval", 1)[1].replace('", line ', ":").split(",")[0].lstrip("/\\") if remote else place
    )
    problem = f"This is a fault of the program ({type(error).__name__} at {place})."
    return Problem("", 0, "", problem, "Please report it; the other reports are not touched.", "VE-900")


def _published(project: Project, event: str) -> Built:
    """Give the counts of a report that is up to date."""
    from vunki_eval.results import load_results

    folder = project.reports / event
    manifest = read_manifest(folder) or {}
    findings = tuple(
        Problem(
            f"reports/{event}", 0, "", "Findings of the last run are open.", "Run `vunki-eval check`.", "VE-109", "look"
        )
        for _ in range(min(1, int(manifest.get("findings", 0))))
    )
    return Built(event, counts_of(load_results(folder)), findings, built=False)
