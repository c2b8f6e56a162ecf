"""Turn what people would answer into the rows of a file: who answers, what is left blank, what goes wrong."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from vunki_eval.project.instrument import Instrument, Item
from vunki_eval.simulate.draw import scores
from vunki_eval.simulate.people import draw_element
from vunki_eval.simulate.setting import Setting

Array = np.ndarray[Any, Any]
WINDOWS = {"pre": (-14, -1), "post": (2, 3), "followup": (182, 200)}
NO_MISSING_CODES = ("consent", "link", "profile", "meta", "text")
TEST = "test"
CHANGED_ITEMS = 5


def choose_respondents(
    instrument: Instrument,
    people: pd.DataFrame,
    frames: dict[str, pd.DataFrame],
    setting: Setting,
    rng: np.random.Generator,
) -> dict[str, Array]:
    """Choose who answers each wave (positions of attendees).

    People who answered the first wave and scored higher on the primary scales are a little more likely to answer later
    (``setting.attrition``). Some people are also keener to answer than others, whatever their scores.
    """
    first, *_ = instrument.wave_keys
    n, keenness = len(people), rng.standard_normal(len(people))
    standing = np.zeros(n)
    respondents: dict[str, Array] = {}
    for wave in instrument.wave_keys:
        inclination = keenness * 0.7 + setting.attrition * standing + rng.logistic(size=n)
        respondents[wave] = np.sort(np.argsort(-inclination)[: round(setting.response.get(wave, 0.7) * n)])
        if wave == first:
            answered_first = np.isin(np.arange(n), respondents[wave])
            standing = np.where(answered_first, _standing(instrument, people, frames[wave]), 0.0)
    return respondents


def _standing(instrument: Instrument, people: pd.DataFrame, frame: pd.DataFrame) -> Array:
    """Compute each person's mean over the standardised primary scales of a wave."""
    primary = [s for s in instrument.scales if s.primary and all(c in frame for c in s.items)]
    if not primary:
        return np.zeros(len(people))
    raw = np.column_stack([scores(instrument, s, people, frame) for s in primary])
    spread = raw.std(axis=0)
    standing = ((raw - raw.mean(axis=0)) / np.where(spread > 0, spread, 1.0)).mean(axis=1)
    return np.asarray(standing / (standing.std() or 1.0))


def leave_out(instrument: Instrument, frame: pd.DataFrame, setting: Setting, rng: np.random.Generator) -> pd.DataFrame:
    """Leave single items blank, or answer them with a missing code ("don't know", "prefer not to answer")."""
    out = frame.copy()
    for code in out.columns.drop("person"):
        item, draw = instrument.item(code), rng.random(len(out))
        blank = draw < setting.blank
        if item.role not in ("consent", "link", "meta"):
            out[code] = out[code].where(~blank, None)
        codes = [m.value for m in instrument.missing(item)]
        if item.role in NO_MISSING_CODES or not codes or item.kind == "multiple":
            continue
        answered = out[code].notna() & ~blank
        dont_know = answered & (draw < setting.blank + setting.dont_know)
        refused = answered & ~dont_know & (draw < setting.blank + setting.dont_know + setting.refused)
        out[code] = out[code].where(~dont_know, codes[0]).where(~refused, codes[-1])
    return _follow_limits(instrument, out)


def _follow_limits(instrument: Instrument, frame: pd.DataFrame) -> pd.DataFrame:
    """Blank a count whose total (`at_most`) was not answered."""
    for item in instrument.items:
        if item.at_most and item.code in frame and item.at_most in frame:
            whole = frame[item.at_most].map(lambda v: isinstance(v, int | np.integer) and v >= 0).astype(bool)
            frame[item.code] = frame[item.code].where(whole, None)
    return frame


def mistype(instrument: Instrument, frame: pd.DataFrame, setting: Setting, rng: np.random.Generator) -> pd.DataFrame:
    """Mistype or blank some code elements; write letters in either case and numbers with or without leading zeros."""
    out = frame.copy()
    for code in (c for c in instrument.link if c in out):
        item, draw = instrument.item(code), rng.random(len(out))
        values = np.where(draw < setting.code_error, _other(item, out[code].to_numpy(), rng), out[code].to_numpy())
        if item.range is None:
            lower_case = rng.random(len(out)) < 0.12
            values = np.array(
                [str(v).lower() if s else v for v, s in zip(values, lower_case, strict=True)], dtype=object
            )
        else:
            padded = rng.random(len(out)) < 0.5
            width = len(str(item.range[1]))
            values = np.array(
                [f"{v:0{width}d}" if p else str(v) for v, p in zip(values, padded, strict=True)], dtype=object
            )
        is_blank = (draw >= setting.code_error) & (draw < setting.code_error + setting.code_blank)
        out[code] = pd.Series(values, index=out.index, dtype=object).where(~is_blank, None)
    return out


def _other(item: Item, values: Array, rng: np.random.Generator) -> Array:
    """Draw a different value for each."""
    drawn = draw_element(item, len(values), rng)
    while (same := drawn == values).any():
        drawn[same] = draw_element(item, int(same.sum()), rng)
    return drawn


