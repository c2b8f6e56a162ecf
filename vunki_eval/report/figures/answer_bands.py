"""Published answers to items with an ordered scale, split into below, in and above the middle of the scale.

Disclosure control may have merged answers across the middle; see `Answers`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vunki_eval.results.view import ResultsView

LONG = 6  # scales with this many answers are labelled by numbers


@dataclass(frozen=True, slots=True)
class AnswerBand:
    """A range of answers that is published as one, and its share; None when the share is suppressed."""

    first: str
    last: str
    share: float | None

    @property
    def range(self) -> str:
        """The range as text: 4, or 1–3."""
        return self.first if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True, slots=True)
class Answers:
    """An item's answers in a wave.

    Shares are of the ``total`` people who gave an answer on the scale; ``missing`` people had no opinion. ``merged`` is
    a range that reaches across an end of the middle. ``place`` says where it is drawn: with the answers below the
    middle ("low"), with those above it ("high"), or instead of the middle ("middle").
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

    def side(self, direction: int) -> tuple[AnswerBand, ...]:
        """Return the ranges below (-1) or above (1) the middle, or the merged range if it is drawn there."""
        bands, name = (self.low, "low") if direction < 0 else (self.high, "high")
        return (self.merged,) if self.merged is not None and self.place == name else bands


def total_of(parts: Sequence[AnswerBand]) -> float | None:
    """Add up shares; None when one of them is suppressed."""
    shares = [p.share for p in parts]
    return None if None in shares else sum(s for s in shares if s is not None)


def read_answers(view: ResultsView, item: str, wave: str) -> Answers | None:
    """Read an item's answers; None when there is nothing to show."""
    rows, bands = view.distribution(item, wave), bands_of(view, item)
    total = rows.get("total")
    if not bands or total is None or total["status"] != "ok" or not total["n"]:
        return None
    published = _published_bands(rows, [v for band in bands for v in band])
    if not any(p.share is not None for p in published):
        return None
    merged = _merge_with_middle(published, bands)
    separate = [p for p in published if merged is None or not _within(p, merged, bands)]
    sides = [_join_side([p for p in separate if p.first in band], band) for band in bands]
    if merged is not None and not sides[0] and not sides[2]:
        return None
    place = "" if merged is None else "low" if not sides[0] else "high" if not sides[2] else "middle"
    missing = rows.get("missing")
    no_opinion = int(missing["n"]) if missing is not None and missing["n"] is not None else None
    return Answers(item, wave, sides[0], sides[1], sides[2], int(total["n"]), no_opinion, merged, place)


def collect_answers(
    view: ResultsView, items: tuple[str, ...], waves: tuple[str, ...] | None = None
) -> list[list[Answers]]:
    """Collect the answers that may be drawn, one list of waves per item."""
    groups = (
        [answers for w in (waves or view.waves) if (answers := read_answers(view, item, w)) is not None]
        for item in items
    )
    return [group for group in groups if group]


def bands_of(view: ResultsView, item: str) -> list[list[str]]:
    """Return the answers below, in and above the middle of an item's scale; an empty list if it has no middle."""
    key = view.meta.get("items", {}).get(item, {}).get("response_set") or ""
    bands = view.meta.get("bands", {}).get(key, [])
    return [[str(v) for v in band] for band in bands] if len(bands) == 3 else []


def range_label(view: ResultsView, item: str, part: AnswerBand) -> str:
    """Label a range of answers: with the labels of the answers, or with numbers and the label of the scale's end."""
    bands = bands_of(view, item)
    values = [v for band in bands for v in band]
    span = values[values.index(part.first) : values.index(part.last) + 1]
    if len(span) <= 2 and len(values) < LONG:
        return " / ".join(view.answer(item, v) for v in span)
    end = values[0] if part.first == values[0] else values[-1] if part.last == values[-1] else ""
    end_label = view.answer(item, end).lstrip("0123456789 –-") if end else ""
    return f"{part.range} ({end}: {end_label})" if end_label else part.range


def middle_band(view: ResultsView, item: str) -> AnswerBand:
    """Return the answers in the middle of the scale as one range."""
    band = bands_of(view, item)[1]
    return AnswerBand(band[0], band[-1], None)


def _published_bands(rows: Mapping[str, Mapping[str, Any]], values: list[str]) -> list[AnswerBand]:
    """Read the published ranges, in the order of the scale."""
    published = []
    for answer, row in rows.items():
        first, _, last = answer.partition("-")
        if first in values and (last or first) in values:
            share = row["share"] if row["status"] == "ok" else None
            published.append(AnswerBand(first, last or first, share))
    return sorted(published, key=lambda p: values.index(p.first))


def _bands_touched(part: AnswerBand, bands: list[list[str]]) -> set[int]:
    values = [v for band in bands for v in band]
    span = set(values[values.index(part.first) : values.index(part.last) + 1])
    return {k for k, band in enumerate(bands) if span & set(band)}


def _merge_with_middle(parts: list[AnswerBand], bands: list[list[str]]) -> AnswerBand | None:
    """Join the ranges that reach across an end of the middle with the rest of the middle; None without such a range."""
    if not any(len(_bands_touched(p, bands)) > 1 for p in parts):
        return None
    joined = [p for p in parts if 1 in _bands_touched(p, bands)]
    return AnswerBand(joined[0].first, joined[-1].last, total_of(joined))


def _within(part: AnswerBand, merged: AnswerBand, bands: list[list[str]]) -> bool:
    values = [v for band in bands for v in band]
    return values.index(merged.first) <= values.index(part.first) <= values.index(merged.last)


def _join_side(parts: list[AnswerBand], band: list[str]) -> tuple[AnswerBand, ...]:
    """Join the ranges of one side on long scales, which have too many answers for a bar each."""
    if len(band) <= 2 or len(parts) < 2:
        return tuple(parts)
    return (AnswerBand(parts[0].first, parts[-1].last, total_of(parts)),)
