"""Network statistics: mixing of sectors, the E-I index, and ties kept, formed and dissolved.

Ties are directed pairs ``(from, to)`` of people on the roster; loops and repeats are ignored.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from vunki_eval.errors import M_
from vunki_eval.stats.inputs import FloatArray, not_estimable, numbers

Person = TypeVar("Person", bound=Hashable)
DRAWS = 99_999
BLOCK = 2_439  # a divisor of DRAWS
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Mixing:
    """Ties between sectors.

    Attributes
    ----------
    sectors : tuple
        Sectors of the roster, sorted.
    counts : read-only integer array of shape (sectors, sectors)
        ``counts[i, j]`` ties from sector i to sector j.
    """

    sectors: tuple[Hashable, ...]
    counts: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EIIndex:
    """External minus internal ties over all ties: -1 if all are inside sectors, 1 if all are between them.

    Attributes
    ----------
    observed, expected : float
        The index, and its expectation if these people mixed at random.
    p : float
        Two-sided permutation p value of the difference between them.
    """

    observed: float
    expected: float
    p: float


@dataclass(frozen=True, slots=True)
class TieChange:
    """Number of ties kept, formed and dissolved, and Jaccard's share of kept ties among all."""

    kept: int
    formed: int
    dissolved: int
    jaccard: float


@dataclass(frozen=True, slots=True)
class StrengthChange:
    """Number of pairs, rated in both waves, whose tie became stronger, stayed the same or became weaker."""

    upgraded: int
    same: int
    downgraded: int


def mixing(ties: Iterable[tuple[Person, Person]], sectors: Mapping[Person, Hashable]) -> Mixing:
    """Count ties by the sectors of the two people.

    Parameters
    ----------
    ties : iterable of (from, to)
        Directed ties between people of the roster.
    sectors : mapping
        Sector of every person of the roster.

    Raises
    ------
    StatisticsError
        A tie with a person who is not on the roster.
    """
    names = _names(sectors)
    index = {name: i for i, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)), dtype=np.int64)
    for giver, taker in _on_roster(ties, sectors):
        counts[index[sectors[giver]], index[sectors[taker]]] += 1
    counts.setflags(write=False)
    return Mixing(names, counts)


