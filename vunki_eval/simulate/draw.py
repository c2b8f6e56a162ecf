"""What every attendee would answer at every wave, if everybody answered everything."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from vunki_eval.project.instrument import Instrument, Item, Scale
from vunki_eval.simulate.expected import (
    Answered,
    answered,
    common_share,
    drawn_scales,
    level_of,
    offsets,
    option_shares,
    team_variance,
    waves_of,
)
from vunki_eval.simulate.setting import Setting
from vunki_eval.simulate.texts import SAID

# Answers are objects (numbers, keys, tuples, None), so nothing more is known of the elements.
Array = Any
GENERAL = 0.2
AT_MOST = 0.55
CHOSEN, OWN_CHOSEN = 0.33, 0.6


def draw_answers(
    instrument: Instrument,
    people: pd.DataFrame,
    setting: Setting,
    *,
    shifts: Mapping[str, Mapping[str, float]],
    rng: np.random.Generator,
) -> dict[str, pd.DataFrame]:
    """Draw complete answers of all attendees.

    Parameters
    ----------
    instrument : Instrument
    people : DataFrame
        Attendees (of `draw_people`).
    setting : Setting
    shifts : mapping
        Latent shift per scale and wave (of `calibrate`).
    rng : Generator

    Returns
    -------
    dict of DataFrame
        Per wave: ``person`` and one column per item, raw as given (reversed items not turned). Ordered answers and
        counts are int, nominal answers the option's value, multiple answers tuples of values, texts str or None.
    """
    given: dict[tuple[str, str], Any] = {}
    general = rng.standard_normal(len(people))
    for scale in drawn_scales(instrument):
        given |= _scale_answers(instrument, scale, people, setting, (shifts[scale.key], general, rng))
    for item in instrument.items:
        for wave in item.waves:
            if (item.code, wave) not in given:
                given[item.code, wave] = _item_answers(instrument, item, wave, (people, given), setting, rng)
    frames = {}
    for wave in instrument.wave_keys:
        # As objects from the start: pandas would turn None into NaN among texts.
        columns = {i.code: pd.Series(given[i.code, wave], dtype=object) for i in instrument.in_wave(wave)}
        frame = pd.DataFrame({"person": people["person"].to_numpy(), **columns})
        frames[wave] = _relevant(frame, people, setting)
    return frames


def _scale_answers(
    instrument: Instrument, scale: Scale, people: pd.DataFrame, setting: Setting, drawn: tuple[Any, Array, Any]
) -> dict[tuple[str, str], Array]:
    """Answers to the items of a scale: a level that people keep, what changes, and what is each item's own."""
    shifts, general, rng = drawn
    n, share = len(people), common_share(setting, len(scale.items))
    stable = math.sqrt(GENERAL) * general + math.sqrt(1 - GENERAL) * rng.standard_normal(n)
    own = {code: rng.standard_normal(n) for code in scale.items}
    team = _team_effects(people["team"], rng) * math.sqrt(team_variance(setting, len(scale.items)))
    out: dict[tuple[str, str], Array] = {}
    for wave in dict.fromkeys(w for c in scale.items for w in instrument.item(c).waves):
        moving = rng.standard_normal(n)
        level = math.sqrt(setting.stability) * stable + math.sqrt(1 - setting.stability) * moving
        later = wave in shifts
        for code in scale.items:
            item = instrument.item(code)
            how = answered(instrument, item)
            if how is None or wave not in item.waves:
                continue
            noise = math.sqrt(0.5) * own[code] + math.sqrt(0.5) * rng.standard_normal(n)
            at = level_of(scale.key, how, setting)
            latent = math.sqrt(share) * level + math.sqrt(1 - share) * noise + (team if later else 0.0)
            centre = at.mean + offsets(scale, at)[code] + shifts.get(wave, 0.0)
            out[code, wave] = _turned(item, how, how.answer(centre + at.spread * latent))
    return out


def _turned(item: Item, how: Answered, answers: Array) -> Array:
    """Answer a reversed item as it is worded: the scale's level the other way round."""
    return how.low + how.high - answers if item.reverse else answers


def _team_effects(team: pd.Series, rng: np.random.Generator) -> Array:
    """Draw one value per team, centred over people; 0 for people without a team."""
    codes, names = pd.factorize(team)
    if not len(names):
        return np.zeros(len(team))
    effects = np.append(rng.standard_normal(len(names)), 0.0)[codes]
    inside = codes >= 0
    effects[inside] -= effects[inside].mean()
    return effects


