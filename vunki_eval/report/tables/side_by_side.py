"""Events side by side: a row per measure and a column per event, or the lowest, middle and highest of many events.

The cell of an event holds a number that is already published for it, so no table can reveal more than the results do.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from vunki_eval.report.tables.terms import hidden_note
from vunki_eval.results.blocks import Column, Table
from vunki_eval.results.estimates import EstimateRow
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_events, view_results

MAX_EVENTS = 4
NOTHING = "–"
Cell = tuple[float | None, str]
"""A number to sort events by, and the text of the cell."""
Writer = Callable[[ResultsView, EstimateRow], str]


@dataclass(frozen=True, slots=True)
class Measure:
    """A row: its label, and the functions that read the cell of one event and the cell of all events together."""

    label: str
    cell: Callable[[ResultsView], Cell]
    overall: Callable[[ResultsView], Cell] | None = None


def side_by_side(
    results: Results,
    language: str,
    measures: Iterable[Measure],
    name: str,
    caption: str,
    *,
    first_heading: str = "",
    note: str = "",
) -> Table | None:
    """Tabulate measures by event; None when no measure has anything to show."""
    view, views = view_results(results, language), list(view_events(results, language).values())
    say, measure_list = view.say, list(measures)
    column_per_event, has_overall = len(views) <= MAX_EVENTS, any(m.overall for m in measure_list)
    rows = []
    for measure in measure_list:
        cells = [measure.cell(v) for v in views]
        if all(text == NOTHING for _, text in cells):
            continue
        overall_cell = [measure.overall(view)[1] if measure.overall else NOTHING] if has_overall else []
        rows.append(
            (
                measure.label,
                *([text for _, text in cells] if column_per_event else _lowest_to_highest(view, cells)),
                *overall_cell,
            )
        )
    if not rows:
        return None
    titles = (
        [say.pick(view.meta["events"][v.event].get("title"), v.event) for v in views]
        if column_per_event
        else [say._("Events with a number"), say._("Lowest"), say._("Middle"), say._("Highest")]
    )
    headings = [*titles, *([say._("All events")] if has_overall else [])]
    columns = (Column(first_heading or say._("What was measured"), wide=True), *(Column(h, "right") for h in headings))
    full_note = " ".join(p for p in (note, hidden_note(view, rows)) if p)
    return Table(name, caption, columns, tuple(rows), full_note)


def _lowest_to_highest(view: ResultsView, cells: list[Cell]) -> list[str]:
    """Write how many events have a number, and the lowest, the middle and the highest of these."""
    numbers = sorted((c for c in cells if c[0] is not None), key=lambda c: (c[0], c[1]))
    if not numbers:
        return [view.say.count(0), NOTHING, NOTHING, NOTHING]
    return [view.say.count(len(numbers)), *(numbers[k][1] for k in (0, (len(numbers) - 1) // 2, -1))]


def estimate(
    outcome: str, statistic: str, wave: str, write: Writer, group: str = "all"
) -> Callable[[ResultsView], Cell]:
    """Return a function that reads an estimate: a suppressed one shows the mark, one that was not asked for a dash."""

    def cell(view: ResultsView) -> Cell:
        row = view.row(outcome, statistic, wave, group)
        shown = view.number(outcome, statistic, wave, group)
        if shown is None:
            return None, view.say.hidden if row is not None and row.status == "suppressed" else NOTHING
        n = f", n = {view.say.count(shown.n)}" if shown.n else ""
        return float(shown.estimate), write(view, shown) + n

    return cell


def plain(decimals: int) -> Writer:
    """Return a function that writes a number with its interval."""

    def write(view: ResultsView, row: EstimateRow) -> str:
        is_whole = float(row.estimate).is_integer() and decimals == 1
        text = view.say.number(row.estimate, 0 if is_whole else decimals)
        if row.low is None or row.high is None:
            return text
        digits = 0 if decimals == 1 and float(row.low).is_integer() and float(row.high).is_integer() else decimals
        return f"{text} ({view.say.between(row.low, row.high, digits)})"

    return write


def share(view: ResultsView, row: EstimateRow) -> str:
    """Write a share with its interval."""
    text = view.say.percent(row.estimate)
    return f"{text} ({view.say.between_shares(row.low, row.high)})" if row.low is not None else text


def points(view: ResultsView, row: EstimateRow) -> str:
    """Write points from -100 to 100 with their interval."""
    text = view.say.signed(row.estimate)
    if row.low is None:
        return text
    return f"{text} ({view.say.number(row.low)} {view.say._('to')} {view.say.number(row.high)})"


def deviations(view: ResultsView, row: EstimateRow) -> str:
    """Write a difference in standard deviations with its interval."""
    if row.low is None or row.high is None:
        return view.say.signed(row.estimate, 2)
    return view.say.change(row.estimate, row.low, row.high, 2)


def change_of(outcome: str) -> Writer:
    """Return a function that writes a change with its interval, as everywhere else in the report."""
    return lambda view, row: view.change_text(outcome, row)
