"""Money planned and used, and euros per participant and per initiative."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.progress import money_figure
from vunki_eval.report.sections.frame import absent, build, text
from vunki_eval.report.tables import money_table
from vunki_eval.results.blocks import Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results


def money(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on money."""
    view = view_results(results, language)
    say = view.say
    table = money_table(results, language)
    if table is None:
        return build(view, "money", say._("Money: no budget is entered"), [absent(view)], commentary)
    blocks = [text(_grant(view), _euros_each(view)), money_figure(results, language), table]
    return build(view, "money", _title(view), blocks, commentary)


def _title(view: ResultsView) -> str:
    say, total = view.say, next((r for r in view.rows("money") if r["key"] == "total"), None)
    if total is None or total["planned"] is None:
        return say._("Money: what was planned and what was used")
    if total["used"] is None:
        return say._("{planned} were planned; how much was used is not known", planned=say.euros(total["planned"]))
    return say._("{used} of {planned} were used", used=say.euros(total["used"]), planned=say.euros(total["planned"]))


def _grant(view: ResultsView) -> str:
    say, budget = view.say, view.meta.get("project", {}).get("budget") or {}
    if not budget.get("total") or budget.get("grant") is None or budget.get("own") is None:
        return ""
    return say._(
        "Of the budget of {total} the grant is {grant} ({share}) and the own contribution {own}.",
        total=say.euros(budget["total"], 2),
        grant=say.euros(budget["grant"], 2),
        share=say.percent(budget["grant"] / budget["total"]),
        own=say.euros(budget["own"], 2),
    )


def _euros_each(view: ResultsView) -> str:
    """Write the euros per participant and per initiative: of the whole budget and, once known, of the money used."""
    say, parts = view.say, []
    person, initiative = view.fact("euros_per_participant"), view.fact("euros_per_initiative")
    if person is not None:
        parts.append(
            say._("The whole budget makes {euros} per participant (attendance).", euros=say.euros(person["value"], 2))
        )
    if initiative is not None:
        parts.append(say._("It makes {euros} per initiative in the register.", euros=say.euros(initiative["value"], 2)))
    person, initiative = view.fact("euros_used_per_participant"), view.fact("euros_used_per_initiative")
    if person is not None and initiative is not None:
        parts.append(
            say._(
                "What was used makes {euros} per participant (attendance) and {more} per initiative in the register.",
                euros=say.euros(person["value"], 2),
                more=say.euros(initiative["value"], 2),
            )
        )
    return " ".join(parts)
