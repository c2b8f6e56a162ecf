"""The event itself: experience, teamwork, satisfaction and readiness to recommend."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.likert_bars import likert_figure
from vunki_eval.report.figures.recommendation import ratings_figure
from vunki_eval.report.sections.frame import absent, build, subtitle, text
from vunki_eval.report.sections.section_outcomes import EXPERIENCE, items, measured, present
from vunki_eval.report.tables import item_table
from vunki_eval.results.blocks import Block, Heading, Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

PROFILE, PROCESS, SATISFIED, RECOMMEND = "CX", "PS", "SA1", "SA2"
NEXT = "next"


def experience(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on the event itself."""
    view = view_results(results, language)
    say = view.say
    if not any(measured(view, k) for k in present(view, EXPERIENCE)):
        return build(view, "event", say._("The event itself: there are no data"), [absent(view)], commentary)
    blocks: list[Block | None] = [
        text(*experience_sentences(view)),
        likert_figure(
            results,
            language,
            items(view, PROFILE),
            ("post",),
            name="experience",
            title=say._("How people experienced taking part"),
            subtitle=subtitle(view, say._("Agreement with statements")),
        ),
        item_table(
            results, language, items(view, PROCESS), "process", say._("How the team's work went: means from 1 to 5")
        ),
        ratings_figure(results, language, RECOMMEND, title=_recommend_title(view)),
    ]
    blocks += changes_next_time(view, commentary)
    return build(
        view, "event", _title(view), blocks, commentary, subtitle=subtitle(view, say._("Answers after the event"))
    )


def changes_next_time(view: ResultsView, commentary: Commentary | None) -> list[Block]:
    """Return the evaluator's commentary on what will be changed next time, under a heading of its own."""
    comments = commentary.comments.get(NEXT, ()) if commentary else ()
    return [Heading(view.say._("What will be changed next time"), 2), *comments] if comments else []


def experience_sentences(view: ResultsView) -> list[str]:
    """Say how satisfied people were and how ready they are to recommend the event, with intervals and n."""
    return [sentence for sentence in (satisfied(view), recommended(view)) if sentence]


def _title(view: ResultsView) -> str:
    row = view.number(SATISFIED, "share")
    if row is None:
        return view.say._("How people rated the event and the work there")
    return view.say._(
        "{share} of those who answered were satisfied with the event", share=view.say.percent(row.estimate)
    )


def satisfied(view: ResultsView) -> str:
    """Say what share of people was satisfied, with its interval and n."""
    row, say = view.number(SATISFIED, "share"), view.say
    if row is None:
        return ""
    limits = f" ({say.between_shares(row.low, row.high)})" if row.low is not None else ""
    return say._(
        "{share}{limits} were satisfied or very satisfied with the event (n = {n}).",
        share=say.percent(row.estimate),
        limits=limits,
        n=say.count(row.n),
    )


def recommended(view: ResultsView) -> str:
    """Say how ready people are to recommend the event: mean, and promoters minus critics with its interval."""
    row, mean, say = view.number(RECOMMEND, "net_promoter"), view.number(RECOMMEND, "mean"), view.say
    sentence = ""
    if mean is not None:
        sentence = say._(
            "Readiness to recommend: mean {mean} of 10 (n = {n}).",
            mean=say.number(mean.estimate, 1),
            n=say.count(mean.n),
        )
    if row is not None and row.low is not None:
        points = f"{say.signed(row.estimate)} ({say.number(row.low)} {say._('to')} {say.number(row.high)})"
        sentence += " " + say._(
            "Promoters minus critics: {points} points; with so few people this number moves a lot.", points=points
        )
    return sentence.strip()


def _recommend_title(view: ResultsView) -> str:
    mean, say = view.number(RECOMMEND, "mean"), view.say
    if mean is None:
        return say._("How ready people are to recommend the event")
    return say._("Readiness to recommend was {mean} of 10 on average", mean=say.number(mean.estimate, 1))
