"""Initiatives of the project: the register, and the stages they reached over time."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.progress import stages_figure
from vunki_eval.report.sections.frame import absent, build, text
from vunki_eval.report.tables import initiatives_table
from vunki_eval.report.tables.public_facts import latest_stages
from vunki_eval.results.blocks import Section
from vunki_eval.results.estimates import EstimateRow
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

MONEY = "FU2b"
SUMS = ("mentoring_hours", "volunteer_hours", "money_raised", "partners")


def initiatives(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on initiatives."""
    view = view_results(results, language)
    say = view.say
    table = initiatives_table(results, language)
    if table is None:
        return build(view, "initiatives", say._("Initiatives: the register is empty"), [absent(view)], commentary)
    blocks = [text(_working(view), _sums(view)), stages_figure(results, language), text(_teams_report(view)), table]
    return build(view, "initiatives", _title(view), blocks, commentary)


def _title(view: ResultsView) -> str:
    say, working, followed = view.say, view.fact("initiatives_working"), view.fact("initiatives_followed")
    if working is None or followed is None:
        n = len(latest_stages(view))
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
    say, n = view.say, len(latest_stages(view))
    sentence = say.plural("The register holds {n} initiative.", "The register holds {n} initiatives.", n)
    if view.fact("initiatives_followed") is None:
        return sentence
    return f"{sentence} " + say._(
        "At work means tried out, running, part of a public service, or purpose fulfilled, at a date after the event."
    )


def _teams_report(view: ResultsView) -> str:
    """Report the teams' own answers at follow-up, event by event; they need not agree with the register."""
    say, parts = view.say, []
    for key, event in view.meta.get("events", {}).items():
        event_view = view_results(view.results, say.language, key)
        working, followed = event_view.fact("ideas_at_work"), event_view.fact("ideas_followed")
        if working is None or followed is None:
            continue
        at_work = say._("{k} of {n} ideas at work", k=say.count(working["value"]), n=say.count(followed["value"]))
        medians = {
            say._("{n} volunteer hours a month"): event_view.number("FU2a", "median_of_teams", "followup"),
            say._("{n} raised"): event_view.number("FU2b", "median_of_teams", "followup"),
            say._("{n} new partners"): event_view.number("FU2c", "median_of_teams", "followup"),
        }
        listed = [label.replace("{n}", _median_text(view, r)) for label, r in medians.items() if r is not None]
        medians_note = f" ({say._('median team')}: {', '.join(listed)})" if listed else ""
        parts.append(f"{say.pick(event.get('title'), key)}: {at_work}{medians_note}")
    if not parts:
        return ""
    return say._("What the teams said at follow-up: {said}.", said="; ".join(parts))


def _median_text(view: ResultsView, row: EstimateRow) -> str:
    """Write a median: money in euros, hours and partners as plain numbers."""
    value, whole = float(row.estimate), float(row.estimate).is_integer()
    return (
        view.say.euros(value, 0 if whole else 2) if row.outcome == MONEY else view.say.number(value, 0 if whole else 1)
    )


def _sums(view: ResultsView) -> str:
    """Sum the register's hours, money and partners, and say how many initiatives have a number."""
    say, rows, parts = view.say, latest_stages(view), []
    labels = {
        "mentoring_hours": say._("mentoring hours"),
        "volunteer_hours": say._("volunteer hours"),
        "money_raised": say._("money raised"),
        "partners": say._("partners"),
    }
    for key in SUMS:
        values = [float(r[key]) for r in rows if r[key] is not None]
        if values:
            total = say.euros(sum(values), 0) if key == "money_raised" else say.count(sum(values))
            parts.append(
                say._("{what} {total} (of {k} initiatives)", what=labels[key], total=total, k=say.count(len(values)))
            )
    return say._("Entered in the register: {sums}.", sums="; ".join(parts)) if parts else ""
