"""One wave's answers, and the tables of text that tools make of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vunki_eval.project.instrument import Instrument, Item
from vunki_eval.simulate.event import Simulated

Rows = list[list[str]]
Cell = Callable[[Item, Any], str]
Header = Callable[[Item], str]


@dataclass(frozen=True, slots=True)
class SimulatedWave:
    """What people answered in a wave.

    Parameters
    ----------
    instrument : Instrument
    key : str
        The wave.
    answers : sequence of mapping
        Per response: item code to value, several options as a list, None for blank, negative numbers for "don't know".
    sent : sequence of Timestamp
        Local times of Estonia, one per response.
    language : str
        In which questions and answers are written.
    """

    instrument: Instrument
    key: str
    answers: Sequence[Mapping[str, Any]]
    sent: Sequence[pd.Timestamp]
    language: str = "et"

    @property
    def items(self) -> list[Item]:
        """Items asked and answered by anybody's record."""
        known = set(self.answers[0]) if self.answers else set()
        return [i for i in self.instrument.in_wave(self.key) if i.code in known]

    def options(self, item: Item) -> list[str]:
        """Options of an item with several answers; [""] for any other."""
        chosen = self.instrument.response_set(item)
        return [str(v) for v in chosen.values] if item.kind == "multiple" and chosen else [""]

    def columns(self) -> list[tuple[Item, str]]:
        """Every item, an item with several answers once for each option."""
        return [(i, o) for i in self.items for o in self.options(i)]

    def header(self, item: Item) -> str:
        """Write a question as it is asked: a row of a grid in brackets behind its stem."""
        stem = item.stem.get(self.language)
        return f"{stem} [{item.text[self.language]}]" if stem else item.text[self.language]

    def label(self, item: Item, value: Any) -> str:
        """Write an answer as a person sees it."""
        if value is None:
            return ""
        missing = {m.value: m.label[self.language] for m in self.instrument.missing(item)}
        if value in missing:
            return missing[value]
        chosen = self.instrument.response_set(item)
        return chosen.label(value, self.language) if chosen else str(value)

    def values(self, item: Item) -> list[Any]:
        """List what an item can be answered with: options, then missing codes of closed items."""
        chosen = self.instrument.response_set(item)
        return [*chosen.values, *(m.value for m in self.instrument.missing(item))] if chosen else []

    def times(self, style: str, minutes: int = 0) -> list[str]:
        """Write when responses were sent, shifted by minutes."""
        return [(t + pd.Timedelta(minutes=minutes)).strftime(style) for t in self.sent]

    def in_utc(self, style: str, minutes: int = 0) -> list[str]:
        """Write when responses were sent in UTC."""
        shift = pd.Timedelta(minutes=minutes)
        return [(t.tz_localize("Europe/Tallinn").tz_convert("UTC") + shift).strftime(style) for t in self.sent]

    def numbers(self) -> list[str]:
        """Give the responses numbers from 1."""
        return [str(k) for k in range(1, len(self.answers) + 1)]


def simulated_wave(simulated: Simulated, key: str, language: str = "et") -> SimulatedWave:
    """Take a wave's rows of a simulated event, in the order of its file."""
    frame = simulated.submitted[key]
    codes = [i.code for i in simulated.instrument.in_wave(key) if i.code in frame]
    answers = [dict(zip(codes, map(_plain, row), strict=True)) for row in frame[codes].itertuples(index=False)]
    return SimulatedWave(simulated.instrument, key, answers, [pd.Timestamp(t) for t in frame["sent"]], language)


def apart(wave: SimulatedWave, question: Header, option: Callable[[Item, str], str], cell: Cell,
          tick: Callable[[Item, str, bool | None], str]) -> Rows:  # fmt: skip
    """Header and rows with one column per item, and one per option of items with several answers."""
    columns = wave.columns()
    rows = [[option(i, o) if o else question(i) for i, o in columns]]
    for person in wave.answers:
        given = []
        for item, o in columns:
            value = person[item.code]
            given.append(tick(item, o, None if value is None else o in value) if o else cell(item, value))
        rows.append(given)
    return rows


def joined(wave: SimulatedWave, question: Header, cell: Cell, join: Callable[[Item, Sequence[str]], str]) -> Rows:
    """Header and rows with one column per item; several answers in one cell."""
    rows = [[question(i) for i in wave.items]]
    for person in wave.answers:
        rows.append([
            join(i, person[i.code] or []) if i.kind == "multiple" else cell(i, person[i.code]) for i in wave.items
        ])  # fmt: skip
    return rows


def joined_labels(wave: SimulatedWave, sign: str) -> Rows:
    """Questions and labels; several answers joined by a sign."""
    return joined(wave, wave.header, wave.label, lambda i, v: sign.join(wave.label(i, x) for x in v))


def with_codes(wave: SimulatedWave, sign: str = ".", yes: str = "1", no: str = "0") -> Rows:
    """Item codes and values."""
    return apart(
        wave, lambda i: i.code, lambda i, o: f"{i.code}{sign}{o}", lambda i, v: coded(v), ticks(yes, no)
    )  # fmt: skip


def with_labels(wave: SimulatedWave, yes: str, no: str) -> Rows:
    """Questions and labels; options as columns of yes and no."""
    return apart(
        wave, wave.header, lambda i, o: f"{wave.header(i)} [{wave.label(i, o)}]", wave.label, ticks(yes, no)
    )  # fmt: skip


def ticks(yes: str, no: str) -> Callable[[Item, str, bool | None], str]:
    """Write a ticked box."""
    return lambda item, option, on: "" if on is None else yes if on else no


def coded(value: Any) -> str:
    """Write a value as it is."""
    return "" if value is None else str(value)


def beside(left: Rows, right: Rows) -> Rows:
    """Put tables side by side."""
    return [[*a, *b] for a, b in zip(left, right, strict=True)]


def own_columns(names: Sequence[str], *columns: Sequence[str]) -> Rows:
    """Make a table of a tool's own columns."""
    return [list(names), *(list(row) for row in zip(*columns, strict=True))]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if value is None or value != value:
        return None
    return int(value) if isinstance(value, float) and value.is_integer() else value
