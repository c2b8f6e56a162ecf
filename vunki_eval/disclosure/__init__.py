"""Disclosure control: what is published must not let anybody work out what a few people answered.

It is applied once, at the end of the analysis, to all tables together. First, estimates that rest on few people are
hidden. Second, the answers to each item are banded, merged or hidden. Third, item means are published only as exactly
as linear programming finds safe. Last, small sectors are merged in the table of ties, and cells that subtraction would
reveal are hidden.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from vunki_eval.disclosure.distributions import Estimates, collect_questions, hide_shares, partition, published_rows
from vunki_eval.disclosure.estimates import (
    hide,
    hide_moved_shares,
    hide_small_bases,
    hide_small_ties,
    round_few_people,
)
from vunki_eval.disclosure.means import apply_means, settle_means
from vunki_eval.disclosure.partitions import is_small
from vunki_eval.disclosure.public_knowledge import PublishedItem
from vunki_eval.disclosure.ties import Matrix, hide_summaries, merge_sectors, reveals, tie_matrices
from vunki_eval.disclosure.ties import published_rows as tie_rows
from vunki_eval.project.instrument import Instrument
from vunki_eval.results.estimates import EVERYBODY, OK, SUPPRESSED, EstimateRow, frame_of, rows_of
from vunki_eval.results.results import Record, rows_frame

__all__ = ["protect"]


def protect(
    tables: Mapping[str, pd.DataFrame], instrument: Instrument, *, threshold: int, level: float
) -> tuple[dict[str, pd.DataFrame], dict[str, int]]:
    """Make the tables of a run safe to publish.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables of `Results` before protection: each answer has its own count, and ties are counted for each sector.
    instrument : Instrument
    threshold : int
        Smallest number of people behind any count, numerator, complement or mean.
    level : float
        Confidence level of the intervals. It matters because the width of an interval reveals the spread.

    Returns
    -------
    tables : dict
        The same tables, protected; tables without counts of people are returned unchanged.
    suppression : dict
        Counts: ``cells`` that could have been shown, ``hidden`` of them, ``banded`` distributions, ``merged``
        categories.
    """
    estimates = rows_of(tables["estimates"]) if "estimates" in tables else []
    for hide_small in (hide_small_bases, hide_moved_shares, hide_small_ties):
        estimates = hide_small(estimates, threshold)
    estimates = round_few_people(estimates)
    questions = collect_questions(_rows(tables, "distributions"), instrument)
    partition(questions, _index_estimates(estimates), instrument, threshold)
    estimates = hide_shares(estimates, questions, instrument)
    settle_means(questions, _index_estimates(estimates), instrument, threshold, level)
    estimates = apply_means(estimates, questions)
    matrices = [merge_sectors(m, _sector_bands(m, instrument), threshold) for m in tie_matrices(_rows(tables, "ties"))]
    estimates = hide_summaries(estimates, [q.key for q in questions], _count_hidden_options(questions, threshold))
    estimates = _hide_namings(estimates, matrices, threshold)
    protected = {
        "distributions": list(published_rows(questions, threshold)),
        "ties": [r for m, hidden in matrices for r in tie_rows(m, hidden, threshold)],
        "themes": _hide_themes(_rows(tables, "themes"), estimates, threshold),
    }
    frames = {"estimates": frame_of(estimates), **{name: rows_frame(name, rows) for name, rows in protected.items()}}
    safe = {name: frames.get(name, table) for name, table in tables.items()}
    statuses = [*(r.status for r in estimates), *(r["status"] for rows in protected.values() for r in rows)]
    return safe, _count_suppression(statuses, questions)


def _rows(tables: Mapping[str, pd.DataFrame], name: str) -> list[Record]:
    return [dict(r) for r in tables[name].to_dict("records")] if name in tables else []


def _index_estimates(rows: list[EstimateRow]) -> Estimates:
    by_wave: Estimates = {}
    for row in rows:
        if row.group == EVERYBODY:
            by_wave.setdefault((row.event, row.outcome, row.wave), {})[row.statistic] = row
    return by_wave


def _sector_bands(matrix: Matrix, instrument: Instrument) -> tuple[tuple[str, ...], ...]:
    """Find the bands of the response set that the sectors come from."""
    for response_set in instrument.response_sets:
        if set(matrix.named) <= {str(v) for v in response_set.values}:
            return tuple(tuple(str(v) for v in band) for band in response_set.bands)
    return ()


def _count_hidden_options(questions: list[PublishedItem], threshold: int) -> dict[tuple[str, str, str], int]:
    """Count the hidden options of each item with multiple answers."""
    return {
        q.key: sum(is_small(int(n), q.total, threshold) for n in q.counts) for q in questions if q.kind == "multiple"
    }


def _hide_namings(
    rows: list[EstimateRow], matrices: list[tuple[Matrix, set[tuple[str, str]]]], threshold: int
) -> list[EstimateRow]:
    """Hide the share of namings outside one's own sector where it would reveal a hidden tie."""
    by_wave = {(m.event, m.wave): (m, hidden) for m, hidden in matrices}
    out = []
    for row in rows:
        entry = by_wave.get((row.event, row.wave))
        if row.statistic == "cross_sector_namings" and row.status == OK and entry:
            matrix, hidden = entry
            inside = (1 - row.estimate) * sum(matrix.totals.values())
            row = hide(row, "would_reveal") if reveals(matrix, hidden, inside, threshold) else row
        out.append(row)
    return out


def _hide_themes(rows: list[Record], estimates: list[EstimateRow], threshold: int) -> list[Record]:
    """Hide a theme that few answers contain or few lack, and every theme where few answers were coded."""
    coded = {(r.event, r.outcome, r.wave): r.n for r in estimates if r.statistic == "answers_coded" and r.status == OK}
    out = []
    for row in rows:
        total = coded.get((row["event"], row["item"], row["wave"]))
        few = row["n"] is not None and is_small(row["n"], row["n"] if total is None else total, threshold)
        out.append({**row, "n": None, "status": "suppressed"} if few else row)
    return out


def _count_suppression(statuses: list[str], questions: list[PublishedItem]) -> dict[str, Any]:
    banded = [q for q in questions if q.kind in ("ordered", "number") and any(len(c) > 1 for c in q.cells)]
    return {
        "cells": len(statuses),
        "hidden": statuses.count(SUPPRESSED),
        "banded": len(banded),
        "merged": sum(len(q.other) for q in questions),
    }
