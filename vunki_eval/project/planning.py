"""What a planned survey can show: smallest change that would be noticed, answers needed, chance of each verdict.

Power comes from the noncentral t distribution; a simulation of answers on the real, bounded and discrete scales stands
beside it. Both rest on assumptions that are named in the result: the spread of answers and how steady people are.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats as distributions

from vunki_eval.errors import Problem, UsageError
from vunki_eval.project.instrument import Instrument, Scale
from vunki_eval.stats import detectable_change, pairs_needed
from vunki_eval.stats.power import power_of

SPREAD = 0.18
LOG_SPREAD = 0.9
STEADINESS = 0.75
AGREEMENT = 0.8
POWER = 0.8
FEWEST = 5
DESCRIBED = 10
DRAWS = 2000
MOST_PEOPLE = 2000


@dataclass(frozen=True, slots=True)
class Design:
    """What is expected of the survey.

    Attributes
    ----------
    people : int
        Who take part in the event.
    response : float
        Share of them who answer both before and after, 0-1.
    linking : float
        Share of those whose two answers can be linked, 0-1.
    correlation : float
        How steady people are: correlation of a person's two true scores when nothing changes, 0 to below 1.
    spread : float
        Standard deviation of scores between people as a share of the scale's width.
    """

    people: int
    response: float
    linking: float = 0.9
    correlation: float = STEADINESS
    spread: float = SPREAD

    @property
    def pairs(self) -> int:
        """Linked pairs to expect."""
        return math.floor(self.people * self.response * self.linking + 1e-9)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a design can show for one primary outcome.

    Changes are in the scale's points; ratios for counts (``ratio``). ``detectable`` is None below two pairs.
    ``pairs_needed`` and ``answers_needed`` are for the smallest change that matters with 80 % power. ``power`` and
    ``equivalence`` are simulated chances (0-1): to find the smallest change that matters, and to be able to say that
    there was none when there was none; None without such a change or below five pairs.
    """

    outcome: str
    ratio: bool
    smallest: float | None
    sd_change: float
    detectable: float | None
    pairs_needed: int | None
    answers_needed: int | None
    power: float | None
    equivalence: float | None


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """A design with its prospects and what to do about them (keys of advice)."""

    design: Design
    level: float
    prospects: tuple[Prospect, ...]
    advice: tuple[str, ...]


def plan_survey(
    instrument: Instrument, outcomes: Sequence[str], smallest: dict[str, float | None], design: Design, *, seed: int
) -> SurveyPlan:
    """Say what a design can show for the primary outcomes.

    Parameters
    ----------
    instrument : Instrument
    outcomes : sequence of str
        Keys of the primary scales.
    smallest : dict
        Smallest change that matters per scale (ratio for counts), or None.
    design : Design
    seed : int
        Of the simulation.

    Returns
    -------
    Plan
        Levels are corrected for the number of primary outcomes (the strictest step of Holm's procedure).

    Raises
    ------
    UsageError
        For shares outside 0-1 or an impossible number of people.
    """
    _check(design)
    level = 1 - 0.05 / max(len(outcomes), 1)
    prospects = tuple(
        _prospect(instrument.scale(key), smallest.get(key), design, level, seed + n) for n, key in enumerate(outcomes)
    )
    return SurveyPlan(design, level, prospects, tuple(_advice(design, prospects)))


def _check(design: Design) -> None:
    shares = (design.response, design.linking, design.spread)
    if not (all(0 < s <= 1 for s in shares) and 0 <= design.correlation < 1):
        problem = "A share lies outside 0 to 1."
        raise UsageError(Problem("", 0, "", problem, "Write 0.6 for 60 percent.", "VE-124"))
    if not 1 <= design.people <= MOST_PEOPLE:
        problem = f"The number of people must lie between 1 and {MOST_PEOPLE}."
        raise UsageError(Problem("", 0, "", problem, "Correct --people.", "VE-125"))


def _prospect(scale: Scale, smallest: float | None, design: Design, level: float, seed: int) -> Prospect:
    ratio, pairs = scale.transform == "log1p", design.pairs
    matters = (math.log(smallest) if ratio else smallest) if smallest else None
    spread = LOG_SPREAD if ratio else design.spread * (scale.range[1] - scale.range[0])
    answers = _answers(scale, spread, design.correlation, max(pairs, 200), 0.0, seed, draws=50)
    sd = float(np.mean(np.std(answers[1] - answers[0], axis=1, ddof=1)))
    seen = sd * detectable_change(pairs, power=POWER, level=level) if pairs >= 2 else None
    needed = pairs_needed(matters / sd, power=POWER, level=level) if matters else None
    powers: tuple[float | None, float | None] = (None, None)
    if matters and pairs >= FEWEST:
        powers = _simulated(scale, spread, design.correlation, pairs, matters, level, seed)
    return Prospect(
        scale.key, ratio, smallest, sd,
        None if seen is None else math.exp(seen) if ratio else seen,
        needed, None if needed is None else math.ceil(needed / design.linking - 1e-9), *powers,
    )  # fmt: skip


