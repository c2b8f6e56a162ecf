"""The annex on the questionnaire: wording of the items, their means, and reliabilities."""

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

MOST_PRINTED = 60  # items; a report must not grow with the length of its questionnaire


def annex_items(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the annex on the questionnaire: wording and means, then reliabilities."""
    view = view_results(results, language)
    say = view.say
    title = say._("Questionnaire: wording, scales and reliabilities")
    codes = _codes(view)
    if not codes:
        return build(view, "items", title, [absent(view)], commentary, part="annex")
    reliability, network = reliability_table(results, language), network_table(results, language)
    printed = codes[:MOST_PRINTED]
    caption = say._("All questions of the survey") if printed == codes else say._("Questions of the survey")
    blocks: list[Block | None] = [
        text(_drafts(view), _licence(view), _left_out(view, len(codes) - len(printed))),
        wording_table(results, language, printed, "wording", caption),
        item_table(
            results,
            language,
            [c for c in printed if _has_mean(view, c)],
            "items",
            say._("Mean of each question by wave"),
        ),
        Heading(say._("Reliability"), 2) if reliability else None,
        reliability,
        Formula("alpha", say._(FORMULAS["alpha"])) if reliability else None,
        Heading(say._("The participants' network"), 2) if network else None,
        network,
        *(between_sectors_table(results, language, wave) for wave in _first_and_last_wave(view)),
    ]
    return build(view, "items", title, blocks, commentary, part="annex")


def _first_and_last_wave(view: ResultsView) -> tuple[str, ...]:
    """Return the first and the last wave in which the roster was asked."""
    waves = [w for w in view.waves if view.row(roster_code(view), "roster_rate", w)]
    return tuple(dict.fromkeys((waves[0], waves[-1]))) if waves else ()


def scaled_codes(view: ResultsView) -> list[str]:
    """Return the codes of the scales' items, scale by scale."""
    items = view.meta.get("items", {})
    return list(dict.fromkeys(c for o in view.outcomes.values() for c in o.get("items", []) if c in items))


def _codes(view: ResultsView) -> list[str]:
    """Return the codes of the scales' items, scale by scale, then the other items in order of their codes."""
    items, scaled = view.meta.get("items", {}), scaled_codes(view)
    return [*scaled, *sorted(c for c in items if c not in scaled and items[c].get("role") != "meta")]


def _left_out(view: ResultsView, n: int) -> str:
    if not n:
        return ""
    return view.say._(
        "{n} more questions do not stand here: their wording is in results.json, their means and answers in "
        "results.xlsx.",
        n=view.say.count(n),
    )


def _has_mean(view: ResultsView, code: str) -> bool:
    return any(view.row(code, "mean", w) for w in view.waves)


def _drafts(view: ResultsView) -> str:
    items = view.meta.get("items", {})
    n = sum(1 for c in _codes(view) if items[c].get("translation") == "draft")
    if not n:
        return ""
    return view.say._(
        "The wording of {n} questions is a draft: a native editor and trial interviews have not passed it yet.",
        n=view.say.count(n),
    )


def _licence(view: ResultsView) -> str:
    licence = view.say.pick(view.meta.get("instrument", {}).get("licence"))
    return view.say._("Licence of the wording: {licence}.", licence=licence) if licence else ""
