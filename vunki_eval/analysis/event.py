"""One event from answers to results: the only place that puts the tables together and protects them."""

from collections.abc import Iterator
from typing import Any

from vunki_eval.analysis.area import area_facts
from vunki_eval.analysis.conclusions import adjusted, verdicts
from vunki_eval.analysis.context import project_meta, study_meta
from vunki_eval.analysis.items import distributions, item_rows
from vunki_eval.analysis.network import network_rows, team_facts, team_medians, ties
from vunki_eval.analysis.outcomes import outcome_rows
from vunki_eval.analysis.public_facts import event_entries, fact_rows, idea_facts, initiatives, stages_over_time
from vunki_eval.analysis.respondents import (
    AnalysisPlan,
    Respondents,
    plan_of,
    respondents_of,
    without_few_answers,
)
from vunki_eval.analysis.response import event_facts, fact, flow, rates
from vunki_eval.analysis.roster import roster_rows
from vunki_eval.analysis.rows import Row, row
from vunki_eval.analysis.themes import coding_rows, theme_meta, theme_rows
from vunki_eval.disclosure import protect
from vunki_eval.results.results import Results, rows_frame
from vunki_eval.survey.study import Study


def analyse(study: Study) -> Results:
    """Analyse one event: statistics, conclusions, then disclosure control.

    Parameters
    ----------
    study : Study
        Cleaned, linked and scored answers; personal data.

    Returns
    -------
    Results
        Nothing personal in it. Exactly one row ``change``/``all``/``post`` per primary outcome, whatever the data.
        Neither the order of the responses nor the random ids matter.
    """
    plan = plan_of(study)
    event, instrument = study.event.id, study.project.instrument
    roster = respondents_of(study)
    told = without_few_answers(study, roster, plan.threshold)
    estimates = _unique([*_estimates(told, roster, plan)])
    estimates = adjusted(estimates, plan)
    concluded = verdicts(estimates, instrument.scales, plan)
    raw: dict[str, list[Row]] = {
        "estimates": estimates,
        "distributions": distributions(told),
        "ties": ties(study),
        "verdicts": concluded,
        "flow": flow(study, _analysed(estimates, plan)),
        "facts": _facts(study),
        "themes": theme_rows(study),
    }
    tables = {name: rows_frame(name, [{**_known(name, r), "event": event} for r in rows]) for name, rows in raw.items()}
    protected, suppression = protect(tables, instrument, threshold=plan.threshold, level=plan.level)
    register = event_entries(study, protected["distributions"])
    meta = {**project_meta(study.project, event), **study_meta(study), "suppression": suppression,
            "themes": theme_meta(study), "stages": stages_over_time(register)}  # fmt: skip
    area = [{**r, "event": event} for r in area_facts(study, protected["distributions"], plan.threshold)]
    protected["facts"] = rows_frame("facts", [*map(dict, protected["facts"].to_dict("records")), *area])
    return Results(event, meta, **protected, initiatives=initiatives(register))


def _estimates(study: Study, roster: Respondents, plan: AnalysisPlan) -> Iterator[Row]:
    scales = study.project.instrument.scales
    for scale in scales:
        yield from outcome_rows(study, scale, roster, plan)
    known = {s.key for s in scales}
    for key in plan.primary:
        if key not in known:
            yield row(key, "post", "change", status="not_estimable", reason="no_answers")
    yield from item_rows(study, plan)
    yield from network_rows(study, plan)
    yield from rates(study, plan)
    yield from team_medians(study, plan)
    yield from coding_rows(study, plan)
    yield from roster_rows(study, plan)
    teams = team_facts(study)
    if teams:
        yield row("teams", "post", "share_three_sectors", teams["share_teams_three_sectors"], method="teams")


def _unique(rows: list[Row]) -> list[Row]:
    """Keep the first of rows that say the same thing (an item that is its own scale)."""
    found: dict[tuple[Any, ...], Row] = {}
    for r in rows:
        found.setdefault((r["outcome"], r["group"], r["wave"], r["statistic"]), r)
    return list(found.values())


def _analysed(rows: list[Row], plan: AnalysisPlan) -> dict[str, int]:
    """Count the people with a first primary outcome in both waves."""
    first = next((r for r in rows if r["statistic"] == "change_pairs" and r["wave"] == "post"
                  and r["group"] == "all" and r["outcome"] in plan.primary and r["status"] == "ok"), None)  # fmt: skip
    return {} if first is None else {"post": int(first["n"])}


def _facts(study: Study) -> list[Row]:
    teams = {**team_facts(study), **idea_facts(study)}
    units = {"share_teams_three_sectors": ""}
    own = [fact(k, v, units.get(k, "teams")) for k, v in teams.items()]
    return [*event_facts(study), *own, *fact_rows(study.project, study.event.id)]


def _known(table: str, values: Row) -> Row:
    if table == "flow":
        return {k: values[k] for k in ("step", "n", "reason")}
    return values
