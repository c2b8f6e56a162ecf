"""The verbs around the answers: code open answers, and compute national values to compare with."""

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vunki_eval.cli.screen import guarded, show_problems

if TYPE_CHECKING:
    from vunki_eval.language import Localizer
    from vunki_eval.publish.coding_folder import Prepared

answers = typer.Typer(rich_markup_mode=None)

Folder = Annotated[Path | None, typer.Option("--project", help="The project's folder [default: found from here].")]


@answers.command()
def code(
    event: Annotated[
        list[str] | None, typer.Option("--event", "-e", help="Event id; may be repeated [default: all].")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON document, for programs.")] = False,
    project: Folder = None,
) -> None:
    """Prepare the sheets in which two people code the open answers by theme; say how far they agree.

    Writes coding.<question>.csv and .xlsx into checks/<event>/ (private: they hold what people wrote). Filled in,
    they go beside the event as coding.<coder>.csv or .xlsx. Exit code 1 while coders differ in what is not settled.

    Example: vunki-eval code --event 2020-antsla
    """
    with guarded(as_json, project=project) as say:
        from vunki_eval.project.project import load_project
        from vunki_eval.publish.coding_folder import prepare_coding
        from vunki_eval.survey.study import load_study

        loaded = load_project(project)
        events = [loaded.event(e) for e in event] if event else list(loaded.events)
        studies = [load_study(loaded, e.id) for e in events]
        prepared = [prepare_coding(loaded, s) for s in studies]
        if as_json:
            from json import dumps

            typer.echo(dumps({"events": [_data(m, loaded.root) for m in prepared]}, ensure_ascii=False, indent=1))
        else:
            for coding in prepared:
                typer.echo("\n".join(_lines(coding, loaded.root, say)))
        unplaced = [f for s in studies for f in s.findings if f.code in ("VE-767", "VE-768")]
        show_problems(unplaced, say.language)
        if unplaced or any(m.waiting for m in prepared):
            raise typer.Exit(1)


@answers.command()
def benchmark(
    file: Annotated[Path, typer.Argument(help="A file of the European Social Survey (.sav or .csv), downloaded.")],
    variable: Annotated[list[str], typer.Option("--variable", help="Such as ppltrst; may be repeated.")],
    country: Annotated[str, typer.Option(help="Value of cntry.")] = "EE",
    weight: Annotated[str, typer.Option(help="Column of weights, or none [default: anweight, pspwght, dweight].")] = "",
    item: Annotated[list[str] | None, typer.Option("--item", help="Own item for each variable, in order.")] = None,
) -> None:
    """Compute weighted means of a national survey, as entries for surveys/benchmarks.toml.

    Standard errors follow strata and clusters where the file has stratum and psu. Nothing of the file is kept.

    Example: vunki-eval benchmark ESS10.sav --variable ppltrst --item TR1
    """
    with guarded(False):
        from vunki_eval.project.national_values import benchmark_entry, ess_means

        means = ess_means(file, variable, country=country, weight=weight)
        own_items = [*(item or ()), *("" for _ in means)]
        for place, mean in enumerate(means):
            typer.echo(benchmark_entry(mean, own_items[place]))


def _data(prepared: "Prepared", root: Path) -> dict[str, object]:
    return {
        "event": prepared.event,
        "files": [p.relative_to(root).as_posix() for p in prepared.files],
        "answers": prepared.answers,
        "coded": prepared.coded,
        "coders": prepared.coders,
        "kappa": {k: dict(zip(("value", "low", "high", "n"), v, strict=True)) for k, v in prepared.kappa.items()},
        "waiting": prepared.waiting,
        "suggestions": prepared.suggestions,
    }


def _lines(prepared: "Prepared", root: Path, say: "Localizer") -> list[str]:
    lines = [prepared.event]
    if not prepared.answers:
        return [*lines, "  " + say._("nobody answered an open question")]
    for item, n in prepared.answers.items():
        line = "  " + say._("{item}: answers: {n}, coded: {coded}", item=item, n=n, coded=prepared.coded[item])
        if item in prepared.kappa:
            value, low, high, n_both = prepared.kappa[item]
            interval = say.between(low, high, 2)
            line += f"; kappa {say.number(value, 2)} ({interval}; n = {n_both})"
        lines.append(line)
    sheets = f"{prepared.files[0].parent.relative_to(root).as_posix()}/coding.*"
    lines.append("  " + say._("sheets: {files}", files=sheets))
    if not prepared.suggestions:
        lines.append("  " + say._("The column of suggestions is empty: install vunki-eval[themes] for it."))
    if prepared.waiting:
        settle = say._(
            "Answers coded differently: {n}. Settle them from disagreements.csv in surveys/{event}/coding.agreed.csv.",
            n=prepared.waiting, event=prepared.event,
        )  # fmt: skip
        lines += textwrap.wrap(settle, 80, initial_indent="  ", subsequent_indent="  ")
    return lines
