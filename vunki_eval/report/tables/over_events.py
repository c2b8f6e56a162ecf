"""Tables of the end-of-project report that compare events: flow, people, contacts, ratings, themes, groups, rates."""

from collections.abc import Iterable

from vunki_eval.report.tables.alternatives import DIFFERENCE, group_values, variables
from vunki_eval.report.tables.public_facts import theme_title
from vunki_eval.report.tables.side_by_side import (
    NOTHING,
    Cell,
    Measure,
    change_of,
    deviations,
    estimate,
    plain,
    points,
    share,
    side_by_side,
)
from vunki_eval.report.tables.terms import confidence_level
from vunki_eval.results.blocks import Table
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_events, view_results

PROFILE = ("PR1", "PR3", "PR3B", "PR2", "PR5")


def flow_over_events(results: Results, language: str) -> Table | None:
    """Tabulate how many people registered, came, answered and were linked at each event, and in total."""
    view = view_results(results, language)
    say = view.say
    steps = {"registered": say._("Registered"), "attended": say._("Came")}
    for wave in view.waves:
        steps[f"usable_{wave}"] = say._("Answered: {wave}", wave=view.wave(wave))
        steps[f"linked_{wave}"] = say._("Linked with the first answer: {wave}", wave=view.wave(wave))

    def count(event_view: ResultsView, step: str) -> Cell:
        n = next((r["n"] for r in event_view.rows("flow") if r["step"] == step), None)
        return (None, NOTHING) if n is None else (float(n), say.count(n))

    def total(step: str) -> Cell:
        counts = [count(v, step)[0] for v in view_events(results, language).values()]
        known_counts = [n for n in counts if n is not None]
        # Not every event has every wave, so a sum of answers needs only the events that have them. But every event has
        # people who came: where their number is unknown, so is the total.
        complete = len(known_counts) == len(counts) or (known_counts and step not in ("registered", "attended"))
        return (sum(known_counts), say.count(sum(known_counts))) if complete else (None, NOTHING)

    measures = [
        Measure(label, lambda v, s=step: count(v, s), lambda _, s=step: total(s))  # type: ignore[misc]
        for step, label in steps.items()
    ]
    note = say._("Registrations, attendances and answers; a person who came twice counts at both events.")
    return side_by_side(
        results, language, measures, "flow-events", say._("From registration to linked answers"), note=note
    )


def profile_over_events(results: Results, language: str) -> Table | None:
    """Tabulate who answered before each event: sectors, municipalities, roles, earlier events."""
    view = view_results(results, language)
    say, measures = view.say, []
    views = list(view_events(results, language).values())
    for item in PROFILE:
        wave = next((w for w in view.waves if any(v.distribution(item, w) for v in views)), None)
        if wave is None:
            continue
        answers = {a for v in views for a in v.distribution(item, wave)} - {"total", "missing"}
        order = view.order(item)
        for answer in sorted(answers, key=lambda a: (order.index(a) if a in order else len(order), a)):
            label = f"{view.item(item)}: {view.answer(item, answer)}"
            measures.append(Measure(label, lambda v, i=item, w=wave, a=answer: _answer_cell(v, i, w, a)))  # type: ignore[misc]
    note = say._("{mark}: not given, or merged with another answer at that event.", mark=NOTHING)
    caption = say._("Who answered before the events: people and share")
    return side_by_side(results, language, measures, "profile-events", caption, note=note)


def _answer_cell(view: ResultsView, item: str, wave: str, answer: str) -> Cell:
    row = view.distribution(item, wave).get(answer)
    if row is None:
        return None, NOTHING
    if row["status"] != "ok" or row["n"] is None:
        return None, view.say.hidden
    share_text = f" ({view.say.percent(row['share'])})" if row["share"] is not None else ""
    return float(row["share"] if row["share"] is not None else row["n"]), view.say.count(row["n"]) + share_text


def changes_over_events(
    results: Results, language: str, outcomes: Iterable[str], name: str, caption: str
) -> Table | None:
    """Tabulate the change of outcomes at each event and on average."""
    view = view_results(results, language)
    measures = [
        Measure(view.title(k), estimate(k, "change", "post", change_of(k)), estimate(k, "change", "post", change_of(k)))
        for k in outcomes
    ]
    note = view.say._(
        "After minus before with the {level} interval; ×1 means no change. All events: every person counts the same.",
        level=confidence_level(view),
    )
    return side_by_side(results, language, measures, name, caption, first_heading=view.say._("Outcome"), note=note)


