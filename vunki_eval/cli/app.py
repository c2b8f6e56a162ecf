"""The verbs of the program: report, final, demo and version; the others are added from their modules."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from vunki_eval.cli.authoring import desk
from vunki_eval.cli.checks import checks
from vunki_eval.cli.claim import claim
from vunki_eval.cli.coding import answers
from vunki_eval.cli.help_texts import Verbs
from vunki_eval.cli.rights import rights
from vunki_eval.cli.screen import guarded, show_outcomes, show_plans
from vunki_eval.cli.verify import verify

app = typer.Typer(
    name="vunki-eval",
    cls=Verbs,
    help="Evaluate community co-creation events: survey exports in, reports one can sign out.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(checks)
app.add_typer(desk)
app.add_typer(rights)
app.add_typer(answers)
app.command()(verify)
app.command()(claim)

Folder = Annotated[Path | None, typer.Option("--project", help="The project's folder [default: found from here].")]
Events = Annotated[list[str] | None, typer.Option("--event", "-e", help="Event id; may be repeated [default: all].")]
Languages = Annotated[
    list[str] | None, typer.Option("--language", "-l", help="et, en; may be repeated [default: all].")
]
Formats = Annotated[
    list[str] | None, typer.Option("--format", "-f", help="pdf, html, docx; may be repeated [default: pdf, html].")
]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs", "-j", min=0, help="Processes at a time [default: depends on the machine].", show_default=False
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Build even what is up to date.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be built and why; build nothing.")]
Engine = Annotated[str, typer.Option("--engine", help="auto, or standard (papermill's own, slower).")]
Cluster = Annotated[str, typer.Option("--cluster", help="Address of a Dask scheduler [default: this machine].")]
Through = Annotated[
    str, typer.Option("--through", help="With --cluster: fsspec address for files, if no folder is shared.")
]
Json = Annotated[bool, typer.Option("--json", help="Write one JSON document to standard output, for programs.")]


@app.command()
def report(
    event: Events = None,
    language: Languages = None,
    formats: Formats = None,
    jobs: Jobs = 0,
    force: Force = False,
    dry_run: DryRun = False,
    engine: Engine = "auto",
    cluster: Cluster = "",
    through: Through = "",
    as_json: Json = False,
    project: Folder = None,
) -> None:
    """Build and publish the reports of events into reports/<event>/.

    Example: vunki-eval report --event 2020-antsla --language et
    """
    with guarded(as_json):
        from vunki_eval.project.project import load_project

        loaded = load_project(project)
        events = [loaded.event(e).id for e in event] if event else [e.id for e in loaded.events]
        _build(
            project, events, language, formats, as_json, dry_run,
            force=force, jobs=jobs, engine=engine, cluster=cluster, through=through,
        )  # fmt: skip


@app.command()
def final(
    language: Languages = None,
    formats: Formats = None,
    jobs: Jobs = 0,
    force: Force = False,
    dry_run: DryRun = False,
    engine: Engine = "auto",
    cluster: Cluster = "",
    through: Through = "",
    as_json: Json = False,
    project: Folder = None,
) -> None:
    """Build and publish the end-of-project report into reports/project/.

    Works with whatever data there are, none included.

    Example: vunki-eval final --language et
    """
    with guarded(as_json):
        _build(
            project, ["project"], language, formats, as_json, dry_run,
            force=force, jobs=jobs, engine=engine, cluster=cluster, through=through,
        )  # fmt: skip


@app.command()
def demo(directory: Annotated[Path, typer.Argument(help="A new or empty folder.")], as_json: Json = False) -> None:
    """Copy the synthetic project into a folder and build all its reports there.

    Example: vunki-eval demo try-out
    """
    with guarded(as_json):
        from vunki_eval.publish.demo import copy_demo

        root = copy_demo(directory)
        from vunki_eval.project.project import load_project

        events = [e.id for e in load_project(root).events]
        _build(root, [*events, "project"], None, None, as_json)


@app.command()
def version() -> None:
    """Print the version."""
    from vunki_eval.project.version import __version__

    typer.echo(__version__)


def _build(
    root: Path | None, events: list[str], language: list[str] | None, formats: list[str] | None, as_json: bool,
    dry_run: bool = False, *, force: bool = False, jobs: int = 0, engine: str = "auto", cluster: str = "",
    through: str = "",
) -> None:  # fmt: skip
    from vunki_eval.cli.screen import watching
    from vunki_eval.errors import Problem, UsageError
    from vunki_eval.project.project import load_project
    from vunki_eval.publish import batch
    from vunki_eval.report.render.docx.build import require_word
    from vunki_eval.report.render.export import FORMATS as EVERY_FORMAT

    loaded = load_project(root)
    languages = _validated(language, loaded.about.languages, "language")
    chosen_formats = _validated(formats or batch.FORMATS, EVERY_FORMAT, "format")
    if "docx" in chosen_formats:
        require_word()
    _validated([engine], ("auto", "standard"), "engine")
    if through and not cluster:
        problem, hint = "--through only works together with --cluster.", "Add --cluster, or leave out --through."
        raise UsageError(Problem("", 0, "--through", problem, hint, "VE-117"))
    message_language = languages[0]
    with guarded(as_json, message_language):
        plans = batch.plan(loaded, events, languages, chosen_formats, force=force)
        if dry_run:
            show_plans(plans, as_json)
            return
        with watching(plans, as_json) as on_outcome:
            outcomes = batch.run(
                loaded, plans, jobs=jobs, engine=engine, cluster=cluster, through=through, on_outcome=on_outcome
            )
        show_outcomes(loaded, plans, outcomes, as_json, message_language)
        if code := batch.exit_code(outcomes):
            raise typer.Exit(code)


def _validated(names: Sequence[str] | None, allowed: tuple[str, ...], what: str) -> list[str]:
    """Check names against those allowed; None or empty means all."""
    from vunki_eval.errors import Problem, UsageError

    for name in names or ():
        if name not in allowed:
            problem = f"There is no {what} {name!r}."
            raise UsageError(Problem("", 0, f"--{what}", problem, f"Choose one of: {', '.join(allowed)}.", "VE-103"))
    return list(dict.fromkeys(names or allowed))
