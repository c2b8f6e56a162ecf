"""What coders agree on: kappa per theme and over all themes, open disagreements, counts per theme."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import Kappa, cohen_kappa, pooled_kappa
from vunki_eval.survey.coding.codebook import Codebook
from vunki_eval.survey.coding.coder_sheets import AGREED, CoderSheet, Place


@dataclass(frozen=True, slots=True)
class Coding:
    """An event's coding: the codebook, at most two coders, what was settled between them, the wave of each answer."""

    codebook: Codebook
    sheets: tuple[CoderSheet, ...] = ()
    waves: Mapping[Place, str] | None = None

    @property
    def coders(self) -> tuple[CoderSheet, ...]:
        """Sheets of the coders."""
        return tuple(s for s in self.sheets if s.coder != AGREED)

    @property
    def agreed(self) -> Mapping[Place, frozenset[str]]:
        """What was settled between the coders."""
        return next((s.codes for s in self.sheets if s.coder == AGREED), {})

    def places(self, item: str, wave: str | None = None) -> list[Place]:
        """Answers to a question (of a wave) that are usable and that anybody coded, in order."""
        known = self.waves or {}
        coded = {p for s in self.sheets for p in s.codes if p[0] == item and p in known}
        return sorted(p for p in coded if wave is None or known[p] == wave)


def settled(coding: Coding, place: Place) -> frozenset[str] | None:
    """Give the themes that count: what was settled, else what all coders gave; None for an answer not coded by all."""
    if place in coding.agreed:
        return coding.agreed[place]
    given = [s.codes.get(place) for s in coding.coders]
    if not given or None in given:
        return None
    return frozenset.intersection(*(g for g in given if g is not None))


def counts(coding: Coding, item: str, wave: str) -> tuple[int, dict[str, int]]:
    """Count the coded answers to a question in a wave, and those with each theme."""
    found = [themes for p in coding.places(item, wave) if (themes := settled(coding, p)) is not None]
    return len(found), {t.key: sum(t.key in themes for themes in found) for t in coding.codebook.of(item)}


def agreements(coding: Coding, item: str, *, level: float = 0.95) -> dict[str, tuple[Kappa | None, int, int]]:
    """Compare the two coders on a question: kappa per theme, and ``all`` over the themes.

    Returns
    -------
    dict
        Theme (or ``all``) to kappa (None where it does not exist), and how many answers each coder gave it to.
    """
    if len(coding.coders) != 2:
        return {}
    first, second = (s.codes for s in coding.coders)
    both = [p for p in coding.places(item) if p in first and p in second]
    keys = [t.key for t in coding.codebook.of(item)]
    if not both or not keys:
        return {}
    tables = [np.array([[k in codes[p] for k in keys] for p in both], dtype=float) for codes in (first, second)]
    found: dict[str, tuple[Kappa | None, int, int]] = {"all": (_try(tables, level), len(both), len(both))}
    for j, key in enumerate(keys):
        a, b = (table[:, j] for table in tables)
        found[key] = (_try([a, b], level), int(a.sum()), int(b.sum()))
    return found


def _try(tables: Sequence[np.ndarray], level: float) -> Kappa | None:
    try:
        if tables[0].ndim == 2:
            return pooled_kappa(*tables, level=level)
        return cohen_kappa(tables[0].tolist(), tables[1].tolist(), level=level)
    except StatisticsError:
        return None


def disagreements(coding: Coding) -> Iterator[tuple[Place, dict[str, frozenset[str]]]]:
    """Give answers that the two coders coded differently and that are not settled yet, with what each gave."""
    if len(coding.coders) != 2:
        return
    first, second = coding.coders
    for place in sorted(first.codes):
        other = second.codes.get(place)
        usable = coding.waves is None or place in coding.waves
        if usable and other is not None and other != first.codes[place] and place not in coding.agreed:
            yield place, {first.coder: first.codes[place], second.coder: other}
