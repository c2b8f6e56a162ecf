"""The verbs for personal data: erase, purge, export, papers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vunki_eval.cli.screen import agreed, complain, guarded
from vunki_eval.errors import M_, as_called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vunki_eval.language import Localizer
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
    with guarded(False, project=project) as say:
        import sys

        from vunki_eval.privacy import erasure
        from vunki_eval.project.project import load_project
        from vunki_eval.project.unfinished import UNDER_WAY

        loaded = load_project(project, unfinished_ok=True)
        if not code and not row and not (loaded.surveys / UNDER_WAY).exists():
            code = typer.prompt(say._("Code"), hide_input=True) if sys.stdin.isatty() else ""
        plan = erasure.plan_erasure(loaded, code, events=event or (), rows=row or ())
        _show(plan, say)
        if not plan.places and not plan.invited:
            raise typer.Exit(0 if plan.finished else 1)
        rows = len(plan.places) + len(plan.invited)
        _confirm(say.plural("Erase {n} row for good?", "Erase {n} rows for good?", rows), yes, say)
        done = erasure.erase(loaded, plan)
        for what, paths in (
            (say._("rewritten"), done.changed), (say._("removed"), done.removed), (say._("out of date"), done.stale)
        ):  # fmt: skip
            for path in paths:
                typer.echo(f"{what}: {path}")
        complain(done.left, False, say.language)
        typer.echo(say._("Recorded in surveys/erasures.csv, without the content."))
        if done.stale:
            typer.echo(as_called(say._("Build the reports again: `vunki-eval report`, then `vunki-eval final`.")))
        typer.echo(
            say._(
                "Not reached: signed lists and other papers, the survey tool itself, backups, e-mail, version control, "
                "reports handed out."
            )
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
    with guarded(False, project=project) as say:
        from vunki_eval.privacy import erasure
        from vunki_eval.project.project import load_project

        loaded = load_project(project)
        plan = erasure.plan_purge(loaded, early=early)
        to_delete = [*plan.files, *plan.folders]
        for path in to_delete:
            typer.echo(say._("delete: {path}", path=plan.shown(loaded, path).text(say.language)))
        for path in plan.notebooks:
            typer.echo(say._("clear outputs: {path}", path=plan.shown(loaded, path).text(say.language)))
        if not to_delete and not plan.notebooks:
            typer.echo(say._("There is nothing personal left to delete."))
        else:
            _confirm(
                say.plural(
                    "Delete {n} file or folder for good?", "Delete {n} files and folders for good?", len(to_delete)
                ),
                yes,
                say,
            )
            erasure.purge(loaded, plan)
        for path in plan.remains:
            typer.echo(say._("remains: {path}", path=plan.shown(loaded, path).text(say.language)))
        typer.echo(
            say._(
                "Not reached: the survey tool itself, invitations kept elsewhere, backups, e-mail, version control, "
                "papers."
            )
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
    with guarded(False, language, project) as say:
        from vunki_eval.errors import chosen
        from vunki_eval.privacy.open_data import export_package
        from vunki_eval.project.project import load_project
        from vunki_eval.survey.study import load_study

        loaded = load_project(project)
        label_language = language or loaded.about.languages[0]
        chosen([label_language], loaded.about.languages, "--language")
        event_ids = [loaded.event(e).id for e in event] if event else [e.id for e in loaded.events]
        studies = [load_study(loaded, e) for e in event_ids]
        exported = export_package(loaded, studies, directory, language=label_language, seed=seed)
        _report_export(exported, directory, say)
        findings = [f for s in studies for f in s.findings if f.level == "look"]
        complain(findings, False, say.language)
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
    with guarded(False, language[0] if language else "", project) as say:
        from vunki_eval.privacy.documents import write_documents
        from vunki_eval.project.project import load_project

        loaded = load_project(project)
        folder = output or loaded.root / "papers"
        for path in write_documents(loaded, folder, languages=language or (), formats=formats or ()):
            shown = path.relative_to(loaded.root) if path.is_relative_to(loaded.root) else path
            typer.echo(say._("written: {file}", file=shown.as_posix()))


def _report_export(exported: "Exported", folder: Path, say: "Localizer") -> None:
    """Print what went into a package, and what leaving people out does to the estimates."""
    for line in _export_lines(exported, say):
        typer.echo(line)
    for name in exported.files:
        typer.echo(say._("written: {file}", file=folder / name))


def _export_lines(exported: "Exported", say: "Localizer") -> "Iterator[str]":
    yield say._(
        "k = {k}: {classes} classes, the smallest of {smallest} people",
        k=exported.k, classes=exported.classes, smallest=exported.smallest,
    )  # fmt: skip
    yield say._("rows: {rows}, dropped: {dropped}", rows=exported.people, dropped=exported.dropped)
    for name, step in exported.steps.items():
        how = say.plural("{n} step coarser", "{n} steps coarser", step) if step else say._("as answered")
        if (n := exported.published_for[name]) < exported.people:
            how += ", " + say._("published for {n} of {people} people", n=n, people=exported.people)
        yield f"{name}: {how}"
    whole, restored = (say.percent(share) for share in exported.information)
    yield say._("information kept about these: {restored} (by whole columns: {whole})", restored=restored, whole=whole)
    yield say._("change in pairs (everybody, package, difference):")
    for effect in exported.effects:
        name = f"  {effect.event} {effect.outcome}: "
        if effect.difference is None or effect.everybody is None or effect.package is None:
            yield name + say._("fewer than 10 pairs, not shown")
        else:
            changes = (say.signed(c, 3) for c in (effect.everybody, effect.package, effect.difference))
            yield name + f"{'; '.join(changes)} (n = {effect.pairs})"
    if n := exported.unanimous_pairs:
        yield say.plural(
            "warning: in {n} pair of class and question all gave the same answer (l-diversity 1)",
            "warning: in {n} pairs of class and question all gave the same answer (l-diversity 1)",
            n,
        )
    if not exported.licence:
        yield say._(
            "warning: no licence is chosen, so nobody may reuse the package without asking. "
            'To choose one: licence = "CC-BY-4.0" (for example) under [export] in project.toml'
        )


def _show(plan: "Erasure", say: "Localizer") -> None:
    """List the responses that are meant, by file and row."""
    from vunki_eval.privacy.erasure import INVITATIONS

    reasons = {
        "code": say._("same code"), "link": say._("linked to it"), "row": say._("named"),
        "list": say._("named, in a list of participants"),
    }  # fmt: skip
    for place in plan.places:
        typer.echo(f"{place.shown} ({reasons[place.how]})")
    for place in plan.similar:
        typer.echo(
            say._("{row} differs in one element and is left alone; if it is theirs: --row {row}", row=place.shown)
        )
    for line in plan.invited:
        typer.echo(f"{INVITATIONS}:{line} ({say._('their invitation')})")
    for path in plan.lists:
        typer.echo(
            say._(
                "{file} holds names, not codes: look for the person there and name their line with --row {file}:LINE",
                file=path,
            )
        )
    if plan.finished:
        typer.echo(say._("An erasure that had been interrupted is finished now."))
    elif not plan.places:
        typer.echo(say._("No response has this code."), err=True)
        if not plan.invited:
            typer.echo(say._("Nothing was changed."), err=True)
    complain(plan.problems, False, say.language)


def _confirm(question: str, yes: bool, say: "Localizer") -> None:
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
        problem = M_("There is no terminal to ask on; nothing was changed.")
        raise UsageError(Problem("", 0, "", problem, M_("Add --yes to go ahead."), "VE-729"))
    if not agreed(question, say):
        typer.echo(say._("Nothing was changed."))
        raise typer.Exit(1)
