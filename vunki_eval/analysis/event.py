"""Analyse one event, from answers to results: all its tables are made and protected here."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from vunki_eval.analysis.area import area_facts
from vunki_eval.analysis.conclusions import adjust_p_values, verdicts
from vunki_eval.analysis.context import project_meta, study_meta
from vunki_eval.analysis.items import distributions, item_rows
from vunki_eval.analysis.network import network_rows, team_facts, team_medians, ties
from vunki_eval.analysis.outcomes import outcome_rows
from vunki_eval.analysis.public_facts import event_entries, fact_rows, idea_facts, initiatives, stages_over_time
from vunki_eval.analysis.respondents import (
    AnalysisPlan,
    Respondents,
    blank_few_unpaired,
    plan_of,
    respondents_of,
)
from vunki_eval.analysis.response import event_facts, fact, flow, rates
from vunki_eval.analysis.roster import roster_rows
from vunki_eval.analysis.rows import empty_row
from vunki_eval.analysis.themes import coding_rows, theme_meta, theme_rows
from vunki_eval.disclosure import protect
from vunki_eval.results.estimates import OK, EstimateRow, Flag, frame_of
from vunki_eval.results.results import Record, Results, rows_frame
from vunki_eval.survey.study import Study


def analyse(study: Study) -> Results:
    """Analyse one event: statistics, conclusions, then disclosure control.

    Parameters
    ----------
    study : Study
        Cleaned, linked and scored answers. These are personal data.

    Returns
    -------
    Results
        Without personal data. It has exactly one row ``change``/``all``/``post`` per primary outcome, whatever the
        data. It depends neither on the order of the responses nor on the random ids.
    """
    plan = plan_of(study)
    event, instrument = study.event.id, study.project.instrument
    respondents = respondents_of(study)
    reduced = blank_few_unpaired(study, respondents, plan.threshold)
    estimates = _unique([*_estimates(reduced, respondents, plan)])
    estimates = adjust_p_values(estimates, plan)
    verdict_rows = verdicts(estimates, instrument.scales, plan)
    unprotected: dict[str, list[Record]] = {
        "distributions": distributions(reduced),
        "ties": ties(study),
        "verdicts": verdict_rows,
        "flow": flow(study, _analysed(estimates, plan)),
        "facts": _facts(study),
        "themes": theme_rows(study),
    }
    tables = {
        name: rows_frame(name, [{**_select_columns(name, r), "event": event} for r in rows])
        for name, rows in unprotected.items()
    }
    tables = {"estimates": frame_of(replace(r, event=event) for r in estimates), **tables}
    protected, suppression = protect(tables, instrument, threshold=plan.threshold, level=plan.level)
    register = event_entries(study, protected["distributions"])
    meta = {**project_meta(study.project, event), **study_meta(study), "suppression": suppression,
            "themes": theme_meta(study), "stages": stages_over_time(register)}  # fmt: skip
    area = [{**r, "event": event} for r in area_facts(study, protected["distributions"], plan.threshold)]
    protected["facts"] = rows_frame("facts", [*map(dict, protected["facts"].to_dict("records")), *area])
    return Results(event, meta, **protected, initiatives=initiatives(register))


def _estimates(study: Study, respondents: Respondents, plan: AnalysisPlan) -> Iterator[EstimateRow]:
    scales = study.project.instrument.scales
    for scale in scales:
        yield from outcome_rows(study, scale, respondents, plan)
    scale_keys = {s.key for s in scales}
    for key in plan.primary:
        if key not in scale_keys:
            yield empty_row(key, "post", "change", "no_answers")
    yield from item_rows(study, plan)
    yield from network_rows(study, plan)
    yield from rates(study, plan)
    yield from team_medians(study, plan)
    yield from coding_rows(study, plan)
    yield from roster_rows(study, plan)
    teams = team_facts(study)
    if teams:
        yield EstimateRow(
            "teams", "post", "share_three_sectors", teams["share_teams_three_sectors"], flags=(Flag.TEAMS,)
        )


def _unique(rows: list[EstimateRow]) -> list[EstimateRow]:
    """Keep the first of rows about the same statistic; an item that is its own scale has two."""
    first_rows: dict[tuple[Any, ...], EstimateRow] = {}
    for r in rows:
        first_rows.setdefault((r.outcome, r.group, r.wave, r.statistic), r)
    return list(first_rows.values())


def _analysed(rows: list[EstimateRow], plan: AnalysisPlan) -> dict[str, int]:
    """Count the people with scores of the first primary outcome in both waves."""
    first = next((r for r in rows if r.statistic == "change_pairs" and r.wave == "post"
                  and r.group == "all" and r.outcome in plan.primary and r.status == OK), None)  # fmt: skip
    return {} if first is None else {"post": int(first.n)}


def _facts(study: Study) -> list[Record]:
    teams = {**team_facts(study), **idea_facts(study)}
    units = {"share_teams_three_sectors": ""}
    team_rows = [fact(k, v, units.get(k, "teams")) for k, v in teams.items()]
    return [*event_facts(study), *team_rows, *fact_rows(study.project, study.event.id)]


def _select_columns(table: str, values: Record) -> Record:
    if table == "flow":
        return {k: values[k] for k in ("step", "n", "reason")}
    return values
