"""How many links are expected to be wrong, from how often different people agree in an element."""

import numpy as np

from vunki_eval.survey.link.pairs import LEAST_TOLERANT, Array, Pairs, Sides


def agreement_rates(left: Array, right: Array, pairs: Pairs) -> Array:
    """Chance that two different people agree in each element: over all pairs of rows that were not linked."""
    count = max(len(left) * len(right) - len(pairs.left), 1)
    rates = []
    for element in range(left.shape[1]):
        one, other = left[:, element], right[:, element]
        size = max(one.max(initial=-1), other.max(initial=-1)) + 1
        tally = [np.bincount(side[side >= 0], minlength=size).astype(float) for side in (one, other)]
        linked = ((one[pairs.left] == other[pairs.right]) & (one[pairs.left] >= 0)).sum()
        rates.append(max(float(tally[0] @ tally[1]) - float(linked), 0.0) / count)
    return np.array(rates)


def expected_wrong(left: Array, right: Array, pairs: Pairs, *, firm: Sides) -> float:
    """Estimate the number of wrong links.

    Two different people agree in an element with the chance that `agreement_rates` finds; elements are taken as
    independent. A wrong exact link needs two people without their own exact partner, a wrong link with one difference
    two people without any partner. Stable answers veto a part of both.
    """
    rates = agreement_rates(left, right, pairs)
    passing = 1.0
    for column in range(firm[0].shape[1]):
        known = [np.bincount(s[s >= 0], minlength=1) / max(len(s), 1) for s in (firm[0][:, column], firm[1][:, column])]
        size = min(len(known[0]), len(known[1]))
        passing *= 1 - (known[0].sum() * known[1].sum() - float(known[0][:size] @ known[1][:size]))
    exact = int((pairs.differences == 0).sum())
    near = len(pairs.left) - exact
    rest = [len(left) - exact, len(right) - exact]
    wrong = rest[0] * rest[1] * float(rates.prod())
    if len(rates) >= LEAST_TOLERANT:
        one_off = sum((1 - rates[j]) * float(np.delete(rates, j).prod()) for j in range(len(rates)))
        wrong += (rest[0] - near) * (rest[1] - near) * one_off
    return wrong * passing
