"""Inside and outside the area of the local action group: from the list of participants, else from published answers.

Answers are taken from the tables after disclosure control, so that nothing that is kept back there can be worked out.
"""

from collections.abc import Iterable

import pandas as pd

from vunki_eval.analysis.response import fact
from vunki_eval.analysis.rows import SUPPRESSED, Row
from vunki_eval.project.formalities import Area
from vunki_eval.results.results import Results
from vunki_eval.survey.participants import INSIDE, OUTSIDE
from vunki_eval.survey.study import Study

KEYS = {INSIDE: "area_inside", OUTSIDE: "area_outside", "": "area_unknown"}
OTHERS = "_other"


def area_facts(study: Study, distributions: pd.DataFrame, threshold: int) -> list[Row]:
    """Count people inside and outside the area and those of whom it is not known; no rows without an ``[area]``.

    Parameters
    ----------
    study : Study
    distributions : DataFrame
        The event's answers after disclosure control.
    threshold : int
        Smaller counts are kept back, together with the next smallest one: the total is public.
    """
    area = study.project.config.area
    if area is None:
        return []
    if study.roll is not None and study.roll.attended is not None:
        counted, source = study.roll.places(), study.roll.file
        if counted[INSIDE] + counted[OUTSIDE]:
            return _rows(counted, "list", source, threshold)
    rows = distributions[distributions["group"] == "all"]
    asked = set(rows.loc[rows["item"] == area.item, "wave"])
    wave = next((w for w in study.project.instrument.wave_keys if w in asked), "")
    return _from_answers(area, study, rows[rows["wave"] == wave], threshold)


def _from_answers(area: Area, study: Study, rows: pd.DataFrame, threshold: int) -> list[Row]:
    answers = _published(rows, area.item)
    if "total" not in answers:
        return [fact(key, None, "people") for key in KEYS.values()]
    chosen = study.project.instrument.response_set(area.item)
    total, inside = answers.pop("total"), _inside(area, answers, {str(v) for v in chosen.values} if chosen else set())
    excepted, unknown = _excepted(area, answers, _published(rows, area.except_item or ""))
    if total is None or inside is None or excepted is None or unknown is None:
        return [{**fact(key, None, "people"), "status": SUPPRESSED} for key in KEYS.values()]
    within = max(inside - excepted - unknown, 0)
    return _rows({INSIDE: within, OUTSIDE: total - within - unknown, "": unknown}, "answers", "", threshold)


def _inside(area: Area, answers: dict[str, int | None], values: set[str]) -> int | None:
    """Sum the answers that lie inside; None when one is kept back or merged with one that lies outside."""
    found = 0
    for answer, n in answers.items():
        members = values - set(answers) if answer == OTHERS else set(answer.split("+"))
        if not members & set(area.inside) or n == 0:
            continue
        if n is None or not members <= set(area.inside):
            return None
        found += n
    return found


def _excepted(area: Area, answers: dict[str, int | None], said: dict[str, int | None]) -> tuple[int | None, int | None]:
    """Count people of the part that does not belong to the area, and those who did not say; None when kept back."""
    if area.except_item is None:
        return 0, 0
    asked = [answers.get(v, 0) for v in area.except_of]
    people, known = sum(n for n in asked if n is not None), said.get("total", 0)
    if None in asked or known is None or (people and said.get(area.except_answer, 0) is None):
        return None, None
    return (said.get(area.except_answer) or 0, max(people - known, 0)) if people else (0, 0)


def _published(rows: pd.DataFrame, item: str) -> dict[str, int | None]:
    """Give the published counts of an item's answers; None where one is kept back."""
    here = rows[(rows["item"] == item) & (rows["answer"] != "missing")]
    return {str(a): None if n is None or n != n else int(n) for a, n in zip(here["answer"], here["n"], strict=True)}


def _rows(counted: dict[str, int], basis: str, source: str, threshold: int) -> list[Row]:
    hidden = _hidden(counted, threshold)
    made = [
        {**fact(KEYS[place], None if place in hidden else n, "people"), "source": source,
         "status": SUPPRESSED if place in hidden else "ok"}
        for place, n in counted.items()
    ]  # fmt: skip
    return [*made, {**fact("area_basis", basis), "source": source}]


def _hidden(counted: dict[str, int], threshold: int) -> set[str]:
    """Choose the counts to keep back: the small ones, and the next smallest until their sum tells of none of them.

    Whoever knows the total knows the sum of what is hidden, and that there is somebody in each.
    """
    hidden = {place for place, n in counted.items() if 0 < n < threshold}
    others = sorted((n, place) for place, n in counted.items() if place not in hidden and n)
    while hidden and others and (len(hidden) < 2 or sum(counted[p] for p in hidden) < threshold + len(hidden)):
        hidden.add(others.pop(0)[1])
    return hidden


def area_together(events: Iterable[Results]) -> list[Row]:
    """Sum the events' counts for the whole project; not known when any event's is not."""
    known = [dict(r) for one in events for r in one.facts.to_dict("records")]
    made = []
    for key in KEYS.values():
        rows = [f for f in known if f["key"] == key]
        if not rows:
            continue
        values = [r["value"] for r in rows]
        hidden = any(r["status"] == SUPPRESSED for r in rows)
        made.append({**fact(f"{key}_total", None if None in values else sum(values), "people"),
                     **({"status": SUPPRESSED} if hidden else {})})  # fmt: skip
    return made
