"""Disclosure control: nothing that is published lets anybody work out what few people answered.

Applied once, at the end of the analysis, to all tables together. In order: estimates on few people are hidden; answers
are banded, merged and hidden; item means are published only as exactly as linear programming finds safe; ties between
sectors are merged and hidden with what could be found by subtraction.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from vunki_eval.disclosure.distributions import Estimates, partition, published_rows, questions, shares
from vunki_eval.disclosure.estimates import Row, few_people, hide, moved_shares, small_bases, small_ties
from vunki_eval.disclosure.means import apply_means, settle_means
from vunki_eval.disclosure.partitions import is_small
from vunki_eval.disclosure.public_knowledge import PublishedItem
from vunki_eval.disclosure.ties import Matrix, matrices, merged, named_totals, reveals
from vunki_eval.disclosure.ties import published_rows as tie_rows
from vunki_eval.project.instrument import Instrument
from vunki_eval.results.results import rows_frame

__all__ = ["protect"]


def protect(
    tables: Mapping[str, pd.DataFrame], instrument: Instrument, *, threshold: int, level: float
) -> tuple[dict[str, pd.DataFrame], dict[str, int]]:
    """Make the tables of a run safe to publish.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables of `Results` with true numbers: every answer counted by itself, ties by every sector.
    instrument : Instrument
    threshold : int
        Smallest number of people behind any count, numerator, complement or mean.
    level : float
        Confidence level of the intervals (an interval gives the spread away).

    Returns
    -------
    tables : dict
        The same tables, protected; those without counts of people pass through.
    suppression : dict
        Counts: ``cells`` that could have been shown, ``hidden`` of them, ``banded`` distributions, ``merged``
        categories.
    """
    estimates = _rows(tables, "estimates")
    estimates = few_people(small_ties(moved_shares(small_bases(estimates, threshold), threshold), threshold))
    asked = questions(_rows(tables, "distributions"), instrument)
    partition(asked, _by_place(estimates), instrument, threshold)
    estimates = shares(estimates, asked, instrument)
    settle_means(asked, _by_place(estimates), instrument, threshold, level)
    estimates = apply_means(estimates, asked)
    tied = [merged(m, _sector_bands(m, instrument), threshold) for m in matrices(_rows(tables, "ties"))]
    estimates = _namings(named_totals(estimates, [q.key for q in asked], _secret(asked, threshold)), tied, threshold)
    protected = {
        "estimates": estimates,
        "distributions": list(published_rows(asked, threshold)),
        "ties": [r for m, hidden in tied for r in tie_rows(m, hidden, threshold)],
        "themes": _themes(_rows(tables, "themes"), estimates, threshold),
    }
    out = {name: rows_frame(name, protected[name]) if name in protected else t for name, t in tables.items()}
    return out, _counted(protected, asked)


def _rows(tables: Mapping[str, pd.DataFrame], name: str) -> list[Row]:
    return [dict(r) for r in tables[name].to_dict("records")] if name in tables else []


def _by_place(rows: list[Row]) -> Estimates:
    found: Estimates = {}
    for row in rows:
        if row["group"] == "all":
            found.setdefault((row["event"], row["outcome"], row["wave"]), {})[row["statistic"]] = row
    return found


def _sector_bands(matrix: Matrix, instrument: Instrument) -> tuple[tuple[str, ...], ...]:
    """Give the bands of the response set that the sectors come from."""
    for chosen in instrument.response_sets:
        if set(matrix.named) <= {str(v) for v in chosen.values}:
            return tuple(tuple(str(v) for v in band) for band in chosen.bands)
    return ()


def _secret(asked: list[PublishedItem], threshold: int) -> dict[tuple[str, str, str], int]:
    """Count hidden options of multiple answers."""
    return {q.key: sum(is_small(int(n), q.total, threshold) for n in q.counts) for q in asked if q.kind == "multiple"}


def _namings(rows: list[Row], tied: list[tuple[Matrix, set[tuple[str, str]]]], threshold: int) -> list[Row]:
    """Hide the share of namings outside one's own sector where it would give a hidden tie away."""
    known = {(m.event, m.wave): (m, hidden) for m, hidden in tied}
    out = []
    for row in rows:
        place = known.get((row["event"], row["wave"]))
        if row["statistic"] == "cross_sector_namings" and row["status"] == "ok" and place:
            matrix, hidden = place
            inside = (1 - row["estimate"]) * sum(matrix.totals.values())
            row = hide(row, "would_reveal") if reveals(matrix, hidden, inside, threshold) else row
        out.append(row)
    return out


def _themes(rows: list[Row], estimates: list[Row], threshold: int) -> list[Row]:
    """Hide themes that few answers hold or lack, and all themes where few answers were coded."""
    coded = {
        (r["event"], r["outcome"], r["wave"]): r["n"]
        for r in estimates
        if r["statistic"] == "answers_coded" and r["status"] == "ok"
    }
    out = []
    for row in rows:
        total = coded.get((row["event"], row["item"], row["wave"]))
        few = row["n"] is not None and is_small(row["n"], row["n"] if total is None else total, threshold)
        out.append({**row, "n": None, "status": "suppressed"} if few else row)
    return out


def _counted(protected: Mapping[str, list[Row]], asked: list[PublishedItem]) -> dict[str, Any]:
    cells = [r for name in ("estimates", "distributions", "ties", "themes") for r in protected[name]]
    hidden = [r for r in cells if r["status"] == "suppressed"]
    banded = [q for q in asked if q.kind in ("ordered", "number") and any(len(c) > 1 for c in q.cells)]
    return {
        "cells": len(cells),
        "hidden": len(hidden),
        "banded": len(banded),
        "merged": sum(len(q.other) for q in asked),
    }
