"""Protect the table of ties between sectors: merge small sectors, and hide cells that would single people out.

A cell is hidden if none, few, all or all but few people of a sector name another sector. Further cells are hidden so
that subtraction reveals none of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from vunki_eval.disclosure.bounds import Equation, Name, bound
from vunki_eval.disclosure.estimates import hide
from vunki_eval.disclosure.partitions import is_small
from vunki_eval.results.estimates import OK, EstimateRow
from vunki_eval.results.results import Record

EVERYBODY, OTHER, UNKNOWN = "all", "_other", ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Counts of who names which sector, at one wave of one event.

    ``base`` counts the people of each sector, ``cells`` those of a sector who name another, ``totals`` all people who
    name a sector, and ``people`` everybody who answered.
    """

    event: str
    wave: str
    named: tuple[str, ...]
    base: dict[str, int]
    cells: dict[tuple[str, str], int]
    totals: dict[str, int]
    people: int


def tie_matrices(rows: Iterable[Record]) -> list[Matrix]:
    """Collect the ties of every event and wave."""
    cells_by_wave: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    for row in rows:
        cells_by_wave.setdefault((row["event"], row["wave"]), {})[row["from_sector"], row["to_sector"]] = row["n"]
    matrices = []
    for (event, wave), cells in cells_by_wave.items():
        named = tuple(dict.fromkeys(o for _, o in cells if o != EVERYBODY))
        base = {s: n for (s, o), n in cells.items() if o == EVERYBODY and s != EVERYBODY and n}
        inner = {(s, o): n for (s, o), n in cells.items() if s in base and o in named}
        totals = {o: cells[EVERYBODY, o] for o in named}
        matrices.append(Matrix(event, wave, named, base, inner, totals, cells[EVERYBODY, EVERYBODY]))
    return matrices


def merge_sectors(
    matrix: Matrix, bands: tuple[tuple[str, ...], ...], threshold: int
) -> tuple[Matrix, set[tuple[str, str]]]:
    """Merge sectors so that shown cells outnumber hidden ones by as many as possible.

    Both single sectors and their bands are tried, with small ones merged into "other". Where at least half of the
    cells would be hidden, only the totals are left.

    Returns
    -------
    matrix : Matrix
    hidden : set of tuple
        Cells to hide.
    """
    best: tuple[int, int, Matrix, set[tuple[str, str]]] | None = None
    for start in (tuple((s,) for s in matrix.base), bands):
        groups = {"+".join(g): tuple(s for s in g if s in matrix.base) for g in start if g != (UNKNOWN,)}
        base = {name: sum(matrix.base[s] for s in g) for name, g in groups.items()}
        big = sorted((name for name, n in base.items() if n >= threshold), key=lambda name: -base[name])
        for n_kept in range(len(big), 0, -1):
            joined = _join_sectors(matrix, {name: groups[name] for name in groups if name in big[:n_kept]})
            if 0 < joined.base.get(OTHER, 0) < threshold or len(joined.base) < 2:
                continue
            hidden = _hidden_cells(joined, threshold)
            worth = len(joined.cells) - 2 * len(hidden)
            if worth > 0 and (best is None or (worth, n_kept) > best[:2]):
                best = (worth, n_kept, joined, hidden)
    if best is None:
        return Matrix(matrix.event, matrix.wave, matrix.named, {}, {}, matrix.totals, matrix.people), set()
    return best[2], best[3]


def _join_sectors(matrix: Matrix, groups: dict[str, tuple[str, ...]]) -> Matrix:
    named_sectors = {s for g in groups.values() for s in g}
    rest = tuple(s for s in matrix.base if s not in named_sectors)
    all_groups = {**groups, OTHER: rest} if rest else groups
    base = {name: sum(matrix.base[s] for s in g) for name, g in all_groups.items()}
    cells = {(name, o): sum(matrix.cells[s, o] for s in g) for name, g in all_groups.items() for o in matrix.named}
    return Matrix(matrix.event, matrix.wave, matrix.named, base, cells, matrix.totals, matrix.people)


