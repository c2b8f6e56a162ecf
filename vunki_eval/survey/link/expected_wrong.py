"""Estimate how many links are wrong from how often different people agree in an element."""

import numpy as np

from vunki_eval.survey.link.pairs import LEAST_TOLERANT, Array, Pairs, Sides


def agreement_rates(left: Array, right: Array, pairs: Pairs) -> Array:
    """Estimate the chance that two different people agree in each element, over all pairs of rows not linked."""
    count = max(len(left) * len(right) - len(pairs.left), 1)
    rates = []
    for element in range(left.shape[1]):
        first, second = left[:, element], right[:, element]
        size = max(first.max(initial=-1), second.max(initial=-1)) + 1
        tally = [np.bincount(side[side >= 0], minlength=size).astype(float) for side in (first, second)]
        linked = ((first[pairs.left] == second[pairs.right]) & (first[pairs.left] >= 0)).sum()
        rates.append(max(float(tally[0] @ tally[1]) - float(linked), 0.0) / count)
    return np.array(rates)


def expected_wrong(left: Array, right: Array, pairs: Pairs, *, stable: Sides) -> float:
    """Estimate the number of wrong links.

    Two different people agree in an element with the chance given by `agreement_rates`; elements are assumed
    independent. A wrong exact link needs two people without an exact partner of their own; a wrong link with one
    difference needs two people without any partner. Contradicting stable answers prevent a share of both.
    """
    rates = agreement_rates(left, right, pairs)
    passing = 1.0
    for column in range(stable[0].shape[1]):
        shares = [
            np.bincount(s[s >= 0], minlength=1) / max(len(s), 1) for s in (stable[0][:, column], stable[1][:, column])
        ]
        size = min(len(shares[0]), len(shares[1]))
        passing *= 1 - (shares[0].sum() * shares[1].sum() - float(shares[0][:size] @ shares[1][:size]))
    exact = int((pairs.differences == 0).sum())
    one_difference = len(pairs.left) - exact
    unlinked = [len(left) - exact, len(right) - exact]
    wrong = unlinked[0] * unlinked[1] * float(rates.prod())
    if len(rates) >= LEAST_TOLERANT:
        agree_but_one = sum((1 - rates[j]) * float(np.delete(rates, j).prod()) for j in range(len(rates)))
        wrong += (unlinked[0] - one_difference) * (unlinked[1] - one_difference) * agree_but_one
    return wrong * passing
