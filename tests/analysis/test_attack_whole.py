"""The attacker reads the end-of-project report too: the events' tables in it, and the numbers over all people.

What is published of all people is one more equation in the answers of both events. Even with it, no count of one to
four may be found in either event, and no hidden cell bounded.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.analysis.test_attack import Row, T, ends, knowledge, moments, places
from vunki_eval.results.results import Results, to_dict
from vunki_eval.survey.study import Study

EVENTS = ("2020-antsla", "2021-online")
WAVES = ("pre", "post", "followup")
TABLES = ("estimates", "distributions", "ties", "themes")
Equations = list[tuple[np.ndarray, float, float]]


@pytest.fixture(scope="module")
def whole(synthetic_results: dict[str, Results]) -> dict[str, Any]:
    return to_dict(synthetic_results["project"])


@pytest.mark.parametrize(("event", "table"), product(EVENTS, TABLES))
def test_of_an_event_it_holds_what_the_event_published(
    whole: dict[str, Any], synthetic_results: dict[str, Results], event: str, table: str
) -> None:
    """Not a row more or less, so that the attack on the event is the attack on its rows here."""
    own = [r for r in to_dict(synthetic_results[event])[table] if r["event"] == event]
    here = [r for r in whole[table] if r["event"] == event]
    assert len(own) > 0
    assert here == own


def of_event(whole: dict[str, Any], event: str, top: str) -> dict[str, Any]:
    """Give an event's rows; "1+" is everything from 1 to the largest number that may be given."""
    rows = {t: [r for r in whole[t] if r["event"] == event] for t in ("estimates", "distributions")}
    estimates = [
        {**r, "method": (r["method"] or "").replace("answers=1+", f"answers=1-{top}")} for r in rows["estimates"]
    ]
    return {**rows, "estimates": estimates, "meta": whole["meta"]}


def quartiles(published: dict[str, Row], values: np.ndarray, n: float) -> Iterator[tuple[np.ndarray, float, float]]:
    """How many answers must lie on each side of a quartile or a median."""
    for statistic, share in (("q1", 0.25), ("median", 0.5), ("q3", 0.75)):
        if statistic in published and "rounded" not in published[statistic]["method"]:
            at, below = published[statistic]["estimate"], np.floor(share * (n - 1)) + 1
            yield (values <= at + 1e-9).astype(float), below, n
            yield (values >= at - 1e-9).astype(float), n - below, n


def published_estimates(whole: dict[str, Any], event: str, item: str, wave: str) -> dict[str, Row]:
    place = event, item, wave, "all", "ok"
    return {r["statistic"]: r for r in whole["estimates"]
            if (r["event"], r["outcome"], r["wave"], r["group"], r["status"]) == place}  # fmt: skip


def equations(whole: dict[str, Any], item: str, wave: str, labels: list[str]) -> tuple[Equations, float] | None:
    """Collect everything linear that is published of both events' answers to a question that asks for a number."""
    published = published_estimates(whole, "project", item, wave)
    each = [knowledge(of_event(whole, event, labels[-1]), item, wave, labels) for event in EVENTS]
    if not ({"mean", "median"} & published.keys()) or any(e is None for e in each):
        return None
    values, blank = np.array([float(v) for v in labels]), np.zeros(len(labels))
    system: Equations = []
    for k, (own, n) in enumerate(e for e in each if e is not None):
        facts = [*own, *quartiles(published_estimates(whole, EVENTS[k], item, wave), values, n)]
        system += [(np.concatenate([w, blank] if k == 0 else [blank, w]), low, high) for w, low, high in facts]
    n = float(published["median" if "median" in published else "mean"]["n"])
    joint = [
        (np.ones(len(values)), n, n),
        *moments(published, values, n, whole["meta"]["level"]),
        *quartiles(published, values, n),
    ]
    system += [(np.concatenate([w, w]), low, high) for w, low, high in joint]
    return system, n


@pytest.mark.slow
@pytest.mark.parametrize("wave", WAVES)
def test_numbers_over_all_people_find_nobody(
    whole: dict[str, Any], shipped_studies: dict[str, Study], wave: str
) -> None:
    attacked = []
    for item in shipped_studies[EVENTS[0]].project.instrument.items:
        cells = [r for r in whole["distributions"] if (r["item"], r["wave"]) == (item.code, wave)]
        ends_ = [r["answer"].rpartition("-")[2] for r in cells if r["answer"] not in ("total", "missing")]
        if item.kind != "number" or not ends_:
            continue
        labels = [str(v) for v in range(max(map(int, ends_)) + 1)]
        published = equations(whole, item.code, wave, labels)
        if published is None:
            continue
        attacked.append(item.code)
        system, most = published
        for k, event in enumerate(EVENTS):
            answers = shipped_studies[event].responses.query("wave == @wave")[item.code].dropna().astype(int)
            few = [str(v) for v, n in answers.value_counts().items() if n < T]
            hidden = [r["answer"] for r in cells if r["event"] == event and r["status"] == "suppressed"]
            for answer in dict.fromkeys((*(h for h in hidden if h not in ("total", "missing")), *few)):
                goal = np.zeros(2 * len(labels))
                goal[[k * len(labels) + p for p in places(answer, labels)]] = 1
                low, high = ends(system, 2 * len(labels), most, goal)
                assert high - low >= T - 1e-3 or (answer in few and low < 0.5), (event, item.code, answer, low, high)
                assert round(low) != round(high), (event, item.code, answer)
    assert attacked or wave == "followup"
