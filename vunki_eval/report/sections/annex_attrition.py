"""The annex on response and attrition: who answered again and who did not."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.sections.frame import absent, build, text
from vunki_eval.report.tables import attrition_table
from vunki_eval.report.tables.side_by_side import deviations
from vunki_eval.report.tables.terms import confidence_level, hidden_note, why_missing
from vunki_eval.results.blocks import Column, Section, Table
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

LARGE = 0.25  # standard deviations; beyond this the linked people represent the others less well


def annex_attrition(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the annex on response and attrition."""
    view = view_results(results, language)
    rates, table = _rates(view), attrition_table(results, language)
    if rates is None and table is None:
        title = view.say._("Who answered again: there are no data")
        return build(view, "attrition", title, [absent(view)], commentary, part="annex")
    return build(
        view, "attrition", _title(view), [rates, table, text(limits(view), _rule(view))], commentary, part="annex"
    )


def _title(view: ResultsView) -> str:
    rows = [r for k in view.outcomes if (r := view.number(k, "smd_attrition", "pre"))]
    if not rows:
        return view.say._("Response and linking rates with their denominators")
    if any(abs(r.estimate) > LARGE for r in rows):
        return view.say._("Those who answered again differed somewhat from the others before")
    return view.say._("Those who answered again were much like the others before")


def _rates(view: ResultsView) -> Table | None:
    say, rows = view.say, []
    for statistic, label in (
        ("response_rate", say._("Answered, of those who came")),
        ("linking_rate", say._("Linked, of those who answered")),
    ):
        for wave in view.waves:
            row, number = view.row("response", statistic, wave), view.number("response", statistic, wave)
            if row is not None:
                share = why_missing(view, row)
                if number is not None:
                    interval = f" ({say.between_shares(number.low, number.high)})" if number.low is not None else ""
                    share = say.percent(number.estimate) + interval
                rows.append((label, view.wave(wave), share, say.count(number.n) if number and number.n else "–"))
    if not rows:
        return None
    columns = (
        Column(say._("Rate"), wide=True),
        Column(say._("Wave")),
        Column(say._("Share"), "right", unit=say._("({level} interval)", level=confidence_level(view))),
        Column(say._("Denominator"), "right"),
    )
    return Table("rates", say._("Response and linking rates"), columns, tuple(rows), hidden_note(view, rows))


def limits(view: ResultsView) -> str:
    """Say what share of those who came is linked, and where people who answered again differed most from the others."""
    say, counts = view.say, {r["step"]: r["n"] for r in view.rows("flow")}
    linked, came = counts.get("linked_post"), counts.get("attended")
    differences = [(k, r) for k in view.outcomes if (r := view.number(k, "smd_attrition", "pre"))]
    sentences = []
    if linked and came:
        sentences.append(
            say._(
                "{linked} of the {came} people who came ({share}) are linked from before to after.",
                linked=say.count(linked),
                came=say.count(came),
                share=say.percent(linked / came),
            )
        )
    if differences:
        key, largest = max(differences, key=lambda pair: abs(pair[1].estimate))
        sentences.append(
            say._(
                "Before the event those who answered again differed most from the others in “{title}”: {gap} standard "
                "deviations (n = {n}).",
                title=view.title(key),
                gap=deviations(view, largest),
                n=say.count(largest.n),
            )
        )
    return " ".join(sentences)


def _rule(view: ResultsView) -> str:
    return view.say._(
        "The linked people stand for those who came only as far as the two groups are alike; nobody is left out "
        "of the estimate for having answered once."
    )