def with_extras(
    instrument: Instrument,
    frame: pd.DataFrame,
    wave: str,
    setting: Setting,
    *,
    silent: Array,
    complete: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Add times, repeated submissions, refusals, unfinished answers and test rows; rows in order of submission.

    Returns
    -------
    DataFrame
        ``person`` (-1 for tests), ``sent`` (datetime), ``kind`` (answer, repeat, refusal, partial, test), then items.
    """
    sent = _times(wave, len(frame), setting, rng)
    parts = [frame.assign(sent=sent, kind="answer")]
    parts += _repeats(instrument, parts[0], setting.repeats.get(wave, 0), rng)
    nonrespondents = iter(silent)
    for kind, count in (("refusal", setting.refusals.get(wave, 0)), ("partial", setting.partials.get(wave, 0))):
        for position in [p for _, p in zip(range(count), nonrespondents, strict=False)]:
            row = complete.iloc[[position]].assign(sent=_times(wave, 1, setting, rng), kind=kind)
            parts.append(_refused(instrument, row) if kind == "refusal" else _stopped(instrument, row))
    opening = _moment(setting, WINDOWS.get(wave, (2, 3))[0] - 1, 10)
    for n in range(setting.tests.get(wave, 0)):
        parts.append(_test_row(instrument, complete, opening + dt.timedelta(minutes=n)))
    rows = pd.concat([p.astype(object) for p in parts], ignore_index=True)
    rows = rows.sort_values("sent", kind="stable", ignore_index=True)
    return rows[["person", "sent", "kind", *frame.columns.drop("person")]]


def _moment(setting: Setting, day: int, hour: float) -> dt.datetime:
    return dt.datetime.combine(setting.start, dt.time()) + dt.timedelta(days=day, hours=hour)


def _times(wave: str, n: int, setting: Setting, rng: np.random.Generator) -> list[dt.datetime]:
    """Draw daytime moments between the opening and the closing of a wave."""
    first, last = WINDOWS.get(wave, (2, 3))
    days = rng.integers(first, last + 1, n)
    # The event ends in the afternoon of its last day; the next wave opens then.
    hours = np.where((days == first) & (wave == "post"), rng.uniform(15.5, 22.0, n), rng.uniform(8.0, 22.0, n))
    return [
        _moment(setting, int(d), 0) + dt.timedelta(seconds=round(h * 3600)) for d, h in zip(days, hours, strict=True)
    ]


def _repeats(instrument: Instrument, sent: pd.DataFrame, count: int, rng: np.random.Generator) -> list[pd.DataFrame]:
    """Repeat some submissions: a double click seconds later, or within the hour with some answers changed."""
    out = []
    with_code = (
        np.flatnonzero(sent[list(instrument.link)].notna().all(axis=1)) if instrument.link else np.arange(len(sent))
    )
    for n, position in enumerate(rng.permutation(with_code)[:count]):
        row = sent.iloc[[position]].assign(kind="repeat")
        if n % 2 == 0:
            row["sent"] = row["sent"] + dt.timedelta(minutes=int(rng.integers(20, 55)))
            row = _changed(instrument, row, rng)
        else:
            row["sent"] = row["sent"] + dt.timedelta(seconds=int(rng.integers(6, 30)))
        out.append(row)
    return out


def _changed(instrument: Instrument, row: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Move a few ordered answers by one step."""
    items = [i for i in instrument.items if i.code in row.columns]
    ordered = [i.code for i in items if _steps(instrument, i)]
    for code in rng.permutation(np.array(ordered, dtype=object))[:CHANGED_ITEMS]:
        values = _steps(instrument, instrument.item(code))
        answer = row[code].iloc[0]
        if answer in values:
            neighbour = values.index(answer) + (1 if values.index(answer) + 1 < len(values) else -1)
            row[code] = [values[neighbour]]
    return row


def _steps(instrument: Instrument, item: Item) -> list[int | str]:
    """List the ordered answers to an item of a scale; empty for any other item."""
    response_set = instrument.response_set(item)
    if item.role != "scale" or item.kind != "single" or not response_set or not response_set.ordered:
        return []
    return list(response_set.values)


def _refused(instrument: Instrument, row: pd.DataFrame) -> pd.DataFrame:
    """Blank everything but the refused consent."""
    for code in row.columns.drop(["person", "sent", "kind"]):
        row[code] = ["no" if instrument.item(code).role == "consent" else None]
    return row


def _stopped(instrument: Instrument, row: pd.DataFrame) -> pd.DataFrame:
    """Blank everything after consent, code and profile."""
    for code in row.columns.drop(["person", "sent", "kind"]):
        item = instrument.item(code)
        if item.role not in ("consent", "link", "profile"):
            row[code] = [None]
        elif item.role == "link" and item.range is not None:
            row[code] = row[code].map(str)
    return row


def _test_row(instrument: Instrument, complete: pd.DataFrame, moment: dt.datetime) -> pd.DataFrame:
    """Make a row of somebody trying out the form: first options throughout, "test" in every text."""
    cells: dict[str, Any] = {"person": -1, "sent": moment, "kind": TEST}
    for code in complete.columns.drop("person"):
        item = instrument.item(code)
        response_set = instrument.response_set(item)
        if item.role == "link":
            cells[code] = "X" if item.range is None else str(item.range[0])
        elif item.role == "consent":
            cells[code] = "yes"
        elif item.kind in ("text", "timestamp"):
            cells[code] = TEST
        elif item.kind == "multiple" and response_set:
            cells[code] = (response_set.values[0],)
        else:
            cells[code] = response_set.values[0] if response_set else (item.range or (0, 0))[0]
    frame = pd.DataFrame({k: pd.Series([v], dtype=object) for k, v in cells.items()})
    return frame
