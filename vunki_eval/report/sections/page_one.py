"""Page one: verdict, five key numbers, expected results, one chart, limits, recommendations, and who answered."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.changes import page_one_chart
from vunki_eval.report.sections.frame import build
from vunki_eval.report.sections.headline import headline, lead
from vunki_eval.report.sections.key_numbers import event_numbers, project_numbers
from vunki_eval.report.sections.phrases import verdict_key
from vunki_eval.report.tables.terms import DOTS, MARKS, STRENGTHS, VERDICTS, confidence_level, term
from vunki_eval.results.blocks import ExpectedResultLine, Number, PageOne, Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

SPOKEN = (
    "clear_gain",
    "clear_decline",
    "gain",
    "decline",
    "smaller_than_matters",
    "no_meaningful_change",
    "cannot_tell",
    "described",
)
MOST_ADVICE = 3


def page_one(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make page one of an event's report."""
    view = view_results(results, language)
    return _page(view, event_numbers(view), [_event_result(view, r) for r in view.meta.get("results", [])], commentary)


def page_one_project(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make page one of the end-of-project report."""
    view = view_results(results, language)
    return _page(
        view, project_numbers(view), [_project_result(view, r) for r in view.meta.get("results", [])], commentary
    )


def _page(
    view: ResultsView, numbers: list[Number], expected_results: list[ExpectedResultLine], commentary: Commentary | None
) -> Section:
    say = view.say
    chart = page_one_chart(view.results, say.language)
    block = PageOne(
        verdict=headline(view),
        lead=lead(view),
        numbers=tuple(numbers),
        expected_results=tuple(expected_results),
        chart=chart,
        chart_note=_chart_note(view) if chart else say._("There are no changes to draw yet."),
        limits=tuple(limits(view)),
        advice=(commentary.advice if commentary else ())[:MOST_ADVICE],
        base=base(view),
        labels={
            "eyebrow": say._("Summary on one page"),
            "results": say._("What the project promised"),
            "result": say._("Expected result"),
            "status": say._("Status"),
            "strength": say._("Strength of evidence"),
            "change": say._("Change before → after"),
            "limits": say._("What we cannot say"),
            "advice": say._("The evaluator's recommendations"),
            "no_advice": say._("The evaluator has not written recommendations yet."),
        },
    )
    return build(view, "page-one", "", [block])


def _chart_note(view: ResultsView) -> str:
    first = next((r for k in view.primary if (r := view.change(k))), None)
    pairs = next((r for k in view.primary if (r := view.number(k, "change_pairs"))), None)
    legend = view.say._(
        "Line: no change. Grey: smaller than the smallest change that matters. Bar: {level} confidence interval "
        "(certainty as to chance, not trust).",
        level=confidence_level(view),
    )
    if first is None or not first.n:
        return legend
    n = view.say.count(first.n)
    if pairs is None or not pairs.n:
        return f"{legend} " + view.say._("n = {n}.", n=n)
    return f"{legend} " + view.say._("n = {n}, of them {pairs} pairs.", n=n, pairs=view.say.count(pairs.n))


def _event_result(view: ResultsView, result: dict[str, object]) -> ExpectedResultLine:
    """Say where an expected result stands after one event: by the verdict on its outcomes, or by the register."""
    title = view.say.pick(result["title"])  # type: ignore[arg-type]
    keys = [str(k) for k in result.get("outcomes") or []]  # type: ignore[attr-defined]
    for key in keys:
        verdict = verdict_key(view, key)
        if verdict in SPOKEN:
            row = view.verdict(key)
            return _expected_result(view, title, verdict, row["strength"] if row else None)
    if "initiatives" in (result.get("indicators") or []):  # type: ignore[operator]
        n = len({r["id"] for r in view.rows("initiatives")})
        if n:
            status = view.say.plural("{n} initiative in the register", "{n} initiatives in the register", n)
            return ExpectedResultLine(title, "◆", status, DOTS["documented"], term(view, STRENGTHS, "documented"))
    if any(verdict_key(view, k) == "exploratory" for k in keys):
        return _expected_result(view, title, "exploratory", "none")
    waiting = "followup" not in (view.meta.get("event") or {}).get("waves", ["followup"])
    return _expected_result(view, title, "not_due" if waiting else "no_data", "none")


def _project_result(view: ResultsView, result: dict[str, object]) -> ExpectedResultLine:
    row = view.verdict(f"result:{result['key']}")
    title = view.say.pick(result["title"])  # type: ignore[arg-type]
    return _expected_result(view, title, str(row["verdict"] or "") if row else "", row["strength"] if row else None)


def _expected_result(view: ResultsView, title: str, verdict: str, strength: str | None) -> ExpectedResultLine:
    return ExpectedResultLine(
        title,
        MARKS.get(verdict, "○"),
        term(view, VERDICTS, verdict),
        DOTS.get(strength or "", 0),
        term(view, STRENGTHS, strength or "none"),
    )


def limits(view: ResultsView) -> list[str]:
    """List what the report cannot say."""
    say, steps = view.say, {r["step"]: r["n"] for r in view.rows("flow")}
    points = [say._("why anything changed: there is no comparison group;")]
    points.append(_lasting(view))
    came, after = steps.get("attended"), steps.get("usable_post")
    if came and after is not None and came > after:
        points.append(
            say.plural(
                "what the {n} person thinks who came and did not answer afterwards.",
                "what the {n} people think who came and did not answer afterwards.",
                came - after,
            )
        )
    else:
        points.append(say._("what people think who did not come or did not answer."))
    return points


def _lasting(view: ResultsView) -> str:
    """Say which later time is not covered: any, that of some events, or only the time after the follow-up."""
    say, rows = view.say, view.results.estimates
    later = set(rows.loc[(rows["wave"] == "followup") & (rows["statistic"] == "mean"), "event"])
    if not later:
        return say._("whether a change lasts: there is no follow-up survey yet;")
    if len(view.meta.get("events", {})) > len(later) and view.event not in later:
        return say._("whether a change lasts: only some events have a follow-up survey;")
    return say._("what happens later than the follow-up survey;")


def base(view: ResultsView) -> str:
    """Say who answered: n, response rates, linked people and source."""
    say, steps = view.say, {r["step"]: r["n"] for r in view.rows("flow")}
    came = steps.get("attended")
    source = say._("Source: participants' survey.")
    if steps.get("usable_post") is None and (events := _events_base(view)):
        return f"{events} {source}"
    before, after, linked = (steps.get(k, _over_events(view, k)) for k in ("usable_pre", "usable_post", "linked_post"))
    if before is None or after is None:
        return say._("There are no survey answers yet.")
    if came:
        answered = say._(
            "Before {before}, after {after} of the {came} people who came answered ({first} and {second});",
            before=say.count(before),
            after=say.count(after),
            came=say.count(came),
            first=say.percent(before / came),
            second=say.percent(after / came),
        )
    else:
        answered = say._(
            "Before {before}, after {after} people answered;", before=say.count(before), after=say.count(after)
        )
    both = say._("both answers are linked for {n} people.", n=say.count(linked or 0))
    return f"{answered} {both} {source}"


def _over_events(view: ResultsView, step: str) -> int | None:
    """Add up a step of the flow over the events of a project; None if no event has its count."""
    events = [
        view_results(view.results, view.say.language, key).rows("flow", step=step)
        for key in view.meta.get("events", {})
    ]
    counts = [rows[0]["n"] for rows in events if rows and rows[0]["n"] is not None]
    return sum(counts) if counts else None


def _events_base(view: ResultsView) -> str:
    """State the response rates at each event of a project."""
    parts = []
    for key, event in view.meta.get("events", {}).items():
        event_view = view_results(view.results, view.say.language, key)
        rows = [event_view.number("response", "response_rate", w) for w in ("pre", "post")]
        percentages = [view.say.percent(r.estimate) for r in rows if r is not None]
        if percentages:
            parts.append(f"{view.say.pick(event.get('title'), key)}: {' / '.join(percentages)}")
    return view.say._("Response before / after: {parts}.", parts="; ".join(parts)) if parts else ""
