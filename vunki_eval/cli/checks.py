"""The verbs that check exports: check, decide."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vunki_eval.cli.screen import guarded, show_problems
from vunki_eval.errors import as_called, chosen

if TYPE_CHECKING:
    from vunki_eval.publish.quality import CheckedEvent

checks = typer.Typer(rich_markup_mode=None)

Folder = Annotated[Path | None, typer.Option("--project", help="The project's folder [default: found from here].")]
Events = Annotated[list[str] | None, typer.Option("--event", "-e", help="Event id; may be repeated [default: all].")]
Language = Annotated[str, typer.Option("--language", "-l", help="et or en [default: the project's first].")]
Json = Annotated[bool, typer.Option("--json", help="Write one JSON document to standard output, for programs.")]


@checks.command()
def check(
    event: Events = None,
    language: Language = "",
    as_json: Json = False,
    watch: Annotated[bool, typer.Option("--watch", help="On the day: show returns whenever files change.")] = False,
    every: Annotated[float, typer.Option(min=0.2, help="Seconds between looks, with --watch.")] = 5.0,
    project: Folder = None,
) -> None:
    """Read, clean and link; say what was found and what to do; publish nothing.

    Writes the private data-quality report into checks/<event>/, and a proposed mapping for every export with
    unknown columns. Exit code 1 when a person must look.

    With --watch it writes nothing: it shows how many answers have come per team, what a few more would allow to
    judge, and a reminder ready to send, again whenever a file changes; Ctrl+C ends it.

    Example: vunki-eval check --event 2020-antsla
    """
    with guarded(as_json, language, project) as say:
        if watch:
            from vunki_eval.cli.desk.returns import watch_returns

            watch_returns(project, event or [], say.language, every)
            return
        from json import dumps

        from vunki_eval.publish.quality import summary, write_check
        from vunki_eval.publish.quality.screen import lines

        checked_events, language = _checked(event, language, project)
        for checked in checked_events:
            write_check(checked, language)
        if as_json:
            data = {"events": [summary(c) for c in checked_events]}
            typer.echo(dumps(data, ensure_ascii=False, indent=1, default=int))
        else:
            for checked in checked_events:
                typer.echo(as_called("\n".join(lines(checked, summary(checked), say))))
        _end(checked_events, say.language)


@checks.command()
def decide(
    event: Events = None,
    file_format: Annotated[str, typer.Option("--format", "-f", help="csv or xlsx.")] = "csv",
    language: Language = "",
    as_json: Json = False,
    project: Folder = None,
) -> None:
    """Write open questions as a sheet to be filled in: checks/<event>/decisions.csv.

    Duplicates, unclear links, answers to edit, rows to exclude; rulings made so far come first. Fill in ruling,
    who, when and why, put the sheet beside the exports (surveys/<event>/decisions.csv): it counts on every run.

    Example: vunki-eval decide --event 2020-antsla
    """
    with guarded(as_json, language, project) as say:
        from json import dumps

        from vunki_eval.publish.quality import write_decisions

        chosen([file_format], ("csv", "xlsx"), "--format")
        checked_events, language = _checked(event, language, project)
        rows = []
        for checked in checked_events:
            path = write_decisions(checked, language, workbook=file_format == "xlsx")
            shown = f"checks/{checked.event.id}/{path.name}"
            rows.append({"event": checked.event.id, "questions": len(checked.questions), "file": shown})
        if as_json:
            typer.echo(dumps({"events": rows}, ensure_ascii=False, indent=1))
        else:
            for row in rows:
                typer.echo(
                    say._("{event}: open questions: {n}, in {file}.", event=row["event"], n=row["questions"],
                          file=row["file"])
                )  # fmt: skip
            typer.echo(say._("Fill in ruling, who, when and why, and put the sheet into surveys/<event>/."))
        unread = [c for c in checked_events if c.study is None and not c.questions]
        _end(unread, say.language)


def _checked(events: list[str] | None, language: str, folder: Path | None) -> "tuple[list[CheckedEvent], str]":
    from vunki_eval.language import localizer
    from vunki_eval.project.project import load_project
    from vunki_eval.publish.quality import check_event

    loaded = load_project(folder)
    language = language or loaded.about.languages[0]
    localizer(language)  # refuses an unknown one before any work
    event_ids = [loaded.event(e).id for e in events] if events else [e.id for e in loaded.events]
    return [check_event(loaded, e) for e in dict.fromkeys(event_ids)], language


def _end(checked_events: "list[CheckedEvent]", language: str) -> None:
    """Print what must be settled on standard error; exit with the highest code."""
    show_problems([p for c in checked_events for p in (*c.problems, *c.to_settle)], language)
    if code := max((c.exit_code for c in checked_events), default=0):
        raise typer.Exit(code)
