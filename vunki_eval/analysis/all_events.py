"""All events of the project together: averages and contrasts of these events, indicators, registers, conclusions.

The events are a fixed set: the average speaks of them, not of events in general. It works with any subset of data,
none included.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from vunki_eval.analysis.alternative_averages import alternative_averages
from vunki_eval.analysis.area import area_together
from vunki_eval.analysis.average import average_rows, headline_of
from vunki_eval.analysis.conclusions import adjusted, verdicts
from vunki_eval.analysis.context import project_meta
from vunki_eval.analysis.evidence import expected_result, strength
from vunki_eval.analysis.indicators import indicator_rows
from vunki_eval.analysis.pooled import pooled_rows
from vunki_eval.analysis.public_facts import (
    fact_rows,
    initiatives,
    money,
    register_facts,
    stages_over_time,
    whole_register,
)
from vunki_eval.analysis.respondents import AnalysisPlan, make_plan
from vunki_eval.analysis.response import configured_facts, fact
from vunki_eval.analysis.rows import Row, row, without
from vunki_eval.disclosure import protect
from vunki_eval.project.project import Project
from vunki_eval.project.registers import Initiative
from vunki_eval.results.results import COLUMNS, Results, rows_frame
from vunki_eval.survey.participants import unique_people
from vunki_eval.survey.study import Study

WHOLE = "project"
JOINED = ("estimates", "distributions", "flow", "ties", "verdicts", "facts", "themes")


def analyse_project(project: Project, results: Mapping[str, Results], studies: Sequence[Study] = ()) -> Results:
    """Put events together for the end-of-project report.

    Parameters
    ----------
    project : Project
    results : mapping of str to Results
        Results of the events that have any, by event id; none is fine.
    studies : sequence of Study, optional
        The same events' studies: with them medians and means of counts are taken over all people; without them they are
        given per event only.

    Returns
    -------
    Results
        Event ``project``: all rows of the events, and rows of event ``project`` for all of them together.
    """
    known = [results[e.id] for e in project.events if e.id in results]
    margins = {s.key: project.smallest_change(s.key) for s in project.instrument.scales}
    plan = make_plan(project.method, WHOLE, project.primary_outcomes, margins)
    estimates = adjusted(list(_estimates(project, known, studies, plan)), plan)
    frame = rows_frame("estimates", [{**r, "event": WHOLE} for r in estimates])
    protected, counted = protect({"estimates": frame}, project.instrument, threshold=plan.threshold, level=plan.level)
    own = [dict(r) for r in protected["estimates"].to_dict("records")]
    register = whole_register(project, known)
    facts = [*_facts(project, known, register), *_people(project, studies), *area_together(known)]
    indicators = indicator_rows(project, own, known, facts)
    concluded = _verdicts(project, own, known, plan)
    concluded += [expected_result(r, concluded, indicators) for r in project.config.results]
    tables = {
        **{name: _together(known, name) for name in JOINED},
        "indicators": [{k: v for k, v in i.items() if k in COLUMNS["indicators"]} for i in indicators],
    }
    tables["estimates"] += own
    tables["verdicts"] += concluded
    tables["facts"] += [*_facts_without_results(project, results), *({**f, "event": WHOLE} for f in facts)]
    frames = {name: rows_frame(name, rows) for name, rows in tables.items()}
    registers = {"initiatives": initiatives(register), "money": money(project)}
    return Results(WHOLE, _meta(project, known, register, counted), **frames, **registers)


def _together(known: Sequence[Results], table: str) -> list[Row]:
    return [{str(k): v for k, v in r.items()} for one in known for r in getattr(one, table).to_dict("records")]


def _estimates(
    project: Project, known: Sequence[Results], studies: Sequence[Study], plan: AnalysisPlan
) -> Iterator[Row]:
    for scale in project.instrument.scales:
        rows = [headline_of(one, scale.key) for one in known]
        if scale.key in plan.primary or any(r is not None for r in rows):
            yield from average_rows(scale, [r for r in rows if r is not None], known, plan)
        if scale.key in plan.primary:
            yield from alternative_averages(scale, known, plan)
    missing = [k for k in plan.primary if not project.instrument.has_scale(k)]
    yield from (without(k, "post", "change", "no_answers") for k in missing)
    yield from pooled_rows(studies, known, plan)
    if (teams := _team_share(known)) is not None:
        yield row("teams", "post", "share_three_sectors", teams, method="teams")


def _team_share(known: Sequence[Results]) -> float | None:
    """Give the share of teams with three sectors over all events."""
    sums = dict.fromkeys(("teams_three_sectors", "teams_known"), 0.0)
    for one in known:
        values = dict(zip(one.facts["key"], one.facts["value"], strict=True))
        if all(k in values for k in sums):
            sums = {k: n + float(values[k]) for k, n in sums.items()}
    return sums["teams_three_sectors"] / sums["teams_known"] if sums["teams_known"] else None


def _verdicts(project: Project, own: list[Row], known: Sequence[Results], plan: AnalysisPlan) -> list[Row]:
    """Judge the averages. What makes an event's evidence weaker makes that of its part of the average weaker."""
    modes = [str(e.actual.mode) for e in project.events if e.id in {r.event for r in known} and e.actual.mode]
    made = verdicts(own, project.instrument.scales, plan, modes if len(known) > 1 else ())
    inherited = _inherited(known)
    return [{**v, "event": WHOLE, **_weaker(v, inherited.get(v["outcome"], []))} for v in made]


