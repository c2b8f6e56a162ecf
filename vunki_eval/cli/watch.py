"""``check --watch``: the returns on the screen, shown again when files change, until Ctrl+C."""

import time
from pathlib import Path

import typer


def watch_returns(project: Path | None, events: list[str], language: str, every: float) -> None:
    """Watch the exports of events; read the project's configuration again each time."""
    from vunki_eval.cli.desk.returns import file_stamp, returns_text, watch
    from vunki_eval.project.project import load_project

    loaded = load_project(project)
    for event in events:
        loaded.event(event)
    language = language or loaded.about.languages[0]

    def say(text: str) -> None:
        typer.echo(f"── {time.strftime('%H:%M:%S')} " + "─" * 60)
        typer.echo(text)
        typer.echo("\nCtrl+C ends this." if language == "en" else "\nLõpetab Ctrl+C.")

    watch(
        lambda: returns_text(lambda: load_project(project), tuple(events), language),
        lambda: file_stamp(loaded.surveys),
        say,
        lambda: time.sleep(every),
    )
