"""Find repeated responses within a wave: the same linking code, or the same answers within minutes.

Responses with the same code are all left out until a person rules which one to keep. Responses that only give the same
answers are pointed out and stay in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from vunki_eval.errors import M_, Message, Problem, joined
from vunki_eval.survey.clean.response_checks import repeated_rows

Place = tuple[str, int]

_SAME_CODE = M_("Responses of one wave share a linking code: {rows}.")
_REPEATED = M_("Responses repeat the answers of another response within minutes: {rows}.")
_HINT = M_("Say which to keep and which to drop in decisions.csv (kind duplicate).")


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of repeated responses.

    Attributes
    ----------
    dropped : frozenset of int
        Index labels that a person has ruled out.
    waiting : frozenset of int
        Index labels left out until a person rules on them.
    groups : tuple of tuple of int
        All groups of repeated responses, those with the same code first.
    unsettled : tuple of tuple of int
        Groups that a person must rule on.
    stale : tuple of (file, row)
        Rulings on responses that repeat no other (any more).
    findings : tuple of Problem
    """

    dropped: frozenset[int]
    waiting: frozenset[int]
    groups: tuple[tuple[int, ...], ...]
    unsettled: tuple[tuple[int, ...], ...]
    stale: tuple[Place, ...]
    findings: tuple[Problem, ...]


def settle_duplicates(
    responses: pd.DataFrame,
    codes: pd.DataFrame,
    by_code: Sequence[tuple[int, ...]],
    *,
    items: Sequence[str],
    rulings: Mapping[Place, tuple[str, Place | None]],
) -> Settled:
    """Find repeated responses of one wave and apply the rulings on them.

    Parameters
    ----------
    responses : DataFrame
        Usable responses of one wave, with ``file``, ``row`` and ``submitted``.
    codes : DataFrame
        Hashed elements, same index.
    by_code : sequence of tuple of int
        Groups of index labels with the same linking code.
    items : sequence of str
        Columns that are compared.
    rulings : mapping
        (file, row) to the ruling (``keep`` or ``drop``) and the place of the other response, if it is named.
    """
    by_answers = [
        g for g in repeated_rows(responses[["submitted", *items]], codes) if not any(set(g) <= set(c) for c in by_code)
    ]
    ruled, stale = _ruled(responses, rulings, [*by_code, *by_answers])
    dropped = frozenset(label for label, ruling in ruled.items() if ruling == "drop")
    waiting: set[int] = set()
    findings, unsettled = [], []
    for groups, message, code in ((by_code, _SAME_CODE, "VE-351"), (by_answers, _REPEATED, "VE-352")):
        for group in groups:
            left = [label for label in group if label not in ruled]
            if left and len([label for label in group if label not in dropped]) > 1:
                findings.append(_finding(responses, group, message, code))
                unsettled.append(group)
                waiting |= set(left) if code == "VE-351" else set()
    groups_found = (*by_code, *by_answers)
    return Settled(dropped, frozenset(waiting), groups_found, tuple(unsettled), stale, tuple(findings))


def _ruled(
    responses: pd.DataFrame,
    rulings: Mapping[Place, tuple[str, Place | None]],
    groups: Sequence[tuple[int, ...]],
) -> tuple[dict[int, str], tuple[Place, ...]]:
    places = dict(zip(zip(responses["file"], responses["row"], strict=True), responses.index, strict=True))
    ruled: dict[int, str] = {}
    stale = []
    for place, (ruling, other) in rulings.items():
        label = places.get(place)
        group = next((g for g in groups if label in g), None)
        if group is None or label is None or (other is not None and places.get(other) not in group):
            stale.append(place)
        else:
            ruled[label] = ruling
    return ruled, tuple(stale)


def _finding(responses: pd.DataFrame, group: tuple[int, ...], message: Message, code: str) -> Problem:
    rows = responses.loc[list(group)]
    files = list(dict.fromkeys(rows["file"]))
    numbers = {f: ", ".join(str(r) for r in sorted(rows.loc[rows["file"] == f, "row"])) for f in files}
    which = joined(
        "; ",
        (
            M_("rows {rows}", rows=numbers[f])
            if len(files) == 1
            else M_("{file} rows {rows}", file=f.rpartition("/")[2], rows=numbers[f])
            for f in files
        ),
    )
    return Problem(files[0], int(rows["row"].min()), "", message.filled(rows=which), _HINT, code)
