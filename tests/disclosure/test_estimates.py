"""Small bases, numerators and complements among the estimates; means of few people."""

from dataclasses import replace
from typing import Any

import pytest

from vunki_eval.disclosure.estimates import hide_moved_shares, hide_small_bases, round_few_people, rounded
from vunki_eval.results.estimates import EstimateRow, Flag


def row(statistic: str, estimate: float, n: int | None, **more: Any) -> EstimateRow:
    return replace(EstimateRow("A", "post", statistic, estimate, n=n, n_missing=1, event="e"), **more)


@pytest.mark.parametrize(
    ("estimate", "reason"),
    [
        (row("mean", 3.0, 4), "below_threshold"),
        (row("share", 3 / 60, 60), "small_cell"),
        (row("share", 57 / 60, 60), "small_cell"),
        (row("ceiling_share", 1 / 60, 60), "small_cell"),
        (row("response_rate", 78 / 80, 80), "small_cell"),
    ],
)
def test_small_counts_are_hidden(estimate: EstimateRow, reason: str) -> None:
    (hidden,) = hide_small_bases([estimate], 5)
    assert (hidden.status, hidden.reason) == ("suppressed", reason)
    assert [getattr(hidden, k) for k in ("estimate", "low", "high", "p", "n", "n_missing")] == [None] * 6


@pytest.mark.parametrize(
    "estimate",
    [row("mean", 3.0, 5), row("share", 0.0, 60), row("share", 1.0, 60), row("share", 5 / 60, 60),
     row("change", 0.05, 60), row("share_three_sectors", 0.9, None, outcome="teams")],
)  # fmt: skip
def test_large_counts_stay(estimate: EstimateRow) -> None:
    assert hide_small_bases([estimate], 5) == [estimate]


def moved(up: int, same: int, down: int) -> dict[str, str]:
    n = up + same + down
    rows = [row("share_up", up / n, n), row("share_same", same / n, n), row("share_down", down / n, n),
            row("superiority", (up + same / 2) / n, n)]  # fmt: skip
    return {r.statistic: r.status for r in hide_moved_shares(rows, 5)}


def test_three_large_shares_stay() -> None:
    assert set(moved(30, 10, 12).values()) == {"ok"}


def test_a_small_share_takes_what_would_give_it_away() -> None:
    statuses = moved(30, 3, 12)
    assert [s for s, status in statuses.items() if status == "ok"] == ["share_up"]
    assert [s for s, status in moved(3, 20, 12).items() if status == "ok"] == ["share_down"]
    assert not [s for s, status in moved(3, 30, 2).items() if status == "ok"]


def test_means_of_few_people_are_rounded() -> None:
    few, many = round_few_people([row("mean", 3.1415, 9), row("mean", 3.1415, 10)])
    assert (few.estimate, few.flags) == (3.1, (Flag.ROUNDED,))
    assert many.estimate == 3.1415


def test_what_is_only_described_is_rounded_whatever_n() -> None:
    assert round_few_people([row("change", 0.1116, 15, flags=(Flag.DESCRIBED, Flag.UNLINKED))])[0].estimate == 0.1


def test_one_small_group_rounds_all_groups_of_the_split() -> None:
    rows = [row("change_pairs", 0.123, 7, group="PR1=a"), row("change_pairs", 0.456, 40, group="PR1=b"),
            row("change_pairs", 0.789, 47, group="PR2=c"), row("change_pairs", 0.321, 47)]  # fmt: skip
    assert [r.estimate for r in round_few_people(rows)] == [0.1, 0.5, 0.789, 0.321]
    assert [r.n_missing for r in round_few_people(rows)] == [None, None, None, 1]


def test_rounding_is_marked_once() -> None:
    twice = rounded(rounded(row("mean", 3.14, 9, flags=(Flag.T_INTERVAL,))))
    assert twice.flags == (Flag.T_INTERVAL, Flag.ROUNDED)