def ei_index(ties: Iterable[tuple[Person, Person]], sectors: Mapping[Person, Hashable], *, seed: int) -> EIIndex:
    """Compute the E-I index and test it against random mixing.

    ``observed = (E - I) / (E + I)`` with E ties between and I ties within sectors;
    ``expected = 1 - 2 sum n_s (n_s - 1) / (n (n - 1))``. The sector labels are permuted 99 999 times over the roster;
    ``p = (b + 1) / 100 000`` with b permutations at least as far from the expected value. The same seed gives the same
    p, whatever the order of ties and people.

    Raises
    ------
    StatisticsError
        No tie, a person who is not on the roster, or a single sector.

    References
    ----------
    Krackhardt, D., & Stern, R. N. (1988). Informal networks and organizational crises. Social Psychology Quarterly,
    51(2), 123-140. https://doi.org/10.2307/2786835
    """
    people = sorted(sectors, key=lambda person: (str(sectors[person]), str(person)))
    position = {person: i for i, person in enumerate(people)}
    edges = np.array(sorted((position[a], position[b]) for a, b in _on_roster(ties, sectors)), dtype=np.int64).reshape(
        -1, 2
    )
    names = _names(sectors)
    labels = np.array([names.index(sectors[person]) for person in people], dtype=np.int64)
    if edges.shape[0] == 0 or len(names) < 2:
        raise not_estimable(M_("There is no tie, or only one sector."), M_("Describe the network in words."), "VE-660")
    size = np.bincount(labels)
    expected = 1 - 2 * float(np.sum(size * (size - 1))) / (len(people) * (len(people) - 1))
    observed = float(_ei_values(labels[None, :], edges)[0])
    generator, beyond = np.random.default_rng(seed), 0
    copies = np.tile(labels.astype(np.int16), (BLOCK, 1))
    for _ in range(DRAWS // BLOCK):
        drawn = _ei_values(generator.permuted(copies, axis=1), edges)
        beyond += int(np.count_nonzero(np.abs(drawn - expected) >= abs(observed - expected) - TOLERANCE))
    return EIIndex(observed, expected, (beyond + 1) / (DRAWS + 1))


def _ei_values(labels: npt.NDArray[np.integer], edges: npt.NDArray[np.int64]) -> FloatArray:
    """Compute the index for each row of labels."""
    external = (labels[:, edges[:, 0]] != labels[:, edges[:, 1]]).mean(axis=1)
    result: FloatArray = 2 * external - 1
    return result


def change(before: Iterable[tuple[Person, Person]], after: Iterable[tuple[Person, Person]]) -> TieChange:
    """Count ties kept, formed and dissolved between two waves.

    Raises
    ------
    StatisticsError
        No tie in either wave.

    References
    ----------
    Snijders, T. A. B., van de Bunt, G. G., & Steglich, C. E. G. (2010). Introduction to stochastic actor-based models.
    Social Networks, 32(1), 44-60. https://doi.org/10.1016/j.socnet.2009.02.004

    Examples
    --------
    >>> change([("a", "b"), ("b", "c")], [("a", "b"), ("c", "a")])
    TieChange(kept=1, formed=1, dissolved=1, jaccard=0.3333333333333333)
    """
    first, second = _distinct(before), _distinct(after)
    if not first | second:
        raise not_estimable(M_("There is no tie in either wave."), M_("Describe the network in words."), "VE-661")
    kept = len(first & second)
    return TieChange(kept, len(second - first), len(first - second), kept / len(first | second))


def density(ties: Iterable[tuple[Person, Person]], people: Sequence[Person], answered: Iterable[Person]) -> float:
    """Compute the share of possible ties that exist: from each person who answered to every other on the roster.

    Raises
    ------
    StatisticsError
        Nobody answered, or there is nobody else on the roster.

    References
    ----------
    Wasserman, S., & Faust, K. (1994). Social network analysis. Cambridge University Press.
    https://doi.org/10.1017/CBO9780511815478

    Examples
    --------
    >>> density([("a", "b"), ("b", "a")], ["a", "b", "c"], ["a", "b"])
    0.5
    """
    givers = set(answered)
    possible = len(givers) * (len(set(people)) - 1)
    if possible < 1:
        raise not_estimable(M_("Nobody rated anybody."), M_("Describe the network in words."), "VE-664")
    named_ties = [tie for tie in _on_roster(ties, dict.fromkeys(people)) if tie[0] in givers]
    return len(named_ties) / possible


def reciprocity(ties: Iterable[tuple[Person, Person]], answered: Iterable[Person]) -> float:
    """Compute the share of ties that go both ways, among ties between people who both answered.

    Raises
    ------
    StatisticsError
        No tie between two people who answered.

    References
    ----------
    Wasserman, S., & Faust, K. (1994). Social network analysis. Cambridge University Press.
    https://doi.org/10.1017/CBO9780511815478

    Examples
    --------
    >>> reciprocity([("a", "b"), ("b", "a"), ("a", "c")], ["a", "b", "c"])
    0.6666666666666666
    """
    import networkx as nx

    both = set(answered)
    graph = nx.DiGraph([tie for tie in _distinct(ties) if set(tie) <= both])
    if not graph.number_of_edges():
        raise not_estimable(M_("There is no tie between people who answered."), M_("Describe it in words."), "VE-665")
    return float(nx.overall_reciprocity(graph))


def isolates(ties: Iterable[tuple[Person, Person]], people: Iterable[Person]) -> int:
    """Count people on the roster who name nobody and whom nobody names.

    Examples
    --------
    >>> isolates([("a", "b")], ["a", "b", "c"])
    1
    """
    connected = {person for tie in _distinct(ties) for person in tie}
    return sum(person not in connected for person in set(people))


def strength_change(
    before: Mapping[tuple[Person, Person], float], after: Mapping[tuple[Person, Person], float]
) -> StrengthChange:
    """Count the pairs, rated in both waves, whose tie became stronger, stayed the same or became weaker.

    Raises
    ------
    StatisticsError
        No pair was rated in both waves.

    Examples
    --------
    >>> strength_change({("a", "b"): 1, ("b", "a"): 2}, {("a", "b"): 3, ("b", "a"): 2, ("a", "c"): 1})
    StrengthChange(upgraded=1, same=1, downgraded=0)
    """
    both = [pair for pair in before if pair in after and pair[0] != pair[1]]
    if not both:
        raise not_estimable(M_("No pair was rated in both waves."), M_("Describe the network in words."), "VE-666")
    changes = [after[pair] - before[pair] for pair in both]
    up, down = sum(c > 0 for c in changes), sum(c < 0 for c in changes)
    return StrengthChange(up, len(changes) - up - down, down)


def named(ties: Iterable[tuple[Person, Person]], people: Sequence[Person]) -> FloatArray:
    """Count how many others each person names, in the order of ``people`` (for a paired comparison of waves)."""
    counts = dict.fromkeys(people, 0)
    for giver, _ in _on_roster(ties, counts):
        counts[giver] += 1
    return np.array([counts[person] for person in people], dtype=np.float64)


def blau(counts: npt.ArrayLike) -> float:
    """Compute Blau's index of diversity, ``1 - sum of squared shares``: 0 if all are the same, at most ``1 - 1/k``.

    Parameters
    ----------
    counts : array-like
        Number of people per category, not negative.

    References
    ----------
    Blau, P. M. (1977). Inequality and heterogeneity. Free Press. Agresti, A., & Agresti, B. F. (1978). Statistical
    analysis of qualitative variation. Sociological Methodology, 9, 204-237. https://doi.org/10.2307/270810

    Examples
    --------
    >>> blau([5, 5])
    0.5
    """
    people = numbers(counts)
    if people.size == 0 or np.isnan(people).any() or (people < 0).any() or people.sum() == 0:
        raise not_estimable(M_("There is nobody to compute diversity of."), M_("Count people per category."), "VE-662")
    return 1 - float(np.sum((people / people.sum()) ** 2))


def _names(sectors: Mapping[Person, Hashable]) -> tuple[Hashable, ...]:
    return tuple(sorted(set(sectors.values()), key=str))


def _distinct(ties: Iterable[tuple[Person, Person]]) -> set[tuple[Person, Person]]:
    return {(giver, taker) for giver, taker in ties if giver != taker}


def _on_roster(ties: Iterable[tuple[Person, Person]], roster: Mapping[Person, object]) -> set[tuple[Person, Person]]:
    """Drop loops and repeats; refuse people who are not on the roster."""
    distinct = _distinct(ties)
    if any(person not in roster for tie in distinct for person in tie):
        raise not_estimable(
            M_("A tie names somebody who is not on the roster."), M_("Add the person to the roster."), "VE-663"
        )
    return distinct
