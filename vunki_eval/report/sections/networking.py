"""Networking: contacts in other sectors (main outcome), new contacts, and which sectors met."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.sectors import mixing_figure
from vunki_eval.report.sections.frame import absent, build, subtitle, text
from vunki_eval.report.sections.phrases import finding, main_sentences
from vunki_eval.report.sections.section_outcomes import NETWORKING, changed_twice, measured, present
from vunki_eval.report.tables import counts_table, outcome_table, ties_table
from vunki_eval.report.tables.roster import roster_code
from vunki_eval.results.blocks import Section
from vunki_eval.results.estimates import Flag
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

MAIN = "NW1"


def networking(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on networking."""
    view = view_results(results, language)
    say = view.say
    outcomes = present(view, NETWORKING)
    if not any(measured(view, k) for k in outcomes):
        return build(view, "networking", say._("Networking: there are no data"), [absent(view)], commentary)
    change = view.number(MAIN, "change")
    blocks = [
        text(*main_sentences(view, MAIN)),
        outcome_table(results, language, changed_twice(view, outcomes), "networking", say._("Change in contacts")),
        text(_new_contacts(view), _cross_sector_share(view)),
        counts_table(
            results, language, ("NW3", "NW4", "NW5", "NW6"), "contacts", say._("Contacts that people gave as numbers")
        ),
        text(_namings(view)),
        mixing_figure(results, language, "post", say._("Sectors of the people met for the first time")),
        mixing_figure(results, language, "pre", say._("Sectors with which things had been done together before")),
        text(*_roster(view)),
        ties_table(results, language),
    ]
    measure = view.title(MAIN) if MAIN in view.outcomes else ""
    return build(
        view,
        "networking",
        finding(view, MAIN),
        blocks,
        commentary,
        subtitle=subtitle(view, measure, change.n if change else None),
    )


def _new_contacts(view: ResultsView) -> str:
    row = view.number("NW4", "median")
    if row is None or row.low is None:
        return ""
    say, whole = view.say, float(row.estimate).is_integer()
    median, limits = say.number(row.estimate, 0 if whole else 1), say.between(row.low, row.high)
    return say._(
        "People met a median of {median} new people from other sectors whom they intend to contact again "
        "(interval {limits}; "
        "n = {n}). These are intended contacts, not co-operation yet.",
        median=median,
        limits=limits,
        n=say.count(row.n),
    )


def _cross_sector_share(view: ResultsView) -> str:
    row, say = view.number("NW4", "cross_sector_share"), view.say
    if row is None:
        return ""
    limits = f" ({say.between_shares(row.low, row.high)})" if row.low is not None else ""
    return say._(
        "Of the new contacts {share}{limits} are from another sector.",
        share=say.percent(row.estimate),
        limits=limits,
    )


def _namings(view: ResultsView) -> str:
    row, expected, say = (
        view.number("NW8", "cross_sector_namings"),
        view.number("NW8", "cross_sector_expected"),
        view.say,
    )
    if row is None or expected is None:
        return ""
    sentence = say._(
        "Of the sectors named, {share} were not one's own; if people had met regardless of sector it would be "
        "{expected}",
        share=say.percent(row.estimate),
        expected=say.percent(expected.estimate),
    )
    return f"{sentence} ({say.p(row.p)})." if row.p is not None else f"{sentence}."


def _roster(view: ResultsView) -> list[str]:
    """Say what the roster shows: how many answered it, ties across sectors, and ties kept and formed."""
    code, say = roster_code(view), view.say
    rates = {w: r for w in view.waves if (r := view.number(code, "roster_rate", w)) is not None} if code else {}
    if not rates:
        return []
    wave, rate = list(rates.items())[-1]
    sentences = [
        say._(
            "On the list of {n} participants {share} said {wave} whom they know how well.",
            n=say.count(rate.n),
            share=say.percent(rate.estimate),
            wave=view.wave(wave),
        ),
        _cross_sector_ties(view, code, wave),
        _ties_over_time(view, code, wave),
    ]
    if any(Flag.DESCRIBED in r.flags for w in rates if (r := view.row(code, "density", w))):
        sentences.append(
            say._("Fewer than 75% of the list answered: the network is described, not tested, and it lacks ties.")
        )
    return sentences


def _cross_sector_ties(view: ResultsView, code: str, wave: str) -> str:
    share, expected = (view.number(code, s, wave) for s in ("cross_sector_ties", "cross_sector_ties_expected"))
    if share is None or expected is None:
        return ""
    say, index = view.say, view.number(code, "ei_index", wave)
    sentence = say._(
        "Of the ties {share} are between sectors; if sector made no difference it would be {expected}",
        share=say.percent(share.estimate),
        expected=say.percent(expected.estimate),
    )
    return f"{sentence} ({say.p(index.p)})." if index is not None and index.p is not None else f"{sentence}."


def _ties_over_time(view: ResultsView, code: str, wave: str) -> str:
    ties = {s: view.number(code, f"ties_{s}", wave) for s in ("kept", "formed", "dissolved")}
    if any(r is None for r in ties.values()):
        return ""
    say = view.say
    numbers = {s: say.count(r.estimate) for s, r in ties.items() if r is not None}
    return say._("Since the first wave {kept} ties were kept, {formed} formed and {dissolved} dissolved.", **numbers)
