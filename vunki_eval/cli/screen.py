"""What the user sees: progress when there is a terminal, one closing table, messages on standard error."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from vunki_eval.cli.streams import OutputLost
from vunki_eval.errors import M_, Problem, VunkiError, shorten, spoken_language

if TYPE_CHECKING:
    from pathlib import Path

    from vunki_eval.language import Localizer
    from vunki_eval.project.project import Project
    from vunki_eval.publish.batch import BuildPlan, Outcome


@contextmanager
def guarded(as_json: bool, language: str = "", project: "Path | None" = None) -> "Iterator[Localizer]":
    """Turn errors into messages and exit codes; no traceback reaches the user.

    Parameters
    ----------
    as_json : bool
        Write messages to standard output too, for programs.
    language : str
        The language asked for; else the one that `spoken_language` finds for the project.
    project : Path, optional
        A folder inside the project; the current one if left out.

    Yields
    ------
    Localizer
        Writes what the verb says itself, in the language of the messages.
    """
    from vunki_eval.language import known_languages, localizer

    say = localizer(language if language in known_languages() else spoken_language(project))
    try:
        yield say
    except VunkiError as error:
        complain(error.problems, as_json, say.language)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        raise typer.Exit(interrupted(say.language)) from None
    except OutputLost as lost:
        raise typer.Exit(lost.end(say.language)) from None
    except typer.Exit:
        raise
    except Exception as error:
        if os.environ.get("VUNKI_DEBUG"):
            raise
        complain((_bug(error),), as_json, say.language)
        raise typer.Exit(5) from None


def interrupted(language: str = "") -> int:
    """Say that the work was interrupted, and return the exit code."""
    typer.echo(M_("Interrupted; nothing was half published.").text(language or spoken_language()), err=True)
    return 130


def complain(problems: Sequence[Problem], as_json: bool, language: str) -> None:
    """Print messages on standard error; with ``as_json`` also on standard output, in English, for programs."""
    if as_json:
        typer.echo(json.dumps({"problems": [p.as_dict() for p in problems]}, ensure_ascii=False, indent=1))
    show_problems(problems, language)


def show_problems(problems: Sequence[Problem], language: str) -> None:
    """Print messages in a language on standard error."""
    for line in shorten(problems, language):
        typer.echo(line, err=True)


def agreed(question: str, say: "Localizer") -> bool:
    """Ask on the terminal for yes or no, in the language or in English; no is the default."""
    yes, no = say._("y"), say._("n")
    while True:
        answer = typer.prompt(f"{question} [{yes}/{no.upper()}]", default=no, show_default=False).strip().casefold()
        if answer in (yes, say._("yes"), "y", "yes"):
            return True
        if answer in (no, say._("no"), "n", "no"):
            return False


@contextmanager
def watching(plans: "Sequence[BuildPlan]", as_json: bool, say: "Localizer") -> "Iterator[Callable[[Outcome], None]]":
    """Show progress on a terminal; stay quiet elsewhere."""
    if as_json or not sys.stderr.isatty():
        yield lambda outcome: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(say._("Building reports"), total=len(plans))

        def advance(outcome: "Outcome") -> None:
            progress.update(task, advance=1, description=say._("{event} done", event=outcome.event))

        yield advance


def show_plans(plans: "Sequence[BuildPlan]", as_json: bool, say: "Localizer") -> None:
    """Say what would be built and why."""
    if as_json:
        rows = [{"event": p.event, "build": p.needed, "why": p.why, "languages": p.languages} for p in plans]
        typer.echo(json.dumps({"plan": rows}, ensure_ascii=False, indent=1))
        return
    for p in plans:
        what = say._("build") if p.needed else say._("leave")
        typer.echo(f"{p.event}: {what} ({p.why.text(say.language)}; {', '.join(p.languages)})")


def show_outcomes(
    project: "Project", plans: "Sequence[BuildPlan]", outcomes: "Sequence[Outcome]", as_json: bool, say: "Localizer"
) -> None:
    """Print the closing table, then what went wrong and what a person should look at."""
    from vunki_eval.publish.batch import Failed

    problems = [p for o in outcomes if isinstance(o, Failed) for p in o.problems]
    findings = [f for o in outcomes if not isinstance(o, Failed) for f in o.findings if f.level == "look"]
    rows = [r for p, o in zip(plans, outcomes, strict=True) for r in _rows(project, p, o)]
    if as_json:
        data = {
            "reports": rows,
            "problems": [p.as_dict() for p in problems],
            "findings": [f.as_dict() for f in findings],
        }
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        headers = {
            "event": say._("event id"), "language": say._("language"), "before": say._("before"),
            "after": say._("after"), "linked": say._("linked"), "state": say._("state"), "files": say._("files"),
        }  # fmt: skip
        _table(headers, [{**r, "state": r["state"].text(say.language)} for r in rows])
    show_problems([*problems, *dict.fromkeys(findings)], say.language)


def _rows(project: "Project", plan: "BuildPlan", outcome: "Outcome") -> list[dict[str, Any]]:
    from vunki_eval.publish.batch import Failed
    from vunki_eval.report.render.formats import FORMATS

    if isinstance(outcome, Failed):
        return [{"event": plan.event, "language": "", "before": None, "after": None, "linked": None,
                 "state": M_("failed"), "files": ""}]  # fmt: skip
    state = M_("up to date")
    if outcome.built:
        state = M_("built in {seconds} s", seconds=f"{outcome.seconds:.0f}")
    rows = []
    for language in plan.languages:
        folder = project.reports / plan.event / language
        files = [p for p in sorted(folder.glob("*.*")) if p.suffix[1:] in FORMATS]
        shown = ", ".join(f"reports/{plan.event}/{language}/{p.name}" for p in files)
        rows.append({"event": plan.event, "language": language, **outcome.counts, "state": state, "files": shown})
    return rows


def _table(headers: Mapping[str, str], rows: Sequence[dict[str, Any]]) -> None:
    cells = [[("–" if r[key] is None else str(r[key])) for key in headers] for r in rows]
    lines = [list(headers.values()), *cells]
    widths = [max(len(line[i]) for line in lines) for i in range(len(headers))]
    widths[-1] = 0
    for line in lines:
        typer.echo("  ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)).rstrip())


def _bug(error: Exception) -> Problem:
    from vunki_eval.publish.batch import fault

    return fault(error)
