"""Agreement and counts: what both gave, or what was settled."""

import numpy as np
import pytest

from vunki_eval.stats import cohen_kappa
from vunki_eval.survey.coding import CoderSheet, Coding, agreements, counts, disagreements

PLACES = [("OQ1", "post.csv", row) for row in range(2, 12)]


def sheet(coder: str, *codes: str) -> CoderSheet:
    given = {p: frozenset(c.split()) for p, c in zip(PLACES, codes, strict=False) if c != "?"}
    return CoderSheet(coder, given, {}, {p: ("f", p[2]) for p in given})


@pytest.fixture
def coding(codebook) -> Coding:
    first = sheet("A", "time", "time", "people", "", "time people", "people", "time", "", "?", "time")
    second = sheet("B", "time", "", "people", "", "time", "people", "time", "people", "time", "?")
    return Coding(codebook, (first, second), dict.fromkeys(PLACES, "post"))


def test_counts_are_what_both_gave(coding) -> None:
    assert counts(coding, "OQ1", "post") == (8, {"time": 3, "people": 2})
    assert counts(coding, "OQ1", "pre") == (0, {"time": 0, "people": 0})


def test_what_was_settled_counts_instead(coding, codebook) -> None:
    agreed = CoderSheet("agreed", {PLACES[1]: frozenset({"time"}), PLACES[8]: frozenset({"people"})}, {}, {})
    settled = Coding(codebook, (*coding.sheets, agreed), coding.waves)
    assert counts(settled, "OQ1", "post") == (9, {"time": 4, "people": 3})
    assert [p[2] for p, _ in disagreements(settled)] == [6, 9]


def test_open_disagreements_name_what_each_gave(coding) -> None:
    result = {p[2]: {k: sorted(v) for k, v in given.items()} for p, given in disagreements(coding)}
    assert result == {
        3: {"A": ["time"], "B": []},
        6: {"A": ["people", "time"], "B": ["time"]},
        9: {"A": [], "B": ["people"]},
    }


def test_kappa_per_theme_is_cohens_over_the_answers_both_coded(coding) -> None:
    result = agreements(coding, "OQ1")
    first, second = [1, 1, 0, 0, 1, 0, 1, 0], [1, 0, 0, 0, 1, 0, 1, 0]
    kappa, given, other = result["time"]
    assert (kappa, given, other) == (cohen_kappa(first, second), 4, 3)
    assert result["all"][1] == 8


def test_kappa_over_all_themes_does_not_depend_on_the_order(coding, codebook) -> None:
    turned = Coding(turned_round(codebook), tuple(reversed(coding.sheets)), coding.waves)
    a, b = agreements(coding, "OQ1")["all"][0], agreements(turned, "OQ1")["all"][0]
    np.testing.assert_allclose((a.value, a.low, a.high), (b.value, b.low, b.high), rtol=1e-12)


def turned_round(codebook):
    return codebook.model_copy(update={"themes": codebook.themes[::-1]})


def test_one_coder_is_counted_and_not_compared(codebook) -> None:
    alone = Coding(codebook, (sheet("A", "time", "people"),), dict.fromkeys(PLACES, "post"))
    assert counts(alone, "OQ1", "post") == (2, {"time": 1, "people": 1})
    assert agreements(alone, "OQ1") == {}
    assert list(disagreements(alone)) == []
