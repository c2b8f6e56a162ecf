"""Simulate a whole event and give the true values behind it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vunki_eval.project.instrument import Instrument
from vunki_eval.simulate.draw import draw_answers, realised
from vunki_eval.simulate.expected import calibrate, drawn_scales, expected, targets, waves_of
from vunki_eval.simulate.people import draw_people
from vunki_eval.simulate.respond import choose_respondents, leave_out, mistype, with_extras
from vunki_eval.simulate.setting import CHANGE, Setting


@dataclass(frozen=True, slots=True)
class Simulated:
    """An invented event.

    Attributes
    ----------
    instrument, setting, seed
        What it was drawn from.
    people : DataFrame
        Everybody who registered: ``person``, ``attended``, ``team``, profile items and correct code elements.
    complete : dict of DataFrame
        Per wave, what all attendees would have answered: ``person`` and items.
    answers : dict of DataFrame
        Per wave, what respondents did answer, once each and with correct codes: ``person`` and items. Blanks are None,
        "don't know" is the negative code. For testing what comes after cleaning.
    submitted : dict of DataFrame
        Per wave, the rows of the file in order: ``person`` (-1 for test rows), ``sent``, ``kind`` (answer,
        repeat, refusal, partial, test) and items, code elements as typed in.
    means : dict
        True mean score per scale and wave: ``means["TS"]["pre"]`` (of log1p for counts analysed so).
    changes : dict
        True mean change since the first wave per scale and later wave, same units, as requested.
    """

    instrument: Instrument
    setting: Setting
    seed: int
    people: pd.DataFrame
    complete: dict[str, pd.DataFrame]
    answers: dict[str, pd.DataFrame]
    submitted: dict[str, pd.DataFrame]
    means: dict[str, dict[str, float]]
    changes: dict[str, dict[str, float]]

    def __repr__(self) -> str:
        """Say how large the event is."""
        rows = ", ".join(f"{wave} {len(frame)}" for wave, frame in self.submitted.items())
        return f"<Simulated event: {int(self.people['attended'].sum())} attendees; rows: {rows}>"


def simulate_event(
    instrument: Instrument,
    *,
    n: int = 90,
    seed: int = 0,
    change: Mapping[str, float] | None = None,
    setting: Setting | None = None,
) -> Simulated:
    """Draw an event with known true changes.

    Parameters
    ----------
    instrument : Instrument
    n : int
        Number of attendees.
    seed : int
        Same seed, same event.
    change : mapping, optional
        True mean change per scale from before to after, as *expressed* on the scale (ceilings and rounding included):
        in points, or as a ratio for counts analysed on log1p. ``{}`` means no change; the default is `setting.CHANGE`
        for those scales that the instrument has.
    setting : Setting, optional
        All other parameters.

    Returns
    -------
    Simulated

    Raises
    ------
    StatisticsError
        If a scale is unknown or its range has no room for the change.
    """
    setting = setting or Setting()
    if change is None:
        change = {k: v for k, v in CHANGE.items() if instrument.has_scale(k)}
    shifts = calibrate(instrument, change, setting)
    generators = [np.random.default_rng([seed, k]) for k in range(4)]
    people = draw_people(instrument, n, setting, generators[0])
    attendees = people[people["attended"]].reset_index(drop=True)
    complete = draw_answers(instrument, attendees, setting, shifts=shifts, rng=generators[1])
    respondents = choose_respondents(instrument, attendees, complete, setting, generators[2])
    answers, submitted = {}, {}
    for wave, frame in complete.items():
        frame = frame.drop(columns=[c for c in setting.omitted.get(wave, ()) if c in frame])
        silent = generators[3].permutation(np.setdiff1d(np.arange(n), respondents[wave]))
        answers[wave] = leave_out(
            instrument, frame.iloc[respondents[wave]].reset_index(drop=True), setting, generators[3]
        )
        typed = mistype(instrument, answers[wave], setting, generators[3])
        submitted[wave] = with_extras(
            instrument, typed, wave, setting, silent=silent, complete=frame, rng=generators[3]
        )
    means = {
        s.key: {
            w: expected(instrument, s, setting, shift=shifts[s.key].get(w, 0.0), later=w in shifts[s.key])
            for w in waves_of(instrument, s)
        }
        for s in drawn_scales(instrument)
    }
    return Simulated(
        instrument, setting, seed, people, complete, answers, submitted, means, targets(instrument, change, setting)
    )


def truth(simulated: Simulated, waves: tuple[str, ...] | None = None) -> dict[str, Any]:
    """Give the true values: changes per scale, and what rows each wave's file holds.

    Changes of counts analysed on log1p are ratios. ``all_attendees`` is the change that this event's attendees would
    have shown if everybody had answered everything; ``expected`` is the mean over all events drawn like this one.
    ``waves`` are the waves that were asked (default: all).
    """
    asked_waves = waves or tuple(simulated.submitted)
    people = simulated.people[simulated.people["attended"]].reset_index(drop=True)
    realised_means = realised(simulated.instrument, people, simulated.complete)
    scales = {}
    for scale in drawn_scales(simulated.instrument):
        first, *later = [w for w in waves_of(simulated.instrument, scale) if w in asked_waves] or [""]
        if not later:
            continue
        realised_changes = {w: realised_means[scale.key][w] - realised_means[scale.key][first] for w in later}
        scales[scale.key] = {
            "unit": "ratio" if scale.transform else "points",
            "since": first,
            "change": {
                w: {
                    "expected": _printed(simulated.changes[scale.key][w], scale.transform),
                    "all_attendees": _printed(realised_changes[w], scale.transform),
                }
                for w in later
            },
        }
    return {
        "synthetic": True,
        "seed": simulated.seed,
        "registered": len(simulated.people),
        "attended": len(people),
        "teams": int(people["team"].nunique()),
        "scales": scales,
        "waves": {w: _wave_truth(simulated, w, asked_waves) for w in asked_waves},
    }


def _printed(change: float, transform: str) -> float:
    return round(math.exp(change) if transform else change, 6) + 0.0


def _wave_truth(simulated: Simulated, wave: str, waves: tuple[str, ...]) -> dict[str, Any]:
    frame, persons = simulated.submitted[wave], simulated.answers[wave]["person"]
    counts = {str(k): int(v) for k, v in frame["kind"].value_counts().sort_index().items()}
    both = {w: int(persons.isin(simulated.answers[w]["person"]).sum()) for w in waves if w != wave}
    return {"rows": len(frame), "kinds": counts, "also_answered": both}
