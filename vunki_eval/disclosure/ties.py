"""Ties between sectors, made safe: small sectors merged, small and all-alike cells hidden, and others with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from vunki_eval.disclosure.bounds import Equation, Name, bound
from vunki_eval.disclosure.estimates import Row, hide
from vunki_eval.disclosure.partitions import is_small

EVERYBODY, OTHER, UNKNOWN = "all", "_other", ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who names which sector, at one wave of one event: people by own sector, and bases."""

    event: str
    wave: str
    named: tuple[str, ...]
    base: dict[str, int]
    cells: dict[tuple[str, str], int]
    totals: dict[str, int]
    people: int


def matrices(rows: Iterable[Row]) -> list[Matrix]:
    """Collect the ties of every event and wave."""
    found: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    for row in rows:
        found.setdefault((row["event"], row["wave"]), {})[row["from_sector"], row["to_sector"]] = row["n"]
    made = []
    for (event, wave), cells in found.items():
        named = tuple(dict.fromkeys(o for _, o in cells if o != EVERYBODY))
        base = {s: n for (s, o), n in cells.items() if o == EVERYBODY and s != EVERYBODY and n}
        inner = {(s, o): n for (s, o), n in cells.items() if s in base and o in named}
        totals = {o: cells[EVERYBODY, o] for o in named}
        made.append(Matrix(event, wave, named, base, inner, totals, cells[EVERYBODY, EVERYBODY]))
    return made


def merged(matrix: Matrix, bands: tuple[tuple[str, ...], ...], threshold: int) -> tuple[Matrix, set[tuple[str, str]]]:
    """Merge sectors so that shown cells outnumber hidden ones the most; give the matrix and its hidden cells.

    Sectors by themselves or by their bands; the small ones go into "other". Where more would be hidden than shown only
    the totals are left.
    """
    best: tuple[int, int, Matrix, set[tuple[str, str]]] | None = None
    for start in (tuple((s,) for s in matrix.base), bands):
        groups = {"+".join(g): tuple(s for s in g if s in matrix.base) for g in start if g != (UNKNOWN,)}
        base = {name: sum(matrix.base[s] for s in g) for name, g in groups.items()}
        big = sorted((name for name, n in base.items() if n >= threshold), key=lambda name: -base[name])
        for keep in range(len(big), 0, -1):
            joined = _joined(matrix, {name: groups[name] for name in groups if name in big[:keep]})
            if 0 < joined.base.get(OTHER, 0) < threshold or len(joined.base) < 2:
                continue
            hidden = _hidden(joined, threshold)
            worth = len(joined.cells) - 2 * len(hidden)
            if worth > 0 and (best is None or (worth, keep) > best[:2]):
                best = (worth, keep, joined, hidden)
    if best is None:
        return Matrix(matrix.event, matrix.wave, matrix.named, {}, {}, matrix.totals, matrix.people), set()
    return best[2], best[3]


def _joined(matrix: Matrix, groups: dict[str, tuple[str, ...]]) -> Matrix:
    taken = {s for g in groups.values() for s in g}
    rest = tuple(s for s in matrix.base if s not in taken)
    whole = {**groups, OTHER: rest} if rest else groups
    base = {name: sum(matrix.base[s] for s in g) for name, g in whole.items()}
    cells = {(name, o): sum(matrix.cells[s, o] for s in g) for name, g in whole.items() for o in matrix.named}
    return Matrix(matrix.event, matrix.wave, matrix.named, base, cells, matrix.totals, matrix.people)


def _hidden(matrix: Matrix, threshold: int) -> set[tuple[str, str]]:
    """Find the cells to hide: few, none or all of a sector; then more until none can be found by subtraction."""
    hidden = {(s, o) for (s, o), n in matrix.cells.items() if n < threshold or matrix.base[s] - n < threshold}
    while True:
        narrow = {o for s, o in hidden if _room(matrix, hidden, s, o, threshold) < threshold}
        more = set()
        for column in narrow:
            open_cells = [(n, s) for (s, o), n in matrix.cells.items() if o == column and (s, o) not in hidden]
            if open_cells:
                more.add((min(open_cells)[1], column))
        if not more:
            return hidden
        hidden |= more


