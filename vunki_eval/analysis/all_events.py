"""Analyse all events of the project together: averages, contrasts, indicators, registers and conclusions.

The events are a fixed set: the average describes them, not events in general. The analysis works with results of any
of the events, or of none. Medians of counts are made from all people, since those of the events cannot be combined.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from vunki_eval.analysis.area import project_area_facts
from vunki_eval.analysis.average import alternative_averages, average_rows, headline_of
from vunki_eval.analysis.conclusions import adjust_p_values, verdicts
from vunki_eval.analysis.context import project_meta
from vunki_eval.analysis.describe import summary
from vunki_eval.analysis.evidence import expected_result, strength
from vunki_eval.analysis.indicators import indicator_rows
from vunki_eval.analysis.items import columns_of, numbers
from vunki_eval.analysis.public_facts import (
    fact_rows,
    initiatives,
    money,
    register_facts,
    stages_over_time,
    whole_register,
)
from vunki_eval.analysis.respondents import AnalysisPlan, FloatArray, make_plan
from vunki_eval.analysis.response import configured_facts, fact
from vunki_eval.analysis.rows import empty_row
from vunki_eval.disclosure import protect
from vunki_eval.project.project import Project
from vunki_eval.project.registers import Initiative
from vunki_eval.results.estimates import OK, SUPPRESSED, EstimateRow, Flag, frame_of, rows_of
from vunki_eval.results.results import COLUMNS, Record, Results, find, rows_frame
from vunki_eval.survey.participants import unique_people
from vunki_eval.survey.study import Study

ROLES = ("network", "event")
SUMS = ("mean", "sd")
"""Statistics that reveal sums: subtracting one event's sum from that of all people leaves the sum of the others."""
WHOLE = "project"
JOINED = ("estimates", "distributions", "flow", "ties", "verdicts", "facts", "themes")


def analyse_project(project: Project, results: Mapping[str, Results], studies: Sequence[Study] = ()) -> Results:
    """Combine the events for the end-of-project report.

    Parameters
    ----------
    project : Project
    results : mapping of str to Results
        Results by event id, of those events that have any; may be empty.
    studies : sequence of Study, optional
        The studies of the same events. With them, medians and means of counts are taken over all people; without them,
        these are given per event only.

    Returns
    -------
    Results
        Results of event ``project``. They hold the rows of each event, and rows with event ``project`` for all events
        together.
    """
    event_results = [results[e.id] for e in project.events if e.id in results]
    margins = {s.key: project.smallest_change(s.key) for s in project.instrument.scales}
    plan = make_plan(project.method, WHOLE, project.primary_outcomes, margins)
    estimates = adjust_p_values(list(_estimates(project, event_results, studies, plan)), plan)
    frame = frame_of(replace(r, event=WHOLE) for r in estimates)
    protected, suppression = protect(
        {"estimates": frame}, project.instrument, threshold=plan.threshold, level=plan.level
    )
    project_estimates = rows_of(protected["estimates"])
    register = whole_register(project, event_results)
    facts = [
        *_project_facts(project, event_results, register),
        *_unique_participants(project, studies),
        *project_area_facts(event_results),
    ]
    indicators = indicator_rows(project, project_estimates, event_results, facts)
    verdict_rows = _judge_averages(project, project_estimates, event_results, plan)
    verdict_rows += [expected_result(r, verdict_rows, indicators) for r in project.config.results]
    tables = {
        **{name: _concatenate(event_results, name) for name in JOINED},
        "indicators": [{k: v for k, v in i.items() if k in COLUMNS["indicators"]} for i in indicators],
    }
    tables["estimates"] += [r.record() for r in project_estimates]
    tables["verdicts"] += verdict_rows
    tables["facts"] += [*_facts_without_results(project, results), *({**f, "event": WHOLE} for f in facts)]
    frames = {name: rows_frame(name, rows) for name, rows in tables.items()}
    registers = {"initiatives": initiatives(register), "money": money(project)}
    return Results(WHOLE, _meta(project, event_results, register, suppression), **frames, **registers)