def _item_answers(
    instrument: Instrument,
    item: Item,
    wave: str,
    known: tuple[pd.DataFrame, Mapping[tuple[str, str], Any]],
    setting: Setting,
    rng: np.random.Generator,
) -> Array:
    """Answers to an item that belongs to no scale."""
    people, given = known
    n = len(people)
    if item.code == setting.team_item:
        return people["team"].to_numpy()
    if item.code in people:
        return people[item.code].to_numpy()
    if item.kind in ("text", "timestamp"):
        return _texts(item.code, n, rng)
    if item.role == "consent":
        return np.full(n, "yes", dtype=object)
    if item.kind == "multiple":
        return _several(instrument, item, people, rng)
    if item.at_most and (item.at_most, wave) in given:
        return rng.binomial(given[item.at_most, wave].astype(int), AT_MOST)
    if item.retrospective_of:
        return _looking_back(instrument, item, given, setting, rng)
    how = answered(instrument, item)
    size = setting.teams if item.code in setting.by_team else n
    if how is not None:
        level = level_of(item.code, how, setting)
        drawn = how.answer(level.mean + level.spread * rng.standard_normal(size))
    else:
        shares = option_shares(instrument, item.code, setting)
        values = np.array([*shares, None], dtype=object)[:-1]
        drawn = values[rng.choice(len(values), size, p=list(shares.values()))]
    return _by_team(drawn, people["team"], rng) if item.code in setting.by_team else drawn


def _by_team(drawn: Array, team: pd.Series, rng: np.random.Generator) -> Array:
    """Let people answer about their team; who has none answers about any team they know."""
    codes, _ = pd.factorize(team)
    return drawn[np.where(codes >= 0, codes, rng.integers(0, len(drawn), len(team)))]


def _several(instrument: Instrument, item: Item, people: pd.DataFrame, rng: np.random.Generator) -> Array:
    """Choose several options, one's own profile answer more often, and at least one."""
    chosen = instrument.response_set(item)
    values = chosen.values if chosen else ()
    own = next((people[i.code] for i in instrument.items if _same_set(i, item, people)), None)
    likely = np.full((len(people), len(values)), CHOSEN)
    if own is not None:
        likely[own.to_numpy()[:, None] == np.array(values, dtype=object)[None, :]] = OWN_CHOSEN
    hit = rng.random(likely.shape) < likely
    hit[np.arange(len(people)), rng.integers(0, len(values), len(people))] |= ~hit.any(axis=1)
    out = np.empty(len(people), dtype=object)
    out[:] = [tuple(v for v, h in zip(values, row, strict=True) if h) for row in hit]
    return out


def _same_set(profile: Item, item: Item, people: pd.DataFrame) -> bool:
    return profile.code in people and profile.response_set == item.response_set


def _looking_back(
    instrument: Instrument, item: Item, given: Mapping[tuple[str, str], Any], setting: Setting, rng: np.random.Generator
) -> Array:
    """Remember the first answer to an item, a little lower and not exactly."""
    other = instrument.item(item.retrospective_of or "")
    how = answered(instrument, item)
    first = given[other.code, other.waves[0]]
    if how is None:
        return np.asarray(first)
    spread = level_of("", how, setting).spread
    return how.answer(first + setting.recall_shift * spread + 0.6 * spread * rng.standard_normal(len(first)))


def _texts(code: str, n: int, rng: np.random.Generator) -> Array:
    """Let some people write something harmless."""
    said = np.array([*SAID.get(code, ()), None], dtype=object)
    picked = said[rng.integers(0, len(said), n)]
    picked[rng.random(n) < 0.5] = None
    return picked


def _relevant(frame: pd.DataFrame, people: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Empty the items that a person is not asked."""
    for code, (other, values) in setting.asked_of.items():
        if code in frame:
            asked = (frame[other] if other in frame else people[other]).isin(values).to_numpy()
            frame[code] = frame[code].where(asked, None)
    return frame


def scores(instrument: Instrument, scale: Scale, people: pd.DataFrame, frame: pd.DataFrame) -> Array:
    """Score complete answers: the mean of the items that apply, turned the same way, log1p where the scale says so."""
    values = np.full((len(frame), len(scale.items)), np.nan)
    for n, code in enumerate(scale.items):
        item = instrument.item(code)
        how, column = answered(instrument, item), frame[code].to_numpy(dtype=float)
        values[:, n] = _turned(item, how, column) if how else column
        if item.excluded_by:
            values[people[item.excluded_by.item].isin(item.excluded_by.values).to_numpy(), n] = np.nan
    mean = np.nanmean(values, axis=1)
    return np.log1p(mean) if scale.transform else mean


def realised(
    instrument: Instrument, people: pd.DataFrame, frames: Mapping[str, pd.DataFrame]
) -> dict[str, dict[str, float]]:
    """Give the mean score of all attendees per scale and wave, had everybody answered everything."""
    return {
        s.key: {w: float(scores(instrument, s, people, frames[w]).mean()) for w in waves_of(instrument, s)}
        for s in drawn_scales(instrument)
    }
