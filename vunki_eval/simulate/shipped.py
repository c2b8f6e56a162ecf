"""Write the two synthetic events of the shipped project: exports, rulings, lists of participants, sheets of two coders.

Fixed seeds give the same bytes on every machine. Names are such as "Osaleja 17", addresses end in .invalid.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from vunki_eval.project.instrument import Instrument
from vunki_eval.readers.files.delimited import join_rows
from vunki_eval.simulate.event import Simulated, simulate_event, truth
from vunki_eval.simulate.exports import google_records, limesurvey_records, lines
from vunki_eval.simulate.setting import Setting

CODING_HEADER = ("item", "file", "row", "themes", "note")
CODING_NOTE = "sünteetiline"
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
LIST_HEADER = ("Jrk", "Nimi", "E-post", "Omavalitsus", "Endine Misso või Orava", "Registreerus", "Osales")
PLACES = {
    "Antsla vald": 0.28, "Rõuge vald": 0.22, "Võru vald": 0.2, "Võru linn": 0.18, "Setomaa vald": 0.07, "mujalt": 0.05,
}  # fmt: skip
PARTLY_INSIDE = ("Rõuge vald", "Võru vald")
EXCEPTED = 0.15  # share of people from the part of those municipalities that is outside the area
Records = Callable[[Simulated, str], list[str]]
RULINGS = ("kind", "file", "row", "other_file", "other_row", "ruling", "who", "when", "why")
# Deliberately chosen among several hundred seeds: the true changes lie inside the intervals, the conclusions differ,
# no two people's codes are nearly the same, and nothing is left for an evaluator to settle. To study the method, use
# other seeds.
SEEDS = {"2020-antsla": 2413, "2021-online": 2140}
ANTSLA = Setting(
    start=dt.date(2020, 8, 13), response={"pre": 0.85, "post": 0.7, "followup": 0.5}, refusals={"pre": 1, "post": 1}
)
ONLINE = Setting(
    start=dt.date(2021, 3, 11),
    teams=11,
    response={"pre": 0.81, "post": 0.74},
    partials={"post": 1},
    refusals={"pre": 1},
    omitted={},
)


def shipped_files(instrument: Instrument) -> dict[str, str]:
    """Give the text of every generated file by its path below ``surveys/``."""
    antsla_came, online_came = 92, 84
    antsla = simulate_event(instrument, n=antsla_came, seed=SEEDS["2020-antsla"], setting=ANTSLA)
    online = simulate_event(instrument, n=online_came, seed=SEEDS["2021-online"], setting=ONLINE)
    files = _event_files("2020-antsla", antsla, ("pre", "post", "followup"), _google, "")
    files |= _event_files("2021-online", online, ("pre", "post"), limesurvey_records, "\ufeff")
    returning, new = list(range(70, 88)), list(range(98, 168))
    return files | {
        "2020-antsla/participants.csv": participant_list(range(1, 98), attended=antsla_came),
        "2021-online/participants.csv": participant_list([*returning, *new], attended=online_came, delimiter=";"),
    }


def _google(simulated: Simulated, wave: str) -> list[str]:
    """Use both exports of Google Forms: the sheet around the event, the form itself at follow-up."""
    return google_records(simulated, wave, style="forms" if wave == "followup" else "sheets")


def _event_files(
    event: str, simulated: Simulated, waves: tuple[str, ...], records: Records, mark: str
) -> dict[str, str]:
    files: dict[str, str] = {}
    true_values = truth(simulated, waves)
    rulings: list[tuple[str, ...]] = []
    places: dict[str, list[int]] = {}
    for wave in waves:
        record_texts = records(simulated, wave)
        files[f"{event}/{wave}.csv"] = mark + "".join(record_texts)
        rows = places[wave] = lines(record_texts)[1:]
        true_values["waves"][wave] |= _planted(simulated, wave, rows)
        rulings += _rulings(simulated, wave, rows)
    for coder, sheet in coders_rows(simulated, places, seed=SEEDS[event]).items():
        files[f"{event}/coding.{coder}.csv"] = join_rows(sheet)
    files[f"{event}/decisions.csv"] = join_rows([RULINGS, *rulings])
    files[f"{event}/truth.json"] = json.dumps(true_values, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return files


def _planted(simulated: Simulated, wave: str, rows: list[int]) -> dict[str, Any]:
    """List which rows are not plain answers, and whose answers each row holds (numbers used nowhere else)."""
    frame = simulated.submitted[wave]
    special = frame["kind"].to_numpy() != "answer"
    return {
        "planted": [{"row": r, "what": k} for r, k, s in zip(rows, frame["kind"], special, strict=True) if s],
        "persons_by_row": [[r, int(p)] for r, p in zip(rows, frame["person"], strict=True)],
    }


def _rulings(simulated: Simulated, wave: str, rows: list[int]) -> list[tuple[str, ...]]:
    """Rule on the planted rows: keep the first of two submissions, drop test rows."""
    frame, file = simulated.submitted[wave], f"{wave}.csv"
    rulings: list[tuple[str, ...]] = []
    day = frame["sent"].max().date() + dt.timedelta(days=2)
    who_and_when = ("hindaja", day.isoformat())
    for n, (person, kind) in enumerate(zip(frame["person"], frame["kind"], strict=True)):
        if kind == "test":
            why = "Korraldaja proovirida enne küsitluse avamist (sünteetiline)."
            rulings.append(("exclude", file, str(rows[n]), "", "", "drop", *who_and_when, why))
        if kind == "repeat":
            first = next(m for m, k in enumerate(frame["kind"]) if k == "answer" and frame["person"].iloc[m] == person)
            pair = (str(rows[first]), str(rows[n]))
            why = "Sama inimene vastas kaks korda; kehtib esimene vastus (sünteetiline)."
            rulings.append(("duplicate", file, pair[0], file, pair[1], "keep", *who_and_when, why))
            rulings.append(("duplicate", file, pair[1], file, pair[0], "drop", *who_and_when, why))
    return rulings


def participant_list(numbers: range | list[int], *, attended: int, delimiter: str = ",") -> str:
    """Write a list of people who registered; the first ``attended`` of them came.

    A person's number determines where they come from, so that the same number on two lists is the same person.
    """
    rows: list[tuple[object, ...]] = [LIST_HEADER]
    for row, number in enumerate(numbers, 1):
        rng = np.random.default_rng([20190901, number])
        place = str(rng.choice(list(PLACES), p=list(PLACES.values())))
        excepted = ("jah" if rng.random() < EXCEPTED else "ei") if place in PARTLY_INSIDE else ""
        attendance = "jah" if row <= attended else "ei"
        address = f"osaleja{number}@naide.invalid"
        rows.append((row, f"Osaleja {number}", address, place, excepted, "jah", attendance))
    return join_rows(rows, delimiter)


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
        rows: list[tuple[str, ...]] = [CODING_HEADER]
        for code, file, row, text in answers:
            themes = set(THEMES[text])
            if rng.random() < DEVIATIONS:
                themes ^= {str(rng.choice(themes_of_item[code]))}
            rows.append((code, file, str(row), "; ".join(sorted(themes)) or "-", CODING_NOTE))
        sheets[coder] = rows
    first, second = (sheets[c] for c in CODERS)
    disagreements = [a for a, b in zip(first[1:], second[1:], strict=True) if a != b]
    settled = {row[:3]: "; ".join(sorted(THEMES[text])) for row, (*_, text) in zip(first[1:], answers, strict=True)}
    sheets["agreed"] = [CODING_HEADER, *((*row[:3], settled[row[:3]], CODING_NOTE) for row in disagreements)]
    return sheets