def _simulated(
    scale: Scale, spread: float, correlation: float, pairs: int, matters: float, level: float, seed: int
) -> tuple[float, float]:
    """Give the chances to find the smallest change that matters, and to exclude it when nothing changed."""
    before, after = _answers(scale, spread, correlation, pairs, matters, seed)
    mean, se = _mean_change(before, after)
    found = np.mean(mean > se * distributions.t.isf((1 - level) / 2, pairs - 1))
    before, after = _answers(scale, spread, correlation, pairs, 0.0, seed + 1000)
    mean, se = _mean_change(before, after)
    inside = np.mean(np.abs(mean) + se * distributions.t.isf(0.05, pairs - 1) < matters)
    return float(found), float(inside)


def _mean_change(before: Any, after: Any) -> tuple[Any, Any]:
    change = after - before
    return change.mean(axis=1), change.std(axis=1, ddof=1) / math.sqrt(change.shape[1])


def _answers(
    scale: Scale, spread: float, correlation: float, pairs: int, change: float, seed: int, *, draws: int = DRAWS
) -> tuple[Any, Any]:
    """Draw scores of both waves (draws x pairs) as people would give them: whole answers inside the scale, averaged.

    True scores are bivariate normal; each item adds its own noise, so that the items agree as scales usually do. On
    counts the change is in log points. People near the end of a scale cannot rise as far: that is part of the answer.
    """
    random = np.random.default_rng(seed)
    low, high = scale.range
    ratio, items = scale.transform == "log1p", len(scale.items)
    centre = math.log1p(8) if ratio else low + 0.55 * (high - low)
    first = random.standard_normal((draws, pairs))
    second = correlation * first + math.sqrt(1 - correlation**2) * random.standard_normal((draws, pairs))
    steady = AGREEMENT if items > 1 else 1.0
    noise = spread * math.sqrt(items * (1 - steady))
    waves = []
    for standard, shift in ((first, 0.0), (second, change)):
        total = np.zeros_like(standard)
        for _ in range(items):
            true = (
                centre + shift + spread * math.sqrt(steady) * standard + noise * random.standard_normal(standard.shape)
            )
            given = np.clip(np.rint(np.expm1(true) if ratio else true), low, high)
            total += np.log1p(given) if ratio else given
        waves.append(total / items)
    return waves[0], waves[1]


def _advice(design: Design, prospects: Sequence[Prospect]) -> list[str]:
    """Choose what to say; the words are elsewhere."""
    pairs, answering = design.pairs, design.people * design.response
    needed = [p.answers_needed for p in prospects if p.answers_needed is not None]
    said = ["too_few"] if pairs < FEWEST else ["described"] if pairs < DESCRIBED else []
    if needed and max(needed) > design.people:
        said.append("pool_events")
    if needed and any(answering < n <= design.people for n in needed):
        said.append("reminders")
    if needed and max(needed) <= answering:
        said.append("enough")
    if design.people < 40 or design.response < 0.5:
        said.append("short_form")
    if design.linking < 0.85:
        said.append("linking")
    said.append("followup" if pairs * 0.6 >= 2 * DESCRIBED else "followup_small")
    if any(p.equivalence is not None and p.equivalence < POWER for p in prospects):
        said.append("no_equivalence")
    return said


def detectable_curve(prospect: Prospect, level: float, sizes: Sequence[int]) -> list[tuple[int, float]]:
    """Give the smallest change noticed with each number of pairs (ratios for counts)."""
    changes = [prospect.sd_change * detectable_change(n, power=POWER, level=level) for n in sizes]
    return [(n, math.exp(c) if prospect.ratio else c) for n, c in zip(sizes, changes, strict=True)]


def chance(prospect: Prospect, pairs: int, level: float) -> float:
    """Give the chance to find the smallest change that matters by the t distribution (a check on the simulation)."""
    matters = math.log(prospect.smallest or 1) if prospect.ratio else (prospect.smallest or 0)
    return power_of(matters / prospect.sd_change, pairs, level=level)
