"""The annexes of the end-of-project report: items and reliabilities, response rates and attrition, event by event."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.sections.annex_attrition import LARGE, limits
from vunki_eval.report.sections.annex_items import scaled_codes
from vunki_eval.report.sections.frame import absent, build, text
from vunki_eval.report.tables import wording_table
from vunki_eval.report.tables.over_events import attrition_over_events, rates_over_events, reliability_over_events
from vunki_eval.results.blocks import Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_events, view_results


def annex_items_project(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the annex on the items of the scales and their reliabilities at each event.

    Items are left out as long as nobody has answered them.
    """
    view = view_results(results, language)
    say = view.say
    title = say._("Questionnaire: wording, scales and reliabilities")
    event_views = view_events(results, language).values()
    answered = any(v.row(k, "mean", w) is not None for v in event_views for k in v.outcomes for w in v.waves)
    codes = scaled_codes(view) if answered else []
    if not codes:
        return build(view, "items", title, [absent(view)], commentary, part="annex")
    lead = say._("The questions of the scales; the other questions and the means stand in the events' own reports.")
    blocks = [
        text(lead),
        wording_table(results, language, codes, "wording", say._("Questions of the scales")),
        reliability_over_events(results, language),
    ]
    return build(view, "items", title, blocks, commentary, part="annex")


def annex_attrition_project(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the annex on response and attrition at each event."""
    view = view_results(results, language)
    rates, table = rates_over_events(results, language), attrition_over_events(results, language)
    if rates is None and table is None:
        title = view.say._("Who answered again: there are no data")
        return build(view, "attrition", title, [absent(view)], commentary, part="annex")
    event_views = view_events(results, language)
    sentences = [
        f"{view.say.pick(view.meta['events'][key].get('title'), key)}: {sentence}"
        for key, v in event_views.items()
        if (sentence := limits(v))
    ]
    blocks = [rates, table, *(text(s) for s in sentences[:4])]
    return build(view, "attrition", _title(view, event_views), blocks, commentary, part="annex")


def _title(view: ResultsView, event_views: dict[str, ResultsView]) -> str:
    rows = [r for v in event_views.values() for k in v.outcomes if (r := v.number(k, "smd_attrition", "pre"))]
    if not rows:
        return view.say._("Response and linking rates with their denominators")
    if any(abs(r.estimate) > LARGE for r in rows):
        return view.say._("Those who answered again differed somewhat from the others before")
    return view.say._("Those who answered again were much like the others before")
