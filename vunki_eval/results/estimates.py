"""A row of the estimates: a number, what it rests on, and how it was made.

`EstimateRow` is what the program works with. The published table has the flags of a row as text in its column
``method``; only this module writes that text and reads it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from typing import Any

import pandas as pd

from vunki_eval.results.results import COLUMNS, rows_frame

OK, SUPPRESSED, NOT_ESTIMABLE = "ok", "suppressed", "not_estimable"
EVERYBODY = "all"
SEPARATOR = "; "
Number = Any
"""A float or int, or None where the number is hidden or does not exist."""


class Flag(StrEnum):
    """One thing to know of how a number was made; the value is its published text."""

    # which answers
    PAIRS = "paired_t"
    ALL_DATA = "all_data_reml"
    ALL_DATA_FALLBACK = "all_data_fallback"
    THREE_WAVES = "three_waves"
    UNLINKED = "welch_unlinked"
    LINKED_ONLY = "linked_only"
    ALL_PEOPLE = "all_people"
    ONE_EVENT = "one_event"
    EQUAL_PEOPLE = "equal_people"
    EQUAL_EVENTS = "equal_events"
    SHIFTED = "shifted"
    TEAMS = "teams"
    # what may be said
    DESCRIBED = "described"
    ROUNDED = "rounded"
    TEAM_CLUSTERED = "team_clustered"
    PLAIN_WITH_TEAMS = "plain_with_teams"
    # scale of the number
    RATIO = "log1p_ratio"
    LOG1P = "log1p"
    # test, interval or coefficient
    WELCH = "welch"
    SATTERTHWAITE = "satterthwaite"
    BONFERRONI = "bonferroni"
    NINETY_PERCENT = "90_percent"
    T_INTERVAL = "t_interval"
    ORDER_STATISTICS = "order_statistics"
    WILSON = "wilson"
    ADJUSTED_WALD = "adjusted_wald"
    BONETT = "bonett"
    RATIO_LINEARISED = "ratio_linearised"
    PERMUTATION = "permutation"
    PRATT_EXACT = "pratt_exact"
    PRATT_NORMAL = "pratt_normal"
    SIGN_FLIPS_EXACT = "sign_flips_exact"
    SIGN_FLIPS_DRAWN = "sign_flips_drawn"
    FELDT = "feldt"
    SPEARMAN_BROWN = "spearman_brown"
    OMEGA_ML = "omega_ml"
    # who coded the open answers
    ONE_CODER = "one_coder"
    TWO_CODERS = "two_coders"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Detail:
    """What differs from row to row: the answers a share counts, the event compared with, a number of teams.

    ``key`` is "" for free text, such as the words that `stats` has for a method, or a flag of a later version.
    """

    key: str
    value: str

    def __str__(self) -> str:
        """Return the published text."""
        return f"{self.key}={self.value}" if self.key else self.value


Flags = tuple[Flag | Detail, ...]
DETAILS = ("answers", "against", "teams")


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """A row of the estimates.

    Attributes
    ----------
    outcome, wave, statistic, group, event : str
        What was estimated, and of whom; ``group`` is "all" or ``variable=value``.
    estimate, low, high, p, p_adjusted : float or None
    n, n_missing : int or None
        People behind the number, and people without an answer.
    flags : tuple of Flag and Detail
        How the number was made, in the order in which it is published.
    status : str
        ``ok``, ``suppressed`` or ``not_estimable``; only rows with ``ok`` have numbers.
    reason : str
        Key of why there is no number, or "".
    """

    outcome: str
    wave: str
    statistic: str
    estimate: Number = None
    low: Number = None
    high: Number = None
    p: Number = None
    p_adjusted: Number = None
    n: Number = None
    n_missing: Number = None
    flags: Flags = ()
    status: str = OK
    reason: str = ""
    group: str = EVERYBODY
    event: str = ""

    def detail(self, key: str) -> str:
        """Return the value of a detail; "" if the row has none."""
        return next((f.value for f in self.flags if isinstance(f, Detail) and f.key == key), "")

    def record(self) -> dict[str, Any]:
        """Return the row as it is published."""
        return {c: text_of(self.flags) if c == "method" else getattr(self, c) for c in COLUMNS["estimates"]}


def text_of(flags: Flags) -> str:
    """Write flags as the published table has them."""
    return SEPARATOR.join(map(str, flags))


@cache
def flags_of(text: str) -> Flags:
    """Read flags from their published text; what is not known stays as a detail without a key."""
    return tuple(_flag(part) for part in text.split(SEPARATOR)) if text else ()


def _flag(part: str) -> Flag | Detail:
    key, mark, value = part.partition("=")
    if mark and key in DETAILS:
        return Detail(key, value)
    try:
        return Flag(part)
    except ValueError:
        return Detail("", part)


def rows_of(frame: pd.DataFrame) -> list[EstimateRow]:
    """Read the rows of a table of estimates."""
    columns = {f.name: frame["method" if f.name == "flags" else f.name].tolist() for f in fields(EstimateRow)}
    columns["flags"] = [flags_of(text or "") for text in columns["flags"]]
    return list(map(EstimateRow, *columns.values()))


def frame_of(rows: Iterable[EstimateRow]) -> pd.DataFrame:
    """Make the published table of rows."""
    return rows_frame("estimates", [r.record() for r in rows])
