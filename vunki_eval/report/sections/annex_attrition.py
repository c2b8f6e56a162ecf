"""Who answered again and who did not."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.sections.frame import absent, build, text
from vunki_eval.report.tables import attrition_table
from vunki_eval.report.tables.side_by_side import deviations as gap
from vunki_eval.report.tables.terms import hidden_note, level, missing
from vunki_eval.results.blocks import Column, Section, Table
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

LARGE = 0.25


def annex_attrition(results: Results, language: str, words: Commentary | None = None) -> Section:
    """Make the annex on response and attrition."""
    view = view_results(results, language)
    rates, table = _rates(view), attrition_table(results, language)
    if rates is None and table is None:
        title = view.say._("Who answered again: there are no data")
        return build(view, "attrition", title, [absent(view)], words, part="annex")
    return build(view, "attrition", _title(view), [rates, table, text(limits(view), _rule(view))], words, part="annex")


def _title(view: ResultsView) -> str:
    rows = [r for k in view.outcomes if (r := view.number(k, "smd_attrition", "pre"))]
    if not rows:
        return view.say._("Response and linking rates with their denominators")
    if any(abs(r["estimate"]) > LARGE for r in rows):
        return view.say._("Those who answered again differed somewhat from the others before")
    return view.say._("Those who answered again were much like the others before")


def _rates(view: ResultsView) -> Table | None:
    say, rows = view.say, []
    for statistic, word in (
        ("response_rate", say._("Answered, of those who came")),
        ("linking_rate", say._("Linked, of those who answered")),
    ):
        for wave in view.waves:
            row, shown = view.row("response", statistic, wave), view.number("response", statistic, wave)
            if row is not None:
                said = missing(view, row)
                if shown is not None:
                    limits = f" ({say.between_shares(shown['low'], shown['high'])})" if shown["low"] is not None else ""
                    said = say.percent(shown["estimate"]) + limits
                rows.append((word, view.wave(wave), said, say.count(shown["n"]) if shown and shown["n"] else "–"))
    if not rows:
        return None
    columns = (
        Column(say._("Rate"), wide=True),
        Column(say._("Wave")),
        Column(say._("Share"), "right", unit=say._("({level} interval)", level=level(view))),
        Column(say._("Denominator"), "right"),
    )
    return Table("rates", say._("Response and linking rates"), columns, tuple(rows), hidden_note(view, rows))


def limits(view: ResultsView) -> str:
    """Say in numbers whom the linked people stand for: how many of those who came, and where they differed most."""
    say, known = view.say, {r["step"]: r["n"] for r in view.rows("flow")}
    linked, came = known.get("linked_post"), known.get("attended")
    rows = [(k, r) for k in view.outcomes if (r := view.number(k, "smd_attrition", "pre"))]
    said = []
    if linked and came:
        said.append(
            say._(
                "{linked} of the {came} people who came ({share}) are linked from before to after.",
                linked=say.count(linked),
                came=say.count(came),
                share=say.percent(linked / came),
            )
        )
    if rows:
        key, most = max(rows, key=lambda found: abs(found[1]["estimate"]))
        said.append(
            say._(
                "Before the event those who answered again differed most from the others in “{title}”: {gap} standard "
                "deviations (n = {n}).",
                title=view.title(key),
                gap=gap(view, most),
                n=say.count(most["n"]),
            )
        )
    return " ".join(said)


def _rule(view: ResultsView) -> str:
    return view.say._(
        "The linked people stand for those who came only as far as the two groups are alike; nobody is left out "
        "of the estimate for having answered once."
    )
