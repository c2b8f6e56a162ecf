"""Do the intervals cover what they claim, for answers like ours? Seeded simulations against issue bounds.

Answers are means of four 5-point items (about the middle, or near the ceiling) or one 0-10 item: a person's level, the
same before and after up to a correlation, plus noise per item, rounded and cut at the ends of the scale. The true
change is that of two million people of the same kind.

The full run is marked slow and prints its figures: python run.py test --all tests/simulation -s -n0
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from scipy import stats as distributions

from vunki_eval import stats
from vunki_eval.stats.reml import fit

Generator = np.random.Generator
FULL, QUICK = 2000, 400
TRUTH = 2_000_000
CHANGE = 0.42
"""Change of the latent level in its standard deviations."""

LEAST_PAIRS = 10
"""The report infers nothing from fewer pairs."""
MILD, STRONG = 0.5, 1.2
"""Slopes of drop-out on the first answer, in logits per standard deviation."""


@dataclass(frozen=True)
class Scale:
    """How answers come about: middle, spread of people and of items, ends of the scale, items."""

    middle: float
    people: float
    noise: float
    low: int
    high: int
    items: int


SCALES = {
    "middle": Scale(3.4, 0.72, 0.85, 1, 5, 4),
    "ceiling": Scale(4.6, 0.75, 0.85, 1, 5, 4),
    "0-10": Scale(7.0, 1.9, 1.4, 0, 10, 1),
}

LEAST = {(name, slope): least for name in SCALES for slope, least in ((MILD, 0.93), (STRONG, 0.88))}
LEAST["ceiling", MILD] = 0.91
"""Least coverage under drop-out by answer; near the ends of a scale the regression on the first answer is no line."""


def draw(generator: Generator, scale: Scale, shape: tuple[int, ...], shifts: tuple[float, ...]) -> np.ndarray:
    """Draw answers of shape (*shape, waves); the level of a person correlates .65 between any two waves."""
    level = np.sqrt(0.65) * generator.standard_normal((*shape, 1))
    level = level + np.sqrt(0.35) * generator.standard_normal((*shape, len(shifts))) + np.array(shifts)
    total = np.zeros_like(level)
    for _ in range(scale.items):
        exact = scale.middle + scale.people * level + scale.noise * generator.standard_normal(level.shape)
        total += np.clip(np.rint(exact), scale.low, scale.high)
    return total / scale.items


@cache
def truth(name: str, shift: float) -> tuple[float, float]:
    """Give the true mean change and the true change in average standard deviations."""
    values = draw(np.random.default_rng(99), SCALES[name], (TRUTH,), (0.0, shift))
    change = 0.0 if shift == 0 else float(np.mean(values[:, 1] - values[:, 0]))
    return change, change / float(np.sqrt(values.var(axis=0).mean()))


def lose_by_chance(generator: Generator, values: np.ndarray) -> np.ndarray:
    """Keep both answers of half of the people, one of the others."""
    people = values.shape[1]
    lost = values.copy()
    lost[:, people // 2 : 3 * people // 4, 0] = np.nan
    lost[:, 3 * people // 4 :, 1] = np.nan
    return lost


def lose_by_answer(slope: float) -> Callable[[Generator, np.ndarray], np.ndarray]:
    """Lose about half of the after-answers: the higher the answer before the likelier (slope in logits per SD).

    With a slope below 0 those who began low leave, and the pairs crowd at the upper end of the scale.
    """

    def lose(generator: Generator, values: np.ndarray) -> np.ndarray:
        standard = (values[..., 0] - values[..., 0].mean()) / values[..., 0].std()
        lost = values.copy()
        lost[generator.random(standard.shape) < 1 / (1 + np.exp(-slope * standard)), 1] = np.nan
        return lost

    return lose


@dataclass(frozen=True)
class AllData:
    """Estimates, interval limits and p values of many data sets, and how often the paired t stood in."""

    change: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p: np.ndarray
    fallbacks: float

    def covers(self, value: float) -> float:
        return float(np.mean((self.low <= value) & (value <= self.high)))


def all_data(values: np.ndarray) -> AllData:
    """Run the fit behind ``all_data_change`` on all sets at once; where it gives up, run the function itself."""
    found, contrast = fit(values), np.array([-1.0, 1.0])
    change = found.means @ contrast
    se = np.sqrt(np.einsum("i,bij,j->b", contrast, found.observed, contrast))
    df = (~np.isnan(values).any(axis=2)).sum(axis=1) - 1.0
    for i in np.flatnonzero(~found.converged):
        alone = stats.all_data_change(values[i, :, 0], values[i, :, 1])
        change[i], se[i] = alone.change, alone.se
    half = distributions.t.isf(0.025, df) * se
    p = 2 * distributions.t.sf(np.abs(change / se), df)
    return AllData(change, change - half, change + half, p, float(np.mean(~found.converged)))


def pairs(values: np.ndarray) -> list[stats.PairedChange]:
    """Run ``paired_change`` on every set."""
    return [stats.paired_change(one[:, 0], one[:, 1]) for one in values]


def share(flags: list[bool] | np.ndarray) -> float:
    return float(np.mean(flags))


@pytest.fixture(scope="module")
def report() -> Iterator[Callable[[str, str, float, float, float], None]]:
    """Collect figures, check each against its bounds, print all of them at the end."""
    lines = []

    def add(what: str, case: str, value: float, low: float, high: float) -> None:
        lines.append(f"| {what} | {case} | {100 * value:.1f} | {100 * low:.1f} to {100 * high:.1f} |")
        assert low <= value <= high, lines[-1]

    yield add
    print("\n| What | Case | % | Bounds |\n|---|---|---|---|", *lines, sep="\n")


def _seeded(*parts: object) -> Generator:
    return np.random.default_rng([ord(letter) for letter in "/".join(map(str, parts))])


def check_complete(name: str, people: int, runs: int, slack: float, add: Callable[..., None]) -> None:
    """Check interval of the change, of g_av, and type I error for complete pairs."""
    case = f"{name}, {people} pairs"
    change, standardised = truth(name, CHANGE)
    found = pairs(draw(_seeded("complete", name, people), SCALES[name], (runs, people), (0.0, CHANGE)))
    add("paired t, coverage", case, share([r.low <= change <= r.high for r in found]), 0.95 - slack, 0.95 + slack)
    covered = [r.g_av_low <= standardised <= r.g_av_high for r in found]
    add("g_av, coverage", case, share(covered), 0.95 - slack, 0.95 + slack)
    null = pairs(draw(_seeded("null", name, people), SCALES[name], (runs, people), (0.0, 0.0)))
    add("paired t, type I", case, share([r.p < 0.05 for r in null]), 0.05 - slack, 0.05 + slack)


def check_by_chance(name: str, people: int, runs: int, slack: float, add: Callable[..., None]) -> None:
    """Check the all-data change when answers are missing by chance."""
    case = f"{name}, {people} people, half in pairs"
    generator, scale = _seeded("chance", name, people), SCALES[name]
    values = lose_by_chance(generator, draw(generator, scale, (runs, people), (0.0, CHANGE)))
    found, change = all_data(values), truth(name, CHANGE)[0]
    add("all data, coverage", case, found.covers(change), 0.95 - slack, 0.95 + slack)
    null = all_data(lose_by_chance(generator, draw(generator, scale, (runs, people), (0.0, 0.0))))
    add("all data, type I", case, share(null.p < 0.05), 0.05 - slack, 0.05 + slack)


def check_by_answer(name: str, people: int, slope: float, runs: int, add: Callable[..., None]) -> None:
    """Check the all-data change when drop-out depends on the first answer."""
    least, most_bias = (LEAST[name, abs(slope)], 0.02) if runs == FULL else (LEAST[name, abs(slope)] - 0.015, 0.03)
    generator = _seeded("answer", name, people, slope)
    values = lose_by_answer(slope)(generator, draw(generator, SCALES[name], (runs, people), (0.0, CHANGE)))
    enough = (~np.isnan(values).any(axis=2)).sum(axis=1) >= LEAST_PAIRS
    found = all_data(values[enough])
    strength, side = "mild" if abs(slope) < 1 else "strong", "low" if slope < 0 else "high"
    case = f"{name}, {people} people, {strength} drop-out of those who began {side}"
    change, standardised = truth(name, CHANGE)
    add("all data, coverage", case, found.covers(change), least, 0.985)
    bias = abs(float(found.change.mean()) - change) / (change / standardised)
    add("all data, bias in SD", case, bias, 0.0, most_bias)
    assert found.fallbacks < 0.01


@pytest.mark.slow
@pytest.mark.parametrize("people", [30, 60, 100])
@pytest.mark.parametrize("name", SCALES)
def test_complete_pairs(name: str, people: int, report) -> None:
    check_complete(name, people, FULL, 0.015, report)


@pytest.mark.slow
@pytest.mark.parametrize("people", [30, 60, 100])
@pytest.mark.parametrize("name", SCALES)
def test_missing_by_chance(name: str, people: int, report) -> None:
    check_by_chance(name, people, FULL, 0.015, report)


@pytest.mark.slow
@pytest.mark.parametrize("people", [30, 60, 100])
@pytest.mark.parametrize("slope", [MILD, -MILD, STRONG, -STRONG])
@pytest.mark.parametrize("name", SCALES)
def test_drop_out_by_answer(name: str, slope: float, people: int, report) -> None:
    check_by_answer(name, people, slope, FULL, report)


@pytest.mark.slow
@pytest.mark.parametrize("name", SCALES)
def test_all_data_gain_power(name: str, report) -> None:
    generator = _seeded("power", name)
    values = lose_by_chance(generator, draw(generator, SCALES[name], (FULL, 100), (0.0, CHANGE)))
    every, some = share(all_data(values).p < 0.05), share([r.p < 0.05 for r in pairs(values)])
    report("power, pairs only", f"{name}, 100 people, half in pairs", some, 0.0, 1.0)
    report("power, all data", f"{name}, 100 people, half in pairs", every, some + 0.05, 1.0)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["middle", "ceiling"])
def test_three_waves(name: str, report) -> None:
    generator, people = _seeded("waves", name), 100
    shifts = (0.0, CHANGE, 0.2)
    values = draw(generator, SCALES[name], (FULL // 2, people), shifts)
    lost = lose_by_answer(0.5)(generator, values)
    standard = (values[..., 0] - values[..., 0].mean()) / values[..., 0].std()
    lost[generator.random(standard.shape) < 1 / (1 + np.exp(-0.5 * standard)), 2] = np.nan
    found = fit(lost)
    assert share(~found.converged) < 0.01
    means = draw(np.random.default_rng(98), SCALES[name], (TRUTH,), shifts).mean(axis=0)
    for label, weight in stats.waves.PLANNED.items():
        weights = np.array(weight)
        n = (~np.isnan(lost[:, :, weights != 0]).any(axis=2)).sum(axis=1)
        half = distributions.t.isf(0.025, n - 1.0) * np.sqrt(np.einsum("i,bij,j->b", weights, found.observed, weights))
        covers = np.abs(found.means @ weights - means @ weights) <= half
        least = 0.93 if name == "middle" else 0.91
        report(
            "three waves, coverage", f"{name}, {people} people, {label}", share(covers[found.converged]), least, 0.97
        )


@pytest.mark.slow
def test_tests_without_normality_keep_their_level(report) -> None:
    for name in SCALES:
        sets = draw(_seeded("ranks", name), SCALES[name], (FULL, 40), (0.0, 0.0))
        ranks = [stats.wilcoxon(one[:, 0], one[:, 1]).p < 0.05 for one in sets]
        report("Pratt signed ranks, type I", f"{name}, 40 pairs", share(ranks), 0.03, 0.065)
        exact = [stats.wilcoxon(one[:20, 0], one[:20, 1]).p < 0.05 for one in sets]
        report("Pratt signed ranks, type I", f"{name}, 20 pairs", share(exact), 0.02, 0.065)
        flips = [stats.sign_flip(one[:13, 0], one[:13, 1], seed=1).p < 0.05 for one in sets]
        report("sign flips, type I", f"{name}, 13 pairs", share(flips), 0.02, 0.065)


@pytest.mark.slow
@pytest.mark.parametrize("icc", [0.05, 0.2])
def test_teams(icc: float, report) -> None:
    generator = _seeded("teams", icc)
    size = np.array([4, 5, 6, 3, 7, 5, 5, 6, 4, 5])
    teams = np.repeat(np.arange(size.size), size)
    shared = np.sqrt(icc) * generator.standard_normal((FULL, size.size))[:, teams]
    change = shared + np.sqrt(1 - icc) * generator.standard_normal(shared.shape)
    zero = np.zeros(teams.size)
    clustered = [stats.team_change(zero, one, teams.tolist()).p < 0.05 for one in change]
    plain = [stats.paired_change(zero, one).p < 0.05 for one in change]
    report("paired t, type I", f"10 teams of unequal size, ICC {icc}", share(plain), 0.05, 0.2)
    report("team change, type I", f"10 teams of unequal size, ICC {icc}", share(clustered), 0.035, 0.065)


@pytest.mark.slow
@pytest.mark.parametrize("people", [30, 100])
def test_shares(people: int, report) -> None:
    generator = _seeded("shares", people)
    before = generator.random((FULL, people)) < 0.45
    after = np.where(generator.random(before.shape) < 0.6, before, generator.random(before.shape) < 0.7)
    found = [stats.paired_proportions(b.astype(float), a.astype(float)) for b, a in zip(before, after, strict=True)]
    change = 0.4 * (0.7 - 0.45)
    report("Newcombe 10, coverage", f"{people} pairs", share([r.low <= change <= r.high for r in found]), 0.935, 0.98)
    scores = generator.choice(11, size=(FULL, people), p=np.array([1, 1, 1, 1, 2, 4, 5, 8, 9, 7, 6]) / 45)
    points = 100 * (13 - 15) / 45
    nps = [stats.net_promoter(one) for one in scores]
    covered = share([r.low <= points <= r.high for r in nps])
    report("net promoter score, coverage", f"{people} people", covered, 0.935, 0.97)


@pytest.mark.slow
def test_superiority(report) -> None:
    for name, people in (("middle", 20), ("middle", 60), ("ceiling", 60)):
        big = np.diff(draw(np.random.default_rng(97), SCALES[name], (TRUTH,), (0.0, CHANGE)))[:, 0]
        theta = share(big > 1e-9) + share(np.abs(big) <= 1e-9) / 2
        found = pairs(draw(_seeded("superiority", name, people), SCALES[name], (FULL, people), (0.0, CHANGE)))
        covered = share([r.superiority_low <= theta <= r.superiority_high for r in found])
        report("superiority, coverage", f"{name}, {people} pairs", covered, 0.925, 0.975)


@pytest.mark.slow
@pytest.mark.parametrize("people", [30, 100])
def test_alpha(people: int, report) -> None:
    def items(generator: Generator, shape: tuple[int, ...]) -> np.ndarray:
        level = 0.72 * generator.standard_normal((*shape, 1))
        return np.clip(np.rint(3.4 + level + 0.85 * generator.standard_normal((*shape, 4))), 1, 5)

    value = stats.cronbach_alpha(items(np.random.default_rng(96), (TRUTH // 4,))).value
    found = [stats.cronbach_alpha(one) for one in items(_seeded("alpha", people), (FULL, people))]
    covered = share([r.low <= value <= r.high for r in found])
    report("alpha, coverage of Feldt's interval", f"middle, 4 items, {people} people", covered, 0.93, 0.97)


@pytest.mark.slow
def test_equivalence_is_rarely_claimed_at_the_margin(report) -> None:
    margin = truth("middle", CHANGE)[0]
    for people in (30, 100):
        sets = draw(_seeded("margin", people), SCALES["middle"], (FULL, people), (0.0, CHANGE))
        claimed = [stats.equivalence(one[:, 0], one[:, 1], margin=margin).equivalent for one in sets]
        report("false claim of no meaningful change", f"true change at the margin, {people}", share(claimed), 0, 0.065)


def test_quick_complete_pairs(report) -> None:
    check_complete("middle", 40, QUICK, 0.035, report)


def test_quick_missing_by_chance(report) -> None:
    check_by_chance("middle", 60, QUICK, 0.035, report)


def test_quick_drop_out_by_answer(report) -> None:
    check_by_answer("middle", 60, MILD, QUICK, report)
    check_by_answer("ceiling", 60, -MILD, QUICK, report)


def test_many_at_once_are_the_function_itself() -> None:
    generator = _seeded("same")
    values = lose_by_chance(generator, draw(generator, SCALES["middle"], (12, 40), (0.0, CHANGE)))
    found = all_data(values)
    for i, one in enumerate(values):
        alone = stats.all_data_change(one[:, 0], one[:, 1])
        assert (found.change[i], found.low[i], found.p[i]) == pytest.approx(
            (alone.change, alone.low, alone.p), rel=1e-8
        )
