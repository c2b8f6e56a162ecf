"""Co-creation: self-rated skills (main outcome), attitude, and the retrospective pre-test."""

from vunki_eval.analysis.evidence import MOST_AT_CEILING
from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.likert_bars import likert_figure
from vunki_eval.report.sections.frame import absent, build, subtitle, text
from vunki_eval.report.sections.phrases import finding, main_sentences
from vunki_eval.report.sections.section_outcomes import COCREATION, changed_twice, items, measured, present
from vunki_eval.report.tables import outcome_table
from vunki_eval.results.blocks import Figure, Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

MAIN, ATTITUDE = "CE", "CA"


def cocreation(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on co-creation skills."""
    view = view_results(results, language)
    say = view.say
    outcomes = present(view, COCREATION)
    if not any(measured(view, k) for k in outcomes):
        return build(view, "cocreation", say._("Co-creation: there are no data"), [absent(view)], commentary)
    change = view.number(MAIN, "change")
    blocks = [
        text(*main_sentences(view, MAIN), _ceiling(view)),
        outcome_table(
            results, language, changed_twice(view, outcomes), "cocreation", say._("Change in skills and attitude")
        ),
        _agreement(view, MAIN, "skills-answers", say._("How people rate their own co-creation skills")),
        _agreement(view, ATTITUDE, "attitude-answers", say._("What people think of co-creation")),
        text(_look_back(view)),
    ]
    measure = f"{view.title(MAIN)}, {view.scale(MAIN)}" if MAIN in view.outcomes else ""
    return build(
        view,
        "cocreation",
        finding(view, MAIN),
        blocks,
        commentary,
        subtitle=subtitle(view, measure, change.n if change else None),
    )


def _agreement(view: ResultsView, key: str, name: str, title: str) -> Figure | None:
    """Draw the answers to the statements of a scale."""
    measure = subtitle(view, view.say._("Agreement with statements"))
    codes = items(view, key)
    return likert_figure(view.results, view.say.language, codes, name=name, title=title, subtitle=measure)


def _ceiling(view: ResultsView) -> str:
    row = view.number(MAIN, "ceiling_share", "pre")
    if row is None or row.estimate <= MOST_AT_CEILING:
        return ""
    return view.say._(
        "Before the event {share} were at the top of the scale already and could not rise.",
        share=view.say.percent(row.estimate),
    )


def _look_back(view: ResultsView) -> str:
    row, then, say = view.number(MAIN, "recalibration"), view.number(MAIN, "change_then_test"), view.say
    if row is None or then is None or row.low is None or then.low is None:
        return ""
    return say._(
        "Looking back, people placed their earlier skills at {shift} points against what they had said before (n "
        "= {n}); "
        "compared with that look back the change is {then} points (n = {m}). The look back never replaces the "
        "first answer.",
        shift=view.change_text(MAIN, row),
        n=say.count(row.n),
        then=view.change_text(MAIN, then),
        m=say.count(then.n),
    )
