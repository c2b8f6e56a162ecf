"""The theory of change as a chain with its numbers, named without claiming that one link makes the next."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.figure_block import figure_block
from vunki_eval.report.figures.progress import chain
from vunki_eval.report.sections.frame import build, text
from vunki_eval.report.tables.public_facts import added, latest
from vunki_eval.results.blocks import Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results


def theory(results: Results, language: str, words: Commentary | None = None) -> Section:
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
    return build(view, "theory", say._("The intended chain, each link with its number"), [lead, figure], words)


def _links(view: ResultsView) -> list[tuple[str, str]]:
    say = view.say

    def known(key: str, *, euros: bool = False) -> str:
        row = view.fact(key)
        if row is None:
            return say.no_data
        return say.euros(row["value"], 0) if euros else say.count(row["value"])

    def one(key: str) -> int:
        row = view.fact(key)
        return 1 if row is not None and row["value"] == 1 else 2

    contacts = view.change("NW1")
    working, followed = view.fact("initiatives_working"), view.fact("initiatives_followed")
    at_work = (
        say._("{k} of {n}", k=say.count(working["value"]), n=say.count(followed["value"]))
        if working and followed
        else say.not_due
    )
    three, teams = (added(view, k) for k in ("teams_three_sectors", "teams_known"))
    across = say._("{k} of {n}", k=say.count(three), n=say.count(teams)) if teams else say.no_data
    services = [r for r in latest(view) if r["stage"] == "public_service"]
    return [
        (known("budget_total", euros=True), say._("budget")),
        (known("events_held"), say.plural("event", "events", one("events_held"))),
        (known("attended_total"), say._("people came")),
        (across, say._("teams with three sectors or more")),
        (
            say.ratio(contacts["estimate"]) if contacts else say.no_data,
            say._("contacts in other sectors, after against before"),
        ),
        (known("initiatives"), say.plural("initiative", "initiatives", one("initiatives"))),
        (at_work, say._("at work when followed up")),
        (say.count(len(services)) if latest(view) else say.no_data, say._("part of a public service")),
    ]
