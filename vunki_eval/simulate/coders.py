"""Simulate two coders of the simulated open answers: the themes of each sentence, and occasional deviations."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from vunki_eval.simulate.event import Simulated

HEADER = ("item", "file", "row", "themes", "note")
NOTE = "sünteetiline"
CODERS = ("A", "B")
DEVIATIONS = 0.12
"""Share of answers in which a coder adds or drops a theme."""
THEMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Uued tuttavad ja nende kogemused.": ("contacts",),
        "Sain rääkida inimestega, kellega muidu kokku ei puutu.": ("contacts", "across_sectors"),
        "Mentorite küsimused panid mõtlema.": ("mentors",),
        "Aeg, mil sai rahulikult ühe asjaga tegeleda.": ("focus",),
        "Ühine arusaam, mida on vaja teha.": ("focus",),
        "Meeskonna toetus, eriti teisel päeval.": ("mentors",),
        "See, et vald ja külaselts istusid ühe laua taga.": ("across_sectors",),
        "Õppisin ideed lühidalt esitlema.": ("skills",),
        "Aega jäi väheks.": ("time",),
        "Alguses ei olnud ülesanne selge.": ("task",),
        "Ruumis oli kohati lärmakas.": ("conditions",),
        "Puudu jäi inimesi ettevõtetest.": ("missing_people",),
        "Internet kadus vahel ära; muu sujus.": ("conditions",),
        "Raske oli leida, kes edasi vastutab.": ("task",),
        "Midagi otseselt ei takistanud.": ("nothing",),
        "Kohtume meeskonnaga kahe nädala pärast.": ("meeting",),
        "Leppisime kokku järgmise koosoleku.\nAbi praegu ei vaja.": ("meeting",),
        "Vajame nõu rahastuse taotlemisel.": ("money",),
        "Küsime vallalt ruume katsetamiseks.": ("try_out",),
        "Teeme väikese katsetuse ühes külas.": ("try_out",),
        "Otsime juurde ühe ettevõtte.": ("partners",),
        "Paneme kirja teenuse kirjelduse ja hinna.": ("try_out",),
        "Abi oleks mentorist, kes korra kuus kaasa mõtleb.": ("partners",),
    }
)


def coders_rows(
    simulated: Simulated, places: Mapping[str, Sequence[int]], *, seed: int
) -> dict[str, list[tuple[str, ...]]]:
    """Code an event's open answers as two coders would.

    Parameters
    ----------
    simulated : Simulated
    places : mapping of str to sequence of int
        Per wave, the physical row of each submitted response in its file ``<wave>.csv``.
    seed : int

    Returns
    -------
    dict
        Rows of ``coding.<coder>.csv``, header first, by coder (``agreed``: what they settled). Only usable
        answers are coded.
    """
    answers = [
        (item.code, f"{wave}.csv", row, text)
        for item in simulated.instrument.items
        if item.kind == "text" and item.role == "text"
        for wave, rows in places.items()
        if item.code in simulated.submitted[wave]
        for row, kind, text in zip(
            rows, simulated.submitted[wave]["kind"], simulated.submitted[wave][item.code], strict=True
        )
        if kind in ("answer", "partial") and isinstance(text, str) and text in THEMES
    ]
    themes_of_item = {
        code: sorted({theme for c, _, _, text in answers if c == code for theme in THEMES[text]})
        for code, *_ in answers
    }
    sheets: dict[str, list[tuple[str, ...]]] = {}
    for k, coder in enumerate(CODERS):
        rng = np.random.default_rng([seed, k])
        rows: list[tuple[str, ...]] = [HEADER]
        for code, file, row, text in answers:
            themes = set(THEMES[text])
            if rng.random() < DEVIATIONS:
                themes ^= {str(rng.choice(themes_of_item[code]))}
            rows.append((code, file, str(row), "; ".join(sorted(themes)) or "-", NOTE))
        sheets[coder] = rows
    first, second = (sheets[c] for c in CODERS)
    disagreements = [a for a, b in zip(first[1:], second[1:], strict=True) if a != b]
    settled = {row[:3]: "; ".join(sorted(THEMES[text])) for row, (*_, text) in zip(first[1:], answers, strict=True)}
    sheets["agreed"] = [HEADER, *((*row[:3], settled[row[:3]], NOTE) for row in disagreements)]
    return sheets
