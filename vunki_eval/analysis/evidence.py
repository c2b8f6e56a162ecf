"""Decide what may be concluded: verdicts, strength of evidence, permitted claims, and the status of indicators.

Everything is derived from the rows of the estimates, by rules that are printed in the report's annex. The strength of
evidence says how sure we are that these people changed as stated; it never says why.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from vunki_eval.project.project import ExpectedResult, Indicator
from vunki_eval.results.estimates import EstimateRow

Record = Mapping[str, Any]
STRENGTHS = ("strong", "moderate", "weak", "none")
CLAIMED = ("clear_gain", "clear_decline", "gain", "decline", "smaller_than_matters", "no_meaningful_change")
SETTLED = ("met", "mostly_met", "partly_met", "not_met")
LEAST_RATE = 0.70
LEAST_ALPHA = 0.60
MOST_AT_CEILING = 0.15
TINY = 1e-12

CLAIMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "clear_gain": (("higher", "higher_than_matters"), ("reason", "others")),
    "clear_decline": (("lower", "lower_than_matters"), ("reason", "others")),
    "gain": (("higher", "size_uncertain"), ("reason", "others", "size_matters")),
    "decline": (("lower", "size_uncertain"), ("reason", "others", "size_matters")),
    "smaller_than_matters": (("changed_little",), ("reason", "others", "no_change_at_all")),
    "no_meaningful_change": (("no_meaningful_change",), ("reason", "others", "no_change_at_all")),
    "cannot_tell": (("interval_only",), ("reason", "others", "change", "no_change")),
    "described": (("described_only",), ("reason", "others", "change", "no_change", "interval")),
    "exploratory": (("interval_only", "not_declared_before"), ("reason", "others", "change", "no_change")),
    "suppressed": (("too_few_people",), ("reason", "others", "change", "no_change", "number")),
    "not_estimable": (("not_computed",), ("reason", "others", "change", "no_change", "number")),
}
"""For each verdict, the keys of the claims that it permits and of those that it rules out; sections word them."""

_ALTERNATIVES = ("change_pairs", "change_exact_links", "change_complete_items", "change_all_items")
_TESTS = ("p_wilcoxon", "p_sign_flip")


def verdict(
    change: EstimateRow,
    equivalence: EstimateRow | None,
    *,
    margin: float | None,
    direction: int = 1,
    ratio: bool = False,
    alpha: float = 0.05,
) -> str:
    """Decide the verdict from the truth table of the method.

    Parameters
    ----------
    change : EstimateRow
        The headline estimate.
    equivalence : EstimateRow or None
        The row with the 90 % interval.
    margin : float or None
        Smallest change that matters, as declared (a ratio for counts). Without it no change is called clear or small.
    direction : int
        -1 if less is better; the interval is then reversed, so that a rise is a gain.
    ratio : bool
        Whether the numbers are ratios (1 = no change).
    alpha : float
        Level of the test.

    Returns
    -------
    str
        ``clear_gain``, ``clear_decline``, ``smaller_than_matters``, ``gain``, ``decline``, ``no_meaningful_change``,
        ``cannot_tell``, ``described``, ``suppressed`` or ``not_estimable``.
    """
    if change.status != "ok" or change.estimate is None:
        return "suppressed" if change.status == "suppressed" else "not_estimable"
    if change.low is None or change.high is None:
        return "described"
    estimate, low, high = _turned(change, direction, ratio)
    least = math.inf if margin is None else _plain(margin, ratio)
    p = change.p if change.p_adjusted is None else change.p_adjusted
    small = is_small(equivalence, margin, ratio=ratio)
    if p >= alpha:
        return "no_meaningful_change" if small else "cannot_tell"
    if low >= least - TINY or high <= -least + TINY:
        return "clear_gain" if estimate > 0 else "clear_decline"
    if small:
        return "smaller_than_matters"
    return "gain" if estimate > 0 else "decline"


def is_small(equivalence: EstimateRow | None, margin: float | None, *, ratio: bool = False) -> bool:
    """Tell whether the 90 % interval lies inside the smallest change that matters, on both sides."""
    if equivalence is None or equivalence.status != "ok" or margin is None or equivalence.low is None:
        return False
    least = _plain(margin, ratio)
    return -least < _plain(equivalence.low, ratio) and _plain(equivalence.high, ratio) < least


def _plain(value: float, ratio: bool) -> float:
    return math.log(value) if ratio else float(value)


def _turned(row: EstimateRow, direction: int, ratio: bool) -> tuple[float, float, float]:
    """Convert estimate and limits to the scale of analysis, reversed if less is better, so that a rise is a gain."""
    estimate, low, high = (_plain(x, ratio) for x in (row.estimate, row.low, row.high))
    return (-estimate, -high, -low) if direction < 0 else (estimate, low, high)


def strength(verdict: str, reasons: Sequence[str]) -> str | None:
    """Grade the strength of evidence: strong, less one step for each reason; "none" if no change is stated.

    A description of few people is weak. Exploratory outcomes are not graded (None).
    """
    if verdict == "exploratory":
        return None
    if verdict == "described":
        return "weak"
    if verdict not in CLAIMED:
        return "none"
    return STRENGTHS[min(len(set(reasons)), len(STRENGTHS) - 1)]


def reasons(
    rows: Iterable[EstimateRow],
    outcome: str,
    *,
    margin: float | None,
    ratio: bool = False,
    alpha: float = 0.05,
    verdict_of_plain: str | None = None,
    modes: Sequence[str] = (),
) -> list[str]:
    """List the reasons that weaken the evidence of an outcome's change.

    Parameters
    ----------
    rows : iterable of EstimateRow
        Estimates of one event at group ``all``.
    outcome : str
        Key of the outcome.
    margin, ratio, alpha
        As in `verdict`.
    verdict_of_plain : str, optional
        The verdict without regard to teams, where the team-clustered interval decided. The caller passes it only if it
        differs from the headline's.
    modes : sequence of str
        Modes in which the combined events were held; more than one mode is a reason.
    """
    table = {(r.outcome, r.wave, r.statistic): r for r in rows if r.status == "ok" and r.group == "all"}
    holds_by_reason = {
        "attrition": _attrition(table),
        "linking": _below(table.get(("response", "post", "linking_rate")), LEAST_RATE),
        "interval": _undecided(table.get((outcome, "post", "change")), margin, ratio),
        "reliability": _unreliable(table, outcome),
        "ceiling": _above(table.get((outcome, "pre", "ceiling_share")), MOST_AT_CEILING),
        "clustering": verdict_of_plain is not None or (outcome, "post", "design_effect_05") in table,
        "sensitivity": disagrees(table, outcome, ratio=ratio, alpha=alpha),
        "mode": len(set(modes)) > 1,
    }
    return [name for name, holds in holds_by_reason.items() if holds]


def _attrition(table: Mapping[tuple[str, str, str], EstimateRow]) -> bool:
    """Tell whether the people who answered afterwards are fewer than 70 % of those who answered before."""
    before, after = (table.get(("response", w, "response_rate")) for w in ("pre", "post"))
    retention = table.get(("response", "post", "retention"))
    if retention is not None:
        return bool(retention.estimate < LEAST_RATE)
    return bool(before and after and after.estimate < LEAST_RATE * before.estimate)


def _below(row: EstimateRow | None, limit: float) -> bool:
    return row is not None and row.estimate < limit


def _above(row: EstimateRow | None, limit: float) -> bool:
    return row is not None and row.estimate > limit


def _undecided(row: EstimateRow | None, margin: float | None, ratio: bool) -> bool:
    """Tell whether the interval contains both no change and the smallest change that matters."""
    if row is None or margin is None or row.low is None:
        return False
    low, high, least = _plain(row.low, ratio), _plain(row.high, ratio), _plain(margin, ratio)
    return low <= 0 <= high and (low <= least <= high or low <= -least <= high)


def _unreliable(table: Mapping[tuple[str, str, str], EstimateRow], outcome: str) -> bool:
    lows = [r.low for w in ("pre", "post") if (r := table.get((outcome, w, "alpha"))) and r.low is not None]
    return bool(lows) and min(lows) < LEAST_ALPHA


def disagrees(
    table: Mapping[tuple[str, str, str], EstimateRow], outcome: str, *, ratio: bool = False, alpha: float = 0.05
) -> bool:
    """Tell whether another reasonable choice would lead to a different claim than the headline.

    The claim is a rise, a fall or neither. By interval, the other choices are: pairs only, exact links, complete items,
    all items, and missing answers after the event set .25 standard deviations lower. By test, they are Pratt's test and
    sign flips.
    """
    headline = table.get((outcome, "post", "change"))
    if headline is None or headline.low is None:
        return False
    claim, rises = _sign(headline, ratio), _plain(headline.estimate, ratio) >= 0
    names = (*_ALTERNATIVES, "change_shifted_25") if claim else _ALTERNATIVES
    other_claims = [_sign(r, ratio) for n in names if (r := table.get((outcome, "post", n))) and r.low is not None]
    tests = [r for n in _TESTS if (r := table.get((outcome, "post", n))) and r.p is not None]
    other_claims += [(1 if rises else -1) if r.p < alpha else 0 for r in tests]
    return any(other != claim for other in other_claims)


def _sign(row: EstimateRow, ratio: bool) -> int:
    low, high = _plain(row.low, ratio), _plain(row.high, ratio)
    return int(low > 0) - int(high < 0)


def without_teams(
    headline: EstimateRow,
    plain: EstimateRow | None,
    equivalence: EstimateRow | None,
    *,
    margin: float | None,
    direction: int = 1,
    ratio: bool = False,
    alpha: float = 0.05,
) -> str | None:
    """Decide what the verdict would be without regard to teams; None if it is the same.

    ``plain`` is the row of the same estimator without teams. Its 90 % interval is that of the headline, narrowed by the
    same factor as the 95 % interval.
    """
    if plain is None or plain.status != "ok" or plain.low is None or headline.low is None:
        return None
    headline_verdict = verdict(headline, equivalence, margin=margin, direction=direction, ratio=ratio, alpha=alpha)
    factor = _width(plain, ratio) / _width(headline, ratio)
    holm = headline.p_adjusted / headline.p if headline.p_adjusted and headline.p else 1.0
    unclustered = replace(plain, p_adjusted=min(plain.p * holm, 1.0))
    narrowed = _narrowed(equivalence, factor, ratio)
    plain_verdict = verdict(unclustered, narrowed, margin=margin, direction=direction, ratio=ratio, alpha=alpha)
    return plain_verdict if plain_verdict != headline_verdict else None


def _width(row: EstimateRow, ratio: bool) -> float:
    return _plain(row.high, ratio) - _plain(row.low, ratio)


def _narrowed(row: EstimateRow | None, factor: float, ratio: bool) -> EstimateRow | None:
    if row is None or row.status != "ok" or row.low is None:
        return None
    middle = _plain(row.estimate, ratio)
    low, high = (middle + factor * (_plain(end, ratio) - middle) for end in (row.low, row.high))
    return replace(row, low=math.exp(low) if ratio else low, high=math.exp(high) if ratio else high)


def indicator_status(indicator: Indicator, actual: float | None, on: dt.date | None) -> str:
    """Compare an indicator with its target.

    Parameters
    ----------
    indicator : Indicator
    actual : float or None
        The number reached.
    on : date or None
        Date of the report, or the project's end. An unknown indicator with a later due date counts as not due.

    Returns
    -------
    str
        ``met`` (100 % or more), ``mostly_met`` (80-99), ``partly_met`` (50-79), ``not_met``, ``not_due``, ``no_data``
        (an unknown number is not 0), or ``no_target``.
    """
    if actual is None:
        return "not_due" if indicator.due is not None and on is not None and on < indicator.due else "no_data"
    if indicator.target is None:
        return "no_target"
    baseline = indicator.baseline or 0.0
    span = indicator.target - baseline
    if span == 0:
        return "met" if actual > baseline else "not_met"
    reached = (actual - baseline) / span
    limits = ((1.0, "met"), (0.8, "mostly_met"), (0.5, "partly_met"))
    return next((name for limit, name in limits if reached >= limit - 1e-9), "not_met")


def expected_result(result: ExpectedResult, verdicts: Iterable[Record], indicators: Iterable[Record]) -> dict[str, Any]:
    """Judge an expected result: by its outcomes if one has a verdict, else by its indicators.

    The first outcome with a verdict on all events decides. Among indicators, the least favourable status decides. The
    strength is then ``documented`` (numbers with a source), ``reported`` (a number without one, or from people's own
    answers) or ``none``.
    """
    key = f"result:{result.key}"
    by_outcome = {v["outcome"]: v for v in verdicts if v["event"] == "project"}
    own_verdicts = [by_outcome[o] for o in result.outcomes if o in by_outcome]
    for row in own_verdicts:
        if row["verdict"] in (*CLAIMED, "cannot_tell", "described"):
            return {"event": "project", "outcome": key, "verdict": row["verdict"], "strength": row["strength"],
                    "reasons": list(row["reasons"])}  # fmt: skip
    own_indicators = [i for i in indicators if i["key"] in result.indicators]
    settled = [i for i in own_indicators if i["status"] in SETTLED]
    if settled:
        worst = max(settled, key=lambda i: SETTLED.index(i["status"]))
        return _by_register(key, worst["status"], settled)
    without_target = [i for i in own_indicators if i["status"] == "no_target"]
    if without_target:
        return _by_register(key, "no_target", without_target)
    waiting = any(i["status"] == "not_due" for i in own_indicators)
    return {"event": "project", "outcome": key, "verdict": "not_due" if waiting else "no_data", "strength": "none",
            "reasons": []}  # fmt: skip


def _by_register(key: str, status: str, rows: Sequence[Record]) -> dict[str, Any]:
    documented = all(r["source"] and not r.get("measured") for r in rows)
    return {"event": "project", "outcome": key, "verdict": status,
            "strength": "documented" if documented else "reported", "reasons": []}  # fmt: skip
