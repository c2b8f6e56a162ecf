"""The attacker reads the end-of-project report too: the events' tables in it, and the numbers over all people.

What is said of all people together is one more equation on the answers of both events; with it, no count of one to four
may be found in either, and no hidden cell bounded.
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
Known = list[tuple[np.ndarray, float, float]]


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
    told = [{**r, "method": (r["method"] or "").replace("answers=1+", f"answers=1-{top}")} for r in rows["estimates"]]
    return {**rows, "estimates": told, "meta": whole["meta"]}


def quartiles(told: dict[str, Row], values: np.ndarray, n: float) -> Iterator[tuple[np.ndarray, float, float]]:
    """How many answers must lie on each side of a quartile or a median."""
    for statistic, share in (("q1", 0.25), ("median", 0.5), ("q3", 0.75)):
        if statistic in told and "rounded" not in told[statistic]["method"]:
            at, below = told[statistic]["estimate"], np.floor(share * (n - 1)) + 1
            yield (values <= at + 1e-9).astype(float), below, n
            yield (values >= at - 1e-9).astype(float), n - below, n


def said(whole: dict[str, Any], event: str, item: str, wave: str) -> dict[str, Row]:
    place = event, item, wave, "all", "ok"
    return {r["statistic"]: r for r in whole["estimates"]
            if (r["event"], r["outcome"], r["wave"], r["group"], r["status"]) == place}  # fmt: skip


def equations(whole: dict[str, Any], item: str, wave: str, labels: list[str]) -> tuple[Known, float] | None:
    """Everything linear that is published of both events' answers to a question that asks for a number."""
    told = said(whole, "project", item, wave)
    each = [knowledge(of_event(whole, event, labels[-1]), item, wave, labels) for event in EVENTS]
    if not ({"mean", "median"} & told.keys()) or any(e is None for e in each):
        return None
    values, blank = np.array([float(v) for v in labels]), np.zeros(len(labels))
    known: Known = []
    for k, (own, n) in enumerate(e for e in each if e is not None):
        facts = [*own, *quartiles(said(whole, EVENTS[k], item, wave), values, n)]
        known += [(np.concatenate([w, blank] if k == 0 else [blank, w]), low, high) for w, low, high in facts]
    n = float(told["median" if "median" in told else "mean"]["n"])
    together = [
        (np.ones(len(values)), n, n),
        *moments(told, values, n, whole["meta"]["level"]),
        *quartiles(told, values, n),
    ]
    known += [(np.concatenate([w, w]), low, high) for w, low, high in together]
    return known, n


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
        found = equations(whole, item.code, wave, labels)
        if found is None:
            continue
        attacked.append(item.code)
        known, most = found
        for k, event in enumerate(EVENTS):
            answers = shipped_studies[event].responses.query("wave == @wave")[item.code].dropna().astype(int)
            few = [str(v) for v, n in answers.value_counts().items() if n < T]
            hidden = [r["answer"] for r in cells if r["event"] == event and r["status"] == "suppressed"]
            for answer in dict.fromkeys((*(h for h in hidden if h not in ("total", "missing")), *few)):
                goal = np.zeros(2 * len(labels))
                goal[[k * len(labels) + p for p in places(answer, labels)]] = 1
                low, high = ends(known, 2 * len(labels), most, goal)
                assert high - low >= T - 1e-3 or (answer in few and low < 0.5), (event, item.code, answer, low, high)
                assert round(low) != round(high), (event, item.code, answer)
    assert attacked or wave == "followup"
