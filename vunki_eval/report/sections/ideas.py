"""What became of the ideas: the register, the follow-up, intentions and voluntary work."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.progress import stages_figure
from vunki_eval.report.sections.frame import absent, build, place_and_time, text
from vunki_eval.report.sections.phrases import change_sentence
from vunki_eval.report.sections.section_outcomes import IDEAS, changed_twice, measured
from vunki_eval.report.tables import counts_table, initiatives_table, item_table
from vunki_eval.results.blocks import Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results


def ideas(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on what became of the ideas."""
    view = view_results(results, language)
    say = view.say
    codes = [k for k in ("IN1", "IN2", "IN3", "FU3") if view.row(k, "mean", "post") or view.row(k, "mean", "followup")]
    blocks = [
        text(_at_work(view)),
        stages_figure(results, language, title=say._("Where the event's initiatives stand")),
        initiatives_table(results, language),
        item_table(
            results,
            language,
            codes,
            "intentions",
            say._("Intentions, and people's own view of the event's contribution: means"),
        ),
        text(*(change_sentence(view, k) for k in changed_twice(view, IDEAS)), change_sentence(view, "VH", "followup")),
        counts_table(
            results,
            language,
            ("VH1", "FU2a", "FU2b", "FU2c", "IN3N"),
            "followup-counts",
            say._("Voluntary work, money and partners in numbers"),
        ),
    ]
    if not any(blocks) and not any(measured(view, k) for k in IDEAS):
        blocks = [absent(view)]
    subtitle = " · ".join(p for p in (say._("Register of initiatives and survey"), place_and_time(view)) if p)
    return build(view, "ideas", _title(view), blocks, commentary, subtitle=subtitle)


def _title(view: ResultsView) -> str:
    say, working, followed = view.say, view.fact("ideas_at_work"), view.fact("ideas_followed")
    if working is not None and followed is not None:
        return say._(
            "Teams say that {k} of {n} ideas are at work", k=say.count(working["value"]), n=say.count(followed["value"])
        )
    n = len({r["id"] for r in view.rows("initiatives")})
    if n:
        return say.plural(
            "{n} initiative is in the register; the follow-up is not measured yet",
            "{n} initiatives are in the register; the follow-up is not measured yet",
            n,
        )
    return say._("What became of the ideas has not been measured yet")


def _at_work(view: ResultsView) -> str:
    say, working, followed = view.say, view.fact("ideas_at_work"), view.fact("ideas_followed")
    if working is None or followed is None:
        return say._("Whether the ideas are at work is not measured yet.")
    return say._(
        "At follow-up {n} teams told where their idea stands; {k} of {n} are tried out, running, part of a public "
        "service or have "
        "fulfilled their purpose. A team is counted when two of its members or more answered, and as at work when at "
        "least half of them say so.",
        k=say.count(working["value"]),
        n=say.count(followed["value"]),
    )