def _inherited(known: Sequence[Results]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in known:
        for r in one.verdicts.to_dict("records"):
            if r["verdict"] not in ("not_estimable", "suppressed"):
                found.setdefault(r["outcome"], []).extend(k for k in r["reasons"] or () if k != "interval")
    return found


def _weaker(found: Row, inherited: Iterable[str]) -> Row:
    if found["verdict"] == "exploratory":
        return {}
    why = list(dict.fromkeys([*found["reasons"], *inherited]))
    return {"reasons": why, "strength": strength(found["verdict"], why)}


def _facts(project: Project, known: Sequence[Results], register: Sequence[Initiative]) -> list[Row]:
    """Give the project's own facts: registers, money, sums over events, and public numbers with their sources."""
    euros = ("euros_per_participant", "euros_per_initiative", "euros_used_per_participant", "euros_used_per_initiative")
    units = {**dict.fromkeys((*euros, "budget_used"), "€"), "initiatives_at_work": ""}
    made = [fact(k, v, units.get(k, "initiatives")) for k, v in register_facts(project, register).items()]
    budget = project.config.budget
    made += [fact(f"budget_{k}", v, "€") for k, v in
             (("total", budget.total), ("grant", budget.grant), ("own", budget.own))]  # fmt: skip
    held = [e for e in project.events if e.actual.start is not None]
    made.append(fact("events_held", len(held), "events"))
    for key in ("registered", "attended", "teams"):
        values = [getattr(e, key).value for e in project.events]
        whole = sum(values) if values and None not in values else None
        made.append(fact(f"{key}_total", whole, "teams" if key == "teams" else "people"))
    sums = {"ideas_followed": 0, "ideas_at_work": 0}
    for one in known:
        said = dict(zip(one.facts["key"], one.facts["value"], strict=True))
        sums = {k: n + int(said.get(k) or 0) for k, n in sums.items()}
    made += [fact(k, n, "teams") for k, n in sums.items() if sums["ideas_followed"]]
    return [*made, *fact_rows(project, None)]


def _people(project: Project, studies: Sequence[Study]) -> list[Row]:
    """Count different people apart from attendances: known only when every event has a list of who came."""
    rolls = [s.roll for s in studies if s.roll is not None and s.roll.attended is not None]
    whole = len(rolls) == len(project.events) > 0
    return [fact("people_unique", unique_people(rolls) if whole else None, "people")]


def _facts_without_results(project: Project, results: Mapping[str, Results]) -> list[Row]:
    """Give what the project file says of events that have no answers."""
    return [
        {**f, "event": e.id}
        for e in project.events
        if e.id not in results
        for f in (*configured_facts(e), *fact_rows(project, e.id))
    ]


def _meta(
    project: Project, known: Sequence[Results], register: Sequence[Initiative], suppression: Mapping[str, int]
) -> dict[str, Any]:
    counted = Counter[str](suppression)
    for one in known:
        counted.update(one.meta.get("suppression", {}))
    inputs = [i for one in known for i in one.meta.get("inputs", [])]
    return {
        **project_meta(project),
        "inputs": sorted(inputs, key=lambda i: str(i["path"])),
        "suppression": dict(sorted(counted.items())),
        "quality": {r.event: r.meta.get("quality", {}) for r in known},
        "themes": {k: v for one in known for k, v in one.meta.get("themes", {}).items()},
        "stages": stages_over_time(register),
        "with_answers": [r.event for r in known if len(r.estimates)],
    }
