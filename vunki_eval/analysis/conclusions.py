"""From rows to conclusions: Holm over the primary outcomes, then one verdict per outcome."""

from collections.abc import Sequence

from vunki_eval import stats
from vunki_eval.analysis.evidence import reasons, strength, verdict, without_teams
from vunki_eval.analysis.respondents import AnalysisPlan
from vunki_eval.analysis.rows import Row
from vunki_eval.project.instrument import Scale


def adjusted(rows: list[Row], plan: AnalysisPlan) -> list[Row]:
    """Put Holm's p values on the headlines of the primary outcomes."""
    places = [
        i
        for i, r in enumerate(rows)
        if r["statistic"] == "change" and r["wave"] == "post" and r["group"] == "all"
        and r["outcome"] in plan.primary and r.get("p") is not None
    ]  # fmt: skip
    if not places:
        return rows
    holm = stats.holm([rows[i]["p"] for i in places])
    out = list(rows)
    for place, p in zip(places, holm, strict=True):
        out[place] = {**out[place], "p_adjusted": float(p)}
    return out


def verdicts(rows: Sequence[Row], scales: Sequence[Scale], plan: AnalysisPlan, modes: Sequence[str] = ()) -> list[Row]:
    """Give one row per outcome with a change; outcomes that were not declared primary are exploratory."""
    everybody = [r for r in rows if r["group"] == "all"]
    table = {(r["outcome"], r["wave"], r["statistic"]): r for r in everybody}
    made = []
    for scale in scales:
        headline = table.get((scale.key, "post", "change"))
        if scale.key in plan.primary and headline is not None:
            made.append(_judged(scale, headline, table, plan, modes))
        elif headline is not None or (scale.key, "followup", "change") in table:
            made.append({"outcome": scale.key, "verdict": "exploratory", "strength": None, "reasons": []})
    return made


def _judged(
    scale: Scale, headline: Row, table: dict[tuple[str, str, str], Row], plan: AnalysisPlan, modes: Sequence[str]
) -> Row:
    key, alpha = scale.key, round(1 - plan.level, 12)
    margin, ratio = plan.margins.get(key), scale.transform == "log1p"
    same = table.get((key, "post", "equivalence"))
    found = verdict(headline, same, margin=margin, direction=scale.direction, ratio=ratio, alpha=alpha)
    other = None
    if "team_clustered" in str(headline.get("method")):
        plain = "change_all_data" if "all_data" in str(headline["method"]) else "change_pairs"
        other = without_teams(headline, table.get((key, "post", plain)), same, margin=margin,
                              direction=scale.direction, ratio=ratio, alpha=alpha)  # fmt: skip
    why = reasons(table.values(), key, margin=margin, ratio=ratio, alpha=alpha, verdict_of_plain=other, modes=modes)
    return {"outcome": key, "verdict": found, "strength": strength(found, why), "reasons": why}
