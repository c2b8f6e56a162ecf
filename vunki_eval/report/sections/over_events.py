"""The body of the end-of-project report: the topics of the event report, with the events side by side.

Every number of an event is already published for that event; numbers over all people come from the project's results.
"""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.participant_flow import flow_figure, steps
from vunki_eval.report.figures.sectors import mixing_figure
from vunki_eval.report.sections.frame import absent, build, place_and_time, text
from vunki_eval.report.sections.open_answers import LEAST_KAPPA
from vunki_eval.report.sections.section_outcomes import COCREATION, EXPERIENCE, NETWORKING, TRUST, items, present
from vunki_eval.report.tables import area_table
from vunki_eval.report.tables.alternatives import DIFFERENCE, group_values, side
from vunki_eval.report.tables.over_events import (
    agreement_over_events,
    changes_over_events,
    contacts_over_events,
    flow_over_events,
    group_variables,
    groups_over_events,
    profile_over_events,
    ratings_over_events,
    themes_over_events,
    volunteers_over_events,
)
from vunki_eval.report.tables.public_facts import sum_over_events, theme_title
from vunki_eval.results.blocks import Block, Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_events, view_results

MOST_FIGURES, MOST_VARIABLES = 3, 2  # with more of them the report would outgrow its pages


def participants_project(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on who took part in all events; attendances and different people are counted separately."""
    view = view_results(results, language)
    say = view.say
    blocks: list[Block | None] = [
        text(_people(view), _three_sectors(view)),
        flow_over_events(results, language),
        *(
            flow_figure(results, language, say._("{event}: from registration to linked answers", event=title), key)
            for key, title in _events_with_figures(view)
        ),
        area_table(results, language),
        profile_over_events(results, language),
    ]
    if not any(blocks[1:]):
        blocks.append(absent(view))
    subtitle = _subtitle(view, say._("Registered, present, answered, linked"))
    return build(view, "participants", _people_title(view), blocks, commentary, subtitle=subtitle)


def _people_title(view: ResultsView) -> str:
    say, came, people = view.say, view.fact("attended_total"), view.fact("people_unique")
    if came is None:
        return say._("How many people took part in all is not known")
    if people is None:
        return say._("{n} attendances; how many different people is not known", n=say.count(came["value"]))
    return say._(
        "{n} attendances by {people} different people",
        n=say.count(came["value"]),
        people=say.count(people["value"]),
    )


def _people(view: ResultsView) -> str:
    """Say how many registrations and attendances there were, and how many different people that makes."""
    say, came, people = view.say, view.fact("attended_total"), view.fact("people_unique")
    if came is None:
        return say._("The number of people who came is not known for every event.")
    registered, sentences = view.fact("registered_total"), []
    if registered is not None:
        sentences.append(
            say._(
                "There were {registered} registrations and {came} attendances.",
                registered=say.count(registered["value"]),
                came=say.count(came["value"]),
            )
        )
    if people is None:
        sentences.append(
            say._("How many different people that makes is known only with a list of participants of every event.")
        )
    else:
        repeat_visits = float(came["value"]) - float(people["value"])
        sentences.append(
            say._(
                "By the lists of participants they are {people} different people: {again} attendances were by somebody "
                "who had come before.",
                people=say.count(people["value"]),
                again=say.count(repeat_visits),
            )
        )
    return " ".join(sentences)


def _three_sectors(view: ResultsView) -> str:
    say, (three, teams) = view.say, (sum_over_events(view, k) for k in ("teams_three_sectors", "teams_known"))
    if not teams:
        return ""
    return say._(
        "People of three sectors or more worked together in {k} of the {n} teams whose members are known.",
        k=say.count(three),
        n=say.count(teams),
    )


def networking_project(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on contacts and the mixing of sectors over all events."""
    view = view_results(results, language)
    say, table = view.say, contacts_over_events(results, language)
    if table is None:
        return build(view, "networking", say._("Networking: there are no data"), [absent(view)], commentary)
    figures = [
        mixing_figure(results, language, "post", say._("{event}: sectors of the people met for the first time",
                                                       event=title), key)
        for key, title in _events_with_figures(view)
    ]  # fmt: skip
    blocks = [text(_new_contacts(view), *_mixing(view)), table, *figures]
    subtitle = _subtitle(view, say._("Contacts that people gave as numbers; sectors that they named"))
    return build(view, "networking", _contacts_title(view), blocks, commentary, subtitle=subtitle)


def _contacts_title(view: ResultsView) -> str:
    row = view.number("NW4", "median")
    if row is None:
        return view.say._("New contacts and mixing of sectors, event by event")
    n = view.say.number(row.estimate, 0 if float(row.estimate).is_integer() else 1)
    return view.say._("People met a median of {n} new people from other sectors", n=n)


def _new_contacts(view: ResultsView) -> str:
    row, say = view.number("NW4", "median"), view.say
    if row is None or row.low is None:
        return ""
    return say._(
        "Over all events people met a median of {median} new people from other sectors whom they intend to contact "
        "again (interval {limits}; n = {n}). These are intended contacts, not co-operation yet.",
        median=say.number(row.estimate, 0 if float(row.estimate).is_integer() else 1),
        limits=say.between(row.low, row.high),
        n=say.count(row.n),
    )


def _mixing(view: ResultsView) -> list[str]:
    """Say how often people named sectors other than their own, beside the share expected by chance, by event."""
    say, sentences = view.say, []
    for event_view, title in _event_views(view):
        row, expected = (event_view.number("NW8", f"cross_sector_{s}") for s in ("namings", "expected"))
        if row is not None and expected is not None:
            p = f" ({say.p(row.p)})" if row.p is not None else ""
            sentences.append(
                say._(
                    "{event}: {share} of the sectors named after the event were not one's own, regardless of sector it "
                    "would be {expected}{p}.",
                    event=title,
                    share=say.percent(row.estimate),
                    expected=say.percent(expected.estimate),
                    p=p,
                )
            )
    return sentences if len(sentences) <= MOST_FIGURES else []


def experience_project(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on how people rated the events and the work there, side by side."""
    view = view_results(results, language)
    say = view.say
    outcomes = present(view, (*EXPERIENCE, "TT"))
    codes = [c for k in outcomes if k not in ("SA1", "SA2") for c in items(view, k)]
    table = ratings_over_events(results, language, codes)
    if table is None:
        return build(view, "event", say._("The events themselves: there are no data"), [absent(view)], commentary)
    shares = [r.estimate for v in view_events(results, language).values() if (r := v.number("SA1", "share"))]
    title = say._("How people rated the events, side by side")
    if len(shares) > 1:
        title = say._(
            "Between {low} and {high} of those who answered were satisfied",
            low=say.percent(min(shares)),
            high=say.percent(max(shares)),
        )
    lead = say._(
        "Ratings given after each event, 1 to 5 where no other scale is named. Other people, another place and another "
        "way: the numbers describe each event and do not rank them."
    )
    subtitle = _subtitle(view, say._("Answers after the event"))
    return build(view, "event", title, [text(lead), table], commentary, subtitle=subtitle)


def outcomes_project(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on trust, contacts and skills at each event and on average."""
    view = view_results(results, language)
    say = view.say
    captions = {
        "trust": (TRUST, say._("Trust: change at each event")),
        "networking": (NETWORKING, say._("Contacts: change at each event")),
        "cocreation": (COCREATION, say._("Co-creation skills and attitude: change at each event")),
    }
    tables = [
        changes_over_events(results, language, present(view, keys), f"changes-{name}", caption)
        for name, (keys, caption) in captions.items()
    ]
    if not any(tables):
        title = say._("Trust, contacts and skills: there are no data")
        return build(view, "trust", title, [absent(view)], commentary)
    lead = say._("Main outcomes get a verdict in the summary; the other rows are explored and get none.")
    title = say._("Trust, contacts and skills at each event and on average")
    return build(view, "trust", title, [text(lead), *tables], commentary, subtitle=_subtitle(view, say._("Change")))


def open_answers_project(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on what people wrote at all events."""
    view = view_results(results, language)
    say, table = view.say, themes_over_events(results, language)
    if table is None:
        reason = say._("The open answers have not been coded yet, so nothing is said about what people wrote.")
        title = say._("In people's own words: the answers are not coded yet")
        return build(view, "answers", title, [absent(view, reason)], commentary)
    agreement = agreement_over_events(results, language)
    lower_limits = [
        r.low
        for v in view_events(results, language).values()
        for r in v.estimates.values()
        if r.statistic == "kappa" and r.group == "all" and r.low is not None
    ]
    doubt = ""
    if lower_limits and min(lower_limits) < LEAST_KAPPA:
        doubt = say._("Where the interval reaches below {least}, the codes are uncertain.",
                      least=say.number(LEAST_KAPPA, 1))  # fmt: skip
    lead = say._("Whoever did not write is not in these counts; they say what came to mind, not how many think so.")
    blocks = [text(*_first_themes(view), lead), table, agreement, text(doubt, style="note")]
    subtitle = _subtitle(view, say._("Answers in people's own words, coded by theme"))
    return build(
        view, "answers", say._("What people wrote after each event, by theme"), blocks, commentary, subtitle=subtitle
    )


def _first_themes(view: ResultsView) -> list[str]:
    """Name the most frequent theme of the first open question, event by event."""
    sentences = []
    for event_view, title in _event_views(view):
        rows = sorted(
            (r for r in event_view.rows("themes", wave="post") if r["status"] == "ok" and r["n"]),
            key=lambda r: (r["item"], -r["n"]),
        )
        if rows:
            sentences.append(
                view.say._(
                    "{event}: asked “{question}”, people most often named “{theme}” ({n} answers).",
                    event=title,
                    question=view.item(rows[0]["item"]),
                    theme=theme_title(view, rows[0]["theme"]),
                    n=view.say.count(rows[0]["n"]),
                )
            )
    return sentences if len(sentences) <= MOST_FIGURES else []


def volunteers_project(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on voluntary work, intentions and what teams brought in."""
    view = view_results(results, language)
    say, table = view.say, volunteers_over_events(results, language)
    if table is None:
        return build(view, "ideas", say._("Volunteers: there are no data"), [absent(view)], commentary)
    lead = say._(
        "People were asked how many hours of voluntary work they had done in four weeks, and what they intend; at "
        "follow-up the teams told what their idea had brought in. Intentions are not deeds."
    )
    title = say._("How much voluntary work people do, and what they intend")
    return build(
        view, "ideas", title, [text(lead), table], commentary, subtitle=_subtitle(view, say._("Participants' survey"))
    )


def groups_project(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on groups: the change in each group against the other groups, event by event."""
    view = view_results(results, language)
    say, variables = view.say, group_variables(results, language)[:MOST_VARIABLES]
    if not variables:
        reason = say._("No group is large enough for its change to be shown.")
        return build(
            view, "groups", say._("Groups: too few people to compare them"), [absent(view, reason)], commentary
        )
    rows = [
        (event_view, outcome, row)
        for event_view in view_events(results, language).values()
        for variable in variables
        for group in group_values(event_view, variable)
        for outcome in event_view.primary
        if (row := event_view.number(outcome, DIFFERENCE, group=group)) is not None and row.low is not None
    ]
    clear = sum(side(event_view, outcome, row) != 0 for event_view, outcome, row in rows)
    lead = say._(
        "Groups are small and were not planned to be compared: of {n} differences with an interval {apart} lie wholly "
        "on one side of none, and about {chance} would by chance alone.",
        n=say.count(len(rows)),
        apart=say.count(clear),
        chance=say.count(round(len(rows) * (1 - view.meta.get("level", 0.95)))),
    )
    modes = {((e.get("actual") or {}).get("mode")) for e in view.meta.get("events", {}).values()} - {None}
    confounded = ""
    if len(modes) > 1:
        confounded = say._(
            "One event was held on site and another online: way, year, place and people differ together and cannot be "
            "told apart."
        )
    tables = [groups_over_events(results, language, v) for v in variables]
    title = (
        say._("A few groups differ from the others; treat this as a question")
        if clear
        else say._("No clear differences between groups in how answers changed")
    )
    subtitle = _subtitle(view, say._("Change in the main outcomes by group"))
    return build(view, "groups", title, [text(lead, confounded), *tables], commentary, subtitle=subtitle)


def _event_views(view: ResultsView) -> list[tuple[ResultsView, str]]:
    events = view.meta.get("events", {})
    return [
        (event_view, view.say.pick(events[key].get("title"), key))
        for key, event_view in view_events(view.results, view.say.language).items()
    ]


def _events_with_figures(view: ResultsView) -> list[tuple[str, str]]:
    """Return the (key, title) of the events that get a figure: those with counts, or none if there are too many."""
    events = [(v.event, title) for v, title in _event_views(view) if any(n is not None for n in steps(v).values())]
    return events if len(events) <= MOST_FIGURES else []


def _subtitle(view: ResultsView, measure: str) -> str:
    return " · ".join(p for p in (measure, place_and_time(view)) if p)
