"""Answers to ordered items sorted around the middle of their scale, as far as disclosure control left them apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vunki_eval.results.view import ResultsView

LONG = 6


@dataclass(frozen=True, slots=True)
class AnswerBand:
    """A range of answers that is published as one, and its share; None is kept back."""

    first: str
    last: str
    share: float | None

    @property
    def range(self) -> str:
        """The range in words: 4, or 1–3."""
        return self.first if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True, slots=True)
class Answers:
    """An item's answers in a wave: shares of those who gave one; ``missing`` people could or would not say.

    ``merged`` is a range over an end of the middle; it is drawn below, above or in place of the middle ("low", "high",
    "middle" in ``place``).
    """

    item: str
    wave: str
    low: tuple[AnswerBand, ...]
    middle: tuple[AnswerBand, ...]
    high: tuple[AnswerBand, ...]
    total: int
    missing: int | None
    merged: AnswerBand | None = None
    place: str = ""

    def side(self, way: int) -> tuple[AnswerBand, ...]:
        """Parts below (-1) or above (1) the middle, the merged range with them where it belongs there."""
        own, name = (self.low, "low") if way < 0 else (self.high, "high")
        return (self.merged,) if self.merged is not None and self.place == name else own


def total_of(parts: Sequence[AnswerBand]) -> float | None:
    """Add shares; None when one of them is kept back."""
    shares = [p.share for p in parts]
    return None if None in shares else sum(s for s in shares if s is not None)


def read(view: ResultsView, item: str, wave: str) -> Answers | None:
    """Read an item's answers; None when there is nothing to show."""
    rows, bands = view.distribution(item, wave), bands_of(view, item)
    total = rows.get("total")
    if not bands or total is None or total["status"] != "ok" or not total["n"]:
        return None
    parts = _parts(rows, [v for band in bands for v in band])
    if not any(p.share is not None for p in parts):
        return None
    merged = _merged(parts, bands)
    apart = [p for p in parts if merged is None or not _within(p, merged, bands)]
    sides = [_whole([p for p in apart if p.first in band], band) for band in bands]
    if merged is not None and not sides[0] and not sides[2]:
        return None
    place = "" if merged is None else "low" if not sides[0] else "high" if not sides[2] else "middle"
    missing = rows.get("missing")
    unsure = int(missing["n"]) if missing is not None and missing["n"] is not None else None
    return Answers(item, wave, sides[0], sides[1], sides[2], int(total["n"]), unsure, merged, place)


def collect(view: ResultsView, items: tuple[str, ...], waves: tuple[str, ...] | None = None) -> list[list[Answers]]:
    """Collect what may be drawn, grouped by item."""
    groups = ([a for w in (waves or view.waves) if (a := read(view, item, w)) is not None] for item in items)
    return [group for group in groups if group]


def bands_of(view: ResultsView, item: str) -> list[list[str]]:
    """Give the answers below, in and above the middle of an item's scale, or nothing for other items."""
    key = view.meta.get("items", {}).get(item, {}).get("response_set") or ""
    bands = view.meta.get("bands", {}).get(key, [])
    return [[str(v) for v in band] for band in bands] if len(bands) == 3 else []


def named(view: ResultsView, item: str, part: AnswerBand) -> str:
    """Name a range of answers: by their labels, or as numbers with the label of the scale's end."""
    bands = bands_of(view, item)
    values = [v for band in bands for v in band]
    span = values[values.index(part.first) : values.index(part.last) + 1]
    if len(span) <= 2 and len(values) < LONG:
        return " / ".join(view.answer(item, v) for v in span)
    edge = values[0] if part.first == values[0] else values[-1] if part.last == values[-1] else ""
    said = view.answer(item, edge).lstrip("0123456789 –-") if edge else ""
    return f"{part.range} ({edge}: {said})" if said else part.range


def middle_part(view: ResultsView, item: str) -> AnswerBand:
    """Give the answers in the middle as a range."""
    band = bands_of(view, item)[1]
    return AnswerBand(band[0], band[-1], None)


def _parts(rows: Mapping[str, Mapping[str, Any]], values: list[str]) -> list[AnswerBand]:
    """Read the published ranges, in the order of the scale."""
    found = []
    for answer, row in rows.items():
        first, _, last = answer.partition("-")
        if first in values and (last or first) in values:
            share = row["share"] if row["status"] == "ok" else None
            found.append(AnswerBand(first, last or first, share))
    return sorted(found, key=lambda p: values.index(p.first))


def _touched(part: AnswerBand, bands: list[list[str]]) -> set[int]:
    values = [v for band in bands for v in band]
    span = set(values[values.index(part.first) : values.index(part.last) + 1])
    return {k for k, band in enumerate(bands) if span & set(band)}


def _merged(parts: list[AnswerBand], bands: list[list[str]]) -> AnswerBand | None:
    """Put the ranges over an end of the middle, and what is left of the middle, together."""
    if not any(len(_touched(p, bands)) > 1 for p in parts):
        return None
    block = [p for p in parts if 1 in _touched(p, bands)]
    return AnswerBand(block[0].first, block[-1].last, total_of(block))


def _within(part: AnswerBand, block: AnswerBand, bands: list[list[str]]) -> bool:
    values = [v for band in bands for v in band]
    return values.index(block.first) <= values.index(part.first) <= values.index(block.last)


def _whole(parts: list[AnswerBand], band: list[str]) -> tuple[AnswerBand, ...]:
    """On long scales take what stands on one side together."""
    if len(band) <= 2 or len(parts) < 2:
        return tuple(parts)
    return (AnswerBand(parts[0].first, parts[-1].last, total_of(parts)),)
