"""Count people inside and outside the area of the local action group.

The counts come from the list of participants if there is one, else from answers. Only published answers are used, after
disclosure control, so that no suppressed count can be worked out.
"""

from collections.abc import Iterable

import pandas as pd

from vunki_eval.analysis.response import fact
from vunki_eval.project.formalities import Area
from vunki_eval.results.estimates import SUPPRESSED
from vunki_eval.results.results import Record, Results
from vunki_eval.survey.participants import INSIDE, OUTSIDE
from vunki_eval.survey.study import Study

KEYS = {INSIDE: "area_inside", OUTSIDE: "area_outside", "": "area_unknown"}
OTHERS = "_other"


def area_facts(study: Study, distributions: pd.DataFrame, threshold: int) -> list[Record]:
    """Count people inside the area, outside it, and of unknown place; no rows if the project declares no ``[area]``.

    Parameters
    ----------
    study : Study
    distributions : DataFrame
        The event's answers after disclosure control.
    threshold : int
        Smaller counts are suppressed, and the next smallest with them, because the total is public.
    """
    area = study.project.config.area
    if area is None:
        return []
    if study.participants is not None and study.participants.attended is not None:
        counts, source = study.participants.places(), study.participants.file
        if counts[INSIDE] + counts[OUTSIDE]:
            return _rows(counts, "list", source, threshold)
    rows = distributions[distributions["group"] == "all"]
    waves_asked = set(rows.loc[rows["item"] == area.item, "wave"])
    wave = next((w for w in study.project.instrument.wave_keys if w in waves_asked), "")
    return _from_answers(area, study, rows[rows["wave"] == wave], threshold)


def _from_answers(area: Area, study: Study, rows: pd.DataFrame, threshold: int) -> list[Record]:
    answers = _published(rows, area.item)
    if "total" not in answers:
        return [fact(key, None, "people") for key in KEYS.values()]
    response_set = study.project.instrument.response_set(area.item)
    values = {str(v) for v in response_set.values} if response_set else set()
    total, inside = answers.pop("total"), _inside(area, answers, values)
    excepted, unknown = _excepted(area, answers, _published(rows, area.except_item or ""))
    if total is None or inside is None or excepted is None or unknown is None:
        return [{**fact(key, None, "people"), "status": SUPPRESSED} for key in KEYS.values()]
    within = max(inside - excepted - unknown, 0)
    return _rows({INSIDE: within, OUTSIDE: total - within - unknown, "": unknown}, "answers", "", threshold)


def _inside(area: Area, answers: dict[str, int | None], values: set[str]) -> int | None:
    """Sum the answers that lie inside; None if one is suppressed or merged with one that lies outside."""
    total = 0
    for answer, n in answers.items():
        members = values - set(answers) if answer == OTHERS else set(answer.split("+"))
        if not members & set(area.inside) or n == 0:
            continue
        if n is None or not members <= set(area.inside):
            return None
        total += n
    return total


def _excepted(
    area: Area, answers: dict[str, int | None], exception_answers: dict[str, int | None]
) -> tuple[int | None, int | None]:
    """Count people of the part that is not in the area, and those who did not answer; None if suppressed."""
    if area.except_item is None:
        return 0, 0
    counts = [answers.get(v, 0) for v in area.except_of]
    people, answered = sum(n for n in counts if n is not None), exception_answers.get("total", 0)
    if None in counts or answered is None or (people and exception_answers.get(area.except_answer, 0) is None):
        return None, None
    return (exception_answers.get(area.except_answer) or 0, max(people - answered, 0)) if people else (0, 0)


def _published(rows: pd.DataFrame, item: str) -> dict[str, int | None]:
    """Look up the published counts of an item's answers; None where one is suppressed."""
    here = rows[(rows["item"] == item) & (rows["answer"] != "missing")]
    return {str(a): None if n is None or n != n else int(n) for a, n in zip(here["answer"], here["n"], strict=True)}


def _rows(counts: dict[str, int], basis: str, source: str, threshold: int) -> list[Record]:
    hidden = _hidden_places(counts, threshold)
    rows = [
        {**fact(KEYS[place], None if place in hidden else n, "people"), "source": source,
         "status": SUPPRESSED if place in hidden else "ok"}
        for place, n in counts.items()
    ]  # fmt: skip
    return [*rows, {**fact("area_basis", basis), "source": source}]


def _hidden_places(counts: dict[str, int], threshold: int) -> set[str]:
    """Choose the counts to suppress: the small ones, and the next smallest until their sum reveals none of them.

    Anybody who knows the total knows the sum of the hidden counts, and that each of them is at least 1.
    """
    hidden = {place for place, n in counts.items() if 0 < n < threshold}
    others = sorted((n, place) for place, n in counts.items() if place not in hidden and n)
    while hidden and others and (len(hidden) < 2 or sum(counts[p] for p in hidden) < threshold + len(hidden)):
        hidden.add(others.pop(0)[1])
    return hidden


def project_area_facts(event_results: Iterable[Results]) -> list[Record]:
    """Sum the events' counts for the whole project; a sum is unknown if any event's count is."""
    facts = [dict(r) for result in event_results for r in result.facts.to_dict("records")]
    totals = []
    for key in KEYS.values():
        area_facts = [f for f in facts if f["key"] == key]
        if not area_facts:
            continue
        values = [r["value"] for r in area_facts]
        hidden = any(r["status"] == SUPPRESSED for r in area_facts)
        totals.append({**fact(f"{key}_total", None if None in values else sum(values), "people"),
                       **({"status": SUPPRESSED} if hidden else {})})  # fmt: skip
    return totals