def contacts_over_events(results: Results, language: str) -> Table | None:
    """Tabulate new contacts and the mixing of sectors at each event."""
    view = view_results(results, language)
    say, measures = view.say, []
    for item in ("NW3", "NW4", "NW5", "NW6"):
        for wave in view.waves:
            cell = estimate(item, "median", wave, plain(1))
            measures.append(
                Measure(say._("{what}, median ({wave})", what=view.item(item), wave=view.wave(wave)), cell, cell)
            )
    measures.append(
        Measure(say._("New contacts from another sector"), estimate("NW4", "cross_sector_share", "post", share))
    )
    for item, wave in (("NW2", "pre"), ("NW8", "post"), ("NW2", "followup")):
        labels = {"item": view.item(item), "wave": view.wave(wave)}
        measures += [
            Measure(
                say._("{item}: other than one's own ({wave})", **labels),
                estimate(item, "cross_sector_namings", wave, share),
            ),
            Measure(
                say._("… if people met regardless of sector ({wave})", wave=view.wave(wave)),
                estimate(item, "cross_sector_expected", wave, share),
            ),
        ]
    caption = say._("New contacts and mixing of sectors at each event")
    return side_by_side(results, language, measures, "contacts-events", caption, note=_interval_note(view))


def ratings_over_events(results: Results, language: str, items: Iterable[str]) -> Table | None:
    """Tabulate satisfaction, readiness to recommend and the means of ratings at each event."""
    view = view_results(results, language)
    say = view.say
    measures = [
        Measure(say._("Satisfied or very satisfied"), estimate("SA1", "share", "post", share)),
        Measure(say._("Readiness to recommend, mean of 0–10"), estimate("SA2", "mean", "post", plain(1))),
        Measure(say._("Promoters minus critics, points"), estimate("SA2", "net_promoter", "post", points)),
        *(Measure(view.item(i), estimate(i, "mean", "post", plain(2))) for i in items),
    ]
    caption = say._("Ratings of the events side by side")
    return side_by_side(results, language, measures, "ratings-events", caption, note=_interval_note(view))


def volunteers_over_events(results: Results, language: str) -> Table | None:
    """Tabulate voluntary work, intentions and what teams raised, at each event."""
    view = view_results(results, language)
    say, measures = view.say, []
    for wave in view.waves:
        measures.append(
            Measure(
                say._("{what}, median ({wave})", what=view.item("VH1"), wave=view.wave(wave)),
                estimate("VH1", "median", wave, plain(1)),
            )
        )
    measures += [
        Measure(
            say._("{what}, change until follow-up", what=view.title("VH")),
            estimate("VH", "change", "followup", change_of("VH")),
        ),
        *(Measure(view.item(i), estimate(i, "mean", "post", plain(2))) for i in ("IN1", "IN2", "IN3")),
        *(
            Measure(
                say._("{what}, median of the teams at follow-up", what=view.item(i)),
                estimate(i, "median_of_teams", "followup", plain(1)),
            )
            for i in ("FU2a", "FU2b", "FU2c")
        ),
    ]
    caption = say._("Voluntary work and intentions at each event")
    return side_by_side(results, language, measures, "volunteers-events", caption, note=_interval_note(view))


def themes_over_events(results: Results, language: str, wave: str = "post") -> Table | None:
    """Tabulate how many answers contain each theme, a column per event."""
    view = view_results(results, language)
    themes = {
        (r["item"], r["theme"]) for v in view_events(results, language).values() for r in v.rows("themes", wave=wave)
    }

    def count(event_view: ResultsView, item: str, theme: str) -> Cell:
        row = next(iter(event_view.rows("themes", wave=wave, item=item, theme=theme)), None)
        if row is None:
            return None, NOTHING
        return (None, event_view.say.hidden) if row["n"] is None else (float(row["n"]), event_view.say.count(row["n"]))

    measures: list[Measure] = []
    for item in sorted({i for i, _ in themes}):
        measures.append(
            Measure(
                view.say._("{question}: answers coded", question=view.item(item)),
                lambda v, i=item: _coded_cell(v, i, wave),  # type: ignore[misc]
            )
        )
        titles = sorted((theme_title(view, t), t) for i, t in themes if i == item)
        measures += [
            Measure(f"– {title}", lambda v, i=item, t=theme: count(v, i, t))  # type: ignore[misc]
            for title, theme in titles
        ]
    note = view.say._("Coded by people; an answer may hold several themes.")
    caption = view.say._("Themes of the answers after each event")
    return side_by_side(results, language, measures, "themes-events", caption, note=note)


