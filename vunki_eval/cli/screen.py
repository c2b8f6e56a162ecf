"""What the user sees: progress when there is a terminal, one closing table, messages on standard error."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from vunki_eval.cli.streams import OutputLost
from vunki_eval.errors import Problem, VunkiError, shorten

if TYPE_CHECKING:
    from vunki_eval.project.project import Project
    from vunki_eval.publish.batch import BuildPlan, Outcome


@contextmanager
def guarded(as_json: bool, language: str = "en") -> Iterator[None]:
    """Turn errors into messages in one language and exit codes; no traceback reaches the user."""
    try:
        yield
    except VunkiError as error:
        complain(error.problems, as_json, language)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        raise typer.Exit(interrupted()) from None
    except OutputLost as lost:
        raise typer.Exit(lost.end(language)) from None
    except typer.Exit:
        raise
    except Exception as error:
        if os.environ.get("VUNKI_DEBUG"):
            raise
        complain((_bug(error),), as_json, language)
        raise typer.Exit(5) from None


def interrupted() -> int:
    """Say that the work was interrupted, and return the exit code."""
    typer.echo("Interrupted; nothing was half published.", err=True)
    return 130


def complain(problems: Sequence[Problem], as_json: bool, language: str = "en") -> None:
    """Print messages on standard error; with ``as_json`` also on standard output, in English, for programs."""
    if as_json:
        typer.echo(json.dumps({"problems": [p.as_dict() for p in problems]}, ensure_ascii=False, indent=1))
    show_problems(problems, language)


def show_problems(problems: Sequence[Problem], language: str) -> None:
    """Print messages in a language on standard error."""
    from vunki_eval.language.sentences import in_language

    for line in shorten([in_language(p, language) for p in problems]):
        typer.echo(line, err=True)


@contextmanager
def watching(plans: "Sequence[BuildPlan]", as_json: bool) -> "Iterator[Callable[[Outcome], None]]":
    """Show progress on a terminal; stay quiet elsewhere."""
    if as_json or not sys.stderr.isatty():
        yield lambda outcome: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Building reports", total=len(plans))

        def advance(outcome: "Outcome") -> None:
            progress.update(task, advance=1, description=f"{outcome.event} done")

        yield advance


def show_plans(plans: "Sequence[BuildPlan]", as_json: bool) -> None:
    """Say what would be built and why."""
    if as_json:
        rows = [{"event": p.event, "build": p.needed, "why": p.why, "languages": p.languages} for p in plans]
        typer.echo(json.dumps({"plan": rows}, ensure_ascii=False, indent=1))
        return
    for p in plans:
        typer.echo(f"{p.event}: {'build' if p.needed else 'leave'} ({p.why}; {', '.join(p.languages)})")


def show_outcomes(
    project: "Project", plans: "Sequence[BuildPlan]", outcomes: "Sequence[Outcome]", as_json: bool, language: str = "en"
) -> None:
    """Print the closing table, then, in a language, what went wrong and what a person should look at."""
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
        _table(("event", "language", "before", "after", "linked", "state", "files"), rows)
    show_problems([*problems, *dict.fromkeys(findings)], language)


def _rows(project: "Project", plan: "BuildPlan", outcome: "Outcome") -> list[dict[str, Any]]:
    from vunki_eval.publish.batch import Failed

    if isinstance(outcome, Failed):
        return [{"event": plan.event, "language": "", "before": None, "after": None, "linked": None, "state": "failed",
                 "files": ""}]  # fmt: skip
    state = f"built in {outcome.seconds:.0f} s" if outcome.built else "up to date"
    rows = []
    for language in plan.languages:
        folder = project.reports / plan.event / language
        files = [p for p in sorted(folder.glob("*.*")) if p.suffix in {".pdf", ".html", ".docx"}]
        shown = ", ".join(f"reports/{plan.event}/{language}/{p.name}" for p in files)
        rows.append({"event": plan.event, "language": language, **outcome.counts, "state": state, "files": shown})
    return rows


def _table(columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    cells = [[("–" if r[h] is None else str(r[h])) for h in columns] for r in rows]
    widths = [max(len(h), *(len(c[i]) for c in cells)) if cells else len(h) for i, h in enumerate(columns)]
    widths[-1] = 0
    for line in [list(columns), *cells]:
        typer.echo("  ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)).rstrip())


def _bug(error: Exception) -> Problem:
    from vunki_eval.publish.batch import fault

    return fault(error)
