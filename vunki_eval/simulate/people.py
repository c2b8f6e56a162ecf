"""Draw people: profile, role, team and the elements of their linking code."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from vunki_eval.project.instrument import Instrument, Item
from vunki_eval.project.tokens import DRAWN, LETTERS, check_letter, shown_token
from vunki_eval.simulate.expected import option_shares
from vunki_eval.simulate.setting import Setting

# Letters with rough weights, as in Estonian names and places; invented, not counted.
FIRST = {
    "A": 12, "E": 9, "H": 8, "I": 6, "J": 4, "K": 9, "L": 9, "M": 13, "N": 2, "O": 2, "P": 4, "R": 6, "S": 6, "T": 6,
    "U": 2, "V": 4, "Õ": 1, "Ü": 2,
}  # fmt: skip
LAST = {
    "A": 4, "D": 5, "E": 8, "G": 6, "I": 6, "K": 7, "L": 7, "M": 6, "N": 9, "O": 4, "P": 3, "R": 9, "S": 11, "T": 4,
    "U": 5, "V": 3, "Õ": 1,
}  # fmt: skip
ROLES = {"idea_owner": 0.0, "member": 0.80, "mentor": 0.08, "expert": 0.06, "organiser": 0.06}


def draw_people(instrument: Instrument, n: int, setting: Setting, rng: np.random.Generator) -> pd.DataFrame:
    """Draw attendees and no-shows.

    Returns
    -------
    DataFrame
        One row per person: ``person`` (from 0), ``attended``, one column per profile item, role, team (None outside
        teams) and code element. Attendees come first.
    """
    total = n + round(n * setting.no_shows)
    answers: dict[str, Any] = {}
    for item in instrument.items:
        if item.role == "link":
            answers[item.code] = draw_element(item, total, rng)
        elif item.role == "profile" and item.kind == "single":
            answers[item.code] = _pick(option_shares(instrument, item.code, setting), total, rng)
    columns = {code: pd.Series(values, dtype=object) for code, values in answers.items()}
    people = pd.DataFrame({"person": np.arange(total), "attended": np.arange(total) < n, **columns})
    return _with_teams(people, n, setting, rng)


def draw_element(item: Item, n: int, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """Draw values of a code element: numbers in its range (small ones if the range is short), else letters."""
    if item.kind == "token":
        letters = ["".join(t) for t in rng.choice(list(LETTERS), (n, DRAWN))]
        return np.array([shown_token(d + check_letter(d)) for d in letters], dtype=object)
    if item.range is None:
        return _pick(LAST if "last" in item.text.get("en", "").casefold() else FIRST, n, rng)
    low, high = item.range
    values = low + rng.poisson(0.9, n) if high < 20 else rng.integers(low, high + 1, n)
    return np.minimum(values, high).astype(object)


def _pick(shares: Mapping[Any, float], n: int, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    values = np.empty(len(shares), dtype=object)
    values[:] = list(shares)
    weights = np.array(list(shares.values()), dtype=float)
    return values[rng.choice(len(values), n, p=weights / weights.sum())]


def _with_teams(people: pd.DataFrame, n: int, setting: Setting, rng: np.random.Generator) -> pd.DataFrame:
    """Give every team one idea owner, and deal out members in turn; people in outside roles have no team."""
    roles = _pick({k: v for k, v in ROLES.items() if v}, len(people), rng)
    roles[: min(setting.teams, n)] = "idea_owner"
    inside = ~np.isin(roles.astype(str), setting.roles_outside)
    team = np.empty(len(people), dtype=object)
    team[inside] = [f"Meeskond {k % setting.teams + 1}" for k in range(int(inside.sum()))]
    team[n:] = None
    assigned = people.assign(team=pd.Series(team, dtype=object))
    if setting.role_item not in people:
        return assigned
    return assigned.assign(**{setting.role_item: pd.Series(roles, dtype=object)})
