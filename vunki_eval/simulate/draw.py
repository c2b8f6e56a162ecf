"""Draw what every attendee would answer in every wave if everybody answered everything.

The sentences of open answers are harmless and about nobody.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from vunki_eval.project.instrument import Instrument, Item, Scale
from vunki_eval.simulate.expected import (
    AnswerFormat,
    common_share,
    drawn_scales,
    format_of,
    level_of,
    offsets,
    option_shares,
    team_variance,
    waves_of,
)
from vunki_eval.simulate.setting import Setting

SENTENCES = MappingProxyType(
    {
        "OQ1": (
            "Uued tuttavad ja nende kogemused.",
            "Sain rääkida inimestega, kellega muidu kokku ei puutu.",
            "Mentorite küsimused panid mõtlema.",
            "Aeg, mil sai rahulikult ühe asjaga tegeleda.",
            "Ühine arusaam, mida on vaja teha.",
            "Meeskonna toetus, eriti teisel päeval.",
            "See, et vald ja külaselts istusid ühe laua taga.",
            "Õppisin ideed lühidalt esitlema.",
        ),
        "OQ2": (
            "Aega jäi väheks.",
            "Alguses ei olnud ülesanne selge.",
            "Ruumis oli kohati lärmakas.",
            "Puudu jäi inimesi ettevõtetest.",
            "Internet kadus vahel ära; muu sujus.",
            "Raske oli leida, kes edasi vastutab.",
            "Midagi otseselt ei takistanud.",
        ),
        "OQ3": (
            "Kohtume meeskonnaga kahe nädala pärast.",
            "Leppisime kokku järgmise koosoleku.\nAbi praegu ei vaja.",
            "Vajame nõu rahastuse taotlemisel.",
            "Küsime vallalt ruume katsetamiseks.",
            "Teeme väikese katsetuse ühes külas.",
            "Otsime juurde ühe ettevõtte.",
            "Paneme kirja teenuse kirjelduse ja hinna.",
            "Abi oleks mentorist, kes korra kuus kaasa mõtleb.",
        ),
    }
)
# Answers are objects (numbers, keys, tuples, None), so the element type is left open.
Array = Any
GENERAL = 0.2  # share of the stable level that all scales have in common
AT_MOST = 0.55  # chance that something counted in a total also counts in its part (`at_most`)
CHOSEN, OWN_CHOSEN = 0.33, 0.6  # chance of choosing an option, and the option that is one's own profile answer


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
        Per wave: ``person`` and one column per item, with raw answers (reversed items not reversed back). Ordered
        answers and counts are int, nominal answers the option's value, multiple answers tuples of values, texts str or
        None.
    """
    answers: dict[tuple[str, str], Any] = {}
    general = rng.standard_normal(len(people))
    for scale in drawn_scales(instrument):
        answers |= _scale_answers(instrument, scale, people, setting, (shifts[scale.key], general, rng))
    for item in instrument.items:
        for wave in item.waves:
            if (item.code, wave) not in answers:
                answers[item.code, wave] = _item_answers(instrument, item, wave, (people, answers), setting, rng)
    frames = {}
    for wave in instrument.wave_keys:
        # As objects from the start: pandas would turn None into NaN among texts.
        columns = {i.code: pd.Series(answers[i.code, wave], dtype=object) for i in instrument.in_wave(wave)}
        frame = pd.DataFrame({"person": people["person"].to_numpy(), **columns})
        frames[wave] = _relevant(frame, people, setting)
    return frames


def _scale_answers(
    instrument: Instrument, scale: Scale, people: pd.DataFrame, setting: Setting, context: tuple[Any, Array, Any]
) -> dict[tuple[str, str], Array]:
    """Draw the answers to a scale's items: a level that persists, a part that varies by wave, and a part per item."""
    shifts, general, rng = context
    n, share = len(people), common_share(setting, len(scale.items))
    stable = math.sqrt(GENERAL) * general + math.sqrt(1 - GENERAL) * rng.standard_normal(n)
    item_part = {code: rng.standard_normal(n) for code in scale.items}
    team = _team_effects(people["team"], rng) * math.sqrt(team_variance(setting, len(scale.items)))
    answers: dict[tuple[str, str], Array] = {}
    for wave in dict.fromkeys(w for c in scale.items for w in instrument.item(c).waves):
        wave_part = rng.standard_normal(n)
        latent_level = math.sqrt(setting.stability) * stable + math.sqrt(1 - setting.stability) * wave_part
        after_event = wave in shifts
        for code in scale.items:
            item = instrument.item(code)
            answer_format = format_of(instrument, item)
            if answer_format is None or wave not in item.waves:
                continue
            noise = math.sqrt(0.5) * item_part[code] + math.sqrt(0.5) * rng.standard_normal(n)
            level = level_of(scale.key, answer_format, setting)
            latent = math.sqrt(share) * latent_level + math.sqrt(1 - share) * noise + (team if after_event else 0.0)
            centre = level.mean + offsets(scale, level)[code] + shifts.get(wave, 0.0)
            answers[code, wave] = _turned(item, answer_format, answer_format.answer(centre + level.spread * latent))
    return answers


