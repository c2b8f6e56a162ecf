"""Build and publish many units in one run: skip those that are up to date; a failed one does not stop the others."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace

from vunki_eval.errors import M_, Problem, VunkiError
from vunki_eval.project.project import Project
from vunki_eval.publish.engine.limits import processors
from vunki_eval.publish.fingerprint import unit_key
from vunki_eval.publish.last_check import check_whole
from vunki_eval.publish.manifest import differences, first_reasons, is_fresh, published_counts, read_manifest
from vunki_eval.publish.private_folder import clear_failed
from vunki_eval.publish.store import Store, open_store
from vunki_eval.publish.unit import BuildPlan, Built, Failed, Outcome, Task, failed, fault

__all__ = ["FORMATS", "BuildPlan", "Built", "Failed", "Outcome", "exit_code", "fault", "plan", "run"]

MOST_JOBS = 4
MOST_REASONS = 3
FORMATS = ("pdf", "html")  # built unless the user names others
Outcomes = Generator[Outcome, None, None]  # closing it ends every process that is still working


def plan(
    project: Project, events: Sequence[str], languages: Sequence[str], formats: Sequence[str], *, force: bool = False
) -> list[BuildPlan]:
    """Decide what must be built; languages and formats that are already published stay up to date as well."""
    return [_plan_one(project, e, tuple(languages), tuple(formats), force) for e in events]


def run(
    project: Project, plans: Sequence[BuildPlan], *, jobs: int = 0, engine: str = "auto", cluster: str = "",
    on_outcome: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:  # fmt: skip
    """Build and publish units, and return their outcomes in the order of the plans.

    Parameters
    ----------
    project : Project
        The project.
    plans : sequence of BuildPlan
        From `plan`.
    jobs : int
        Number of units built at a time; 0 chooses by the number of processors.
    engine : str
        ``auto``, or ``standard`` for papermill's own (see `vunki_eval.publish.engine.run_notebook`).
    cluster : str
        Address of the Dask scheduler whose workers build the units; "" for this machine.
    on_outcome : callable
        Called with each outcome as soon as it is known, for a line of progress.
    """

    def build(tasks: Sequence[Task], at_once: int) -> Outcomes:
        return _build_tasks(tasks, at_once, cluster)

    with open_store(project.reports) as store:
        outcomes = {}
        with closing(_build_and_publish(project, plans, store, jobs, engine, build)) as arriving:
            for outcome in arriving:
                outcomes[outcome.event] = outcome
                on_outcome(outcome)
        return _with_index(project, [outcomes[p.event] for p in plans])


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """Choose the run's exit code: 0 all built, 1 open findings, 4 some units failed; if all failed, the highest code.

    A bug in the program (5) is never hidden behind 4.
    """
    failed = [o for o in outcomes if isinstance(o, Failed)]
    if failed and len(failed) < len(outcomes):
        return 5 if any(o.exit_code == 5 for o in failed) else 4
    if failed:
        return max(o.exit_code for o in failed)
    open_findings = [f for o in outcomes if isinstance(o, Built) for f in o.findings if f.level == "look"]
    return 1 if open_findings else 0


def _plan_one(
    project: Project, event: str, languages: tuple[str, ...], formats: tuple[str, ...], force: bool
) -> BuildPlan:
    folder = project.reports / event
    manifest = read_manifest(folder)
    published = manifest["parameters"] if manifest else {"languages": [], "formats": []}
    all_languages = tuple(x for x in project.about.languages if x in languages or x in published["languages"])
    all_formats = tuple(dict.fromkeys((*formats, *published["formats"])))
    if force:
        return BuildPlan(event, all_languages, all_formats, True, M_("asked for"))
    if manifest is None:
        return BuildPlan(event, all_languages, all_formats, True, M_("not built yet"))
    if is_fresh(folder, unit_key(project, event), languages, formats):
        return BuildPlan(event, all_languages, all_formats, False, M_("up to date"))
    built = {*published["languages"], *published["formats"]}
    missing = [M_("{part} not built yet", part=x) for x in (*languages, *formats) if x not in built]
    changed = differences(project, folder, manifest)
    reasons = [*missing, *changed]
    why = first_reasons(reasons, MOST_REASONS) if reasons else M_("something it is made from has changed")
    return BuildPlan(event, all_languages, all_formats, True, why)


def _build_and_publish(
    project: Project, plans: Sequence[BuildPlan], store: Store, jobs: int, engine: str,
    build: Callable[[Sequence[Task], int], Outcomes],
) -> Outcomes:  # fmt: skip
    for plan in plans:
        clear_failed(project, plan.event)
    for up_to_date in (p for p in plans if not p.needed):
        yield _published_before(project, up_to_date.event)
    needed = [p for p in plans if p.needed]
    if not needed:
        return
    cores = processors()
    at_once = min(jobs or min(cores, MOST_JOBS), len(needed))
    tasks = [Task(project.root, store.work, p, engine, parallel=cores > at_once) for p in needed]
    with closing(build(tasks, at_once)) as arriving:
        for outcome in arriving:
            yield _publish(store, outcome)


def _build_tasks(tasks: Sequence[Task], jobs: int, cluster: str) -> Outcomes:
    if cluster:
        from vunki_eval.publish.cluster import run_on_cluster

        return run_on_cluster(tasks, cluster)
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


def _with_index(project: Project, outcomes: list[Outcome]) -> list[Outcome]:
    """Update the page that lists the reports; if that fails, say so beside what the run has done, not instead."""
    from vunki_eval.publish.index import write_index

    try:
        write_index(project)
    except VunkiError as error:
        if not outcomes:
            raise
        first, *others = outcomes
        if isinstance(first, Failed):
            return [replace(first, problems=(*first.problems, *error.problems)), *others]
        to_settle = (replace(p, level="look") for p in error.problems)
        return [replace(first, findings=(*first.findings, *to_settle)), *others]
    return outcomes


def _published_before(project: Project, event: str) -> Built:
    """Return the outcome of a report that is up to date, from its own files."""
    folder = project.reports / event
    manifest = read_manifest(folder) or {}
    problem = M_("Some findings of the last run are still open.")
    open_findings = Problem(f"reports/{event}", 0, "", problem, M_("Run `vunki-eval check`."), "VE-109", "look")
    return Built(event, published_counts(folder), (open_findings,) if manifest.get("findings") else (), built=False)
