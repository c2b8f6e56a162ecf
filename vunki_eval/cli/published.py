"""The verbs on what is published: verify, claim."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from vunki_eval.cli.screen import guarded
from vunki_eval.errors import in_language

Events = Annotated[list[str] | None, typer.Option("--event", "-e", help="Event id; may be repeated [default: all].")]
Language = Annotated[
    str, typer.Option("--language", "-l", help="Language of checklist and summary [default: the project's first].")
]
ProjectFolder = Annotated[
    Path | None, typer.Option("--project", help="The project's folder [default: found from here].")
]
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
    with guarded(as_json, project=project or (report[0] if report else None)) as say:
        from vunki_eval.project.project import load_project
        from vunki_eval.publish import verify as checks

        data_project = load_project(project) if project or not report else None
        folders = report or ([data_project.reports] if data_project else [])
        checked = [report_check for folder in folders for report_check in checks.verify(folder, data_project)]
        if as_json:
            typer.echo(json.dumps({"reports": [asdict(c) for c in checked]}, ensure_ascii=False, indent=1))
        else:
            for report_check in checked:
                typer.echo(f"{report_check.event}: {in_language(report_check.said, say.language)}")
        if not all(c.follows for c in checked):
            raise typer.Exit(1)


def claim(event: Events = None, language: Language = "", as_json: Json = False, project: ProjectFolder = None) -> None:
    """Put the folder of the payment claim together in claims/<event>/, and say what is missing.

    Agenda, signed list of participants, feedback summary, in the funder's order. Exit code 1 when something is missing.

    Example: vunki-eval claim --event 2020-antsla
    """
    with guarded(as_json, language, project):
        from vunki_eval.project.project import load_project
        from vunki_eval.publish.payment_claim import build_claim

        loaded = load_project(project)
        event_ids = [loaded.event(e).id for e in event] if event else [e.id for e in loaded.events]
        claims = {e: build_claim(loaded, e, language or loaded.about.languages[0]) for e in event_ids}
        missing = {e: [f"{p.what}: {p.status}" for p in sheet.missing] for e, (_, sheet) in claims.items()}
        if as_json:
            data = [{"event": e, "folder": f"claims/{e}", "missing": missing[e]} for e in claims]
            typer.echo(json.dumps({"claims": data}, ensure_ascii=False, indent=1))
        else:
            for e, (folder, sheet) in claims.items():
                files = ", ".join(sorted(p.name for p in folder.iterdir()))
                typer.echo(f"claims/{e}/: {files}\n  {sheet.verdict}")
                for line in missing[e]:
                    typer.echo(f"  - {line}")
        if any(missing.values()):
            raise typer.Exit(1)