def _hidden_cells(matrix: Matrix, threshold: int) -> set[tuple[str, str]]:
    """Find the cells to hide: none, few, all or all but few of a sector; then more, until subtraction reveals none."""
    hidden = {(s, o) for (s, o), n in matrix.cells.items() if n < threshold or matrix.base[s] - n < threshold}
    while True:
        narrow = {o for s, o in hidden if _width(matrix, hidden, s, o, threshold) < threshold}
        added = set()
        for column in narrow:
            open_cells = [(n, s) for (s, o), n in matrix.cells.items() if o == column and (s, o) not in hidden]
            if open_cells:
                added.add((min(open_cells)[1], column))
        if not added:
            return hidden
        hidden |= added


def _width(matrix: Matrix, hidden: set[tuple[str, str]], sector: str, column: str, threshold: int) -> float:
    """Return how wide the range of a hidden cell is after subtraction; only its column's total restricts it."""
    base = matrix.base[sector]
    if is_small(matrix.totals[column], matrix.people, threshold):
        return base
    left = matrix.totals[column] - sum(n for (s, o), n in matrix.cells.items() if o == column and (s, o) not in hidden)
    others = sum(matrix.base[s] for s, o in hidden if o == column and s != sector)
    return min(base, left) - max(0, left - others)


def _equations(
    matrix: Matrix, hidden: set[tuple[str, str]], threshold: int
) -> tuple[dict[Name, float], list[Equation]]:
    """Write the hidden cells as unknowns with their bases, and the published totals as equations in them."""
    upper: dict[Name, float] = {(s, o): float(matrix.base[s]) for s, o in hidden}
    equations = []
    for column in {o for _, o in hidden}:
        if not is_small(matrix.totals[column], matrix.people, threshold):
            left = matrix.totals[column] - sum(
                n for (s, o), n in matrix.cells.items() if o == column and (s, o) not in hidden
            )
            equations.append(Equation({(s, o): 1.0 for s, o in hidden if o == column}, left, left))
    return upper, equations


def reveals(matrix: Matrix, hidden: set[tuple[str, str]], inside: float, threshold: int) -> bool:
    """Tell whether the number of namings within people's own sectors would bound a hidden cell too closely."""
    within = [(s, s) for s in matrix.base if (s, s) in matrix.cells]
    hidden_own = [c for c in within if c in hidden]
    if not hidden_own:
        return False
    upper, equations = _equations(matrix, hidden, threshold)
    rest = inside - sum(matrix.cells[c] for c in within if c not in hidden)
    # People of merged sectors may have named their own sector too; it is not published how many did.
    merged_people = float(sum(n for s, n in matrix.base.items() if s == OTHER or "+" in s))
    equations.append(Equation(dict.fromkeys(hidden_own, 1.0), rest - merged_people, rest))
    return any(high - low < threshold - 1e-4 for low, high in bound(upper, equations, hidden_own).values())


def published_rows(matrix: Matrix, hidden: set[tuple[str, str]], threshold: int) -> list[Record]:
    """Write the ties as they are published."""
    wave_of_event = {"event": matrix.event, "wave": matrix.wave}

    def tie_row(from_sector: str, to_sector: str, n: int, is_hidden: bool) -> Record:
        shown: dict[str, Any] = {"n": None, "status": "suppressed"} if is_hidden else {"n": n, "status": "ok"}
        return {**wave_of_event, "from_sector": from_sector, "to_sector": to_sector, **shown}

    few = matrix.people < threshold
    rows = [tie_row(EVERYBODY, EVERYBODY, matrix.people, few)]
    if few:
        return rows
    rows += [tie_row(EVERYBODY, o, n, is_small(n, matrix.people, threshold)) for o, n in matrix.totals.items()]
    for sector, n in matrix.base.items():
        rows.append(tie_row(sector, EVERYBODY, n, False))
        rows += [tie_row(sector, o, matrix.cells[sector, o], (sector, o) in hidden) for o in matrix.named]
    return rows


def hide_summaries(
    rows: list[EstimateRow], items: Iterable[tuple[str, str, str]], hidden_options: dict[tuple[str, str, str], int]
) -> list[EstimateRow]:
    """Hide summaries of multiple answers that would reveal a hidden option.

    ``hidden_options`` counts the hidden options per event, item and wave.
    """
    keys = set(items)
    safe = []
    for row in rows:
        key = (row.event, row.outcome, row.wave)
        hidden = hidden_options.get(key, 0) if key in keys else 0
        gives_away = hidden > 0 and row.statistic in ("blau", "sectors_named") and row.status == OK
        safe.append(hide(row, "would_reveal") if gives_away else row)
    return safe
