"""The questionnaire: wording, reliabilities, item tables."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.sections.annex_method import FORMULAS
from vunki_eval.report.sections.frame import absent, build, text
from vunki_eval.report.tables import (
    between_sectors_table,
    item_table,
    network_table,
    reliability_table,
    wording_table,
)
from vunki_eval.report.tables.roster import roster_code
from vunki_eval.results.blocks import Block, Formula, Heading, Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

MOST = 60  # questions in print: a report keeps to its pages however long its questionnaire is


def annex_items(results: Results, language: str, words: Commentary | None = None) -> Section:
    """Make the annex of questions: wording and means, then reliabilities."""
    view = view_results(results, language)
    say = view.say
    title = say._("Questionnaire: wording, scales and reliabilities")
    codes = _codes(view)
    if not codes:
        return build(view, "items", title, [absent(view)], words, part="annex")
    reliability, network = reliability_table(results, language), network_table(results, language)
    printed = codes[:MOST]
    all_said = say._("All questions of the survey") if printed == codes else say._("Questions of the survey")
    blocks: list[Block | None] = [
        text(_drafts(view), _licence(view), _left_out(view, len(codes) - len(printed))),
        wording_table(results, language, printed, "wording", all_said),
        item_table(
            results, language, [c for c in printed if _mean(view, c)], "items", say._("Mean of each question by wave")
        ),
        Heading(say._("Reliability"), 2) if reliability else None,
        reliability,
        Formula("alpha", say._(FORMULAS["alpha"])) if reliability else None,
        Heading(say._("The participants' network"), 2) if network else None,
        network,
        *(between_sectors_table(results, language, wave) for wave in _ends(view)),
    ]
    return build(view, "items", title, blocks, words, part="annex")


def _ends(view: ResultsView) -> tuple[str, ...]:
    """Give the first and the last wave that asked the roster."""
    waves = [w for w in view.waves if view.row(roster_code(view), "roster_rate", w)]
    return tuple(dict.fromkeys((waves[0], waves[-1]))) if waves else ()


def scaled_codes(view: ResultsView) -> list[str]:
    """Give the questions of the scales, scale by scale."""
    known = view.meta.get("items", {})
    return list(dict.fromkeys(c for o in view.outcomes.values() for c in o.get("items", []) if c in known))


def _codes(view: ResultsView) -> list[str]:
    """Give the questions scale by scale, then the others by their codes."""
    known, scaled = view.meta.get("items", {}), scaled_codes(view)
    return [*scaled, *sorted(c for c in known if c not in scaled and known[c].get("role") != "meta")]


def _left_out(view: ResultsView, n: int) -> str:
    if not n:
        return ""
    return view.say._(
        "{n} more questions do not stand here: their wording is in results.json, their means and answers in "
        "results.xlsx.",
        n=view.say.count(n),
    )


def _mean(view: ResultsView, code: str) -> bool:
    return any(view.row(code, "mean", w) for w in view.waves)


def _drafts(view: ResultsView) -> str:
    known = view.meta.get("items", {})
    n = sum(1 for c in _codes(view) if known[c].get("translation") == "draft")
    if not n:
        return ""
    return view.say._(
        "The wording of {n} questions is a draft: a native editor and trial interviews have not passed it yet.",
        n=view.say.count(n),
    )


def _licence(view: ResultsView) -> str:
    licence = view.say.pick(view.meta.get("instrument", {}).get("licence"))
    return view.say._("Licence of the wording: {licence}.", licence=licence) if licence else ""
