"""Check rows as responses: consent, test rows, totals, empty or repeated responses, straight-lining, times."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from vunki_eval.errors import M_, InputError, Message, Problem
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.project import Event
from vunki_eval.readers.table import RawTable
from vunki_eval.readers.wording import label_key, listed

LEAST_STRAIGHT = 6
LONG = 40
LEAST_SAME = 5
LEAST_SECONDS = 2.0
SOON = pd.Timedelta(minutes=10)
_TOTALS = {"kokku", "total", "totals", "grand total", "summa", "sum", "keskmine", "average", "mean", "üldkokkuvõte"}
_PREVIEW = {"survey preview", "survey test", "preview", "test", "testivastus"}
_TRIAL = {"test", "testing", "testimine", "testvastus", "test test", "proov", "proovin", "asdf", "katse"}


def refuse_totals(table: RawTable) -> None:
    """Refuse a row that is a total of other rows.

    Raises
    ------
    InputError
        Naming the row.
    """
    if not any(label_key(text) in _TOTALS for cells in table.cells for text in set(cells) if len(text) < LONG):
        return
    firsts = (next((c.strip() for c in row if c.strip()), "") for row in zip(*table.cells, strict=True))
    hint = M_("Remove it: an export holds one row per response.")
    problems = [
        Problem(table.file, line, "", M_("The row is a total of other rows, not a response."), hint, "VE-345")
        for line, first in zip(table.lines, firsts, strict=True)
        if first[:1].isalpha() and label_key(first) in _TOTALS
    ]
    if problems:
        raise InputError(problems)


def reasons_to_drop(table: RawTable, responses: pd.DataFrame, answered: pd.Series, instrument: Instrument) -> pd.Series:
    """Say for every row why it is not a usable response: ``test_row``, ``consent``, ``empty`` or "".

    ``answered`` counts the answers of each row, user-missing ones included.
    """
    reasons = pd.Series("", index=responses.index, dtype=object)
    reasons[answered == 0] = "empty"
    for item in instrument.items:
        if item.role == "consent" and item.code in responses:
            agreeing = {str(v) for v in instrument.agreeing(item)}
            agreed = responses[item.code].map(lambda v, agreeing=agreeing: _as_text(v) in agreeing)
            reasons[~agreed & (answered > 0)] = "consent"
    if (status := table.meta("status")) is not None:
        reasons[[label_key(s) in _PREVIEW for s in status]] = "test_row"
    return reasons


def _as_text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value == value else str(value)


def trial_rows(table: RawTable, texts: Sequence[int], usable: pd.Series) -> list[int]:
    """Find rows in which a text says that it was a trial."""
    lines: set[int] = set()
    for place in texts:
        cells = table.cells[place]
        trials = {c for c in set(cells) if len(c) < LONG and label_key(c) in _TRIAL}
        if trials:
            lines.update(
                line for line, is_usable, c in zip(table.lines, usable, cells, strict=True) if is_usable and c in trials
            )
    return sorted(lines)


def straight_rows(responses: pd.DataFrame, instrument: Instrument, wave: str) -> list[int]:
    """Find straight-lining: the same answer to six or more items of one response set, at least one of them reversed.

    Without a reversed item the same answer throughout may be meant.
    """
    rows: set[int] = set()
    for response_set in instrument.response_sets:
        items = [i for i in instrument.in_wave(wave) if i.response_set == response_set.key and i.code in responses]
        if not response_set.ordered or len(items) < LEAST_STRAIGHT or not any(i.reverse for i in items):
            continue
        low = high = np.full(len(responses), np.nan)
        count, turned = np.zeros(len(responses), dtype=int), np.zeros(len(responses), dtype=bool)
        for item in items:  # by column: several times faster than by row
            answers = responses[item.code].to_numpy(float)
            low, high = np.fmin(low, answers), np.fmax(high, answers)
            is_answered = ~np.isnan(answers)
            count += is_answered
            turned |= is_answered & item.reverse
        same = (low == high) & (count >= LEAST_STRAIGHT) & turned
        rows.update(responses.loc[same, "row"])
    return sorted(rows)


def repeated_rows(responses: pd.DataFrame, codes: pd.DataFrame) -> list[tuple[int, ...]]:
    """Find rows with the same answers and the same code, sent within ten minutes; groups of index labels.

    Five answers are needed, ten where times are not known. ``responses`` hold answers and ``submitted`` only.
    """
    answers = responses.drop(columns="submitted")
    answered = answers.notna().sum(axis=1)
    keys = pd.util.hash_pandas_object(pd.concat([answers, codes], axis=1).astype(str), index=False)[
        answered >= LEAST_SAME
    ]
    groups = []
    for _, same in keys[keys.duplicated(keep=False)].groupby(keys):
        times = responses.loc[same.index, "submitted"]
        timeless = bool(times.isna().any()) and answered[same.index[0]] >= 2 * LEAST_SAME
        if timeless or times.max() - times.min() <= SOON:
            groups.append(tuple(same.index))
    return groups


def out_of_time(responses: pd.DataFrame, instrument: Instrument, event: Event) -> list[int]:
    """Find rows of the first wave sent after the event, or of a later wave sent before it."""
    start = event.actual.start
    end = event.actual.end or start
    if start is None or end is None:
        return []
    first = responses["wave"] == instrument.wave_keys[0]
    late = first & (responses["submitted"] >= pd.Timestamp(end) + pd.Timedelta(days=1))
    early = ~first & (responses["submitted"] < pd.Timestamp(start))
    return [int(r) for r in responses.loc[late | early, "row"]]


def too_fast(responses: pd.DataFrame, started: pd.Series, answered: pd.Series) -> list[int]:
    """Find rows filled in within less than two seconds per question."""
    seconds = (responses["submitted"] - started).dt.total_seconds()
    fast = (seconds > 0) & (seconds < LEAST_SECONDS * answered)
    return [int(r) for r in responses.loc[fast, "row"]]


_NOTES: Mapping[str, tuple[Message, Message, str]] = {
    "time": (
        M_("Responses were sent on the wrong side of the event (rows {rows})."),
        M_("Are two waves swapped? If not, rule on them in decisions.csv (kind late)."),
        "VE-354",
    ),
    "trial": (
        M_("Responses look like trials (rows {rows})."),
        M_("Rule on them in decisions.csv (kind exclude)."),
        "VE-355",
    ),
    "straight": (
        M_("Responses give the same answer throughout, even to a reversed question (rows {rows})."),
        M_("They are kept; rule on them in decisions.csv (kind exclude)."),
        "VE-353",
    ),
    "fast": (
        M_("Responses were filled in faster than they can be read (rows {rows})."),
        M_("They are kept; rule on them in decisions.csv (kind exclude)."),
        "VE-357",
    ),
    "repeated": (
        M_("Responses repeat another response within minutes (rows {rows})."),
        M_("Rule on them in decisions.csv (kind duplicate)."),
        "VE-352",
    ),
    "unfinished": (M_("Responses were not finished (rows {rows})."), M_("What was answered is kept."), "VE-356"),
    "unread_time": (M_("Times cannot be read (rows {rows})."), M_("They are left blank."), "VE-358"),
    "unclear_time": (
        M_("Day and month of the times cannot be told apart."),
        M_("They are left blank; export them as 2020-08-31."),
        "VE-358",
    ),
    "spelling": (
        M_("Elements of linking codes were written in a different case or with different spacing (rows {rows})."),
        M_("They were put into the same form."),
        "VE-359",
    ),
    "token": (
        M_("Invitation codes are mistyped: the check letter is wrong (rows {rows})."),
        M_("Look the codes up in the table of invitations; rule on their links in decisions.csv (kind link)."),
        "VE-820",
    ),
    "at_most": (
        M_("Answers exceed the total they are part of (rows {rows})."),
        M_("They are left out; the log lists them."),
        "VE-344",
    ),
}


_RULED = {"time": ("late", "exclude"), "trial": ("exclude",), "straight": ("exclude",), "fast": ("exclude",)}
Ruled = Mapping[tuple[str, int], str]


def notes(file: str, noticed: Mapping[str, Sequence[int]], rulings: Ruled) -> Iterator[Problem]:
    """Make one finding per kind of the noticed rows, without those that a person has ruled on."""
    for kind, rows in noticed.items():
        if unruled := _unruled(kind, rows, rulings):
            problem, hint, code = _NOTES[kind]
            yield Problem(file, 0, "", problem.filled(rows=listed(unruled)), hint, code)


def open_rows(noticed: Mapping[str, Sequence[int]], rulings: Ruled) -> Iterator[tuple[str, int, str, str]]:
    """Give the noticed rows that a person may rule on: kind of the decision, row, what was noticed, "" (no item)."""
    for kind in _RULED:
        for row in _unruled(kind, noticed.get(kind, ()), rulings):
            yield _RULED[kind][0], row, kind, ""


def _unruled(kind: str, rows: Sequence[int], rulings: Ruled) -> list[int]:
    return sorted({r for r in rows if not any((ruled, r) in rulings for ruled in _RULED.get(kind, ()))})
