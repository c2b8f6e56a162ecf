"""Sensitivity: other reasonable analysis choices, and whether the conclusions hold under them."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.robustness import sensitivity_figure
from vunki_eval.report.sections.frame import absent, build, bullets, subtitle, text
from vunki_eval.report.tables import sensitivity_table
from vunki_eval.report.tables.alternatives import agrees, alternatives
from vunki_eval.results.blocks import Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results


def sensitivity(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on sensitivity."""
    view = view_results(results, language)
    say = view.say
    figure = sensitivity_figure(results, language)
    if figure is None:
        reason = say._("There is no second way to estimate the changes with these data.")
        return build(view, "sensitivity", say._("Other choices: there are no data"), [absent(view, reason)], commentary)
    blocks = [
        text(
            say._(
                "Each row makes one choice differently. Where the rows say the same, the conclusion does not hang "
                "on the choice."
            )
        ),
        bullets(_tipping(view, key) for key in view.primary),
        figure,
        sensitivity_table(results, language),
    ]
    return build(
        view,
        "sensitivity",
        _title(view),
        blocks,
        commentary,
        subtitle=subtitle(view, say._("Main outcomes under other choices")),
    )


def _title(view: ResultsView) -> str:
    say = view.say
    different = [
        k
        for k in view.primary
        if any(agrees(view, k, r) is False for w in alternatives(view)[1:] if (r := view.number(k, w)))
    ]
    if not different:
        return say._("Other reasonable choices say the same about every main outcome")
    if len(different) == len(view.primary):
        return say._("For every main outcome some other choice says something else")
    listed = say.listing([view.title(k) for k in different])
    return say._("Some other choices say something else: {outcomes}", outcomes=listed)


def _tipping(view: ResultsView, outcome: str) -> str:
    row, say = view.row(outcome, "change_tipping"), view.say
    if row is None or row.status != "ok":
        return ""
    if row.estimate is None:
        return say._(
            "{title}: even if those who did not answer again were one standard deviation lower, the conclusion "
            "would stay.",
            title=view.title(outcome),
        )
    if row.estimate == 0:
        return say._(
            "{title}: the interval holds no change already without any such assumption.", title=view.title(outcome)
        )
    size = say.number(abs(row.estimate), 2)
    return say._(
        "{title}: the interval would first hold no change if those who did not answer again were {size} standard "
        "deviations lower.",
        title=view.title(outcome),
        size=size,
    )