def _room(matrix: Matrix, hidden: set[tuple[str, str]], sector: str, column: str, threshold: int) -> float:
    """Give the width of what subtraction tells of a hidden cell: only its column's total speaks of it."""
    base = matrix.base[sector]
    if is_small(matrix.totals[column], matrix.people, threshold):
        return base
    left = matrix.totals[column] - sum(n for (s, o), n in matrix.cells.items() if o == column and (s, o) not in hidden)
    others = sum(matrix.base[s] for s, o in hidden if o == column and s != sector)
    return min(base, left) - max(0, left - others)


def _system(matrix: Matrix, hidden: set[tuple[str, str]], threshold: int) -> tuple[dict[Name, float], list[Equation]]:
    """Give the unknown cells with their bases, and what the totals say of them."""
    most: dict[Name, float] = {(s, o): float(matrix.base[s]) for s, o in hidden}
    system = []
    for column in {o for _, o in hidden}:
        if not is_small(matrix.totals[column], matrix.people, threshold):
            left = matrix.totals[column] - sum(
                n for (s, o), n in matrix.cells.items() if o == column and (s, o) not in hidden
            )
            system.append(Equation({(s, o): 1.0 for s, o in hidden if o == column}, left, left))
    return most, system


def reveals(matrix: Matrix, hidden: set[tuple[str, str]], inside: float, threshold: int) -> bool:
    """Tell whether the number of namings inside one's own sector would bound a hidden cell too closely."""
    own = [(s, s) for s in matrix.base if (s, s) in matrix.cells]
    secret = [c for c in own if c in hidden]
    if not secret:
        return False
    most, system = _system(matrix, hidden, threshold)
    rest = inside - sum(matrix.cells[c] for c in own if c not in hidden)
    room = float(sum(n for s, n in matrix.base.items() if s == OTHER or "+" in s))
    system.append(Equation(dict.fromkeys(secret, 1.0), rest - room, rest))
    return any(high - low < threshold - 1e-4 for low, high in bound(most, system, secret).values())


def published_rows(matrix: Matrix, hidden: set[tuple[str, str]], threshold: int) -> list[Row]:
    """Write the ties as they are published."""
    place = {"event": matrix.event, "wave": matrix.wave}

    def made(giver: str, taker: str, n: int, secret: bool) -> Row:
        shown: dict[str, Any] = {"n": None, "status": "suppressed"} if secret else {"n": n, "status": "ok"}
        return {**place, "from_sector": giver, "to_sector": taker, **shown}

    few = matrix.people < threshold
    rows = [made(EVERYBODY, EVERYBODY, matrix.people, few)]
    if few:
        return rows
    rows += [made(EVERYBODY, o, n, is_small(n, matrix.people, threshold)) for o, n in matrix.totals.items()]
    for sector, n in matrix.base.items():
        rows.append(made(sector, EVERYBODY, n, False))
        rows += [made(sector, o, matrix.cells[sector, o], (sector, o) in hidden) for o in matrix.named]
    return rows


def named_totals(
    rows: list[Row], items: Iterable[tuple[str, str, str]], secret: dict[tuple[str, str, str], int]
) -> list[Row]:
    """Hide summaries of multiple answers that would give a hidden option away.

    ``secret`` counts the hidden options per event, item and wave.
    """
    places = set(items)
    out = []
    for row in rows:
        key = (row["event"], row["outcome"], row["wave"])
        hidden = secret.get(key, 0) if key in places else 0
        gives_away = hidden > 0 and row["statistic"] in ("blau", "sectors_named") and row["status"] == "ok"
        out.append(hide(row, "would_reveal") if gives_away else row)
    return out
