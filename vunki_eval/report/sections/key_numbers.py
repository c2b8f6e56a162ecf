"""The five key numbers of page one, each with its target if it has one; an unknown number is marked as unknown."""

from typing import Any

from vunki_eval.report.tables.public_facts import indicator_value
from vunki_eval.results.blocks import Number
from vunki_eval.results.estimates import EstimateRow
from vunki_eval.results.results import Record
from vunki_eval.results.view import ResultsView

NONE = "–"


def event_numbers(view: ResultsView) -> list[Number]:
    """Return the five key numbers of an event."""
    say = view.say
    came = view.fact("attended")
    people = float(came["value"]) if came else None
    n = len({r["id"] for r in view.rows("initiatives")}) or None
    return [
        _against(view, people, "participants", say._("people came"), whole_project=True),
        _against(view, n, "initiatives", _initiatives(view, n), whole_project=True),
        _contacts(view),
        _ideas(view, view.fact("ideas_at_work"), view.fact("ideas_followed")),
        _euros_planned(view),
    ]


def project_numbers(view: ResultsView) -> list[Number]:
    """Return the five key numbers of the project."""
    say = view.say
    indicators = {r["key"]: r for r in view.rows("indicators")}
    people, initiatives = (indicators.get(k, {}).get("actual") for k in ("participants", "initiatives"))
    spent = view.fact("euros_per_participant")
    euros = Number(
        say.euros(spent["value"], 0) if spent else NONE, "", say._("per participant, whole budget"), _planned_foot(view)
    )
    return [
        _against(view, people, "participants", say._("people came (attendances)")),
        _against(view, initiatives, "initiatives", _initiatives(view, initiatives)),
        _contacts(view),
        _ideas(
            view,
            view.fact("initiatives_working"),
            view.fact("initiatives_followed"),
            say._("initiatives at work, of those followed up"),
        ),
        euros if spent else Number(NONE, "", say._("euros per participant"), say.no_data),
    ]


def _initiatives(view: ResultsView, n: float | None) -> str:
    return view.say.plural("initiative in the register", "initiatives in the register", 1 if n == 1 else 2)


def _target(view: ResultsView, key: str) -> dict[str, Any] | None:
    target = view.meta.get("indicators", {}).get(key)
    if target is None:
        target = next((dict(r) for r in view.rows("indicators") if r["key"] == key), None)
    return target if target and target.get("target") else None


def _target_text(view: ResultsView, target: dict[str, Any]) -> str:
    row = {
        "target": target["target"],
        "unit": target.get("unit"),
        "approximate": target.get("approximate"),
        "status": "",
    }
    return indicator_value(view, row, "target")


def _against(view: ResultsView, value: float | None, key: str, label: str, *, whole_project: bool = False) -> Number:
    say, target = view.say, _target(view, key)
    if value is None:
        return Number(NONE, "", label, say.no_data)
    if target is None:
        return Number(say.count(value), "", label, "")
    target_text = _target_text(view, target)
    foot = (
        say._("target of the whole project {target}", target=target_text)
        if whole_project
        else say._("target {target}", target=target_text)
    )
    return Number(say.count(value), "", label, foot, float(value) / float(target["target"]))


def _contacts(view: ResultsView) -> Number:
    say = view.say
    row = view.number("NW4", "median") or view.number("NW4", "average_median")
    value = None if row is None else float(row.estimate)
    label = say.plural(
        "new contact in other sectors per person", "new contacts in other sectors per person", 1 if value == 1 else 2
    )
    if row is None or value is None:
        return Number(NONE, "", label, say.no_data)
    if row.low is not None and row.high is not None:
        label += f" ({say.between(row.low, row.high, 0 if _integer_limits(row) else 1)})"
    target = _target(view, "new_contacts")
    foot = say._("median; target {target}", target=_target_text(view, target)) if target else say._("median")
    share = value / float(target["target"]) if target else None
    return Number(say.number(value, 0 if value.is_integer() else 1), "", label, foot, share)


def _integer_limits(row: EstimateRow) -> bool:
    return float(row.low).is_integer() and float(row.high).is_integer()


def _ideas(view: ResultsView, working: Record | None, followed: Record | None, label: str = "") -> Number:
    say = view.say
    label = label or say._("ideas at work after 6–12 months")
    if working is None or followed is None:
        waves = (view.meta.get("event") or {}).get("waves")
        due = waves is not None and "followup" in waves
        return Number(NONE, "", label, say.no_data if due else say.not_due)
    k, n = working["value"], followed["value"]
    target = _target(view, "ideas_alive")
    foot = say._("target {target}", target=_target_text(view, target)) if target else ""
    share = float(k) / float(n) / (float(target["target"]) / 100) if target and n else None
    return Number(say._("{k} of {n}", k=say.count(k), n=say.count(n)), "", label, foot, share)


def _euros_planned(view: ResultsView) -> Number:
    """Return the planned euros per participant; the money used is known only for the whole project."""
    say = view.say
    total = ((view.meta.get("project") or {}).get("budget") or {}).get("total")
    target = _target(view, "participants")
    label = say._("per participant, planned")
    if not total or target is None:
        return Number(NONE, "", label, say.no_data)
    return Number(say.euros(total / float(target["target"]), 0), "", label, _planned_foot(view))


def _planned_foot(view: ResultsView) -> str:
    total = ((view.meta.get("project") or {}).get("budget") or {}).get("total")
    target = _target(view, "participants")
    if not total or target is None:
        return ""
    return view.say._(
        "budget {budget}, target {target}", budget=view.say.euros(total, 0), target=_target_text(view, target)
    )
