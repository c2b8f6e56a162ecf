"""Turn one wave's answers into the tables of text that survey tools export."""

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
    """The answers of one wave.

    Attributes
    ----------
    instrument : Instrument
    key : str
        The wave.
    answers : sequence of mapping
        Per response: item code to value, several options as a list, None for blank, negative numbers for "don't know".
    sent : sequence of Timestamp
        Local times of Estonia, one per response.
    language : str
        Language of questions and answers.
    """

    instrument: Instrument
    key: str
    answers: Sequence[Mapping[str, Any]]
    sent: Sequence[pd.Timestamp]
    language: str = "et"

    @property
    def items(self) -> list[Item]:
        """Items of the wave that the answers include."""
        codes = set(self.answers[0]) if self.answers else set()
        return [i for i in self.instrument.in_wave(self.key) if i.code in codes]

    def options(self, item: Item) -> list[str]:
        """List the options of an item with multiple answers; [""] for any other item."""
        response_set = self.instrument.response_set(item)
        return [str(v) for v in response_set.values] if item.kind == "multiple" and response_set else [""]

    def columns(self) -> list[tuple[Item, str]]:
        """List every item, an item with multiple answers once per option."""
        return [(i, o) for i in self.items for o in self.options(i)]

    def header(self, item: Item) -> str:
        """Write a question as it is asked; a row of a grid is in brackets after its stem."""
        stem = item.stem.get(self.language)
        return f"{stem} [{item.text[self.language]}]" if stem else item.text[self.language]

    def label(self, item: Item, value: Any) -> str:
        """Write an answer as a person sees it."""
        if value is None:
            return ""
        missing = {m.value: m.label[self.language] for m in self.instrument.missing(item)}
        if value in missing:
            return missing[value]
        response_set = self.instrument.response_set(item)
        return response_set.label(value, self.language) if response_set else str(value)

    def values(self, item: Item) -> list[Any]:
        """List the values of a closed item: options, then missing codes."""
        response_set = self.instrument.response_set(item)
        return [*response_set.values, *(m.value for m in self.instrument.missing(item))] if response_set else []

    def times(self, style: str, minutes: int = 0) -> list[str]:
        """Write the times of submission, shifted by minutes."""
        return [(t + pd.Timedelta(minutes=minutes)).strftime(style) for t in self.sent]

    def in_utc(self, style: str, minutes: int = 0) -> list[str]:
        """Write the times of submission in UTC, shifted by minutes."""
        shift = pd.Timedelta(minutes=minutes)
        return [(t.tz_localize("Europe/Tallinn").tz_convert("UTC") + shift).strftime(style) for t in self.sent]

    def numbers(self) -> list[str]:
        """Give each response a number, from 1."""
        return [str(k) for k in range(1, len(self.answers) + 1)]


def simulated_wave(simulated: Simulated, key: str, language: str = "et") -> SimulatedWave:
    """Take a wave's rows of a simulated event, in the order of its file."""
    frame = simulated.submitted[key]
    codes = [i.code for i in simulated.instrument.in_wave(key) if i.code in frame]
    answers = [dict(zip(codes, map(_plain, row), strict=True)) for row in frame[codes].itertuples(index=False)]
    return SimulatedWave(simulated.instrument, key, answers, [pd.Timestamp(t) for t in frame["sent"]], language)


def option_columns(wave: SimulatedWave, question: Header, option: Callable[[Item, str], str], cell: Cell,
          tick: Callable[[Item, str, bool | None], str]) -> Rows:  # fmt: skip
    """Make header and rows with one column per item, and one per option of items with multiple answers."""
    columns = wave.columns()
    rows = [[option(i, o) if o else question(i) for i, o in columns]]
    for person in wave.answers:
        cells = []
        for item, o in columns:
            value = person[item.code]
            cells.append(tick(item, o, None if value is None else o in value) if o else cell(item, value))
        rows.append(cells)
    return rows


def joined_answers(
    wave: SimulatedWave, question: Header, cell: Cell, join: Callable[[Item, Sequence[str]], str]
) -> Rows:
    """Make header and rows with one column per item; multiple answers share a cell."""
    rows = [[question(i) for i in wave.items]]
    for person in wave.answers:
        rows.append([
            join(i, person[i.code] or []) if i.kind == "multiple" else cell(i, person[i.code]) for i in wave.items
        ])  # fmt: skip
    return rows


def joined_labels(wave: SimulatedWave, sign: str) -> Rows:
    """Write questions and labels, with multiple answers joined by a sign."""
    return joined_answers(wave, wave.header, wave.label, lambda i, v: sign.join(wave.label(i, x) for x in v))


def with_codes(wave: SimulatedWave, sign: str = ".", yes: str = "1", no: str = "0") -> Rows:
    """Write item codes and values."""
    return option_columns(
        wave, lambda i: i.code, lambda i, o: f"{i.code}{sign}{o}", lambda i, v: coded(v), ticks(yes, no)
    )  # fmt: skip


def with_labels(wave: SimulatedWave, yes: str, no: str) -> Rows:
    """Write questions and labels, with options as columns of yes and no."""
    return option_columns(
        wave, wave.header, lambda i, o: f"{wave.header(i)} [{wave.label(i, o)}]", wave.label, ticks(yes, no)
    )  # fmt: skip


def ticks(yes: str, no: str) -> Callable[[Item, str, bool | None], str]:
    """Make the function that writes a ticked, unticked or blank box."""
    return lambda item, option, on: "" if on is None else yes if on else no


def coded(value: Any) -> str:
    """Write a value as it is, "" for None."""
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