def _concatenate(event_results: Sequence[Results], table: str) -> list[Record]:
    return [
        {str(k): v for k, v in r.items()} for result in event_results for r in getattr(result, table).to_dict("records")
    ]


def _estimates(
    project: Project, event_results: Sequence[Results], studies: Sequence[Study], plan: AnalysisPlan
) -> Iterator[EstimateRow]:
    for scale in project.instrument.scales:
        rows = [headline_of(result, scale.key) for result in event_results]
        if scale.key in plan.primary or any(r is not None for r in rows):
            yield from average_rows(scale, [r for r in rows if r is not None], event_results, plan)
        if scale.key in plan.primary:
            yield from alternative_averages(scale, event_results, plan)
    missing = [k for k in plan.primary if not project.instrument.has_scale(k)]
    yield from (empty_row(k, "post", "change", "no_answers") for k in missing)
    yield from pooled_rows(studies, event_results, plan)
    if (teams := _team_share(event_results)) is not None:
        yield EstimateRow("teams", "post", "share_three_sectors", teams, flags=(Flag.TEAMS,))


def _team_share(event_results: Sequence[Results]) -> float | None:
    """Compute the share of teams with three sectors over all events."""
    sums = dict.fromkeys(("teams_three_sectors", "teams_known"), 0.0)
    for result in event_results:
        values = dict(zip(result.facts["key"], result.facts["value"], strict=True))
        if all(k in values for k in sums):
            sums = {k: n + float(values[k]) for k, n in sums.items()}
    return sums["teams_three_sectors"] / sums["teams_known"] if sums["teams_known"] else None


def _judge_averages(
    project: Project, estimates: list[EstimateRow], event_results: Sequence[Results], plan: AnalysisPlan
) -> list[Record]:
    """Judge the averages; what weakens the evidence of one event also weakens that of the average."""
    modes = [str(e.actual.mode) for e in project.events if e.id in {r.event for r in event_results} and e.actual.mode]
    judged = verdicts(estimates, project.instrument.scales, plan, modes if len(event_results) > 1 else ())
    inherited = _inherited_reasons(event_results)
    return [{**v, "event": WHOLE, **_with_inherited_reasons(v, inherited.get(v["outcome"], []))} for v in judged]


def _inherited_reasons(event_results: Sequence[Results]) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for result in event_results:
        for r in result.verdicts.to_dict("records"):
            if r["verdict"] not in ("not_estimable", "suppressed"):
                reasons.setdefault(r["outcome"], []).extend(k for k in r["reasons"] or () if k != "interval")
    return reasons


def _with_inherited_reasons(verdict: Record, inherited: Iterable[str]) -> Record:
    if verdict["verdict"] == "exploratory":
        return {}
    reasons = list(dict.fromkeys([*verdict["reasons"], *inherited]))
    return {"reasons": reasons, "strength": strength(verdict["verdict"], reasons)}


def _project_facts(project: Project, event_results: Sequence[Results], register: Sequence[Initiative]) -> list[Record]:
    """Collect the project's own facts: registers, money, sums over events, and public numbers with their sources."""
    euros = ("euros_per_participant", "euros_per_initiative", "euros_used_per_participant", "euros_used_per_initiative")
    units = {**dict.fromkeys((*euros, "budget_used"), "€"), "initiatives_at_work": ""}
    rows = [fact(k, v, units.get(k, "initiatives")) for k, v in register_facts(project, register).items()]
    budget = project.config.budget
    rows += [fact(f"budget_{k}", v, "€") for k, v in
             (("total", budget.total), ("grant", budget.grant), ("own", budget.own))]  # fmt: skip
    events_held = [e for e in project.events if e.actual.start is not None]
    rows.append(fact("events_held", len(events_held), "events"))
    for key in ("registered", "attended", "teams"):
        values = [getattr(e, key).value for e in project.events]
        total = sum(values) if values and None not in values else None
        rows.append(fact(f"{key}_total", total, "teams" if key == "teams" else "people"))
    sums = {"ideas_followed": 0, "ideas_at_work": 0}
    for result in event_results:
        event_facts = dict(zip(result.facts["key"], result.facts["value"], strict=True))
        sums = {k: n + int(event_facts.get(k) or 0) for k, n in sums.items()}
    rows += [fact(k, n, "teams") for k, n in sums.items() if sums["ideas_followed"]]
    return [*rows, *fact_rows(project, None)]


