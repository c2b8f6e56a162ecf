"""Participants: who took part and who answered."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.participant_flow import flow_figure, steps
from vunki_eval.report.sections.frame import absent, build, place_and_time, text
from vunki_eval.report.tables import area_table, profile_table
from vunki_eval.results.blocks import Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results


def participants(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on participants: flow, sectors, places, roles and teams."""
    view = view_results(results, language)
    say = view.say
    flow = flow_figure(results, language, say._("From registration to linked answers"))
    blocks = [
        text(_came(view), _answered(view), _teams(view)),
        flow,
        area_table(results, language),
        profile_table(results, language),
        text(_area(view), style="note"),
    ]
    if not any(blocks):
        blocks = [absent(view)]
    subtitle = " · ".join(p for p in (say._("Registered, present, answered, linked"), place_and_time(view)) if p)
    return build(view, "participants", _title(view), blocks, commentary, subtitle=subtitle)


def _title(view: ResultsView) -> str:
    say, counts = view.say, steps(view)
    came, after = counts.get("attended"), counts.get("usable_post")
    if came and after is not None:
        return say._(
            "{n} of the {came} people who came answered after the event", n=say.count(after), came=say.count(came)
        )
    if came:
        return say._("{came} people came; answers after the event are missing", came=say.count(came))
    return say._("How many people took part is not known")


def _came(view: ResultsView) -> str:
    say, counts = view.say, steps(view)
    came, registered = counts.get("attended"), counts.get("registered")
    if came is None:
        return say._("The number of people who came is not known.")
    if registered is None:
        return say._("{came} people came.", came=say.count(came))
    return say._(
        "{registered} people had registered and {came} came.", registered=say.count(registered), came=say.count(came)
    )


def _answered(view: ResultsView) -> str:
    say, counts = view.say, steps(view)
    linked, after = counts.get("linked_post"), counts.get("usable_post")
    if not linked or not after:
        return ""
    return say._(
        "Both answers are linked for {linked} people, {share} of those who answered afterwards.",
        linked=say.count(linked),
        share=say.percent(linked / after),
    )


def _teams(view: ResultsView) -> str:
    say = view.say
    teams, three = view.fact("teams_known"), view.fact("teams_three_sectors")
    if teams is None or three is None:
        return ""
    return say._(
        "People of three sectors or more worked together in {k} of {n} teams.",
        k=say.count(three["value"]),
        n=say.count(teams["value"]),
    )


def _area(view: ResultsView) -> str:
    area = view.say.pick(view.meta.get("project", {}).get("area"))
    return view.say._("Area of the project: {area}.", area=area) if area else ""
