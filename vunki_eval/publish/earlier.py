"""Keep the main numbers of the previous report inside the new one, so that it can show what has changed.

The previous report is the last published build whose main numbers are different. Building the same inputs again keeps
the numbers that were kept before, so that the same inputs give the same bytes. A signed report is compared with the
signed one before it, a draft with the build before it. If a change in two builds rests on almost the same people, its
earlier numbers are dropped: the difference would tell something about the few people who were added or left out.
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
    """Add the main numbers of the previous report to the ``meta`` of the results.

    Parameters
    ----------
    results : Results
        The new results.
    published : Path
        Folder of the published report; it need not exist.
    """
    try:
        before = load_results(published)
    except InputError:
        return results
    earlier = dict(before.meta.get("earlier") or {})
    old, new = main_numbers(before), main_numbers(results)
    if old != new:
        earlier[LAST] = old
        if before.meta.get("signed"):
            earlier[SIGNED] = old
    threshold = int(results.meta.get("threshold") or 0)
    safe = {name: _guarded(numbers, new, threshold) for name, numbers in sorted(earlier.items())}
    return replace(results, meta={**results.meta, "earlier": safe}) if safe else results


def main_numbers(results: Results) -> dict[str, Any]:
    """Collect a report's main numbers: changes of the primary outcomes, counts of people, indicators."""
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
    """Blank earlier changes whose number of people differs from today's by fewer than the threshold."""
    changes = {}
    for outcome, row in old["changes"].items():
        now = new["changes"].get(outcome, {})
        few = row["n"] is not None and now.get("n") is not None and 0 < abs(row["n"] - now["n"]) < threshold
        changes[outcome] = dict.fromkeys(NUMBERS) if few else row
    return {**old, "changes": changes}