def _turned(item: Item, answer_format: AnswerFormat, answers: Array) -> Array:
    """Reverse the answers to a reversed item; leave other items as they are."""
    return answer_format.low + answer_format.high - answers if item.reverse else answers


def _team_effects(team: pd.Series, rng: np.random.Generator) -> Array:
    """Draw one effect per team, centred over people; 0 for people without a team."""
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
    context: tuple[pd.DataFrame, Mapping[tuple[str, str], Any]],
    setting: Setting,
    rng: np.random.Generator,
) -> Array:
    """Draw the answers to an item that belongs to no scale."""
    people, answers = context
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
    if item.at_most and (item.at_most, wave) in answers:
        return rng.binomial(answers[item.at_most, wave].astype(int), AT_MOST)
    if item.retrospective_of:
        return _looking_back(instrument, item, answers, setting, rng)
    answer_format = format_of(instrument, item)
    size = setting.teams if item.code in setting.by_team else n
    if answer_format is not None:
        level = level_of(item.code, answer_format, setting)
        values = answer_format.answer(level.mean + level.spread * rng.standard_normal(size))
    else:
        shares = option_shares(instrument, item.code, setting)
        options = np.array([*shares, None], dtype=object)[:-1]
        values = options[rng.choice(len(options), size, p=list(shares.values()))]
    return _by_team(values, people["team"], rng) if item.code in setting.by_team else values


def _by_team(values: Array, team: pd.Series, rng: np.random.Generator) -> Array:
    """Give everybody the answer of their team; people without a team get that of a random one."""
    codes, _ = pd.factorize(team)
    return values[np.where(codes >= 0, codes, rng.integers(0, len(values), len(team)))]


def _several(instrument: Instrument, item: Item, people: pd.DataFrame, rng: np.random.Generator) -> Array:
    """Choose at least one of several options; one's own profile answer is chosen more often."""
    response_set = instrument.response_set(item)
    values = response_set.values if response_set else ()
    own = next((people[i.code] for i in instrument.items if _same_set(i, item, people)), None)
    probability = np.full((len(people), len(values)), CHOSEN)
    if own is not None:
        probability[own.to_numpy()[:, None] == np.array(values, dtype=object)[None, :]] = OWN_CHOSEN
    is_chosen = rng.random(probability.shape) < probability
    is_chosen[np.arange(len(people)), rng.integers(0, len(values), len(people))] |= ~is_chosen.any(axis=1)
    answers = np.empty(len(people), dtype=object)
    answers[:] = [tuple(v for v, h in zip(values, row, strict=True) if h) for row in is_chosen]
    return answers


def _same_set(profile: Item, item: Item, people: pd.DataFrame) -> bool:
    return profile.code in people and profile.response_set == item.response_set


def _looking_back(
    instrument: Instrument,
    item: Item,
    answers: Mapping[tuple[str, str], Any],
    setting: Setting,
    rng: np.random.Generator,
) -> Array:
    """Draw retrospective answers: the first answer to the item, remembered a little lower and not exactly."""
    first_item = instrument.item(item.retrospective_of or "")
    answer_format = format_of(instrument, item)
    first = answers[first_item.code, first_item.waves[0]]
    if answer_format is None:
        return np.asarray(first)
    spread = level_of("", answer_format, setting).spread
    return answer_format.answer(first + setting.recall_shift * spread + 0.6 * spread * rng.standard_normal(len(first)))


def _texts(code: str, n: int, rng: np.random.Generator) -> Array:
    """Let half of the people choose one of the prepared sentences (or nothing)."""
    sentences = np.array([*SENTENCES.get(code, ()), None], dtype=object)
    texts = sentences[rng.integers(0, len(sentences), n)]
    texts[rng.random(n) < 0.5] = None
    return texts


def _relevant(frame: pd.DataFrame, people: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Blank the items that a person is not asked."""
    for code, (other, values) in setting.asked_of.items():
        if code in frame:
            is_asked = (frame[other] if other in frame else people[other]).isin(values).to_numpy()
            frame[code] = frame[code].where(is_asked, None)
    return frame


def scores(instrument: Instrument, scale: Scale, people: pd.DataFrame, frame: pd.DataFrame) -> Array:
    """Score complete answers: the mean of the items that apply, reversed back; log1p if the scale says so."""
    values = np.full((len(frame), len(scale.items)), np.nan)
    for n, code in enumerate(scale.items):
        item = instrument.item(code)
        answer_format, column = format_of(instrument, item), frame[code].to_numpy(dtype=float)
        values[:, n] = _turned(item, answer_format, column) if answer_format else column
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
