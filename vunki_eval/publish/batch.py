"""Many units in one run: what is fresh is left alone, one that fails does not stop the others."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing

from vunki_eval.errors import Problem
from vunki_eval.project.project import Project
from vunki_eval.publish.engine.limits import processors
from vunki_eval.publish.fingerprint import unit_key
from vunki_eval.publish.last_check import check_whole
from vunki_eval.publish.manifest import differences, is_fresh, published_counts, read_manifest
from vunki_eval.publish.private_folder import clear_failed
from vunki_eval.publish.store import Store, open_store
from vunki_eval.publish.unit import BuildPlan, Built, Failed, Outcome, Task, failed, fault

__all__ = ["FORMATS", "BuildPlan", "Built", "Failed", "Outcome", "exit_code", "fault", "plan", "run"]

MOST_JOBS = 4
FORMATS = ("pdf", "html")  # what is built when nothing else is asked for
Made = Generator[Outcome, None, None]  # closing it ends every process that is still at work


def plan(
    project: Project, events: Sequence[str], languages: Sequence[str], formats: Sequence[str], *, force: bool = False
) -> list[BuildPlan]:
    """Decide what must be built. Languages and formats that are published already are kept up together."""
    return [_plan_one(project, e, tuple(languages), tuple(formats), force) for e in events]


def run(
    project: Project, plans: Sequence[BuildPlan], *, jobs: int = 0, engine: str = "auto", cluster: str = "",
    through: str = "", said: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:  # fmt: skip
    """Build and publish; outcomes come in the order of the plans.

    Parameters
    ----------
    project : Project
        The project.
    plans : sequence of Plan
        From `plan`.
    jobs : int
        Units at a time; 0 chooses by the machine.
    engine : str
        ``auto``, or ``standard`` for papermill's own (see `vunki_eval.publish.engine.run_notebook`).
    cluster : str
        Address of a Dask scheduler that shall build them; "" for this machine.
    through : str
        An fsspec address through which files pass to and from the cluster; "" where it shares the project's folder.
    said : callable
        Called with each outcome as it becomes known.
    """

    def make(tasks: Sequence[Task], at_once: int) -> Made:
        return _made(tasks, at_once, cluster, through)

    with open_store(project.reports) as store:
        outcomes = {}
        with closing(_outcomes(project, plans, store, jobs, engine, make)) as coming:
            for outcome in coming:
                outcomes[outcome.event] = outcome
                said(outcome)
        _index(project)
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


def _plan_one(
    project: Project, event: str, languages: tuple[str, ...], formats: tuple[str, ...], force: bool
) -> BuildPlan:
    folder = project.reports / event
    manifest = read_manifest(folder)
    has = manifest["parameters"] if manifest else {"languages": [], "formats": []}
    kept = tuple(x for x in project.about.languages if x in languages or x in has["languages"])
    both = tuple(dict.fromkeys((*formats, *has["formats"])))
    if force:
        return BuildPlan(event, kept, both, True, "asked for")
    if manifest is None:
        return BuildPlan(event, kept, both, True, "not built yet")
    if is_fresh(folder, unit_key(project, event), languages, formats):
        return BuildPlan(event, kept, both, False, "up to date")
    missing = [f"{x} not built yet" for x in (*languages, *formats) if x not in {*has["languages"], *has["formats"]}]
    changed = differences(project, folder, manifest)
    return BuildPlan(event, kept, both, True, shown([*missing, *changed]) or "something it is made from has changed")


def shown(reasons: Sequence[str], most: int = 3) -> str:
    """Join the first few reasons."""
    more = f", and {len(reasons) - most} more" if len(reasons) > most else ""
    return ", ".join(reasons[:most]) + more


def _outcomes(
    project: Project, plans: Sequence[BuildPlan], store: Store, jobs: int, engine: str,
    make: Callable[[Sequence[Task], int], Made],
) -> Made:  # fmt: skip
    for plan in plans:
        clear_failed(project, plan.event)
    for fresh in (p for p in plans if not p.needed):
        yield _published(project, fresh.event)
    needed = [p for p in plans if p.needed]
    if not needed:
        return
    cores = processors()
    at_once = min(jobs or min(cores, MOST_JOBS), len(needed))
    tasks = [Task(project.root, store.work, p, engine, together=cores > at_once) for p in needed]
    with closing(make(tasks, at_once)) as coming:
        for outcome in coming:
            yield _publish(store, outcome)


def _made(tasks: Sequence[Task], jobs: int, cluster: str, through: str) -> Made:
    if cluster:
        from vunki_eval.publish.cluster import run_on_cluster

        return run_on_cluster(tasks, cluster, through)
    from vunki_eval.publish.workers import run_tasks

    return run_tasks(tasks, jobs)


def _publish(store: Store, outcome: Outcome) -> Outcome:
    if isinstance(outcome, Failed):
        return outcome
    try:
        check_whole(store.work / outcome.event, outcome.event)
        store.publish(outcome.event)
    except Exception as error:
        return failed(outcome.event, error)
    return outcome


def _index(project: Project) -> None:
    """Keep the page that lists the reports true to what is there."""
    from vunki_eval.publish.index import write_index

    write_index(project)


def _published(project: Project, event: str) -> Built:
    """Give the counts of a report that is up to date."""
    folder = project.reports / event
    manifest = read_manifest(folder) or {}
    problem = "Findings of the last run are open."
    open_ones = Problem(f"reports/{event}", 0, "", problem, "Run `vunki-eval check`.", "VE-109", "look")
    return Built(event, published_counts(folder), (open_ones,) if manifest.get("findings") else (), built=False)
