"""Compare coders: their sheets and the answers, kappa per theme and over all, open disagreements, counts of themes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vunki_eval.errors import M_, Problem, StatisticsError
from vunki_eval.project.instrument import Instrument
from vunki_eval.readers.wording import label_key, listed
from vunki_eval.stats import Kappa, cohen_kappa, pooled_kappa
from vunki_eval.survey.coding.codebook import Codebook
from vunki_eval.survey.coding.coder_sheets import AGREED, CoderSheet, Place
from vunki_eval.survey.coding.prepared_sheets import open_items


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


def match_coding(
    codebook: Codebook, sheets: Sequence[CoderSheet], responses: pd.DataFrame, instrument: Instrument
) -> tuple[Coding, tuple[Problem, ...]]:
    """Keep the codes of usable and unchanged answers; report the others by row, never by their text."""
    texts = _texts(responses, instrument)
    findings: list[Problem] = []
    moved: set[Place] = set()
    for sheet in sheets:
        gone = [sheet.lines[p] for p in sheet.codes if p not in texts]
        changed = [p for p, text in sheet.texts.items() if p in texts and not _same(text, texts[p][1])]
        moved |= set(changed)
        for places, problem, hint, code in (
            (gone,
             M_("The rows refer to no usable answer (any more): rows {rows}. They are left out."),
             M_("Remove them from the sheet."), "VE-767"),
            ([sheet.lines[p] for p in changed],
             M_("The text is not the answer in that row of the export: rows {rows}. They are left out."),
             M_("Code the answers again with a fresh sheet from `vunki-eval code`."), "VE-768"),
        ):  # fmt: skip
            for file in sorted({f for f, _ in places}):
                rows = listed([line for f, line in places if f == file])
                findings.append(
                    Problem(
                        file,
                        0,
                        "",
                        problem.filled(rows=rows),
                        hint,
                        code,
                    )
                )
    waves = {p: wave for p, (wave, _) in texts.items() if p not in moved}
    return Coding(codebook, tuple(sheets), waves), tuple(findings)


def _texts(responses: pd.DataFrame, instrument: Instrument) -> dict[Place, tuple[str, str]]:
    """Find wave and text of every usable answer to an open question."""
    texts: dict[Place, tuple[str, str]] = {}
    for item in open_items(instrument):
        if item.code in responses:
            answers = responses[["wave", "file", "row", item.code]].dropna()
            for wave, file, row, text in answers.itertuples(index=False, name=None):
                if str(text).strip():
                    texts[(item.code, str(file).rpartition("/")[2], int(row))] = (str(wave), str(text))
    return texts


def _same(shown: str, answer: str) -> bool:
    """Compare texts without case, punctuation and white space; a long one may be cut short in the sheet."""
    first, second = label_key(shown), label_key(answer)
    return first == second or (len(first) > 200 and second.startswith(first[:200]))
