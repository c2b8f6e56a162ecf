"""The verbs for personal data: erase, purge, export, papers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vunki_eval.cli.screen import complain, guarded
from vunki_eval.errors import as_called

if TYPE_CHECKING:
    from vunki_eval.privacy.erasure import Erasure
    from vunki_eval.privacy.open_data import Exported

rights = typer.Typer(rich_markup_mode=None)

Folder = Annotated[Path | None, typer.Option("--project", help="The project's folder [default: found from here].")]
Many = list[str] | None
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@rights.command()
def erase(
    code: Annotated[str, typer.Argument(help="The code as the person types it; asked for, unseen, if left out.")] = "",
    event: Annotated[Many, typer.Option("--event", "-e", help="Event id; may be repeated [default: all].")] = None,
    row: Annotated[Many, typer.Option("--row", help="FILE:ROW of a response or list, instead of a code.")] = None,
    yes: Yes = False,
    project: Folder = None,
) -> None:
    """Remove a person's responses from the exports, for good.

    The exports are rewritten without them, row numbers in decisions.csv are corrected, private working files are
    deleted, and reports count as out of date. A code on the command line stays in the shell's history: leave it out
    to be asked for it.

    Example: vunki-eval erase "M 08 V 2 J E"
    """
    with guarded(False):
        import sys

        from vunki_eval.privacy import erasure
        from vunki_eval.project.project import load_project
        from vunki_eval.project.unfinished import UNDER_WAY

        loaded = load_project(project, unfinished_ok=True)
        if not code and not row and not (loaded.surveys / UNDER_WAY).exists():
            code = typer.prompt("Code", hide_input=True) if sys.stdin.isatty() else ""
        plan = erasure.plan_erasure(loaded, code, events=event or (), rows=row or ())
        _show(plan)
        if not plan.places and not plan.invited:
            raise typer.Exit(0 if plan.finished else 1)
        _confirm(f"Erase {len(plan.places) + len(plan.invited)} rows for good?", yes)
        done = erasure.erase(loaded, plan)
        for what, paths in (("rewritten", done.changed), ("removed", done.removed), ("out of date", done.stale)):
            for path in paths:
                typer.echo(f"{what}: {path}")
        complain(done.left, False)
        typer.echo("Recorded in surveys/erasures.csv, without the content.")
        if done.stale:
            typer.echo(as_called("Build the reports again: `vunki-eval report`, then `vunki-eval final`."))
        typer.echo(
            "Not reached: signed lists and other papers, the survey tool itself, backups, e-mail, version control, "
            "reports handed out."
        )
        if done.left or plan.problems or plan.similar:
            raise typer.Exit(1)


@rights.command()
def purge(
    early: Annotated[bool, typer.Option("--early", help="Even if retention is not over.")] = False,
    yes: Yes = False,
    project: Folder = None,
) -> None:
    """Delete everything personal at the end of retention: exports, key, invitations, working files, executed notebooks.

    Published PDF and HTML reports and their protected numbers stay; they cannot be built or recomputed any more.

    Example: vunki-eval purge
    """
    with guarded(False):
        from vunki_eval.privacy import erasure
        from vunki_eval.project.project import load_project

        loaded = load_project(project)
        plan = erasure.plan_purge(loaded, early=early)
        to_delete = [*plan.files, *plan.folders]
        for path in to_delete:
            typer.echo(f"delete: {plan.shown(loaded, path)}")
        for path in plan.notebooks:
            typer.echo(f"clear outputs: {plan.shown(loaded, path)}")
        if not to_delete and not plan.notebooks:
            typer.echo("There is nothing personal left to delete.")
        else:
            _confirm(f"Delete {len(to_delete)} files and folders for good?", yes)
            erasure.purge(loaded, plan)
        for path in plan.remains:
            typer.echo(f"remains: {plan.shown(loaded, path)}")
        typer.echo(
            "Not reached: the survey tool itself, invitations kept elsewhere, backups, e-mail, version control, papers."
        )


@rights.command()
def export(
    directory: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    event: Annotated[Many, typer.Option("--event", "-e", help="Event id; may be repeated [default: all].")] = None,
    language: Annotated[
        str, typer.Option("--language", "-l", help="Language of the labels [default: the project's first].")
    ] = "",
    seed: Annotated[int | None, typer.Option(help="Repeat ids and order; for tests, not for publishing.")] = None,
    project: Folder = None,
) -> None:
    """Write the research package: k-anonymous rows as CSV and SPSS, codebook, Frictionless Data Package.

    Publish only one package of the same people: two could be compared.

    Example: vunki-eval export package --language en
    """
    with guarded(False):
        from vunki_eval.errors import Problem, UsageError
        from vunki_eval.privacy.open_data import export_package
        from vunki_eval.project.project import load_project
        from vunki_eval.survey.study import load_study

        loaded = load_project(project)
        label_language = language or loaded.about.languages[0]
        if label_language not in loaded.about.languages:
            problem, hint = (
                f"There is no language {label_language!r}.",
                f"Choose one of: {', '.join(loaded.about.languages)}.",
            )
            raise UsageError(Problem("", 0, "--language", problem, hint, "VE-103"))
        event_ids = [loaded.event(e).id for e in event] if event else [e.id for e in loaded.events]
        studies = [load_study(loaded, e) for e in event_ids]
        exported = export_package(loaded, studies, directory, language=label_language, seed=seed)
        _report_export(exported, directory)
        findings = [f for s in studies for f in s.findings if f.level == "look"]
        complain(findings, False, label_language)
        if findings:
            raise typer.Exit(1)


@rights.command()
def papers(
    language: Annotated[Many, typer.Option("--language", "-l", help="May be repeated [default: all].")] = None,
    formats: Annotated[
        Many, typer.Option("--format", "-f", help="pdf, md, docx; may be repeated [default: pdf, md].")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Folder [default: papers/ of the project].")] = None,
    project: Folder = None,
) -> None:
    """Write the documents on personal data: information for participants, consent, record of processing.

    Filled in from project.toml; drafts for the data protection officer.

    Example: vunki-eval papers --language et
    """
    with guarded(False):
        from vunki_eval.privacy.documents import write_documents
        from vunki_eval.project.project import load_project

        loaded = load_project(project)
        folder = output or loaded.root / "papers"
        for path in write_documents(loaded, folder, languages=language or (), formats=formats or ()):
            shown = path.relative_to(loaded.root) if path.is_relative_to(loaded.root) else path
            typer.echo(f"written: {shown.as_posix()}")


def _report_export(exported: "Exported", folder: Path) -> None:
    """Print what went into a package, and what leaving people out does to the estimates."""
    typer.echo(f"k = {exported.k}: {exported.classes} classes, the smallest of {exported.smallest} people")
    typer.echo(f"rows: {exported.people}, dropped: {exported.dropped}")
    for name, step in exported.steps.items():
        n = exported.published_for[name]
        published = f", published for {n} of {exported.people} people" if n < exported.people else ""
        typer.echo(f"{name}: {f'{step} steps coarser' if step else 'as answered'}{published}")
    whole, restored = exported.information
    typer.echo(f"information kept about these: {restored:.0%} (by whole columns: {whole:.0%})")
    typer.echo("change in pairs (everybody, package, difference):")
    for effect in exported.effects:
        if effect.difference is None or effect.everybody is None or effect.package is None:
            typer.echo(f"  {effect.event} {effect.outcome}: fewer than 10 pairs, not shown")
        else:
            changes = f"{effect.everybody:+.3f}, {effect.package:+.3f}, {effect.difference:+.3f}"
            typer.echo(f"  {effect.event} {effect.outcome}: {changes} (n = {effect.pairs})")
    if n := exported.unanimous_pairs:
        typer.echo(f"warning: in {n} pairs of class and question all gave the same answer (l-diversity 1)")
    if not exported.licence:
        typer.echo(
            "warning: no licence is chosen, so nobody may reuse the package without asking. "
            'To choose one: licence = "CC-BY-4.0" (for example) under [export] in project.toml'
        )
    for name in exported.files:
        typer.echo(f"written: {folder / name}")


def _show(plan: "Erasure") -> None:
    """List the responses that are meant, by file and row."""
    from vunki_eval.privacy.erasure import INVITATIONS

    reasons = {"code": "same code", "link": "linked to it", "row": "named", "list": "named, in a list of participants"}
    for place in plan.places:
        typer.echo(f"{place.shown} ({reasons[place.how]})")
    for place in plan.similar:
        typer.echo(f"{place.shown} differs in one element and is left alone; if it is theirs: --row {place.shown}")
    for line in plan.invited:
        typer.echo(f"{INVITATIONS}:{line} (their invitation)")
    for path in plan.lists:
        typer.echo(
            f"{path} holds names, not codes: look for the person there and name their line with --row {path}:LINE"
        )
    if plan.finished:
        typer.echo("An erasure that had been interrupted is finished now.")
    elif not plan.places:
        typer.echo("No response has this code." + ("" if plan.invited else " Nothing was changed."), err=True)
    complain(plan.problems, False)


def _confirm(question: str, yes: bool) -> None:
    """Ask before anything is lost; without a terminal only ``--yes`` counts.

    Raises
    ------
    UsageError
        If nobody can answer.
    """
    import sys

    from vunki_eval.errors import Problem, UsageError

    if yes:
        return
    if not sys.stdin.isatty():
        problem = "There is no terminal to ask on; nothing was changed."
        raise UsageError(Problem("", 0, "", problem, "Add --yes to go ahead.", "VE-729"))
    if not typer.confirm(question):
        typer.echo("Nothing was changed.")
        raise typer.Exit(1)
