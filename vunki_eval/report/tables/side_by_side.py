"""Events side by side: a measure per row, a column per event; with many events their lowest, middle and highest.

Every cell is a number that is published for its event already: nothing is summed here that is not in the results.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from vunki_eval.report.tables.terms import hidden_note
from vunki_eval.results.blocks import Column, Table
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, Row, view_events, view_results

MOST_EVENTS = 4
NOTHING = "–"
Cell = tuple[float | None, str]
"""A number to put events in order by, and its words."""
Write = Callable[[ResultsView, Row], str]


@dataclass(frozen=True, slots=True)
class Measure:
    """A row: its label, how an event's cell is read, and how that of all events together is."""

    label: str
    cell: Callable[[ResultsView], Cell]
    whole: Callable[[ResultsView], Cell] | None = None


def side_by_side(
    results: Results,
    language: str,
    measures: Iterable[Measure],
    name: str,
    caption: str,
    *,
    head: str = "",
    note: str = "",
) -> Table | None:
    """Put events beside each other; None when no measure has a number."""
    view, seen = view_results(results, language), list(view_events(results, language).values())
    say, wanted = view.say, list(measures)
    few, together = len(seen) <= MOST_EVENTS, any(m.whole for m in wanted)
    rows = []
    for measure in wanted:
        cells = [measure.cell(v) for v in seen]
        if all(words == NOTHING for _, words in cells):
            continue
        whole = [measure.whole(view)[1] if measure.whole else NOTHING] if together else []
        rows.append((measure.label, *([words for _, words in cells] if few else _spread(view, cells)), *whole))
    if not rows:
        return None
    titles = (
        [say.pick(view.meta["events"][v.event].get("title"), v.event) for v in seen]
        if few
        else [say._("Events with a number"), say._("Lowest"), say._("Middle"), say._("Highest")]
    )
    heads = [*titles, *([say._("All events")] if together else [])]
    columns = (Column(head or say._("What was measured"), wide=True), *(Column(h, "right") for h in heads))
    said = " ".join(p for p in (note, hidden_note(view, rows)) if p)
    return Table(name, caption, columns, tuple(rows), said)


def _spread(view: ResultsView, cells: list[Cell]) -> list[str]:
    """Write how many events have a number, and the lowest, the middle and the highest."""
    known = sorted((c for c in cells if c[0] is not None), key=lambda c: (c[0], c[1]))
    if not known:
        return [view.say.count(0), NOTHING, NOTHING, NOTHING]
    return [view.say.count(len(known)), *(known[k][1] for k in (0, (len(known) - 1) // 2, -1))]


def estimate(
    outcome: str, statistic: str, wave: str, write: Write, group: str = "all"
) -> Callable[[ResultsView], Cell]:
    """Read an estimate; what is kept back carries its mark, what was not asked a dash."""

    def cell(view: ResultsView) -> Cell:
        row = view.row(outcome, statistic, wave, group)
        shown = view.number(outcome, statistic, wave, group)
        if shown is None:
            return None, view.say.hidden if row is not None and row["status"] == "suppressed" else NOTHING
        n = f", n = {view.say.count(shown['n'])}" if shown["n"] else ""
        return float(shown["estimate"]), write(view, shown) + n

    return cell


def plain(decimals: int) -> Write:
    """Write a number with its interval."""

    def write(view: ResultsView, row: Row) -> str:
        whole = float(row["estimate"]).is_integer() and decimals == 1
        said = view.say.number(row["estimate"], 0 if whole else decimals)
        if row["low"] is None or row["high"] is None:
            return said
        digits = 0 if decimals == 1 and all(float(row[k]).is_integer() for k in ("low", "high")) else decimals
        return f"{said} ({view.say.between(row['low'], row['high'], digits)})"

    return write


def share(view: ResultsView, row: Row) -> str:
    """Write a share with its interval."""
    said = view.say.percent(row["estimate"])
    return f"{said} ({view.say.between_shares(row['low'], row['high'])})" if row["low"] is not None else said


def points(view: ResultsView, row: Row) -> str:
    """Write points from -100 to 100 with their interval."""
    said = view.say.signed(row["estimate"])
    if row["low"] is None:
        return said
    return f"{said} ({view.say.number(row['low'])} {view.say._('to')} {view.say.number(row['high'])})"


def deviations(view: ResultsView, row: Row) -> str:
    """Write a difference in standard deviations with its interval."""
    if row["low"] is None or row["high"] is None:
        return view.say.signed(row["estimate"], 2)
    return view.say.change(row["estimate"], row["low"], row["high"], 2)


def change_of(outcome: str) -> Write:
    """Write a change with its interval, as it stands everywhere else."""
    return lambda view, row: view.change_text(outcome, row)
