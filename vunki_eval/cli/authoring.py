"""The verbs that prepare a project: new, questionnaire, plan, lab, explain."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vunki_eval.cli.screen import guarded
from vunki_eval.errors import M_, as_called, in_language

if TYPE_CHECKING:
    import datetime as dt

desk = typer.Typer(rich_markup_mode=None)

Folder = Annotated[Path | None, typer.Option("--project", help="The project's folder [default: found from here].")]
Many = list[str] | None


@desk.command()
def questionnaire(
    to: Annotated[str, typer.Option("--to", help="xlsform, limesurvey, googleforms, docx, pdf, typing or toml.")] = "",
    wave: Annotated[Many, typer.Option("--wave", "-w", help="Wave; may be repeated [default: all].")] = None,
    language: Annotated[Many, typer.Option("--language", "-l", help="May be repeated [default: all].")] = None,
    tokens: Annotated[int, typer.Option(min=0, help="Give out this many codes of personal invitations.")] = 0,
    participants: Annotated[Path | None, typer.Option(help="List (CSV, XLSX) of whom to give a code.")] = None,
    link: Annotated[Many, typer.Option(help="WAVE=ADDRESS of a form, {code} where the code goes.")] = None,
    table: Annotated[Path | None, typer.Option(help="Table of codes [default: invitations/invitations.csv].")] = None,
    code_card: Annotated[bool, typer.Option("--code-card", help="Cards to hand out, as PDF.")] = False,
    output: Annotated[Path | None, typer.Option(help="Folder [default: questionnaires/ of the project].")] = None,
    workbook: Annotated[Path | None, typer.Option(help="Take the questionnaire from this XLSForm workbook.")] = None,
    event: Annotated[str, typer.Option("--event", "-e", help="Ask the roster with this event's list of codes.")] = "",
    project: Folder = None,
) -> None:
    """Write the questionnaire as forms to deploy or to print; give out codes.

    With --tokens or --participants everybody gets a code of their own: the forms
    ask for it, and a private table says whose it is. --code-card prints cards.

    Example: vunki-eval questionnaire --to pdf --wave pre --language et

    Example: vunki-eval questionnaire --to xlsform --tokens 80 --code-card
    """
    with guarded(False, project=project) as say:
        from vunki_eval.cli.desk.forms import FormOptions, write_forms
        from vunki_eval.project.project import load_project

        options = FormOptions(
            to, tuple(wave or ()), tuple(language or ()), tokens, participants, tuple(link or ()), table, code_card,
            output, workbook, event,
        )  # fmt: skip
        for line in write_forms(load_project(project), options):
            typer.echo(in_language(line, say.language))


@desk.command()
def new(
    directory: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    title: Annotated[str, typer.Option(help="The project's title.")] = "",
    language: Annotated[Many, typer.Option("--language", "-l", help="et, en [default: both].")] = None,
    event: Annotated[Many, typer.Option("--event", "-e", help="Name of an event; may be repeated.")] = None,
    construct: Annotated[
        Many, typer.Option(help="trust, networking, skills, experience, continuation, volunteering [default: all].")
    ] = None,
    linking: Annotated[
        str, typer.Option(metavar="WAY", help="code (self-made), or invitation (a code for each person).")
    ] = "code",
    applicant: Annotated[str, typer.Option(help="Organisation that runs the project.")] = "",
    funder: Annotated[str, typer.Option(help="Organisation that pays for it.")] = "",
    start: Annotated[str, typer.Option(help="First day, as 2026-01-31.")] = "",
    end: Annotated[str, typer.Option(help="Last day.")] = "",
) -> None:
    """Start a project of your own; the program asks for what is not given.

    Example: vunki-eval new my-project --title "Ideas day" --event 2026-ideas
    """
    with guarded(False, language[0] if language else "") as say:
        from vunki_eval.cli.desk.new import ProjectOptions, known_constructs, new_project

        if _can_ask():
            title = title or typer.prompt(say._("Title"), default=directory.name)
            language = language or _several(say._("Languages of the reports, the first one first"), "et, en")
            event = event or _several(say._("Names of the events, separated by commas"), "")
            construct = construct or _several(say._("What to ask about"), ", ".join(known_constructs()))
            applicant = applicant or typer.prompt(say._("Who runs the project"), default="", show_default=False)
        days = {name: _day(text, f"--{name}") for name, text in (("start", start), ("end", end)) if text}
        options = ProjectOptions(
            title or directory.resolve().name,
            languages=tuple(language or ("et", "en")),
            events=tuple(e for e in event or () if e),
            constructs=tuple(construct or ()),
            applicant=applicant,
            funder=funder,
            linking=linking,
            **days,
        )
        root = new_project(directory, options)
        typer.echo(say._("The project is in {folder}.", folder=root))
        text = say._("Next: read README.md there, fill in surveys/project.toml, then `vunki-eval check`.")
        typer.echo(as_called(text))


def _can_ask() -> bool:
    import sys

    return sys.stdin.isatty()


def _several(question: str, default: str) -> list[str]:
    answer = typer.prompt(question, default=default, show_default=bool(default))
    return [part.strip() for part in answer.split(",") if part.strip()]


def _day(text: str, option: str) -> "dt.date":
    import datetime

    from vunki_eval.errors import Problem, UsageError

    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        problem, hint = M_("This is not a date."), M_("Write it as 2026-01-31.")
        raise UsageError(Problem("", 0, option, problem, hint, "VE-123")) from None


@desk.command()
def plan(
    people: Annotated[int, typer.Option(help="How many take part in the event.")],
    response: Annotated[float, typer.Option(help="Share who answer both before and after, such as 0.6.")],
    linking: Annotated[float, typer.Option(help="Share of those who can be linked.")] = 0.9,
    language: Annotated[str, typer.Option("--language", "-l", help="et or en [default: the project's first].")] = "",
    figure: Annotated[Path | None, typer.Option(help="Draw it too: a file ending in .svg, .png or .pdf.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")] = False,
    project: Folder = None,
) -> None:
    """Say what change can be seen, and how many must answer.

    Works in a project, and outside one with the shipped questionnaire.

    Example: vunki-eval plan --people 60 --response 0.6 --figure plan.svg
    """
    with guarded(as_json, language, project):
        import textwrap
        from dataclasses import asdict
        from json import dumps

        from vunki_eval.cli.desk.plan_text import plan_text
        from vunki_eval.errors import UsageError
        from vunki_eval.project.locate import shipped
        from vunki_eval.project.planning import Design, plan_survey
        from vunki_eval.project.project import load_project

        try:
            loaded = load_project(project)
        except UsageError as error:
            if project is not None or error.problems[0].code != "VE-101":
                raise
            loaded = load_project(shipped("surveys"))
        outcomes = loaded.primary_outcomes
        smallest = {key: loaded.smallest_change(key) for key in outcomes}
        design = Design(people, response, linking)
        survey_plan = plan_survey(loaded.instrument, outcomes, smallest, design, seed=loaded.method.seed)
        language = language or loaded.about.languages[0]
        if figure is not None:
            from vunki_eval.cli.desk.plan_figure import write_plan_figure

            write_plan_figure(survey_plan, loaded.instrument, language, figure)
        if as_json:
            typer.echo(dumps({**asdict(survey_plan), "pairs": design.pairs}, ensure_ascii=False, indent=1))
            return
        for line in plan_text(survey_plan, loaded.instrument, language).splitlines():
            indent = "    " if line.startswith("  - ") else ""
            typer.echo("\n".join(textwrap.wrap(line, 80, subsequent_indent=indent, replace_whitespace=False)) or "")


@desk.command()
def lab(
    notebook: Annotated[str, typer.Argument(help="File in notebooks/.")] = "event_report.ipynb",
    language: Annotated[str, typer.Option("--language", "-l", help="et or en [default: the project's first].")] = "",
    port: Annotated[int, typer.Option(help="Port [default: a free one].")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser.")] = True,
    project: Folder = None,
) -> None:
    """Open the notebooks in JupyterLab, on this machine only.

    Example: vunki-eval lab final_report.ipynb
    """
    with guarded(False, language, project) as say:
        from vunki_eval.cli.desk.lab import prepare_lab, run_lab
        from vunki_eval.project.project import load_project

        loaded = load_project(project)
        interface_language = language or loaded.about.languages[0]
        setup = prepare_lab(loaded, notebook, language=interface_language, browser=browser, port=port)
        typer.echo(f"JupyterLab: {setup.url}")
        typer.echo(say._("Keep the address to yourself: it opens the project. Stop with Ctrl+C."))
        raise typer.Exit(run_lab(setup) and 2)


@desk.command()
def explain(
    code: Annotated[str, typer.Argument(help="Such as VE-101; without it all codes are listed.")] = "",
    language: Annotated[str, typer.Option("--language", "-l", help="et or en [default: the project's first].")] = "",
) -> None:
    """Explain a code that a message ended with: example, reason and remedy.

    Example: vunki-eval explain VE-316
    """
    with guarded(False, language) as say:
        from vunki_eval.language import explanations

        if code:
            typer.echo(as_called(explanations.explain(code).text(say.language)))
            return
        for explanation in explanations.explanations().values():
            typer.echo(f"{explanation.code}  {say.pick(dict(explanation.cause))}")
