"""Compare coders: kappa per theme and over all themes, open disagreements, counts per theme."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import Kappa, cohen_kappa, pooled_kappa
from vunki_eval.survey.coding.codebook import Codebook
from vunki_eval.survey.coding.coder_sheets import AGREED, CoderSheet, Place


@dataclass(frozen=True, slots=True)
class Coding:
    """An event's coding: codebook, sheets (at most two coders, and what they settled), and the wave of each answer."""

    codebook: Codebook
    sheets: tuple[CoderSheet, ...] = ()
    waves: Mapping[Place, str] | None = None

    @property
    def coders(self) -> tuple[CoderSheet, ...]:
        """Sheets of the coders."""
        return tuple(s for s in self.sheets if s.coder != AGREED)

    @property
    def agreed(self) -> Mapping[Place, frozenset[str]]:
        """Themes that the coders settled on after disagreeing, by answer."""
        return next((s.codes for s in self.sheets if s.coder == AGREED), {})

    def places(self, item: str, wave: str | None = None) -> list[Place]:
        """List the usable answers to a question (in a wave) that at least one coder has coded, in order."""
        waves = self.waves or {}
        coded = {p for s in self.sheets for p in s.codes if p[0] == item and p in waves}
        return sorted(p for p in coded if wave is None or waves[p] == wave)


def settled(coding: Coding, place: Place) -> frozenset[str] | None:
    """Give the themes that count: those settled, else those all coders assigned; None if not all have coded it."""
    if place in coding.agreed:
        return coding.agreed[place]
    assigned = [s.codes.get(place) for s in coding.coders]
    if not assigned or None in assigned:
        return None
    return frozenset.intersection(*(g for g in assigned if g is not None))


def counts(coding: Coding, item: str, wave: str) -> tuple[int, dict[str, int]]:
    """Count the coded answers to a question in a wave, and those with each theme."""
    coded = [themes for p in coding.places(item, wave) if (themes := settled(coding, p)) is not None]
    return len(coded), {t.key: sum(t.key in themes for themes in coded) for t in coding.codebook.of(item)}


def agreements(coding: Coding, item: str, *, level: float = 0.95) -> dict[str, tuple[Kappa | None, int, int]]:
    """Compare the two coders on a question: kappa per theme, and ``all`` over the themes.

    Returns
    -------
    dict
        Theme (or ``all``) to kappa (None if undefined) and the number of answers to which each coder assigned it.
    """
    if len(coding.coders) != 2:
        return {}
    first, second = (s.codes for s in coding.coders)
    both = [p for p in coding.places(item) if p in first and p in second]
    keys = [t.key for t in coding.codebook.of(item)]
    if not both or not keys:
        return {}
    tables = [np.array([[k in codes[p] for k in keys] for p in both], dtype=float) for codes in (first, second)]
    by_theme: dict[str, tuple[Kappa | None, int, int]] = {"all": (_kappa(tables, level), len(both), len(both))}
    for j, key in enumerate(keys):
        a, b = (table[:, j] for table in tables)
        by_theme[key] = (_kappa([a, b], level), int(a.sum()), int(b.sum()))
    return by_theme


def _kappa(tables: Sequence[np.ndarray], level: float) -> Kappa | None:
    try:
        if tables[0].ndim == 2:
            return pooled_kappa(*tables, level=level)
        return cohen_kappa(tables[0].tolist(), tables[1].tolist(), level=level)
    except StatisticsError:
        return None


def disagreements(coding: Coding) -> Iterator[tuple[Place, dict[str, frozenset[str]]]]:
    """Yield the answers that the two coders coded differently and have not settled, with the themes of each."""
    if len(coding.coders) != 2:
        return
    first, second = coding.coders
    for place in sorted(first.codes):
        other = second.codes.get(place)
        usable = coding.waves is None or place in coding.waves
        if usable and other is not None and other != first.codes[place] and place not in coding.agreed:
            yield place, {first.coder: first.codes[place], second.coder: other}
