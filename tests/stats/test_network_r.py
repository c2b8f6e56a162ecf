"""Density, reciprocity, isolates and strengths of ties against igraph and sna (see r/network.R)."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import network

HERE = Path(__file__).parent / "r"


@pytest.fixture(scope="module")
def r() -> dict[str, Any]:
    return json.loads((HERE / "network.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def people() -> list[str]:
    return list(pd.read_csv(HERE / "data" / "people.csv")["person"])


def ties_of(name: str, r: dict[str, Any]) -> list[tuple[str, str]]:
    frame = pd.read_csv(HERE / "data" / ("ties_after.csv" if name == "after" else "ties_before.csv"))
    frame = frame.iloc[r["sparse_rows"]] if name == "sparse" else frame
    return list(frame.itertuples(index=False, name=None))


@pytest.mark.parametrize("name", ["before", "after", "sparse"])
def test_density_reciprocity_and_isolates_equal_r(name: str, r, people) -> None:
    ties, wanted = ties_of(name, r), r[name]
    for answered, suffix in ((people, ""), (people, "_sna"), (r["answered"], "_answered")):
        assert network.density(ties, people, answered) == pytest.approx(wanted[f"density{suffix}"], rel=1e-10)
        result = network.reciprocity(ties, answered)
        assert result == pytest.approx(wanted[f"reciprocity{suffix}"], rel=1e-10, abs=1e-15)
    assert network.isolates(ties, people) == wanted["isolates"] == wanted["isolates_sna"]


def test_changes_of_strength_equal_r(r) -> None:
    frame = pd.read_csv(HERE / "data" / "strengths.csv")
    pairs = list(zip(frame["from"], frame["to"], strict=True))
    before, after = (dict(zip(pairs, frame[w], strict=True)) for w in ("before", "after"))
    moved, wanted = network.strength_change(before, after), r["strength"]
    assert (moved.upgraded, moved.same, moved.downgraded) == tuple(
        wanted[k] for k in ("upgraded", "same", "downgraded")
    )
    ties = [[p for p, s in part.items() if s >= 2] for part in (before, after)]
    result = network.change(*ties)
    assert (result.kept, result.formed, result.dissolved) == tuple(wanted[k] for k in ("kept", "formed", "dissolved"))
    assert result.jaccard == pytest.approx(wanted["jaccard"], rel=1e-12)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: network.density([], ["a"], ["a"]), "VE-664"),
        (lambda: network.density([], ["a", "b"], []), "VE-664"),
        (lambda: network.reciprocity([("a", "b")], ["a"]), "VE-665"),
        (lambda: network.strength_change({("a", "b"): 1}, {("b", "a"): 1}), "VE-666"),
    ],
)
def test_what_cannot_be_computed_says_why(call, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        call()


@pytest.mark.real
def test_the_karate_club_equals_igraph(real_folder: Path, reference: dict[str, Any]) -> None:
    frame = pd.read_csv(real_folder / "csv" / "karate_edges.csv")
    people = list(pd.read_csv(real_folder / "csv" / "karate_nodes.csv")["id"])
    ties = [tie for a, b in frame.itertuples(index=False, name=None) for tie in ((a, b), (b, a))]
    wanted = reference["karate"]
    assert network.density(ties, people, people) == pytest.approx(wanted["density_undirected"], rel=1e-8)
    assert network.reciprocity(ties, people) == 1.0
    assert network.isolates(ties, people) == wanted["isolates"]
    assert list(network.named(ties, people)) == wanted["degree_undirected"]
