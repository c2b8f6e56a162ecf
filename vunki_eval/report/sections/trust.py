"""Trust: across sectors (main outcome), in people in general and in the team, beside the control question."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.forest_plot import waves_figure
from vunki_eval.report.figures.likert_bars import likert_figure
from vunki_eval.report.figures.national_values import national_figure
from vunki_eval.report.sections.frame import absent, build, subtitle, text
from vunki_eval.report.sections.phrases import change_sentence, finding, main_sentences
from vunki_eval.report.sections.section_outcomes import TRUST, changed_twice, items, measured, present
from vunki_eval.report.tables import outcome_table
from vunki_eval.results.blocks import Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

MAIN, CONTROL, TEAM = "TS", "TN", "TT"


def trust(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on trust."""
    view = view_results(results, language)
    say = view.say
    outcomes = present(view, TRUST)
    if not any(measured(view, k) for k in outcomes):
        return build(view, "trust", say._("Trust: there are no data"), [absent(view)], commentary)
    change = view.number(MAIN, "change")
    blocks = [
        text(*main_sentences(view, MAIN)),
        likert_figure(
            results,
            language,
            items(view, MAIN),
            name="trust-answers",
            title=say._("How far people trust each sector, by wave"),
            subtitle=subtitle(view, _stem(view, MAIN)),
        ),
        waves_figure(
            view, (MAIN, "TR", CONTROL), "trust-change", say._("Change in trust, beside the control question")
        ),
        text(_control(view)),
        outcome_table(results, language, changed_twice(view, outcomes), "trust", say._("Change in trust")),
        national_figure(results, language),
        text(_team(view)),
        likert_figure(
            results,
            language,
            items(view, TEAM),
            name="team-trust",
            title=say._("How people saw the trust within their team"),
            subtitle=subtitle(view, _stem(view, TEAM)),
        ),
    ]
    measure = f"{view.title(MAIN)}, {view.scale(MAIN)}" if MAIN in view.outcomes else ""
    return build(
        view,
        "trust",
        finding(view, MAIN),
        blocks,
        commentary,
        subtitle=subtitle(view, measure, change.n if change else None),
    )


def _stem(view: ResultsView, outcome: str) -> str:
    codes = items(view, outcome)
    stem = view.meta.get("items", {}).get(codes[0], {}).get("stem", {}) if codes else {}
    return view.say.pick(stem) or view.title(outcome)


def _control(view: ResultsView) -> str:
    """Say how the control question changed; the event had nothing to do with its topic."""
    sentence = change_sentence(view, CONTROL)
    if not sentence:
        return ""
    return view.say._("Control question, which nothing at the event concerned: ") + sentence


def _team(view: ResultsView) -> str:
    row = view.number(TEAM, "mean")
    if row is None or row.low is None:
        return ""
    mean, limits = view.say.number(row.estimate, 2), view.say.between(row.low, row.high, 2)
    return view.say._(
        "{title}: mean {mean} on the scale {scale} (interval {limits}; n = {n}); asked only after the event.",
        title=view.title(TEAM),
        mean=mean,
        scale=view.scale(TEAM),
        limits=limits,
        n=view.say.count(row.n),
    )
