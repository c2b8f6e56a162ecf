"""The annex on method, in plain words: design, formulas, and the rule for verdicts."""

from vunki_eval.language import N_
from vunki_eval.report.commentary import Commentary
from vunki_eval.report.sections.frame import build, bullets, text
from vunki_eval.report.sections.phrases import least_change
from vunki_eval.report.tables import method_table
from vunki_eval.report.tables.terms import confidence_level
from vunki_eval.results.blocks import Block, Formula, Heading, Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

FORMULAS = {
    "paired_interval": N_(
        "Mean of the differences, plus or minus the t value times their standard deviation over the root of n."
    ),
    "g_av": N_(
        "Size of change: mean after minus mean before over the root of the mean of both variances, corrected for "
        "small n."
    ),
    "hedges_j": N_(
        "Correction for small n from two gamma functions; its degrees of freedom depend on n and the correlation."
    ),
    "superiority": N_("Share of people who rose plus half the share of those who stayed the same."),
    "alpha": N_(
        "Number of questions over that number minus one, times one minus the sum of their variances over the "
        "variance of the sum."
    ),
    "holm": N_("Smallest p value times the number of outcomes, the next times one less, and so on, never falling."),
}


def annex_method(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the method annex."""
    view = view_results(results, language)
    say = view.say
    blocks: list[Block | None] = [
        Heading(say._("The question and who it is about"), 2),
        text(*_question(view)),
        Heading(say._("How a change is estimated"), 2),
        text(*_estimate(view)),
        Formula("paired_interval", say._(FORMULAS["paired_interval"])),
        Formula("g_av", say._(FORMULAS["g_av"])),
        Formula("hedges_j", say._(FORMULAS["hedges_j"])),
        Formula("superiority", say._(FORMULAS["superiority"])),
        Heading(say._("What counts as a change that matters"), 2),
        text(say._("Declared before the data, per main outcome:")),
        bullets(_smallest_change(view, key) for key in view.primary),
        method_table(results, language),
        Formula("holm", say._(FORMULAS["holm"])),
        Heading(say._("How strong the evidence is"), 2),
        text(*_strength(view)),
    ]
    return build(
        view,
        "method",
        say._("Method in plain words, as it was fixed before the data"),
        blocks,
        commentary,
        part="annex",
    )


def _question(view: ResultsView) -> list[str]:
    say = view.say
    return [
        say._("The same people are asked before and after the event, and some of them months later."),
        say._(
            "A change is the mean of what each person said after, minus what the same person said before; for "
            "counts it is a ratio."
        ),
        say._(
            "It speaks of people like those who came and answered. There is no comparison group: the reason for "
            "a change cannot be told from this design."
        ),
    ]


def _estimate(view: ResultsView) -> list[str]:
    say = view.say
    return [
        say._(
            "When ten or more people answered both times and others only once, all answers enter by a "
            "likelihood for both waves (REML, unstructured covariance, observed information, t with pairs "
            "minus one degrees of freedom); the estimate from pairs alone stands beside it."
        ),
        say._("With eight teams or more the wider of the plain and the team-clustered interval is printed."),
        say._("With five to nine pairs only a description is given; with fewer, nothing."),
        say._(
            "Intervals are {level} confidence intervals. Over the main outcomes p values are corrected by Holm.",
            level=confidence_level(view),
        ),
    ]


def _smallest_change(view: ResultsView, outcome: str) -> str:
    low, high = least_change(view, outcome)
    return view.say._("{title}: {low} or {high}", title=view.title(outcome), low=low, high=high)


def _strength(view: ResultsView) -> list[str]:
    say = view.say
    return [
        say._("Strength says how sure it is that the stated change is there among these people, never why."),
        say._(
            "It starts at strong and falls one step for each reason printed beside it: fewer than 70% as many "
            "answers after as before, fewer than 70% linked, an interval that holds both no change and a "
            "change that matters, doubtful reliability, many at the top of the scale already before, teams, "
            "other choices that disagree, events held in different ways."
        ),
        say._("Entries of registers are documented (a number with its source) or reported."),
    ]
