"""The annex on disclosure control: how many numbers were kept back to protect people."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.sections.frame import absent, build, bullets, text
from vunki_eval.results.blocks import Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results


def annex_disclosure(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the annex on disclosure control."""
    view = view_results(results, language)
    say = view.say
    counts = view.meta.get("suppression", {})
    if not counts:
        return build(
            view,
            "disclosure",
            say._("Protection of people: there is nothing to protect"),
            [absent(view)],
            commentary,
            part="annex",
        )
    threshold = say.count(view.meta.get("threshold", 5))
    blocks = [
        text(
            say._(
                "No number stands for fewer than {t} people, as a count, as its complement or as the base of a mean.",
                t=threshold,
            ),
            say._(
                "Answers are merged with their neighbours first and kept back only where that is not enough; "
                "what could be found by subtraction is kept back too."
            ),
            say._("The register of initiatives is public and exempt, as are the steps of the flow of participants."),
            say._(
                "What a team told at follow-up joins the register only where at least two members answered, all who "
                "did agree, and the number of all who gave that answer is published."
            ),
        ),
        bullets(_counts(view, counts)),
        text(
            say._(
                "Minimum, maximum and single points appear nowhere. Texts that people wrote appear only when "
                "they agreed and somebody has passed them."
            )
        ),
    ]
    return build(view, "disclosure", _title(view, counts), blocks, commentary, part="annex")


def _title(view: ResultsView, counts: dict[str, int]) -> str:
    if not counts.get("hidden"):
        return view.say._("No number had to be kept back to protect people")
    hidden, cells = view.say.count(counts.get("hidden", 0)), view.say.count(counts.get("cells", 0))
    return view.say._("{hidden} of {cells} numbers are kept back to protect people", hidden=hidden, cells=cells)


def _counts(view: ResultsView, counts: dict[str, int]) -> list[str]:
    say = view.say
    labels = {
        "cells": say._("numbers that could have been shown: {n}"),
        "hidden": say._("of them kept back: {n}"),
        "banded": say._("distributions with merged answers: {n}"),
        "merged": say._("merged categories: {n}"),
    }
    return [labels[k].format(n=say.count(counts[k])) for k in labels if k in counts]
