"""Compute the true values of a simulation: the mean of the answers without drawing them.

An ordered answer is a normal latent value rounded into its range; a count is the same on the log1p scale. The mean of
f(answer) is then f(low) + sum over c > low of (f(c) - f(c - 1)) P(answer >= c), which needs only normal tail areas.
`calibrate` inverts this: it finds the latent shift for which the *expressed* mean change is exactly the requested one.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from vunki_eval.errors import M_, Problem, StatisticsError
from vunki_eval.project.instrument import Instrument, Item, Scale
from vunki_eval.simulate.setting import Level, Setting

DEFAULT_MEAN, DEFAULT_SPREAD = 0.62, 0.21
OFFSET = 0.3


@dataclass(frozen=True, slots=True)
class AnswerFormat:
    """How latent values become answers to an item: its limits, and whether it is a count (latent on log1p)."""

    low: int
    high: int
    counts: bool

    def answer(self, latent: Any) -> Any:
        """Round latent values to answers."""
        values = np.expm1(latent) if self.counts else latent
        return np.clip(np.rint(values), self.low, self.high).astype(int)

    def mean(self, centre: float, spread: float, *, log: bool) -> float:
        """Compute the expected answer (or its log1p) for a normal latent value."""
        steps = np.arange(self.low + 1, self.high + 1)
        limits = np.log1p(steps - 0.5) if self.counts else steps - 0.5
        gain = np.log1p(steps) - np.log1p(steps - 1) if log else 1.0
        start = math.log1p(self.low) if log else self.low
        return float(start + np.sum(gain * ndtr((centre - limits) / spread)))


def format_of(instrument: Instrument, item: Item) -> AnswerFormat | None:
    """Find how an item is answered; None for nominal answers and texts."""
    response_set = instrument.response_set(item)
    if item.kind == "number" and item.range:
        return AnswerFormat(*item.range, counts=True)
    if item.kind == "single" and response_set and response_set.ordered:
        return AnswerFormat(response_set.low, response_set.high, counts=False)
    return None


def level_of(key: str, answer_format: AnswerFormat, setting: Setting) -> Level:
    """Give the level of a scale or item: the one set, else a little above the middle of its range."""
    if key in setting.levels:
        return setting.levels[key]
    if answer_format.counts:
        return Level(1.0, 0.7)
    width = answer_format.high - answer_format.low
    return Level(answer_format.low + DEFAULT_MEAN * width, DEFAULT_SPREAD * width)


def offsets(scale: Scale, level: Level) -> dict[str, float]:
    """Spread the items of a scale around its level: some are easier to agree with than others."""
    count = len(scale.items)
    steps = np.linspace(-OFFSET, OFFSET, count) if count > 1 else np.zeros(1)
    order = [*range(0, count, 2), *range(1, count, 2)]
    return {code: float(steps[order[n]] * level.spread) for n, code in enumerate(scale.items)}


def expected(instrument: Instrument, scale: Scale, setting: Setting, *, shift: float, later: bool) -> float:
    """Compute the mean score (mean log1p for counts analysed so) when the latent level is moved by ``shift``.

    Items excluded by an answer to a profile item are left out in proportion to the share of that answer.
    """
    means: dict[str, float] = {}
    for code in scale.items:
        item = instrument.item(code)
        answer_format = format_of(instrument, item)
        if answer_format is None:
            continue
        level = level_of(scale.key, answer_format, setting)
        spread_factor = math.sqrt(1 + team_variance(setting, len(scale.items)) * later)
        centre = level.mean + offsets(scale, level)[code] + shift
        means[code] = answer_format.mean(centre, level.spread * spread_factor, log=scale.transform == "log1p")
    mean = 0.0
    for share, left_out in _exclusions(instrument, scale, setting):
        counted = [m for code, m in means.items() if code not in left_out]
        mean += share * sum(counted) / len(counted)
    return mean


def _exclusions(instrument: Instrument, scale: Scale, setting: Setting) -> list[tuple[float, frozenset[str]]]:
    """Give shares of people with the items that do not count for them."""
    rules = {c: e for c in scale.items if (e := instrument.item(c).excluded_by) is not None}
    if not rules:
        return [(1.0, frozenset())]
    profile = next(iter(rules.values())).item
    shares = option_shares(instrument, profile, setting)
    return [(p, frozenset(c for c, e in rules.items() if value in e.values)) for value, p in shares.items()]


def option_shares(instrument: Instrument, code: str, setting: Setting) -> Mapping[Any, float]:
    """Give the share of each answer to a nominal or ordered item."""
    response_set = instrument.response_set(code)
    values = response_set.values if response_set else ()
    declared = setting.shares.get(code, {})
    weights = [declared.get(v, 0.0) for v in values] if any(v in declared for v in values) else [1.0] * len(values)
    return {v: w / sum(weights) for v, w in zip(values, weights, strict=True)}


def common_share(setting: Setting, items: int) -> float:
    """Give the share of an item's variance shared with its scale; larger for a single item, which is its own score."""
    return setting.shared if items > 1 else (1 + setting.shared) / 2


