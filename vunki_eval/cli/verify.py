"""The verb ``verify``."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from vunki_eval.cli.screen import guarded

Reports = Annotated[
    list[Path] | None, typer.Argument(metavar="[REPORT_DIR]...", help="reports/<event>, or reports [default: all].")
]
Folder = Annotated[
    Path | None, typer.Option("--project", help="Project with the data [default: the one around the report].")
]
Json = Annotated[bool, typer.Option("--json", help="Write one JSON document to standard output, for programs.")]


def verify(report: Reports = None, as_json: Json = False, project: Folder = None) -> None:
    """Say whether reports still follow from the data.

    Hashes the files and inputs of each and computes its results again. Exit code 1 when one does not follow.

    Example: vunki-eval verify reports/2020-antsla
    """
    with guarded(as_json):
        from vunki_eval.project.project import load_project
        from vunki_eval.publish import verify as checks

        data_project = load_project(project) if project or not report else None
        folders = report or ([data_project.reports] if data_project else [])
        checked = [report_check for folder in folders for report_check in checks.verify(folder, data_project)]
        if as_json:
            typer.echo(json.dumps({"reports": [asdict(c) for c in checked]}, ensure_ascii=False, indent=1))
        else:
            for report_check in checked:
                typer.echo(f"{report_check.event}: {report_check.said}")
        if not all(c.follows for c in checked):
            raise typer.Exit(1)
