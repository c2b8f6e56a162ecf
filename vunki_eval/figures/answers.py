"""Answers to ordered items sorted around the middle of their scale, as far as disclosure control left them apart."""

from dataclasses import dataclass

from vunki_eval.lookup import View


@dataclass(frozen=True, slots=True)
class Side:
    """Shares on one side of the middle, from low to high; None is kept back."""

    parts: tuple[float | None, ...]

    @property
    def total(self) -> float | None:
        """Share of the whole side, None when a part of it is kept back."""
        known = [s for s in self.parts if s is not None]
        return sum(known) if len(known) == len(self.parts) else None


@dataclass(frozen=True, slots=True)
class Answers:
    """An item's answers in a wave: shares of those who gave one; ``missing`` people could or would not say.

    ``joined`` names the range when the middle was merged with the low ("low") or high side ("high"), else it is "".
    """

    item: str
    wave: str
    low: Side
    middle: float | None
    high: Side
    total: int
    missing: int | None
    joined: str = ""
    range: str = ""


def hidden(answers: Answers) -> bool:
    """Tell whether a part of the answers is kept back."""
    middle = answers.middle is None and not answers.joined
    return middle or answers.missing is None or answers.low.total is None or answers.high.total is None


def read(view: View, item: str, wave: str) -> Answers | None:
    """Read an item's answers; None when there is nothing to show."""
    rows, bands = view.distribution(item, wave), _bands(view, item)
    total = rows.get("total")
    if not bands or total is None or total["status"] != "ok" or not total["n"]:
        return None
    pieces: list[tuple[list[int], float | None]] = []
    for answer, row in rows.items():
        touched = _touched(answer, bands)
        if touched:
            pieces.append((touched, row["share"] if row["status"] == "ok" else None))
    if not any(share is not None for _, share in pieces):
        return None
    joined = _joined(pieces)
    low, middle, high = (_piece(pieces, side, joined, whole=len(bands[side]) > 2) for side in range(3))
    missing = rows.get("missing")
    unsure = int(missing["n"]) if missing is not None and missing["n"] is not None else None
    ends = {"low": (bands[0][0], bands[1][-1]), "high": (bands[1][0], bands[2][-1])}
    span = "–".join(ends[joined]) if joined in ends else ""
    return Answers(item, wave, low, middle.total if middle.parts else None, high, int(total["n"]), unsure, joined, span)


def _joined(pieces: list[tuple[list[int], float | None]]) -> str:
    """Tell with which side the middle was merged; "all" when one range of answers spans everything."""
    spans = {tuple(t) for t, _ in pieces if len(t) > 1}
    if not spans:
        return ""
    return "all" if (0, 1, 2) in spans or len(spans) > 1 else "low" if (0, 1) in spans else "high"


def _piece(pieces: list[tuple[list[int], float | None]], side: int, joined: str, *, whole: bool) -> Side:
    """Collect the shares of a side; on long scales they are one, as is what was merged over a side's end."""
    if joined == "all":
        return Side((None,))
    mine = {"low": ((0, 1), (), (2,)), "high": ((0,), (), (1, 2))}.get(joined, ((0,), (1,), (2,)))[side]
    shares = tuple(share for touched, share in pieces if set(touched) & set(mine))
    if len(shares) < 2 or not (whole or len(mine) > 1):
        return Side(shares)
    return Side((Side(shares).total,))


def collect(view: View, items: tuple[str, ...], waves: tuple[str, ...] | None = None) -> list[list[Answers]]:
    """Collect what may be drawn, grouped by item."""
    groups = ([a for w in (waves or view.waves) if (a := read(view, item, w)) is not None] for item in items)
    return [group for group in groups if group]


def ends(view: View, item: str) -> tuple[list[str], list[str]]:
    """Give the labels of the two answers at either end."""
    bands = _bands(view, item)
    return [view.answer(item, v) for v in bands[0][:2]], [view.answer(item, v) for v in bands[2][-2:]]


def together(view: View, item: str, side: int) -> str:
    """Name the answers of a side (0 low, 1 middle, 2 high): their labels, or their range on long scales."""
    band = _bands(view, item)[side]
    if len(band) == 1:
        return view.answer(item, band[0])
    if len(band) == 2:
        return " / ".join(view.answer(item, v) for v in band)
    extreme = view.answer(item, band[0] if side == 0 else band[-1]).lstrip("0123456789 –-")
    values = f"{band[0]}–{band[-1]}"
    if side == 1 or not extreme:
        return values
    return f"{values} ({band[0] if side == 0 else band[-1]}: {extreme})"


def middle_label(view: View, item: str) -> str:
    """Name the answers in the middle."""
    return together(view, item, 1)


def _bands(view: View, item: str) -> list[list[str]]:
    """Give the answers below, in and above the middle of an item's scale, or nothing for other items."""
    key = view.meta.get("items", {}).get(item, {}).get("response_set") or ""
    bands = view.meta.get("bands", {}).get(key, [])
    return [[str(v) for v in band] for band in bands] if len(bands) == 3 else []


def _touched(answer: str, bands: list[list[str]]) -> list[int]:
    """Give the sides that an answer or a merged range of answers lies on."""
    first, _, last = answer.partition("-")
    values = [v for band in bands for v in band]
    if first not in values or (last or first) not in values:
        return []
    span = values[values.index(first) : values.index(last or first) + 1]
    return [k for k, band in enumerate(bands) if set(band) & set(span)]
