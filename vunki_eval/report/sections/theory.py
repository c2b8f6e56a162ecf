"""The theory of change as a chain of links, each with its number; no claim is made that one link causes the next."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.figure_block import figure_block
from vunki_eval.report.figures.progress import chain
from vunki_eval.report.sections.frame import build, text
from vunki_eval.report.tables.public_facts import latest_stages, sum_over_events
from vunki_eval.results.blocks import Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results


def theory(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on the theory of change."""
    view = view_results(results, language)
    say = view.say
    links = _links(view)
    figure = figure_block(
        chain(results, language, links),
        "theory",
        title=say._("From money to initiatives: the chain and its numbers"),
        subtitle=say._("Numbers from this report; arrows show the order that was intended"),
        alt="; ".join(f"{label}: {value}" for value, label in links) + ".",
        base=say._("Whether one link makes the next cannot be told from this design."),
        source=say._("project file, survey, register of initiatives"),
        data=[[say._("Link"), say._("Value")], *([label, value] for value, label in links)],
    )
    lead = text(
        say._(
            "The project intended a chain: money and mentors, events, teams across sectors, new ties and skills, "
            "initiatives, services. Each link has its own number; the links between them are the project's "
            "assumption."
        )
    )
    return build(view, "theory", say._("The intended chain, each link with its number"), [lead, figure], commentary)


def _links(view: ResultsView) -> list[tuple[str, str]]:
    say = view.say

    def fact_text(key: str, *, euros: bool = False) -> str:
        row = view.fact(key)
        if row is None:
            return say.no_data
        return say.euros(row["value"], 0) if euros else say.count(row["value"])

    def grammatical_number(key: str) -> int:
        row = view.fact(key)
        return 1 if row is not None and row["value"] == 1 else 2

    contacts = view.change("NW1")
    working, followed = view.fact("initiatives_working"), view.fact("initiatives_followed")
    at_work = (
        say._("{k} of {n}", k=say.count(working["value"]), n=say.count(followed["value"]))
        if working and followed
        else say.not_due
    )
    three, teams = (sum_over_events(view, k) for k in ("teams_three_sectors", "teams_known"))
    across = say._("{k} of {n}", k=say.count(three), n=say.count(teams)) if teams else say.no_data
    services = [r for r in latest_stages(view) if r["stage"] == "public_service"]
    return [
        (fact_text("budget_total", euros=True), say._("budget")),
        (fact_text("events_held"), say.plural("event", "events", grammatical_number("events_held"))),
        (fact_text("attended_total"), say._("people came")),
        (across, say._("teams with three sectors or more")),
        (
            say.ratio(contacts.estimate) if contacts else say.no_data,
            say._("contacts in other sectors, after against before"),
        ),
        (fact_text("initiatives"), say.plural("initiative", "initiatives", grammatical_number("initiatives"))),
        (at_work, say._("at work when followed up")),
        (say.count(len(services)) if latest_stages(view) else say.no_data, say._("part of a public service")),
    ]