def team_variance(setting: Setting, items: int) -> float:
    """Give the variance between teams after the event, as a share of the item's variance."""
    return setting.team_share * 2 * (1 - setting.stability) * common_share(setting, items)


def drawn_scales(instrument: Instrument) -> tuple[Scale, ...]:
    """List the scales that are drawn: no retrospective ones, and none that share items with an earlier one."""
    scales: list[Scale] = []
    for scale in instrument.scales:
        used = {c for s in scales for c in s.items}
        if not any(instrument.item(c).retrospective_of or c in used for c in scale.items):
            scales.append(scale)
    return tuple(scales)


def waves_of(instrument: Instrument, scale: Scale) -> tuple[str, ...]:
    """List the waves that ask all items of a scale."""
    return tuple(w for w in instrument.wave_keys if all(w in instrument.item(c).waves for c in scale.items))


def targets(instrument: Instrument, change: Mapping[str, float], setting: Setting) -> dict[str, dict[str, float]]:
    """Give the true change since the first wave per scale and later wave, in points (logs of the ratio for log1p)."""
    by_scale: dict[str, dict[str, float]] = {}
    for scale in drawn_scales(instrument):
        _, *later = waves_of(instrument, scale) or ("",)
        value = change.get(scale.key, 1.0 if scale.transform else 0.0)
        full_change = math.log(value) if scale.transform else value
        by_scale[scale.key] = {w: full_change * (1.0 if n == 0 else setting.persistence) for n, w in enumerate(later)}
    return by_scale


def calibrate(instrument: Instrument, change: Mapping[str, float], setting: Setting) -> dict[str, dict[str, float]]:
    """Find the latent shift per scale and wave that produces the requested expressed change.

    Raises
    ------
    StatisticsError
        If the scale's range has no room for the change.
    """
    unknown = sorted(set(change) - {s.key for s in drawn_scales(instrument)})
    if unknown:
        raise StatisticsError(
            M_("This instrument has no scale {unknown} that can be simulated.", unknown=", ".join(unknown)),
            code="VE-706",
        )
    shifts: dict[str, dict[str, float]] = {}
    for scale in drawn_scales(instrument):
        shifts[scale.key] = {}
        for wave, target in targets(instrument, change, setting)[scale.key].items():
            shifts[scale.key][wave] = _shift(instrument, scale, setting, target)
    return shifts


def _shift(instrument: Instrument, scale: Scale, setting: Setting, target: float) -> float:
    start = expected(instrument, scale, setting, shift=0.0, later=False)

    def miss(shift: float) -> float:
        return expected(instrument, scale, setting, shift=shift, later=True) - start - target

    first = format_of(instrument, instrument.item(scale.items[0]))
    if first is None:
        return 0.0
    far = 4.0 if first.counts else 2.0 * (first.high - first.low)
    if miss(-far) > 0 or miss(far) < 0:
        problem = M_(
            "The range of {key} has no room for a true change of {target}.", key=scale.key, target=f"{target:g}"
        )
        raise StatisticsError(Problem("", 0, scale.key, problem, M_("Ask for a smaller one."), "VE-705"))
    return float(brentq(miss, -far, far, xtol=1e-10))
