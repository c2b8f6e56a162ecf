"""Initiatives of the project: the register and its stages over time."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.progress import stages_figure
from vunki_eval.report.sections.frame import absent, build, text
from vunki_eval.report.tables import initiatives_table
from vunki_eval.report.tables.public_facts import latest
from vunki_eval.results.blocks import Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, Row, view_results

MONEY = "FU2b"
SUMS = ("mentoring_hours", "volunteer_hours", "money_raised", "partners")


def initiatives(results: Results, language: str, words: Commentary | None = None) -> Section:
    """Make the section on initiatives."""
    view = view_results(results, language)
    say = view.say
    table = initiatives_table(results, language)
    if table is None:
        return build(view, "initiatives", say._("Initiatives: the register is empty"), [absent(view)], words)
    blocks = [text(_working(view), _sums(view)), stages_figure(results, language), text(_said(view)), table]
    return build(view, "initiatives", _title(view), blocks, words)


def _title(view: ResultsView) -> str:
    say, working, followed = view.say, view.fact("initiatives_working"), view.fact("initiatives_followed")
    if working is None or followed is None:
        n = len(latest(view))
        return say.plural(
            "{n} initiative is in the register; what became of it is not known",
            "{n} initiatives are in the register; what became of them is not known",
            n,
        )
    return say._(
        "{k} of {n} initiatives that were followed up are at work",
        k=say.count(working["value"]),
        n=say.count(followed["value"]),
    )


def _working(view: ResultsView) -> str:
    say, n = view.say, len(latest(view))
    said = say.plural("The register holds {n} initiative.", "The register holds {n} initiatives.", n)
    if view.fact("initiatives_followed") is None:
        return said
    return f"{said} " + say._(
        "At work means tried out, running, part of a public service, or purpose fulfilled, at a date after the event."
    )


def _said(view: ResultsView) -> str:
    """Say what the teams themselves told at follow-up, event by event; the register and they need not agree."""
    say, parts = view.say, []
    for key, event in view.meta.get("events", {}).items():
        seen = view_results(view.results, say.language, key)
        working, followed = seen.fact("ideas_at_work"), seen.fact("ideas_followed")
        if working is None or followed is None:
            continue
        said = say._("{k} of {n} ideas at work", k=say.count(working["value"]), n=say.count(followed["value"]))
        medians = {
            say._("{n} volunteer hours a month"): seen.number("FU2a", "median_of_teams", "followup"),
            say._("{n} raised"): seen.number("FU2b", "median_of_teams", "followup"),
            say._("{n} new partners"): seen.number("FU2c", "median_of_teams", "followup"),
        }
        told = [words.replace("{n}", _written(view, r)) for words, r in medians.items() if r is not None]
        middle = f" ({say._('median team')}: {', '.join(told)})" if told else ""
        parts.append(f"{say.pick(event.get('title'), key)}: {said}{middle}")
    if not parts:
        return ""
    return say._("What the teams said at follow-up: {said}.", said="; ".join(parts))


def _written(view: ResultsView, row: Row) -> str:
    """Write a median: euros as money, hours and partners as they are."""
    value, whole = float(row["estimate"]), float(row["estimate"]).is_integer()
    return (
        view.say.euros(value, 0 if whole else 2)
        if row["outcome"] == MONEY
        else view.say.number(value, 0 if whole else 1)
    )


def _sums(view: ResultsView) -> str:
    """Sum what the register says of hours, money and partners; entries without a number are counted."""
    say, rows, parts = view.say, latest(view), []
    words = {
        "mentoring_hours": say._("mentoring hours"),
        "volunteer_hours": say._("volunteer hours"),
        "money_raised": say._("money raised"),
        "partners": say._("partners"),
    }
    for key in SUMS:
        known = [float(r[key]) for r in rows if r[key] is not None]
        if known:
            total = say.euros(sum(known), 0) if key == "money_raised" else say.count(sum(known))
            parts.append(
                say._("{what} {total} (of {k} initiatives)", what=words[key], total=total, k=say.count(len(known)))
            )
    return say._("Entered in the register: {sums}.", sums="; ".join(parts)) if parts else ""
