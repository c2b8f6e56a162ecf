"""Write rows of the estimates table: for a number, a suppressed number, or a number that does not exist."""

from collections.abc import Callable
from typing import Any, TypeVar
from zlib import crc32

import numpy as np

from vunki_eval.errors import StatisticsError

Row = dict[str, Any]
T = TypeVar("T")

SUPPRESSED, NOT_ESTIMABLE, OK = "suppressed", "not_estimable", "ok"
REASONS = {
    "VE-603": "too_few_pairs",
    "VE-604": "no_spread",
    "VE-606": "single_item",
    "VE-607": "no_spread",
    "VE-608": "too_few",
    "VE-703": "no_spread",
    "VE-621": "heywood",
    "VE-622": "heywood",
    "VE-623": "no_spread",
    "VE-624": "no_spread",
    "VE-664": "no_answers",
    "VE-665": "no_ties",
    "VE-670": "too_few",
    "VE-671": "no_spread",
    "VE-673": "no_teams",
    "VE-674": "no_teams",
    "VE-677": "too_few_pairs",
    "VE-678": "nothing_missing",
}
"""Reason why a number does not exist, by the code of the error; sections word the reasons."""


def row(outcome: str, wave: str, statistic: str, estimate: float | None = None, **more: Any) -> Row:
    """Make a row with status ok, for everybody; the event is filled in at the end."""
    return {"outcome": outcome, "wave": wave, "statistic": statistic, "estimate": estimate, "status": OK,
            "group": "all", "reason": "", "method": "", **more}  # fmt: skip


def empty_row(outcome: str, wave: str, statistic: str, reason: str, *, status: str = NOT_ESTIMABLE, **more: Any) -> Row:
    """Make a row without a number that says why there is none."""
    return row(outcome, wave, statistic, status=status, reason=reason, **more)


def attempt(outcome: str, wave: str, statistic: str, make: Callable[[], Row]) -> Row:
    """Make a row, or a row that says why the number does not exist for these data."""
    try:
        return make()
    except StatisticsError as error:
        return empty_row(outcome, wave, statistic, reason_of(error))


def attempt_or_none(make: Callable[[], T]) -> T | None:
    """Compute something; None if it does not exist for these data."""
    try:
        return make()
    except StatisticsError:
        return None


def reason_of(error: StatisticsError) -> str:
    """Look up the key of the reason why a number does not exist."""
    return REASONS.get(error.problems[0].code, "not_computed")


def interval(result: Any) -> Row:
    """Take estimate, low and high from a result of `vunki_eval.stats`."""
    return {"estimate": float(result.value), "low": float(result.low), "high": float(result.high)}


def join_keys(*parts: str) -> str:
    """Join the keys that describe a method; empty ones are left out."""
    return "; ".join(p for p in parts if p)


def seed_of(seed: int, *purpose: str) -> int:
    """Derive a seed from the project's seed and its purpose, so that adding an event or outcome changes no number."""
    entropy = [crc32(p.encode("utf-8")) for p in purpose]
    return int(np.random.SeedSequence([seed, *entropy]).generate_state(1)[0])
