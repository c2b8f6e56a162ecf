"""Read public registers: facts with their sources, initiatives with their stages, money, and what teams report."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from vunki_eval.analysis.response import fact
from vunki_eval.project.project import Project
from vunki_eval.project.registers import BY_TEAM, Initiative, StageOn
from vunki_eval.results.results import Record, Results, empty, rows_frame
from vunki_eval.survey.followup import (
    AT_WORK,
    LEAST,
    STAGE,
    WAVE,
    reported_on,
    team_reports,
    with_team_stages,
)
from vunki_eval.survey.study import Study


def fact_rows(project: Project, event: str | None) -> list[Record]:
    """Make the rows of the ``[[fact]]`` entries of an event, or of those that belong to no event."""
    return [
        {**fact(f.key, f.value, f.unit), "source": f.source, "date": f.date}
        for f in project.config.facts
        if f.event == event
    ]


def idea_facts(study: Study) -> dict[str, int]:
    """Count teams that reported the stage of their idea at follow-up, and those whose idea is at work.

    A team counts if at least two of its members answered. Its idea counts as at work if at least half of them say so.
    """
    reports = [r for r in team_reports(study.responses, study.scores) if len(r.stages) >= LEAST]
    working = [r for r in reports if 2 * sum(s in AT_WORK for s in r.stages) >= len(r.stages)]
    return {"ideas_followed": len(reports), "ideas_at_work": len(working)} if reports else {}


def event_entries(study: Study, distributions: pd.DataFrame) -> list[Initiative]:
    """Take an event's entries from the register and add the stages that its teams report, where these may be shown.

    Parameters
    ----------
    study : Study
    distributions : DataFrame
        Answers after disclosure control; only a stage whose count is published may be added.
    """
    entries = [i for i in study.project.config.initiatives if i.event == study.event.id]
    rows = distributions[
        (distributions["item"] == STAGE) & (distributions["group"] == "all") & (distributions["wave"] == WAVE)
    ]
    published = {str(r["answer"]) for r in rows.to_dict("records") if r["status"] == "ok" and r["n"]}
    reports = team_reports(study.responses, study.scores)
    return with_team_stages(entries, study.event, reports, reported_on(study.responses), published)


def whole_register(project: Project, event_results: Iterable[Results]) -> list[Initiative]:
    """Add to all entries of the register the stages that teams reported, as published in the events' results."""
    reported_stages: dict[str, list[StageOn]] = {}
    rows = [r for result in event_results for r in result.meta.get("stages", []) if r["source"] == BY_TEAM]
    for row in rows:
        stage = {"date": dt.date.fromisoformat(row["date"]), "stage": row["stage"], "source": BY_TEAM}
        reported_stages.setdefault(row["id"], []).append(StageOn.model_validate(stage))
    entries = project.config.initiatives
    return [
        i.model_copy(update={"stages": (*i.stages, *reported_stages[i.id])}) if i.id in reported_stages else i
        for i in entries
    ]


def initiatives(entries: Iterable[Initiative]) -> pd.DataFrame:
    """Make the table of initiatives, one row each, with their latest stage."""
    rows = [_initiative(i) for i in entries]
    return rows_frame("initiatives", rows) if rows else empty("initiatives")


def _initiative(entry: Initiative) -> Record:
    stages = sorted(entry.stages, key=lambda s: s.date)
    last = stages[-1] if stages else None
    return {
        "id": entry.id, "title": dict(entry.title), "event": entry.event, "owner": entry.owner,
        "municipality": dict(entry.municipality), "need": dict(entry.need), "stage": last.stage if last else None,
        "date": last.date if last else entry.date, "sectors": list(entry.sectors),
        "mentoring_hours": entry.mentoring_hours, "volunteer_hours": entry.volunteer_hours,
        "money_raised": entry.money_raised, "partners": entry.partners, "source": entry.source,
        "stage_source": last.source if last else "",
    }  # fmt: skip


def stages_over_time(entries: Iterable[Initiative]) -> list[Record]:
    """List every dated stage of every initiative, for the figure of stages over time."""
    return [
        {"id": i.id, "event": i.event, "date": s.date.isoformat(), "stage": s.stage, "source": s.source}
        for i in entries
        for s in sorted(i.stages, key=lambda s: s.date)
    ]


def money(project: Project) -> pd.DataFrame:
    """Make the table of planned and used money: the total, its sources, and the lines of the budget."""
    budget = project.config.budget
    rows: list[Record] = [
        {"key": k, "title": {}, "source_of_money": k, "planned": v,
         "used": budget.used("" if k == "total" else k), "source": "", "date": None}
        for k, v in (("total", budget.total), ("grant", budget.grant), ("own", budget.own))
        if v is not None
    ]  # fmt: skip
    rows += [
        {"key": line.key, "title": dict(line.title), "source_of_money": "", "planned": line.planned, "used": line.used,
         "source": line.source, "date": line.date}
        for line in budget.line
    ]  # fmt: skip
    return rows_frame("money", rows) if rows else empty("money")


def register_facts(project: Project, entries: Sequence[Initiative]) -> dict[str, float | int | None]:
    """Compute figures from the register and the budget: initiatives, share at work, euros per person and initiative."""
    budget = project.config.budget
    followed = [i for i in entries if _followed(i, project)]
    working = [i for i in followed if sorted(i.stages, key=lambda s: s.date)[-1].stage in AT_WORK]
    attended = [e.attended.value for e in project.events]
    people = sum(a for a in attended if a is not None) if attended and None not in attended else None
    used = budget.used()
    return {
        "initiatives": len(entries) or None,
        "initiatives_followed": len(followed) or None,
        "initiatives_working": len(working) if followed else None,
        "initiatives_at_work": len(working) / len(followed) if followed else None,
        "euros_per_participant": budget.total / people if budget.total and people else None,
        "euros_per_initiative": budget.total / len(entries) if budget.total and entries else None,
        "budget_used": used,
        "euros_used_per_participant": used / people if used is not None and people else None,
        "euros_used_per_initiative": used / len(entries) if used is not None and entries else None,
    }


def _followed(entry: Initiative, project: Project) -> bool:
    """Tell whether a stage is recorded from after the initiative's event."""
    ends = {e.id: e.actual.end or e.actual.start for e in project.events}
    end: Any = ends.get(entry.event or "")
    return any(end is None or s.date > end for s in entry.stages) if entry.stages else False


def report_date(project: Project) -> dt.date:
    """Return the date at which due dates are judged: the report's date, else the project's end."""
    return project.about.report_date or project.about.end