def _coded_cell(view: ResultsView, item: str, wave: str) -> Cell:
    row = view.number(item, "answers_coded", wave)
    return (None, NOTHING) if row is None else (float(row.estimate), view.say.count(row.estimate))


def agreement_over_events(results: Results, language: str) -> Table | None:
    """Tabulate Cohen's kappa over all themes of a question at each event."""
    view = view_results(results, language)
    codes = sorted({o for v in view_events(results, language).values() for (o, _, _, s) in v.estimates if s == "kappa"})
    measures = [Measure(view.item(c), estimate(c, "kappa", "", plain(2))) for c in codes]
    caption = view.say._("Agreement of the two coders at each event (Cohen's kappa)")
    return side_by_side(results, language, measures, "agreement-events", caption, note=_interval_note(view))


def group_variables(results: Results, language: str) -> list[str]:
    """List the profile questions that have an interval for the change of some group at some event."""
    variables_shown = {
        variable
        for event_view in view_events(results, language).values()
        for variable in variables(event_view)
        if any(
            (r := event_view.number(k, DIFFERENCE, group=g)) is not None and r.low is not None
            for k in event_view.primary
            for g in group_values(event_view, variable)
        )
    }
    first = [p for p in ("PR1", "PR3", "PR2", "PR5") if p in variables_shown]
    return [*first, *sorted(variables_shown - set(first))]


def groups_over_events(results: Results, language: str, variable: str) -> Table | None:
    """Tabulate how much each group's change differed from that of the others, at each event."""
    view = view_results(results, language)
    views = list(view_events(results, language).values())
    order = view.order(variable)
    groups = sorted(
        {g for v in views for g in group_values(v, variable)},
        key=lambda g: (order.index(a) if (a := g.partition("=")[2]) in order else len(order), g),
    )
    measures = [
        Measure(
            f"{view.answer(variable, group.partition('=')[2])}: {view.title(key)}",
            estimate(key, DIFFERENCE, "post", change_of(key), group),
        )
        for group in groups
        for key in view.primary
        if any((r := v.number(key, DIFFERENCE, group=group)) is not None and r.low is not None for v in views)
    ]
    note = view.say._(
        "n: people of the group with both answers. A number without an interval: fewer than 10 people. Groups without "
        "any interval are left out."
    )
    caption = view.say._("Change against the others: {variable}", variable=view.item(variable))
    return side_by_side(results, language, measures, f"groups-events-{variable}", caption, note=note)


def rates_over_events(results: Results, language: str) -> Table | None:
    """Tabulate response and linking rates with their denominators at each event."""
    view = view_results(results, language)
    measures = []
    for statistic, label in (
        ("response_rate", view.say._("Answered, of those who came")),
        ("linking_rate", view.say._("Linked, of those who answered")),
    ):
        measures += [Measure(f"{label}: {view.wave(w)}", estimate("response", statistic, w, share)) for w in view.waves]
    note = _interval_note(view) + " " + view.say._("n: the denominator.")
    caption = view.say._("Response and linking rates at each event")
    return side_by_side(results, language, measures, "rates-events", caption, note=note)


def attrition_over_events(results: Results, language: str) -> Table | None:
    """Tabulate how first answers of people who answered again differ from those of the others, at each event."""
    view = view_results(results, language)
    measures = [Measure(view.title(k), estimate(k, "smd_attrition", "pre", deviations)) for k in view.outcomes]
    note = view.say._(
        "Those who answered again minus those who did not, in standard deviations ({level} interval). Beyond ±0.25 the "
        "linked people stand for the others less well.",
        level=confidence_level(view),
    )
    caption = view.say._("Who answered again, at each event")
    return side_by_side(
        results,
        language,
        measures,
        "attrition-events",
        caption,
        first_heading=view.say._("Outcome before the event"),
        note=note,
    )


def reliability_over_events(results: Results, language: str) -> Table | None:
    """Tabulate alpha with its interval at each event, by scale and wave."""
    view = view_results(results, language)
    measures = [
        Measure(f"{view.title(k)}: {view.wave(w)}", estimate(k, "alpha", w, plain(2)))
        for k in view.outcomes
        for w in view.waves
    ]
    note = view.say._(
        "Below 0.60 at the lower limit read the questions one by one. With fewer than 30 people the interval is wide."
    )
    caption = view.say._("Reliability of the scales at each event (Cronbach's alpha)")
    return side_by_side(
        results, language, measures, "reliability-events", caption, first_heading=view.say._("Scale"), note=note
    )


def _interval_note(view: ResultsView) -> str:
    return view.say._("In brackets the {level} interval.", level=confidence_level(view))
