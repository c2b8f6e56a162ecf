"""Write rows of the estimates table: for a number, a suppressed number, or a number that does not exist."""

from collections.abc import Callable
from typing import Any, TypeVar
from zlib import crc32

import numpy as np

from vunki_eval.errors import StatisticsError
from vunki_eval.results.estimates import NOT_ESTIMABLE, EstimateRow, Flag, Flags

T = TypeVar("T")

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


def empty_row(outcome: str, wave: str, statistic: str, reason: str, *, status: str = NOT_ESTIMABLE) -> EstimateRow:
    """Make a row without a number that says why there is none."""
    return EstimateRow(outcome, wave, statistic, status=status, reason=reason)


def attempt(outcome: str, wave: str, statistic: str, make: Callable[[], EstimateRow]) -> EstimateRow:
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


def interval(result: Any) -> dict[str, Any]:
    """Take estimate, low and high from a result of `vunki_eval.stats`."""
    return {"estimate": float(result.value), "low": float(result.low), "high": float(result.high)}


def ratio_flag(logged: bool) -> Flags:
    """Flag a number that is a ratio because the scores were taken as logarithms."""
    return (Flag.RATIO,) if logged else ()


def seed_of(seed: int, *purpose: str) -> int:
    """Derive a seed from the project's seed and its purpose, so that adding an event or outcome changes no number."""
    entropy = [crc32(p.encode("utf-8")) for p in purpose]
    return int(np.random.SeedSequence([seed, *entropy]).generate_state(1)[0])
