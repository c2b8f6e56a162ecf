"""Hide small numbers among the estimates, and round means of few people.

A number is small if its base, its numerator or the complement of its numerator is below the threshold.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from vunki_eval.disclosure.partitions import is_small
from vunki_eval.results.estimates import SUPPRESSED, EstimateRow, Flag

NOTHING: dict[str, Any] = dict.fromkeys(("estimate", "low", "high", "p", "p_adjusted", "n", "n_missing"))
SHARES = ("share", "ceiling_share", "response_rate", "linking_rate", "retention", "roster_rate")
MOVED = ("share_up", "share_same", "share_down")
TIES = ("ties_kept", "ties_formed", "ties_dissolved", "ties_upgraded", "ties_downgraded", "jaccard")
NOT_PEOPLE = ("teams",)
FEW = 10
"""Means of fewer people than this are rounded to one decimal."""
LEVELS = ("mean", "sd", "median", "q1", "q3", "geometric_mean", "sectors_named")


def hide(row: EstimateRow, reason: str) -> EstimateRow:
    """Remove every number from a row and state the reason."""
    return replace(row, **NOTHING, status=SUPPRESSED, reason=reason)


def rounded(row: EstimateRow) -> EstimateRow:
    """Round the numbers of a row to one decimal."""
    estimate, low, high = (None if x is None else round(x, 1) for x in (row.estimate, row.low, row.high))
    flags = row.flags if Flag.ROUNDED in row.flags else (*row.flags, Flag.ROUNDED)
    return replace(row, estimate=estimate, low=low, high=high, flags=flags)


def hide_small_bases(rows: Iterable[EstimateRow], threshold: int) -> list[EstimateRow]:
    """Hide estimates that rest on too few people, and shares whose numerator or complement is small."""
    out = []
    for row in rows:
        if row.status != "ok" or row.outcome in NOT_PEOPLE or row.n is None:
            out.append(row)
        elif row.n < threshold:
            out.append(hide(row, "below_threshold"))
        elif row.statistic in SHARES and is_small(round(row.estimate * row.n), row.n, threshold):
            out.append(hide(row, "small_cell"))
        else:
            out.append(row)
    return out


def hide_small_ties(rows: list[EstimateRow], threshold: int) -> list[EstimateRow]:
    """Hide counts of ties that changed between waves if one of them is small, and a small number of isolates.

    With the published densities, each count of kept, formed and dissolved ties can be worked out from the others. So
    they are hidden together, and Jaccard's index with them.
    """
    ties_by_wave: dict[tuple[Any, ...], list[int]] = {}
    out = list(rows)
    for i, row in enumerate(rows):
        if row.status != "ok":
            continue
        if row.statistic in TIES:
            ties_by_wave.setdefault((row.event, row.outcome, row.wave), []).append(i)
        elif row.statistic == "isolates" and is_small(round(row.estimate), row.n, threshold):
            out[i] = hide(row, "small_cell")
    for indices in ties_by_wave.values():
        if any(rows[i].statistic != "jaccard" and 0 < rows[i].estimate < threshold for i in indices):
            for i in indices:
                out[i] = hide(rows[i], "small_cell")
    return out


def hide_moved_shares(rows: list[EstimateRow], threshold: int) -> list[EstimateRow]:
    """Hide the shares of people who rose, stayed and fell if one of them is small.

    One share that is not small may stay, because it only splits people in two: the share who rose, or else the share
    who fell. The probability of superiority is hidden too, because it would reveal the other two shares.
    """
    groups: dict[tuple[Any, ...], dict[str, int]] = {}
    for i, row in enumerate(rows):
        if row.statistic in (*MOVED, "superiority") and row.status == "ok":
            groups.setdefault((row.event, row.outcome, row.group, row.wave), {})[row.statistic] = i
    out = list(rows)
    for index_of in groups.values():
        counts = {s: round(rows[i].estimate * rows[i].n) for s, i in index_of.items() if s in MOVED}
        n = next(rows[i].n for i in index_of.values())
        small = {s for s, count in counts.items() if is_small(count, n, threshold)}
        if not small:
            continue
        shown = next((s for s in ("share_up", "share_down") if s in counts and s not in small), "")
        for statistic, i in index_of.items():
            out[i] = out[i] if statistic == shown else hide(out[i], "small_cell")
    return out


def round_few_people(rows: list[EstimateRow]) -> list[EstimateRow]:
    """Round means of fewer than 10 people to one decimal, and with them those of all groups of the same variable."""
    few = {_grouping(r) for r in rows if r.group != "all" and r.status == "ok" and (r.n or FEW) < FEW}
    out = []
    for row in rows:
        if row.status != "ok" or row.estimate is None:
            out.append(row)
        elif row.group != "all":
            shown = rounded(row) if _grouping(row) in few else row
            out.append(replace(shown, n_missing=None))
        elif _is_rough(row):
            out.append(rounded(row))
        else:
            out.append(row)
    return out


def _is_rough(row: EstimateRow) -> bool:
    """Tell whether a mean or change rests on fewer than 10 people in either wave."""
    measures_level = row.statistic in LEVELS or row.statistic.startswith("change")
    few = (row.n or FEW) < FEW or Flag.DESCRIBED in row.flags
    return measures_level and few


def _grouping(row: EstimateRow) -> tuple[str, str, str]:
    return row.event, row.outcome, str(row.group).split("=", 1)[0]
