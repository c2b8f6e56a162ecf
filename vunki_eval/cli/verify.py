"""The verb ``verify``."""

import json as jsons
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from vunki_eval.cli.screen import guarded

Report = Annotated[Path, typer.Argument(help="reports/<event>, or reports for all of them.")]
Folder = Annotated[
    Path | None, typer.Option("--project", help="Project with the data [default: the one around the report].")
]
Json = Annotated[bool, typer.Option("--json", help="Write one JSON document to standard output, for programs.")]


def verify(report: Report, json: Json = False, project: Folder = None) -> None:
    """Say whether a report still follows from the data.

    Hashes its files and inputs and computes its results again. Exit code 1 when one does not follow.
    Example: vunki-eval verify reports/2020-antsla
    """
    with guarded(json):
        from vunki_eval.project import load_project
        from vunki_eval.publish import verify as checks

        checked = checks.verify(report, load_project(project) if project else None)
        if json:
            typer.echo(jsons.dumps({"reports": [asdict(c) for c in checked]}, ensure_ascii=False, indent=1))
        else:
            for one in checked:
                typer.echo(f"{one.event}: {one.said}")
        if not all(c.follows for c in checked):
            raise typer.Exit(1)