def _unique_participants(project: Project, studies: Sequence[Study]) -> list[Record]:
    """Count people who attended, each once; known only if every event has a list of participants."""
    participant_lists = [
        s.participants for s in studies if s.participants is not None and s.participants.attended is not None
    ]
    complete = len(participant_lists) == len(project.events) > 0
    return [fact("people_unique", unique_people(participant_lists) if complete else None, "people")]


def _facts_without_results(project: Project, results: Mapping[str, Results]) -> list[Record]:
    """Collect what the project file says about events that have no answers."""
    return [
        {**f, "event": e.id}
        for e in project.events
        if e.id not in results
        for f in (*configured_facts(e), *fact_rows(project, e.id))
    ]


def _meta(
    project: Project, event_results: Sequence[Results], register: Sequence[Initiative], suppression: Mapping[str, int]
) -> dict[str, Any]:
    totals = Counter[str](suppression)
    for result in event_results:
        totals.update(result.meta.get("suppression", {}))
    inputs = [i for result in event_results for i in result.meta.get("inputs", [])]
    return {
        **project_meta(project),
        "inputs": sorted(inputs, key=lambda i: str(i["path"])),
        "suppression": dict(sorted(totals.items())),
        "quality": {r.event: r.meta.get("quality", {}) for r in event_results},
        "themes": {k: v for result in event_results for k, v in result.meta.get("themes", {}).items()},
        "stages": stages_over_time(register),
        "with_answers": [r.event for r in event_results if len(r.estimates)],
    }


def pooled_rows(
    studies: Sequence[Study], event_results: Sequence[Results], plan: AnalysisPlan
) -> Iterator[EstimateRow]:
    """Summarise the count items over all people, wave by wave.

    Events with fewer answers than the threshold are left out, because their numbers could be found by subtraction. For
    the same reason a mean or standard deviation is published only if each of the events publishes its own unrounded.
    There are no rows for what only one event asked; that event has them.

    Parameters
    ----------
    studies : sequence of Study
    event_results : sequence of Results
        The same events' published results.
    plan : AnalysisPlan
    """
    if not studies:
        return
    instrument = studies[0].project.instrument
    for wave in instrument.wave_keys:
        for item in instrument.in_wave(wave):
            if item.kind != "number" or item.role not in ROLES:
                continue
            answers = {s.event.id: _answers(s, item.code, wave) for s in studies if columns_of(s, item)}
            large_enough = {event: values for event, values in answers.items() if values.size >= plan.threshold}
            if len(large_enough) < 2:
                continue
            values = np.sort(np.concatenate(list(large_enough.values())))
            exact = all(
                _published_exactly(event_results, event, item.code, wave, s) for s in SUMS for event in large_enough
            )
            for estimate in summary(item.code, wave, values, plan, with_quartiles=True):
                if estimate.statistic in SUMS and not exact:
                    yield empty_row(item.code, wave, estimate.statistic, "would_reveal", status=SUPPRESSED)
                else:
                    yield replace(estimate, flags=(*estimate.flags, Flag.ALL_PEOPLE))


def _published_exactly(event_results: Sequence[Results], event: str, item: str, wave: str, statistic: str) -> bool:
    """Tell whether an event publishes a number unrounded and about everybody."""
    for result in event_results:
        if result.event == event:
            where = {"event": event, "outcome": item, "wave": wave, "statistic": statistic, "group": "all"}
            rows = rows_of(find(result, **where))
            inexact = {Flag.ROUNDED, Flag.LINKED_ONLY}
            return bool(rows) and all(r.status == OK and not inexact.intersection(r.flags) for r in rows)
    return False


def _answers(study: Study, code: str, wave: str) -> FloatArray:
    return numbers(study.responses.loc[study.responses["wave"] == wave, code])
