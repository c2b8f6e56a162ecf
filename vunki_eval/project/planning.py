"""Plan a survey: the smallest detectable change, the answers needed, and the chance of each verdict.

Power comes from the noncentral t distribution, and from simulated answers on the actual scales, which are bounded and
discrete. Both rest on assumptions that the result names: the spread of scores and their correlation between waves.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats as distributions

from vunki_eval.errors import M_, Problem, UsageError
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
    """What is expected of a planned survey.

    Attributes
    ----------
    people : int
        Number of participants of the event.
    response : float
        Share of them who answer both before and after, 0-1.
    linking : float
        Share of those whose two responses can be linked, 0-1.
    correlation : float
        Correlation of people's two true scores if nothing changes, from 0 to below 1.
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
        """Expected number of linked pairs."""
        return math.floor(self.people * self.response * self.linking + 1e-9)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a design can show for one primary outcome.

    Changes are in scale points, or ratios for counts (``ratio``). ``detectable`` is None below two pairs.
    ``pairs_needed`` and ``answers_needed`` give 80 % power for the smallest change that matters. ``power`` and
    ``equivalence`` are simulated chances (0-1): to detect the smallest change that matters, and to show that there was
    no such change if nothing changed. Both are None below five pairs, or if no smallest change is declared.
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
    """A design with its prospects, and keys of the advice that follows from them."""

    design: Design
    level: float
    prospects: tuple[Prospect, ...]
    advice: tuple[str, ...]


def plan_survey(
    instrument: Instrument, outcomes: Sequence[str], smallest: dict[str, float | None], design: Design, *, seed: int
) -> SurveyPlan:
    """Estimate what a design can show for the primary outcomes.

    Parameters
    ----------
    instrument : Instrument
    outcomes : sequence of str
        Keys of the primary scales.
    smallest : dict
        Smallest change that matters per scale (ratio for counts), or None.
    design : Design
    seed : int
        Seed of the simulation.

    Returns
    -------
    SurveyPlan
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
        problem = M_("A share is not between 0 and 1.")
        raise UsageError(Problem("", 0, "", problem, M_("Write 0.6 for 60 percent."), "VE-124"))
    if not 1 <= design.people <= MOST_PEOPLE:
        problem = M_("The number of people must be between 1 and {most_people}.", most_people=MOST_PEOPLE)
        raise UsageError(Problem("", 0, "", problem, M_("Correct --people."), "VE-125"))


def _prospect(scale: Scale, smallest: float | None, design: Design, level: float, seed: int) -> Prospect:
    ratio, pairs = scale.transform == "log1p", design.pairs
    matters = (math.log(smallest) if ratio else smallest) if smallest else None
    spread = LOG_SPREAD if ratio else design.spread * (scale.range[1] - scale.range[0])
    answers = _answers(scale, spread, design.correlation, max(pairs, 200), 0.0, seed, draws=50)
    sd = float(np.mean(np.std(answers[1] - answers[0], axis=1, ddof=1)))
    detectable = sd * detectable_change(pairs, power=POWER, level=level) if pairs >= 2 else None
    needed = pairs_needed(matters / sd, power=POWER, level=level) if matters else None
    powers: tuple[float | None, float | None] = (None, None)
    if matters and pairs >= FEWEST:
        powers = _simulated(scale, spread, design.correlation, pairs, matters, level, seed)
    return Prospect(
        scale.key, ratio, smallest, sd,
        None if detectable is None else math.exp(detectable) if ratio else detectable,
        needed, None if needed is None else math.ceil(needed / design.linking - 1e-9), *powers,
    )  # fmt: skip


def _simulated(
    scale: Scale, spread: float, correlation: float, pairs: int, matters: float, level: float, seed: int
) -> tuple[float, float]:
    """Simulate the chances to detect the smallest change that matters, and to exclude it if nothing changed."""
    before, after = _answers(scale, spread, correlation, pairs, matters, seed)
    mean, se = _mean_change(before, after)
    detected = np.mean(mean > se * distributions.t.isf((1 - level) / 2, pairs - 1))
    before, after = _answers(scale, spread, correlation, pairs, 0.0, seed + 1000)
    mean, se = _mean_change(before, after)
    excluded = np.mean(np.abs(mean) + se * distributions.t.isf(0.05, pairs - 1) < matters)
    return float(detected), float(excluded)


def _mean_change(before: Any, after: Any) -> tuple[Any, Any]:
    change = after - before
    return change.mean(axis=1), change.std(axis=1, ddof=1) / math.sqrt(change.shape[1])


def _answers(
    scale: Scale, spread: float, correlation: float, pairs: int, change: float, seed: int, *, draws: int = DRAWS
) -> tuple[Any, Any]:
    """Draw scores of both waves (draws x pairs): whole-number answers inside the scale, averaged over items.

    True scores are bivariate normal; each item adds its own noise, so that items correlate as in typical scales. For
    counts the change is in log points. People near the end of a scale cannot rise as far, which lowers the power.
    """
    generator = np.random.default_rng(seed)
    low, high = scale.range
    ratio, items = scale.transform == "log1p", len(scale.items)
    centre = math.log1p(8) if ratio else low + 0.55 * (high - low)
    first = generator.standard_normal((draws, pairs))
    second = correlation * first + math.sqrt(1 - correlation**2) * generator.standard_normal((draws, pairs))
    reliability = AGREEMENT if items > 1 else 1.0
    noise = spread * math.sqrt(items * (1 - reliability))
    waves = []
    for standard, shift in ((first, 0.0), (second, change)):
        total = np.zeros_like(standard)
        for _ in range(items):
            true = (
                centre
                + shift
                + spread * math.sqrt(reliability) * standard
                + noise * generator.standard_normal(standard.shape)
            )
            answers = np.clip(np.rint(np.expm1(true) if ratio else true), low, high)
            total += np.log1p(answers) if ratio else answers
        waves.append(total / items)
    return waves[0], waves[1]


def _advice(design: Design, prospects: Sequence[Prospect]) -> list[str]:
    """Choose the keys of advice; the report words them."""
    pairs, answering = design.pairs, design.people * design.response
    needed = [p.answers_needed for p in prospects if p.answers_needed is not None]
    advice = ["too_few"] if pairs < FEWEST else ["described"] if pairs < DESCRIBED else []
    if needed and max(needed) > design.people:
        advice.append("pool_events")
    if needed and any(answering < n <= design.people for n in needed):
        advice.append("reminders")
    if needed and max(needed) <= answering:
        advice.append("enough")
    if design.people < 40 or design.response < 0.5:
        advice.append("short_form")
    if design.linking < 0.85:
        advice.append("linking")
    advice.append("followup" if pairs * 0.6 >= 2 * DESCRIBED else "followup_small")
    if any(p.equivalence is not None and p.equivalence < POWER for p in prospects):
        advice.append("no_equivalence")
    return advice


def detectable_curve(prospect: Prospect, level: float, sizes: Sequence[int]) -> list[tuple[int, float]]:
    """Compute the smallest detectable change for each number of pairs (ratios for counts)."""
    changes = [prospect.sd_change * detectable_change(n, power=POWER, level=level) for n in sizes]
    return [(n, math.exp(c) if prospect.ratio else c) for n, c in zip(sizes, changes, strict=True)]


def chance(prospect: Prospect, pairs: int, level: float) -> float:
    """Compute the power for the smallest change that matters from the t distribution (a check on the simulation)."""
    matters = math.log(prospect.smallest or 1) if prospect.ratio else (prospect.smallest or 0)
    return power_of(matters / prospect.sd_change, pairs, level=level)
