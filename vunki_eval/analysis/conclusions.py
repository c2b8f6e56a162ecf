"""Draw conclusions from the estimates: adjust p values over the primary outcomes, then judge each outcome."""

from collections.abc import Sequence
from dataclasses import replace

from vunki_eval import stats
from vunki_eval.analysis.evidence import reasons, strength, verdict, without_teams
from vunki_eval.analysis.respondents import AnalysisPlan
from vunki_eval.project.instrument import Scale
from vunki_eval.results.estimates import EstimateRow, Flag
from vunki_eval.results.results import Record


def adjust_p_values(rows: list[EstimateRow], plan: AnalysisPlan) -> list[EstimateRow]:
    """Add p values adjusted by Holm's method to the headlines of the primary outcomes."""
    places = [
        i
        for i, r in enumerate(rows)
        if r.statistic == "change" and r.wave == "post" and r.group == "all"
        and r.outcome in plan.primary and r.p is not None
    ]  # fmt: skip
    if not places:
        return rows
    holm = stats.holm([rows[i].p for i in places])
    adjusted = list(rows)
    for place, p in zip(places, holm, strict=True):
        adjusted[place] = replace(adjusted[place], p_adjusted=float(p))
    return adjusted


def verdicts(
    rows: Sequence[EstimateRow], scales: Sequence[Scale], plan: AnalysisPlan, modes: Sequence[str] = ()
) -> list[Record]:
    """Make one row per outcome with a change; outcomes not declared primary are exploratory."""
    table = {(r.outcome, r.wave, r.statistic): r for r in rows if r.group == "all"}
    judged = []
    for scale in scales:
        headline = table.get((scale.key, "post", "change"))
        if scale.key in plan.primary and headline is not None:
            judged.append(_judge(scale, headline, table, plan, modes))
        elif headline is not None or (scale.key, "followup", "change") in table:
            judged.append({"outcome": scale.key, "verdict": "exploratory", "strength": None, "reasons": []})
    return judged


def _judge(
    scale: Scale,
    headline: EstimateRow,
    table: dict[tuple[str, str, str], EstimateRow],
    plan: AnalysisPlan,
    modes: Sequence[str],
) -> Record:
    key, alpha = scale.key, round(1 - plan.level, 12)
    margin, ratio = plan.margins.get(key), scale.transform == "log1p"
    equivalence = table.get((key, "post", "equivalence"))
    conclusion = verdict(headline, equivalence, margin=margin, direction=scale.direction, ratio=ratio, alpha=alpha)
    verdict_without_teams = None
    if Flag.TEAM_CLUSTERED in headline.flags:
        of_all = {Flag.ALL_DATA, Flag.ALL_DATA_FALLBACK}.intersection(headline.flags)
        plain = "change_all_data" if of_all else "change_pairs"
        verdict_without_teams = without_teams(headline, table.get((key, "post", plain)), equivalence, margin=margin,
                                              direction=scale.direction, ratio=ratio, alpha=alpha)  # fmt: skip
    why_weaker = reasons(table.values(), key, margin=margin, ratio=ratio, alpha=alpha,
                         verdict_of_plain=verdict_without_teams, modes=modes)  # fmt: skip
    return {"outcome": key, "verdict": conclusion, "strength": strength(conclusion, why_weaker), "reasons": why_weaker}
