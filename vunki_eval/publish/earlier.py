"""What changed since the last report: the main numbers of the build before, kept inside the new one.

The published build that has other main numbers is the last report; building the same again keeps what was kept, so
that the same inputs give the same bytes. A signed report is compared with the signed one before it, a draft with the
build before it. Numbers of two builds that differ by few people are not kept: their difference would tell of these few.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from vunki_eval.errors import InputError
from vunki_eval.results.results import Results, load_results, to_dict

LAST, SIGNED = "last", "signed"
COUNTED = ("registered", "attended", "usable_pre", "usable_post", "linked_post")
NUMBERS = ("estimate", "low", "high", "n")


def with_earlier(results: Results, published: Path) -> Results:
    """Add the main numbers of the report before this one to the context of the results.

    Parameters
    ----------
    results : Results
        The new ones.
    published : Path
        Folder of the published report; there may be none.
    """
    try:
        before = load_results(published)
    except InputError:
        return results
    kept = dict(before.meta.get("earlier") or {})
    old, new = main_numbers(before), main_numbers(results)
    if old != new:
        kept[LAST] = old
        if before.meta.get("signed"):
            kept[SIGNED] = old
    threshold = int(results.meta.get("threshold") or 0)
    safe = {name: _guarded(numbers, new, threshold) for name, numbers in sorted(kept.items())}
    return replace(results, meta={**results.meta, "earlier": safe}) if safe else results


def main_numbers(results: Results) -> dict[str, Any]:
    """Give a report's main numbers: changes of the primary outcomes, counts of people, indicators."""
    data = to_dict(results)
    primary, event = results.meta.get("primary", ()), results.event
    return {
        "changes": {
            r["outcome"]: {name: r[name] for name in NUMBERS}
            for r in data["estimates"]
            if (r["event"], r["statistic"], r["group"], r["wave"]) == (event, "change", "all", "post")
            and r["outcome"] in primary
        },
        "counts": {
            f["key"]: f["value"]
            for f in data["facts"]
            if f["event"] == event and f["key"].removesuffix("_total") in COUNTED and f["value"] is not None
        },
        "indicators": {i["key"]: i["actual"] for i in data["indicators"]},
    }


def _guarded(old: dict[str, Any], new: dict[str, Any], threshold: int) -> dict[str, Any]:
    """Forget changes whose people differ by fewer than the threshold from those of now."""
    changes = {}
    for outcome, row in old["changes"].items():
        now = new["changes"].get(outcome, {})
        few = row["n"] is not None and now.get("n") is not None and 0 < abs(row["n"] - now["n"]) < threshold
        changes[outcome] = dict.fromkeys(NUMBERS) if few else row
    return {**old, "changes": changes}
