"""The verbs of the program: report, final, demo and version; the others are added from their modules.

The help lists the verbs in the order of the work, in whole sentences, with names a person understands.
"""

import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from vunki_eval.cli.authoring import desk
from vunki_eval.cli.checks import checks
from vunki_eval.cli.coding import answers
from vunki_eval.cli.published import claim, verify
from vunki_eval.cli.rights import rights
from vunki_eval.cli.screen import guarded, interrupted, show_outcomes, show_plans, show_problems
from vunki_eval.cli.spoken_help import NoSuchVerb, UsageError, problem_of, speak, spoken_page
from vunki_eval.errors import VERBS, chosen, spoken_language

METAVARS = {
    "event": "ID", "language": "LANGUAGE", "formats": "FORMAT", "file_format": "FORMAT", "project": "FOLDER",
    "output": "FOLDER", "wave": "WAVE", "to": "FORM", "link": "WAVE=ADDRESS", "start": "DAY", "end": "DAY",
    "jobs": "N", "tokens": "N", "people": "N", "port": "N", "every": "SECONDS", "response": "SHARE",
    "linking": "SHARE", "participants": "FILE", "table": "FILE", "workbook": "FILE", "figure": "FILE",
    "cluster": "ADDRESS", "title": "TEXT", "applicant": "TEXT", "funder": "TEXT",
    "construct": "NAME", "engine": "NAME",
}  # fmt: skip


class Verbs(TyperGroup):
    """The program's verbs."""

    def list_commands(self, ctx: Any) -> list[str]:
        """List the verbs in the order in which they are needed."""
        return sorted(self.commands, key=VERBS.index)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a verb whose options say what they expect (a folder, a day, a number), its example as it is called."""
        command = super().get_command(ctx, cmd_name)
        if command is not None:
            language = spoken_language()
            speak(command, language)
            command.get_help = lambda ctx: spoken_page(type(command).get_help(command, ctx), language)  # type: ignore[method-assign]
        for option in getattr(command, "params", ()):
            if option.param_type_name == "option" and option.metavar is None and not getattr(option, "is_flag", False):
                option.metavar = METAVARS.get(option.name or "", "VALUE")
        return command

    def get_help(self, ctx: Any) -> str:
        """Return the page of all verbs in the project's language."""
        language = spoken_language()
        speak(self, language)
        return spoken_page(super().get_help(ctx), language)

    def resolve_command(self, ctx: Any, args: Any) -> Any:
        """Find the verb; what is none is told with the verbs that look like it."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            raise NoSuchVerb(args[0], get_close_matches(args[0], VERBS), ctx)
        return super().resolve_command(ctx, args)

    def main(self, args: Any = None, prog_name: Any = None, **options: Any) -> Any:  # type: ignore[override]
        """Run a verb; words that cannot be used are told in the project's language, as everything else is."""
        standalone = options.pop("standalone_mode", True)
        try:
            code = super().main(args, prog_name, standalone_mode=False, **options)
        except typer.Abort:  # a question was left without an answer
            interrupted(spoken_language())
            code = 1
        except UsageError as error:
            if not error.ctx or "NoArgs" not in type(error).__name__:
                show_problems((problem_of(error),), spoken_language())
            else:
                error.show()
            code = error.exit_code
        if standalone:
            sys.exit(code or 0)
        return code

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the verbs with the whole first sentence of each."""
        verbs = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.get_short_help_str(limit=400)) for name, verb in verbs])


if TYPE_CHECKING:
    from vunki_eval.language import Localizer

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
    as_json: Json = False,
    project: Folder = None,
) -> None:
    """Build and publish the reports of events into reports/<event>/.

    Example: vunki-eval report --event 2020-antsla --language et
    """
    with guarded(as_json, _first(language), project) as say:
        from vunki_eval.project.project import load_project

        loaded = load_project(project)
        events = [loaded.event(e).id for e in event] if event else [e.id for e in loaded.events]
        _build(
            say, project, events, language, formats, as_json, dry_run,
            force=force, jobs=jobs, engine=engine, cluster=cluster,
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
    as_json: Json = False,
    project: Folder = None,
) -> None:
    """Build and publish the end-of-project report into reports/project/.

    Works with whatever data there are, none included.

    Example: vunki-eval final --language et
    """
    with guarded(as_json, _first(language), project) as say:
        _build(
            say, project, ["project"], language, formats, as_json, dry_run,
            force=force, jobs=jobs, engine=engine, cluster=cluster,
        )  # fmt: skip


@app.command()
def demo(directory: Annotated[Path, typer.Argument(help="A new or empty folder.")], as_json: Json = False) -> None:
    """Copy the synthetic project into a folder and build all its reports there.

    Example: vunki-eval demo try-out
    """
    with guarded(as_json):
        from vunki_eval.cli.desk.shipped_files import copy_demo
        from vunki_eval.errors import spoken_language
        from vunki_eval.language import localizer

        root = copy_demo(directory)
        from vunki_eval.project.project import load_project

        events = [e.id for e in load_project(root).events]
        _build(localizer(spoken_language(root)), root, [*events, "project"], None, None, as_json)


@app.command()
def version() -> None:
    """Print the version."""
    from vunki_eval.project.version import __version__

    typer.echo(__version__)


def _first(languages: list[str] | None) -> str:
    return languages[0] if languages else ""


def _build(
    say: "Localizer", root: Path | None, events: list[str], language: list[str] | None, formats: list[str] | None,
    as_json: bool, dry_run: bool = False, *, force: bool = False, jobs: int = 0, engine: str = "auto",
    cluster: str = "",
) -> None:  # fmt: skip
    from vunki_eval.cli.screen import watching
    from vunki_eval.project.project import load_project
    from vunki_eval.publish import batch
    from vunki_eval.report.render.formats import FORMATS

    loaded = load_project(root)
    languages = chosen(language, loaded.about.languages, "--language")
    chosen_formats = chosen(formats or batch.FORMATS, tuple(FORMATS), "--format")
    for name in chosen_formats:
        FORMATS[name].require()
    chosen([engine], ("auto", "standard"), "--engine")
    plans = batch.plan(loaded, events, languages, chosen_formats, force=force)
    if dry_run:
        show_plans(plans, as_json, say)
        return
    with watching(plans, as_json, say) as on_outcome:
        outcomes = batch.run(loaded, plans, jobs=jobs, engine=engine, cluster=cluster, on_outcome=on_outcome)
    show_outcomes(loaded, plans, outcomes, as_json, say)
    if code := batch.exit_code(outcomes):
        raise typer.Exit(code)
