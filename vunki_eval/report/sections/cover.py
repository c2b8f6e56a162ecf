"""The cover: what was evaluated, when and where, who funded and who applied, with the banner and the draft mark."""

from collections.abc import Mapping
from typing import Any

from vunki_eval.language import Localizer
from vunki_eval.report.commentary import Commentary
from vunki_eval.report.sections.frame import build, labels, place_and_time
from vunki_eval.results.blocks import Cover, Section
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results


def cover(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the cover of an event's report."""
    view = view_results(results, language)
    say = view.say
    event = view.meta.get("event") or {}
    actual = event.get("actual") or {}
    came, linked = view.fact("attended"), _step(view, "linked_post")
    facts = [
        (say.period(actual["start"], actual.get("end")) if actual.get("start") else say.no_data, say._("when")),
        (say.pick(actual.get("place")) or say.no_data, say._("where")),
        (say.count(came["value"]) if came else say.no_data, say._("people came")),
        (say.count(linked) if linked else say.no_data, say._("people with both answers linked")),
    ]
    title = say.pick(event.get("title"), view.event)
    block = _cover(
        view,
        title,
        say._("Evaluation report of the event"),
        _running_head(view, title),
        facts,
        str(actual.get("end") or ""),
    )
    return build(view, "cover", "", [block])


def cover_project(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the cover of the end-of-project report."""
    view = view_results(results, language)
    say = view.say
    project, events = view.meta.get("project", {}), view.meta.get("events", {})
    budget = (project.get("budget") or {}).get("total")
    facts = [
        (_years(project), say._("project period")),
        (say.count(len(events)), say.plural("event", "events", len(events))),
        (_people(view, events), say._("people came (attendances)")),
        (say.euros(budget, 0) if budget else say.no_data, say._("budget")),
    ]
    title = say.pick(project.get("title"), view.event)
    block = _cover(view, title, say._("End-of-project evaluation report"), title, facts, str(project.get("end") or ""))
    return build(view, "cover", "", [block])


def _running_head(view: ResultsView, title: str) -> str:
    return " · ".join(p for p in (title, place_and_time(view)) if p)


def _years(project: Mapping[str, Any]) -> str:
    first, last = str(project.get("start") or "")[:4], str(project.get("end") or "")[:4]
    return first if first == last else f"{first}–{last}"


def _people(view: ResultsView, events: Mapping[str, Any]) -> str:
    counts = [e.get("attended") for e in events.values()]
    return view.say.count(sum(counts)) if counts and None not in counts else view.say.no_data


def _step(view: ResultsView, step: str) -> int | None:
    return next((r["n"] for r in view.rows("flow", step=step)), None)


def _cover(
    view: ResultsView, title: str, subtitle: str, running_head: str, facts: list[tuple[str, str]], end: str
) -> Cover:
    say, project = view.say, view.meta.get("project", {})
    evaluator = (project.get("evaluator") or {}).get("name", "")
    applicant = (project.get("applicant") or {}).get("name", "")
    signed = view.meta.get("signed")
    return Cover(
        title=title,
        subtitle=subtitle,
        language=say.language,
        running_head=running_head,
        facts=tuple(facts),
        lines=tuple(_lines(view, project, evaluator, applicant)),
        date=str(project.get("report_date") or end or project.get("end") or ""),
        author=evaluator or applicant,
        banner=say._("SYNTHETIC DATA - not real answers") if view.meta.get("synthetic") else "",
        draft="" if signed else say._("DRAFT - not signed yet"),
        labels=labels(say),
        signature=_signature(say, signed),
    )


def _signature(say: Localizer, signed: Mapping[str, Any] | None) -> tuple[tuple[str, str], ...]:
    """Return the lines of the signature block as (label, value): who signed, in what role, and when."""
    if not signed:
        return ()
    lines = [
        (say._("Signed by"), str(signed["name"])),
        (say._("Role"), pick_or_text(say, signed.get("role"))),
        (say._("Date"), say.date(str(signed["date"]))),
    ]
    return tuple((label, value) for label, value in lines if value)


def pick_or_text(say: Localizer, value: object) -> str:
    """Return a text in the report's language; ``value`` is a plain string, or a wording per language."""
    return say.pick(value) if isinstance(value, dict) else str(value or "")


def _lines(view: ResultsView, project: Mapping[str, Any], evaluator: str, applicant: str) -> list[tuple[str, str]]:
    say = view.say
    partners = ", ".join(p.get("name", "") for p in project.get("partners") or [])
    lines = [
        (say._("Project"), say.pick(project.get("title"))),
        (say._("Funder"), say.pick(project.get("funder"))),
        (say._("Programme"), say.pick(project.get("programme"))),
        (say._("Measure"), say.pick(project.get("measure"))),
        (say._("Applicant"), applicant),
        (say._("Partners"), partners),
        (say._("Area"), say.pick(project.get("area"))),
        (say._("Evaluator"), evaluator),
    ]
    return [(label, value) for label, value in lines if value]
