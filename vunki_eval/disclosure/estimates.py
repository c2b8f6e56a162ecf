"""Small numbers among the estimates: bases, numerators and complements below the threshold; means of few people."""

from collections.abc import Iterable
from typing import Any

from vunki_eval.disclosure.partitions import is_small

Row = dict[str, Any]
NUMBERS = ("estimate", "low", "high", "p", "p_adjusted", "n", "n_missing")
SHARES = ("share", "ceiling_share", "response_rate", "linking_rate", "retention", "roster_rate")
MOVED = ("share_up", "share_same", "share_down")
TIES = ("ties_kept", "ties_formed", "ties_dissolved", "ties_upgraded", "ties_downgraded", "jaccard")
NOT_PEOPLE = ("teams",)
FEW = 10
LEVELS = ("mean", "sd", "median", "q1", "q3", "geometric_mean", "sectors_named")


def hide(row: Row, reason: str) -> Row:
    """Take every number out of a row."""
    return {**row, **dict.fromkeys(NUMBERS), "status": "suppressed", "reason": reason}


def rounded(row: Row) -> Row:
    """Round the numbers of a row to one decimal."""
    near = {k: None if row.get(k) is None else round(row[k], 1) for k in ("estimate", "low", "high")}
    marked = row["method"] if is_rounded(row) else "; ".join(p for p in (row.get("method"), "rounded") if p)
    return {**row, **near, "method": marked}


def is_rounded(row: Row) -> bool:
    """Tell whether the numbers of a row were rounded."""
    return "rounded" in (row.get("method") or "").split("; ")


def small_bases(rows: Iterable[Row], threshold: int) -> list[Row]:
    """Hide estimates that rest on too few people, and shares whose numerator or complement is small."""
    out = []
    for row in rows:
        if row["status"] != "ok" or row["outcome"] in NOT_PEOPLE or row.get("n") is None:
            out.append(row)
        elif row["n"] < threshold:
            out.append(hide(row, "below_threshold"))
        elif row["statistic"] in SHARES and is_small(round(row["estimate"] * row["n"]), row["n"], threshold):
            out.append(hide(row, "small_cell"))
        else:
            out.append(row)
    return out


def small_ties(rows: list[Row], threshold: int) -> list[Row]:
    """Hide counts of ties between waves where one of them is small, and a small number of isolates.

    Kept, formed and dissolved give each other away with the densities: they go together, and Jaccard's share with them.
    """
    moved: dict[tuple[Any, ...], list[int]] = {}
    out = list(rows)
    for i, row in enumerate(rows):
        if row["status"] != "ok":
            continue
        if row["statistic"] in TIES:
            moved.setdefault((row["event"], row["outcome"], row["wave"]), []).append(i)
        elif row["statistic"] == "isolates" and is_small(round(row["estimate"]), row["n"], threshold):
            out[i] = hide(row, "small_cell")
    for places in moved.values():
        if any(rows[i]["statistic"] != "jaccard" and 0 < rows[i]["estimate"] < threshold for i in places):
            for i in places:
                out[i] = hide(rows[i], "small_cell")
    return out


def moved_shares(rows: list[Row], threshold: int) -> list[Row]:
    """Hide the shares who rose, stayed and fell where one of them is small.

    The share who rose may stay by itself (else the share who fell): it splits people in two. The probability of
    superiority would give the third away, and goes too.
    """
    groups: dict[tuple[Any, ...], dict[str, int]] = {}
    for i, row in enumerate(rows):
        if row["statistic"] in (*MOVED, "superiority") and row["status"] == "ok":
            groups.setdefault((row["event"], row["outcome"], row["group"], row["wave"]), {})[row["statistic"]] = i
    out = list(rows)
    for found in groups.values():
        counts = {s: round(rows[i]["estimate"] * rows[i]["n"]) for s, i in found.items() if s in MOVED}
        n = next(rows[i]["n"] for i in found.values())
        small = {s for s, k in counts.items() if is_small(k, n, threshold)}
        if not small:
            continue
        kept = next((s for s in ("share_up", "share_down") if s in counts and s not in small), "")
        for statistic, i in found.items():
            out[i] = out[i] if statistic == kept else hide(out[i], "small_cell")
    return out


def few_people(rows: list[Row]) -> list[Row]:
    """Round means of fewer than 10 people to one decimal; with them all groups of the same split."""
    few = {_split(r) for r in rows if r["group"] != "all" and r["status"] == "ok" and (r.get("n") or FEW) < FEW}
    out = []
    for row in rows:
        if row["status"] != "ok" or row.get("estimate") is None:
            out.append(row)
        elif row["group"] != "all":
            near = rounded(row) if _split(row) in few else row
            out.append({**near, "n_missing": None})
        elif _is_rough(row):
            out.append(rounded(row))
        else:
            out.append(row)
    return out


def _is_rough(row: Row) -> bool:
    """Tell whether a mean or change rests on fewer than 10 people (in either wave)."""
    level = row["statistic"] in LEVELS or row["statistic"].startswith("change")
    few = (row.get("n") or FEW) < FEW or "described" in (row.get("method") or "")
    return level and few


def _split(row: Row) -> tuple[str, str, str]:
    return row["event"], row["outcome"], str(row["group"]).split("=", 1)[0]
